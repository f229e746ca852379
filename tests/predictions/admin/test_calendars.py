import re

import pytest

from predictions.models import CalendarAddress

pytestmark = pytest.mark.django_db
PAGE = "/my-calendar/"


def shown(answer):
    return re.findall(r"/calendar/([\w-]+)\.ics", answer.content.decode())


def test_an_address_is_shown_once_and_works(client, viewer):
    client.force_login(viewer)
    assert "There is no address yet." in client.get(PAGE).content.decode()
    [token] = shown(client.post(PAGE))
    assert shown(client.get(PAGE)) == []
    client.logout()
    assert client.get(f"/calendar/{token}.ics").status_code == 200


def test_a_replaced_address_leads_nowhere(client, viewer):
    client.force_login(viewer)
    [first], [second] = shown(client.post(PAGE)), shown(client.post(PAGE))
    assert [client.get(f"/calendar/{token}.ics").status_code for token in (first, second)] == [404, 200]


def test_a_closed_address_leads_nowhere(client, viewer):
    client.force_login(viewer)
    [token] = shown(client.post(PAGE))
    assert client.post(PAGE, {"close": "1"}).status_code == 302
    assert client.get(f"/calendar/{token}.ics").status_code == 404
    assert not CalendarAddress.objects.standing().exists()
    assert "There is no address yet." in client.get(PAGE).content.decode()
