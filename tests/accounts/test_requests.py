"""The id of a request and the network it came from."""

import pytest

from accounts.requests import network_of, request_id

pytestmark = pytest.mark.django_db


def test_each_answer_names_its_request_and_no_two_are_alike(client):
    first, second = (client.get("/favicon.ico").headers["X-Request-ID"] for _ in range(2))
    assert len(first) == len(second) == 32
    assert first != second
    assert request_id() is None


@pytest.mark.parametrize(
    ("trusted", "given", "is_kept"),
    [
        (True, "0b6f-proxy-4711", True),
        (False, "0b6f-proxy-4711", False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, "a b\r\nSet-Cookie: c=d", False),
        (True, "\u202e" * 9, False),
    ],
)
def test_an_id_is_taken_from_a_proxy_of_ours_alone_and_only_if_it_is_one(client, settings, trusted, given, is_kept):
    settings.TRUST_PROXY = trusted
    told = client.get("/favicon.ico", HTTP_X_REQUEST_ID=given).headers["X-Request-ID"]
    assert (told == given) == is_kept


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2:3::4", "2001:db8:1::/48"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("", None),
        ("unix:", None),
    ],
)
def test_of_an_address_only_the_network_is_kept(rf, address, network):
    assert network_of(rf.get("/", REMOTE_ADDR=address)) == network


def test_what_a_caller_claims_counts_only_behind_our_proxy(rf, settings):
    request = rf.get("/", REMOTE_ADDR="192.0.2.77", HTTP_X_FORWARDED_FOR="203.0.113.9, 198.51.100.5")
    settings.TRUST_PROXY = False
    assert network_of(request) == "192.0.2.0/24"
    settings.TRUST_PROXY = True
    assert network_of(request) == "198.51.100.0/24"
