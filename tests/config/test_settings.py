"""What the environment may say, and what it must say before the site starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import get_template

from config.settings import endpoints_of

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "predictions" / "templates"


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Print one line of the settings in a process of its own, which knows nothing but `environment`."""
    line = "from django.conf import settings as s; "
    line += "print(s.DEBUG, s.SECURE_SSL_REDIRECT, s.CELERY_TASK_ALWAYS_EAGER, s.SESSION_COOKIE_NAME)"
    kept = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"}
    return subprocess.run(
        [sys.executable, "-c", line], check=False, cwd=ROOT, env=kept | environment, capture_output=True, text=True
    )


KEY = {"SECRET_KEY": "Hh3c03fLDMZKKx8t_EbFvIPFEu0Bv2Z9Z_e_wEe7DtqB_qOOCmJk_1B9P_wCzhq9qA8"}


@pytest.mark.parametrize("secret", [{}, {"SECRET_KEY": "x" * 50}])
def test_production_does_not_start_without_a_secret_of_its_own(secret):
    refused = start(**secret)
    assert refused.returncode != 0
    assert "Set SECRET_KEY" in refused.stderr


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        (KEY, "False True True __Host-sessionid"),
        (KEY | {"HTTPS": "0"}, "False False True sessionid"),
        ({"DEBUG": "1"}, "True False True sessionid"),
        ({"DEBUG": "1", "CELERY_BROKER_URL": "redis://127.0.0.1:6379/0"}, "True False False sessionid"),
    ],
)
def test_the_environment_decides(environment, told):
    assert start(**environment).stdout.strip() == told


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS names each host by itself"),
        ({"CSRF_TRUSTED_ORIGINS": "https://*.example.org"}, "CSRF_TRUSTED_ORIGINS names each host by itself"),
        ({"EMAIL_URL": "smtp://user:password@host:587"}, "holds a password out of a manual"),
    ],
)
def test_production_does_not_start_with_what_stands_in_manuals(wrong, words):
    refused = start(**KEY, **wrong)
    assert refused.returncode != 0
    assert words in refused.stderr


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("", set()),
        ("127.0.0.1:8010, [::1]:80", {("127.0.0.1", 8010), ("::1", 80)}),
        ("example.org:80", None),
        ("127.0.0.1", None),
        ("127.0.0.1:http", None),
    ],
)
def test_places_inside_are_named_by_ip_address_and_port(monkeypatch, told, read):
    monkeypatch.setenv("PLACES", told)
    if read is None:
        with pytest.raises(ImproperlyConfigured, match="PLACES is a list such as"):
            endpoints_of("PLACES")
    else:
        assert endpoints_of("PLACES") == read


@pytest.mark.parametrize(
    "path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.relative_to(TEMPLATES).as_posix()
)
def test_every_template_compiles(path):
    assert get_template(path.relative_to(TEMPLATES).as_posix())
