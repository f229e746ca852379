"""Who is refused, or finds nothing, reads why on a page of the house, with a way home."""

import pytest
from django.urls import reverse

from accounts.models import User
from tests import builders as a

pytestmark = pytest.mark.django_db

MISSING = (
    "/predictions/prediction/999/change/",
    "/predictions/forecast/add/?prediction=999",
    "/no/such/page/",
)


def told(answer, template, heading):
    assert template in [each.name for each in answer.templates]
    page = answer.content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert f'href="{reverse("admin:index")}"' in page


@pytest.mark.parametrize("address", ["/accounts/user/", "/predictions/forecast/add/", "/predictions/source/add/"])
def test_who_lacks_the_role_is_told_so(client, viewer, address):
    client.force_login(viewer)
    answer = client.get(address)
    assert answer.status_code == 403
    told(answer, "403.html", "Not for your roles")


@pytest.mark.parametrize("address", [reverse("scorecards"), reverse("scorecard"), "/predictions/forecast/"])
def test_who_has_no_role_is_told_so(client, address):
    client.force_login(User.objects.create_user("newcomer", password=a.PASSWORD, is_staff=True))
    answer = client.get(address)
    assert answer.status_code == 403
    told(answer, "403.html", "Not for your roles")


@pytest.mark.parametrize("address", MISSING)
def test_what_is_not_there_is_told_so(client, analyst, address):
    client.force_login(analyst)
    answer = client.get(address)
    assert answer.status_code == 404
    told(answer, "404.html", "Not found")
