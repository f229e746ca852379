"""What is posted goes to one vetted address, and its answer is held to type, size and time."""

import time

import pytest

from predictions import outgoing
from predictions.outgoing.answers import Limits, Refused, Sent
from predictions.outgoing.posting import post_here
from tests.predictions.outgoing.servers import dripping, endless, onward, page, serving

SMALL = Limits(seconds=5, connect_seconds=1, wire_bytes=200_000, body_bytes=1000, redirects=0)
ASK = Sent(b"\x00what\r\n?", "application/timestamp-query", "application/timestamp-reply")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/timestamp-reply\r\n"


def posted(server, host="", **more):
    limits = more.pop("limits", SMALL)
    return post_here(
        server.address("/stamp", host),
        ASK,
        limits,
        more.pop("allow", server.allow),
        agent="Tests",
        resolve=lambda *_: [server.ip],
    )


def refused(reply, **more):
    with serving(reply) as server, pytest.raises(Refused) as refusal:
        posted(server, **more)
    return str(refusal.value)


def test_the_body_is_sent_as_it_is_and_the_answer_comes_back():
    with serving(page(b"\x00so\xff", ASK.accept)) as server:
        assert posted(server, host="tsa.example") == b"\x00so\xff"
    [asked] = server.asked
    head, _, body = asked.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /stamp HTTP/1.1\r\n")
    assert {b"Host: tsa.example:%d" % server.port, b"Content-Type: application/timestamp-query"} <= set(
        head.split(b"\r\n")
    )
    assert ASK.body.startswith(body)  # the rest may come in a packet of its own


def test_it_goes_out_by_a_process_of_its_own():
    with serving(page(b"so", ASK.accept)) as server:
        assert outgoing.post(server.address("/"), ASK, allow=server.allow) == b"so"
        with pytest.raises(Refused, match="Only public addresses"):
            outgoing.post(server.address("/"), ASK)
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"])
def test_nobody_sends_us_on(status):
    with serving(page(b"so", ASK.accept)) as other:
        assert "answered 30" in refused(onward(other.address("/"), status))
    assert other.asked == []


@pytest.mark.parametrize(
    ("reply", "why"),
    [
        (page(b"so", ASK.accept, status="500 Oh"), "answered 500"),
        (page(b"so", "text/html"), "text/html"),
        (page(b"so", ""), "not application/timestamp-reply"),
        (page(b"x" * 1001, ASK.accept), "large"),
        (endless(HEAD + b"\r\n", b"x" * 1000), "large"),
        (b"", "broke off"),
        (b"nonsense\r\n\r\n", "HTTP"),
    ],
    ids=range(7),
)
def test_what_is_no_answer_is_refused(reply, why):
    assert why in refused(reply)


def test_a_server_that_drips_is_left_at_the_deadline():
    begun = time.monotonic()
    assert "too long" in refused(dripping(HEAD + b"\r\n", b"x"), limits=Limits(seconds=0.3, connect_seconds=0.3))
    assert time.monotonic() - begun < 2


def test_an_address_inside_is_refused_unless_it_is_allowed():
    assert "Only public addresses" in refused(page(b"so", ASK.accept), allow=frozenset())
