import time
import zlib
from gzip import compress

import pytest

from predictions.outgoing.answers import Hop, Limits, Refused
from predictions.outgoing.hops import fetch_here
from tests.predictions.outgoing.servers import dripping, endless, onward, page, serving

SMALL = Limits(seconds=5, connect_seconds=1, wire_bytes=200_000, body_bytes=300_000, redirects=5)
HASTY = Limits(seconds=0.3, connect_seconds=0.3)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def fetched(server, path="/", *, host="", scheme="http", limits=SMALL, resolve=None, **more):
    """Fetched from a server on loopback; names lead to it unless `resolve` says otherwise."""
    names = resolve or (lambda name, port: [server.ip])
    return fetch_here(server.address(path, host, scheme), limits, server.allow, agent="Tests", resolve=names, **more)


def refused(server, path="/", **more):
    with pytest.raises(Refused) as refusal:
        fetched(server, path, **more)
    return str(refusal.value)


def refused_page(reply, **more):
    with serving(reply) as server:
        return refused(server, **more)


def test_a_page_comes_with_all_that_was_said_on_the_way():
    with serving({"/a": onward("/b?c=d#e"), "/b?c=d": page(b"<p>Rain", "text/html; charset=Shift_JIS")}) as server:
        got = fetched(server, "/a", host="news.example")
    place = f"http://news.example:{server.port}"
    assert (got.address, got.final_address, got.status, got.reason) == (f"{place}/a", f"{place}/b?c=d", 200, "OK")
    assert (got.body, got.raw_body, got.charset) == (b"<p>Rain", b"<p>Rain", "Shift_JIS")
    assert got.content_type == "text/html; charset=Shift_JIS"
    assert got.hops == (Hop(f"{place}/a", "127.0.0.1", 302), Hop(f"{place}/b?c=d", "127.0.0.1", 200))
    assert got.response_head + got.raw_body == page(b"<p>Rain", "text/html; charset=Shift_JIS")
    assert ("Content-Length", "7") in got.headers
    assert [got.request_head] == server.asked[1:]


def test_a_server_is_told_the_name_that_was_asked_for_and_who_asks():
    with serving(page()) as server:
        fetched(server, host="news.example")
    head = server.asked[0].decode()
    assert f"\r\nHost: news.example:{server.port}\r\n" in head
    assert "\r\nUser-Agent: Tests\r\n" in head
    assert "\r\nAccept-Encoding: gzip\r\n" in head


def test_an_ipv6_server_is_reached_when_it_is_allowed():
    with serving(page(), ip="::1") as server:
        got = fetched(server)
    assert got.hops[0].ip == "::1"
    assert f"Host: [::1]:{server.port}".encode() in server.asked[0]


REDIRECTS = {
    "to metadata": ("http://169.254.169.254/latest/meta-data/", "a link-local network"),
    "to Azure": ("http://168.63.129.16/", "a cloud's own services"),
    "to another port of this machine": ("http://127.0.0.1:1/", "this machine"),
    "to this machine": ("http://127.0.0.1/", "this machine"),
    "to this machine in disguise": ("http://[::ffff:127.0.0.1]/", "this machine"),
    "to this machine, NAT64": ("http://[64:ff9b::7f00:1]/", "this machine"),
    "to this machine in decimal": ("http://2130706433/", "odd spelling"),
    "to a private network, without scheme": ("//10.0.0.1/", "a private network"),
    "to a file": ("file:///etc/passwd", "begin with http"),
    "to ftp": ("ftp://127.0.0.1/", "begin with http"),
    "to gopher": ("gopher://127.0.0.1:6379/_INFO", "begin with http"),
    "with a user": ("http://user:secret@news.example/", "user name or password"),
    "to itself": ("/", "round in a circle"),
    "to itself with a part": ("/#part", "round in a circle"),
    "to nowhere": ("", "did not say where to"),
    "to an address that is none": ("http://[::1/", "not an address"),
}


@pytest.mark.parametrize(("location", "why"), REDIRECTS.values(), ids=REDIRECTS.keys())
def test_a_redirect_is_vetted_as_if_it_were_typed(location, why):
    with serving(onward(location)) as server:
        assert why in refused(server)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_every_kind_of_redirect_is_vetted(status):
    with serving(onward("http://10.0.0.1/", status)) as server:
        assert "a private network" in refused(server)


def test_a_redirect_to_another_port_of_a_public_machine_is_refused():
    with serving(onward("http://news.example:8080/")) as server:
        names = {"start.example": ["127.0.0.1"], "news.example": ["93.184.216.34"]}
        told = refused(server, host="start.example", resolve=lambda name, port: names[name])
    assert told == "Port 8080 is not fetched from: only 80 and 443."


def test_a_redirect_in_a_circle_of_two_is_refused():
    with serving({"/a": onward("/b"), "/b": onward("/a")}) as server:
        assert "round in a circle" in refused(server, "/a")


def test_five_redirects_are_followed_and_six_are_not():
    pages = {f"/{n}": onward(f"/{n + 1}") for n in range(6)} | {"/6": page()}
    with serving(pages) as server:
        assert len(fetched(server, "/1").hops) == 6
        assert refused(server, "/0") == "The server sent us on more than 5 times."


def test_a_name_is_asked_for_again_at_each_hop_and_vetted_again():
    answers = [["127.0.0.1"], ["10.0.0.1"]]
    with serving(onward("/next")) as server:
        assert "a private network" in refused(server, host="rebinding.example", resolve=lambda *_: answers.pop(0))
    assert answers == []


def test_a_cookie_is_not_carried_to_the_next_hop():
    pages = {"/": onward("/b").replace(b"Location", b"Set-Cookie: a=b\r\nLocation"), "/b": page()}
    with serving(pages) as server:
        fetched(server)
    assert b"ookie" not in server.asked[1]


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy", "ALL_PROXY"])
def test_a_proxy_in_the_environment_is_ignored(name, monkeypatch):
    with serving(page()) as server, serving(page()) as proxy:
        monkeypatch.setenv(name, proxy.address())
        assert fetched(server).status == 200
    assert (len(server.asked), proxy.asked) == (1, [])


SLOW = {
    "no answer": lambda line: line.recv(1),
    "slow headers": dripping(HEAD, b"X: y\r\n"),
    "one slow header": dripping(HEAD + b"X: ", b"y"),
    "a slow body": dripping(HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
    "a slow body in chunks": dripping(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a slow body without end": dripping(HEAD + b"\r\n", b"x"),
    "slow interim answers": dripping(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "a slow bomb": dripping(HEAD + b"Content-Encoding: gzip\r\n\r\n", b"\x1f\x8b\x08\0\0\0\0\0\0\3"),
}


@pytest.mark.parametrize("reply", SLOW.values(), ids=SLOW.keys())
def test_a_server_that_drips_is_left_at_the_deadline(reply):
    started = time.monotonic()
    with serving(reply) as server:
        told = refused(server, limits=HASTY)
        assert time.monotonic() - started < 2  # it would drip for ten times as long
    assert told.startswith("The server took too long: the whole fetch has 0.3 seconds") or "gzip" in told


def test_the_deadline_is_of_all_hops_together():
    slow_hops = {f"/{n}": lambda line, n=n: (time.sleep(0.15), line.sendall(onward(f"/{n + 1}"))) for n in range(9)}
    with serving(slow_hops) as server:
        assert "took too long" in refused(server, "/0", limits=HASTY)


ENDLESS = {
    "headers": (endless(HEAD, b"X: y\r\n" * 1000), "does not speak HTTP"),
    "one header": (endless(HEAD + b"X: ", b"y" * 6000), "does not speak HTTP"),
    "a body": (endless(HEAD + b"\r\n", b"x" * 6000), "at most 200,000 bytes are fetched"),
    "a body said to be short": (page(b"x" * 250_000), "at most 200,000 bytes are fetched"),
    "chunks": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1770\r\n" + b"x" * 6000 + b"\r\n"), "at most"),
    "tiny chunks": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n" * 1000), "at most 200,000"),
    "one chunk": (endless(HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", b"x" * 6000), "at most 200,000"),
    "interim answers": (endless(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n" * 200), "at most 200,000"),
}


@pytest.mark.parametrize(("reply", "why"), ENDLESS.values(), ids=ENDLESS.keys())
def test_an_endless_answer_is_cut_off(reply, why):
    assert why in refused_page(reply)


def packed(body, encoding="gzip"):
    return page(body, "text/html", f"Content-Encoding: {encoding}")


def test_a_packed_page_is_unpacked_and_kept_as_it_came():
    body = compress(b"<p>Rain is likely.")
    with serving(packed(body)) as server:
        got = fetched(server)
    assert (got.body, got.raw_body) == (b"<p>Rain is likely.", body)


def test_a_page_in_chunks_is_put_together_and_kept_as_it_came():
    chunks = b"4\r\n<p>R\r\n3;x=y\r\nain\r\n0\r\nLast: one\r\n\r\n"
    with serving(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks) as server:
        got = fetched(server)
    assert (got.body, got.raw_body) == (b"<p>Rain", chunks)


PACKED = {
    "a bomb": (packed(compress(b"\0" * 20_000_000)), "at most 300,000 bytes are kept"),
    "a bomb of many parts": (packed(compress(b"\0" * 10_000) * 100), "at most 300,000 bytes are kept"),
    "a bomb in chunks": (
        HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"4e20\r\n" + compress(b"\0" * 20_600_000)[:20_000] + b"\r\n0\r\n\r\n",
        "at most 300,000 bytes are kept",
    ),
    "cut short": (packed(compress(b"<p>Rain is likely" * 99)[:-12]), "broke off before its end"),
    "no gzip at all": (packed(b"<p>Rain"), "packed by gzip, and it is not"),
    "gzip in gzip": (packed(compress(compress(b"<p>")), "gzip, gzip"), "'gzip, gzip', which is not unpacked"),
    "brotli": (packed(b"\x0b\x02\x80<p>", "br"), "'br', which is not unpacked"),
    "zstd": (packed(b"\x28\xb5\x2f\xfd", "zstd"), "'zstd', which is not unpacked"),
    "deflate": (packed(zlib.compress(b"<p>"), "deflate"), "'deflate', which is not unpacked"),
}


@pytest.mark.parametrize(("reply", "why"), PACKED.values(), ids=PACKED.keys())
def test_a_page_that_is_packed_oddly_or_unpacks_to_too_much_is_refused(reply, why):
    assert why in refused_page(reply)


OTHERS = {
    "not found": (page(status="404 Not Found"), "The server answered 404 Not Found."),
    "a login": (page(status="401 Unauthorized"), "The server answered 401 Unauthorized."),
    "broken": (page(status="500 Oh Dear"), "The server answered 500 Oh Dear."),
    "no content": (b"HTTP/1.1 204 No Content\r\n\r\n", "The server answered 204 No Content."),
    "a part": (page(status="206 Partial Content"), "The server answered 206 Partial Content."),
    "not modified": (b"HTTP/1.1 304 Not Modified\r\n\r\n", "The server answered 304 Not Modified."),
    "a status without words": (b"HTTP/1.1 418\r\n\r\n", "The server answered 418."),
    "an image": (page(b"\x89PNG", "image/png"), "The address leads to 'image/png'"),
    "data": (page(b"{}", "application/json"), "The address leads to 'application/json'"),
    "a film": (endless(b"HTTP/1.1 200 OK\r\nContent-Type: video/mp4\r\n\r\n", b"x" * 9000), "'video/mp4'"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak HTTP"),
    "nothing": (b"", "does not speak HTTP"),
    "cut short": (page(b"x" * 100)[:-10], "broke off"),
    "two lengths": (page(b"x", "text/html", "Content-Length: 2"), "does not speak HTTP"),
}


@pytest.mark.parametrize(("reply", "why"), OTHERS.values(), ids=OTHERS.keys())
def test_what_is_no_page_to_read_is_refused_in_plain_words(reply, why):
    assert why in refused_page(reply)


@pytest.mark.parametrize(
    "kind",
    [
        "text/html",
        "TEXT/HTML; charset=utf-8",
        "application/xhtml+xml",
        "application/pdf",
        "text/plain",
        "",
        "application/octet-stream",
    ],
)
def test_pages_pdfs_and_texts_are_taken_and_what_says_nothing_of_itself(kind):
    with serving(page(b"x", kind)) as server:
        assert fetched(server).content_type == kind


def test_interim_answers_are_no_part_of_what_is_kept():
    with serving(b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + page(b"x")) as server:
        got = fetched(server)
    assert got.response_head + got.raw_body == page(b"x")


def test_a_machine_that_is_not_there_cannot_be_reached():
    with serving(page()) as server:
        pass
    assert refused(server) == "The server cannot be reached."
