"""The fetch as others call it: in a process of its own."""

import time

import pytest

from predictions.outgoing import AGENT, Hop, Limits, Refused, fetch
from tests.predictions.outgoing.servers import Authority, dripping, onward, page, serving


def test_a_page_comes_whole_out_of_its_process():
    with serving({"/a": onward("/b"), "/b": page(b"<p>\xff\0 Rain", "text/html; charset=utf-8")}) as server:
        got = fetch(server.address("/a"), allow=server.allow)
    assert (got.body, got.charset, got.final_address) == (b"<p>\xff\0 Rain", "utf-8", server.address("/b"))
    assert got.hops == (Hop(server.address("/a"), "127.0.0.1", 302), Hop(server.address("/b"), "127.0.0.1", 200))
    assert got.headers == (("Content-Length", "10"), ("Content-Type", "text/html; charset=utf-8"))
    assert f"User-Agent: {AGENT}\r\n".encode() in got.request_head


@pytest.mark.parametrize("address", ["http://127.0.0.1/", "http://localhost/", "http://[::1]/", "file:///etc/passwd"])
def test_nothing_is_open_by_default(address):
    with pytest.raises(Refused, match=r"Only public addresses|begin with http"):
        fetch(address)


def test_a_server_on_loopback_is_refused_unless_it_is_allowed():
    with serving(page()) as server, pytest.raises(Refused, match="this machine"):
        fetch(server.address())
    assert server.asked == []


def test_the_process_knows_nothing_of_our_environment(monkeypatch):
    with serving(page()) as server, serving(page()) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.address())
        monkeypatch.setenv("http_proxy", proxy.address())
        assert fetch(server.address(), allow=server.allow).status == 200
    assert proxy.asked == []


def test_limits_hold_in_the_process_too():
    started = time.monotonic()
    drip = dripping(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n")
    with serving(drip) as server, pytest.raises(Refused, match=r"the whole fetch has 0\.2 seconds"):
        fetch(server.address(), allow=server.allow, limits=Limits(seconds=0.2))
    assert time.monotonic() - started < 4  # it would drip for forty


def test_an_authority_that_is_named_is_trusted(tmp_path):
    authority = Authority(tmp_path)
    with serving(page(b"<p>Rain"), tls=authority.server("127.0.0.1")) as server:
        got = fetch(server.address(scheme="https"), allow=server.allow, authorities=authority.pem)
    assert got.body == b"<p>Rain"
