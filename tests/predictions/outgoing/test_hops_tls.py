"""The address that was vetted is dialled; the name that was asked for still decides whose certificate holds."""

import pytest

from predictions.outgoing.answers import Limits, Refused
from predictions.outgoing.hops import fetch_here
from tests.predictions.outgoing.servers import Authority, onward, page, serving

LIMITS = Limits(seconds=3, connect_seconds=1)


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("certificates"))


def fetched(server, authorities, host="news.example", limits=LIMITS):
    return fetch_here(
        server.address("/", host, "https"),
        limits,
        server.allow,
        agent="Tests",
        authorities=authorities,
        resolve=lambda name, port: [server.ip],
    )


def refused(server, authorities, host="news.example", limits=LIMITS):
    with pytest.raises(Refused) as refusal:
        fetched(server, authorities, host, limits)
    return str(refusal.value)


def test_the_right_name_is_fetched_and_kept_in_the_clear(authority):
    with serving(page(b"<p>Rain"), tls=authority.server("news.example")) as server:
        got = fetched(server, authority.pem)
    assert (got.body, got.hops[0].ip) == (b"<p>Rain", "127.0.0.1")
    assert got.request_head.startswith(b"GET / HTTP/1.1\r\nHost: news.example:")
    assert got.response_head + got.raw_body == page(b"<p>Rain")


def test_an_address_with_a_certificate_of_its_own_is_fetched(authority):
    with serving(page(), tls=authority.server("127.0.0.1")) as server:
        assert fetched(server, authority.pem, host="127.0.0.1").status == 200


@pytest.mark.parametrize("name", ["other.example", "127.0.0.1", "news.example.evil.example"])
def test_the_wrong_name_is_refused(authority, name):
    with serving(page(), tls=authority.server(name)) as server:
        told = refused(server, authority.pem)
    assert told.startswith("No safe connection to news.example: its certificate does not hold (")
    assert server.asked == []


def test_a_certificate_that_has_run_out_is_refused(authority):
    with serving(page(), tls=authority.server("news.example", days=-2)) as server:
        assert "certificate has expired" in refused(server, authority.pem)


def test_an_authority_that_nobody_named_is_refused(authority):
    with serving(page(), tls=authority.server("news.example")) as server:
        assert "its certificate does not hold" in refused(server, "")


def test_a_server_that_never_shakes_hands_is_left_at_the_deadline():
    with serving(page()) as server:
        assert "took too long" in refused(server, "", limits=Limits(seconds=0.3))


def test_a_redirect_from_tls_to_inside_is_refused(authority):
    with serving(onward("https://10.0.0.1/"), tls=authority.server("news.example")) as server:
        assert "a private network" in refused(server, authority.pem)
