"""The door of this room: a page fetched in a process that ends when its time is up, whatever it waits for."""

from dataclasses import asdict
from typing import Any

from predictions.confined import Broken, Refusal, Walls, confined
from predictions.outgoing.answers import MEGABYTE, Endpoint, Fetched, Hop, Limits, Refused, Sent

AGENT = "Forsooth/0.1 (fetches one page because a person asked to keep its words; it does not crawl)"

ANSWER = Limits(seconds=20, wire_bytes=MEGABYTE, body_bytes=MEGABYTE, redirects=0)
"""What an answer to something posted may take."""

_FETCHER = "predictions.outgoing.hops:fetch_confined"
_POSTER = "predictions.outgoing.posting:post_confined"
_MEMORY = 768 * 1024 * 1024
_GRACE = 2.0


def fetch(
    address: str,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    allow: frozenset[Endpoint] = frozenset(),
    agent: str = AGENT,
    authorities: str = "",
) -> Fetched:
    """The page at `address`. Raises Refused, with a sentence for the person who asked, if it is not to be had.

    `allow` opens single endpoints, an IP address with its port each, that would be refused: for tests and for what
    an operator names. `authorities` are further certificates to trust, in PEM. `agent` is how we introduce ourselves.
    """
    walls = Walls(seconds=limits.seconds + _GRACE, memory=_MEMORY, network=True)
    wanted = {"limits": asdict(limits), "allow": allow, "agent": agent, "authorities": authorities}
    try:
        return _fetched(confined(_FETCHER, walls, address=address, **wanted))
    except Refusal as refusal:
        raise Refused(str(refusal)) from None
    except Broken as fault:
        raise Refused(_broken(fault, limits)) from fault


def post(
    address: str,
    sent: Sent,
    *,
    limits: Limits = ANSWER,
    allow: frozenset[Endpoint] = frozenset(),
    agent: str = AGENT,
    authorities: str = "",
) -> bytes:
    """The body that `address` answers with; it is asked there and nowhere else. As `fetch` besides."""
    walls = Walls(seconds=limits.seconds + _GRACE, memory=_MEMORY, network=True)
    wanted = {"limits": asdict(limits), "allow": allow, "agent": agent, "authorities": authorities}
    try:
        body: bytes = confined(_POSTER, walls, address=address, sent=asdict(sent), **wanted)
    except Refusal as refusal:
        raise Refused(str(refusal)) from None
    except Broken as fault:
        raise Refused(_broken(fault, limits)) from fault
    return body


def _fetched(told: dict[str, Any]) -> Fetched:
    told["headers"] = tuple((name, value) for name, value in told["headers"])
    told["hops"] = tuple(Hop(**hop) for hop in told["hops"])
    return Fetched(**told)


def _broken(fault: Broken, limits: Limits) -> str:
    if fault.why == "time":
        return f"The server took too long: the whole fetch has {limits.seconds:g} seconds."
    return "The fetch failed on our side. The log says more."
