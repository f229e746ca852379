"""NUL and what is no UTF-8, sent to every address and into every field: refused or not found, never a fault.

PostgreSQL stores no NUL; SQLite would.
"""

import re

import pytest
from django.core.cache import cache

from accounts.roles import Role
from tests import builders as a
from tests.journeys import test_role_matrix as matrix

world = matrix.world
pytestmark = pytest.mark.django_db

ODD = {"NUL": "a%00b", "half a pair": "%ED%A0%80", "no UTF-8": "%FF%FE", "overlong": "%C0%80"}
FIELD = re.compile(r"<(?:input|textarea|select)\b[^>]*?\bname=\"([^\"]+)\"")
ASKED = [
    "q",
    "s",
    "p",
    "o",
    "case",
    "source",
    "forecaster",
    "prediction",
    "text",
    "terms",
    "theme",
    "publisher",
    "since",
]
ASKED += ["words", "scale", "title", "address", "snapshot", "quote", "part", "older", "newer", "about", "then", "next"]


@pytest.fixture
def everybody(client, people):
    """A person of every role, to whom every page is open that is open to anybody."""
    client.force_login(a.person("everybody", *Role))
    client.raise_request_exception = False
    return client


def opened(client, rows):
    for address in dict.fromkeys(matrix.addresses()):
        cache.clear()
        url = matrix.filled(address, rows)
        if url and url != "/logout/":
            yield url, client.get(url)


def test_no_address_breaks_of_what_cannot_be_stored(everybody, world):
    rows = world()
    for url, plain in list(opened(everybody, rows)):
        if plain.status_code == 200:
            for odd in ODD.values():
                query = "&".join(f"{name}={odd}" for name in ASKED)
                assert everybody.get(f"{url}?{query}").status_code < 500, (url, odd)


def test_no_form_breaks_of_what_cannot_be_stored(everybody, world):
    rows = world()
    for url, page in list(opened(everybody, rows)):
        is_page = page.status_code == 200 and page.headers["Content-Type"].startswith("text/html")
        names = set(FIELD.findall(page.content.decode())) if is_page and not page.streaming else set()
        names = {name for name in names if not name.endswith("_FORMS")}
        if names - {"csrfmiddlewaretoken", "q", "s"}:
            counts = dict(re.findall(r'name="([^"]+_FORMS)"[^>]*?value="(\d+)"', page.content.decode()))
            answer = everybody.post(url, {**counts, **dict.fromkeys(names, "a\0b")})
            assert answer.status_code < 500, url
