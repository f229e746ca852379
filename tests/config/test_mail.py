"""Where mails go, by the environment."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.mail import MailServer, mail_server


@pytest.mark.parametrize(
    ("environment", "server"),
    [
        ({}, None),
        ({"EMAIL_URL": ""}, None),
        ({"EMAIL_URL": "console:"}, MailServer("console")),
        ({"EMAIL_URL": "file:///var/mails"}, MailServer("filebased", folder="/var/mails")),
        ({"EMAIL_URL": "smtp://mail.example.org"}, MailServer("smtp", "mail.example.org", 25)),
        (
            {"EMAIL_URL": "smtp://me%40here:p%2Fw@mail.example.org"},
            MailServer("smtp", "mail.example.org", 587, "me@here", "p/w", starts_tls=True),
        ),
        (
            {"EMAIL_URL": "smtp://me:pw@mail.example.org:2525?tls=0"},
            MailServer("smtp", "mail.example.org", 2525, "me", "pw"),
        ),
        (
            {"EMAIL_URL": "smtps://me:pw@mail.example.org"},
            MailServer("smtp", "mail.example.org", 465, "me", "pw", is_tls=True),
        ),
        (
            {"EMAIL_HOST": "mail.example.org", "EMAIL_PORT": "587", "EMAIL_USE_TLS": "1", "EMAIL_HOST_USER": "me"},
            MailServer("smtp", "mail.example.org", 587, "me", starts_tls=True),
        ),
    ],
)
def test_the_environment_says_where_mails_go(environment, server):
    assert mail_server(environment, is_trial=False) == server


def test_while_trying_out_mails_go_to_the_console():
    assert mail_server({}, is_trial=True) == MailServer("console")


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://x:port", "file:", "smtp://[x"])
def test_what_is_no_address_of_a_mail_server_is_refused_before_the_site_starts(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL is smtp://"):
        mail_server({"EMAIL_URL": url}, is_trial=False)
