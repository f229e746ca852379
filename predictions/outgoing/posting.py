"""Something posted to one address and its answer, as vetted and as bounded as a page; nobody sends us on from there."""

from typing import Any

from predictions.outgoing.answers import Endpoint, Limits, Refused, Sent
from predictions.outgoing.dialling import Deadline, Dialler, Resolve, resolve
from predictions.outgoing.hops import answered, header
from predictions.outgoing.targets import read_target
from predictions.outgoing.unpacking import unpacked

_OK = 200


def post_confined(
    *, address: str, sent: dict[str, Any], limits: dict[str, Any], allow: list[list[Any]], agent: str, authorities: str
) -> bytes:
    """`post_here` as it is asked from another process, in the plain values of JSON."""
    endpoints = frozenset((ip, port) for ip, port in allow)
    return post_here(address, Sent(**sent), Limits(**limits), endpoints, agent=agent, authorities=authorities)


def post_here(
    address: str,
    sent: Sent,
    limits: Limits,
    allow: frozenset[Endpoint],
    *,
    agent: str,
    authorities: str = "",
    resolve: Resolve = resolve,
) -> bytes:
    """Post in this very process: see `hops.fetch_here`."""
    deadline, target = Deadline(limits.seconds), read_target(address)
    dialler = Dialler(limits, deadline, allow, resolve)
    headers = [("User-Agent", agent), ("Accept", sent.accept), ("Content-Type", sent.content_type)]
    headers += [("Content-Length", str(len(sent.body))), ("Connection", "close")]
    with answered(target, dialler, deadline, headers, authorities, body=sent.body) as answer:
        if answer.status != _OK:
            raise Refused(f"The server answered {answer.status}.")
        kind = header(answer, b"content-type").partition(";")[0].strip().lower()
        if kind != sent.accept:
            raise Refused(f"The server answered with {kind[:80]!r}, not {sent.accept}.")
        return unpacked(answer.iter_stream(), header(answer, b"content-encoding"), limits.body_bytes)
