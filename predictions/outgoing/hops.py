"""From an address to the page at its end: one connection per hop, each redirect vetted as if it were typed anew."""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import certifi
import httpcore

from predictions.outgoing.answers import Endpoint, Fetched, Hop, Limits, Refused
from predictions.outgoing.dialling import Deadline, Dialler, Resolve, resolve
from predictions.outgoing.targets import Target, read_target
from predictions.outgoing.unpacking import unpacked

_REDIRECTS = {301, 302, 303, 307, 308}
_PAGES = {200, 203}
_READABLE = {
    "",
    "text/html",
    "application/xhtml+xml",
    "application/pdf",
    "application/x-pdf",
    "text/plain",
    "application/octet-stream",
    "binary/octet-stream",
}
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_INTERIM = re.compile(rb"HTTP/1\.\d 1\d\d")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE | re.ASCII)


def fetch_confined(
    address: str, limits: dict[str, Any], allow: list[list[Any]], agent: str, authorities: str
) -> Fetched:
    """`fetch_here` as it is asked from another process, in the plain values of JSON."""
    endpoints = frozenset((ip, port) for ip, port in allow)
    return fetch_here(address, Limits(**limits), endpoints, agent=agent, authorities=authorities)


def fetch_here(
    address: str,
    limits: Limits,
    allow: frozenset[Endpoint],
    *,
    agent: str,
    authorities: str = "",
    resolve: Resolve = resolve,
) -> Fetched:
    """Fetch in this very process: all limits hold but the last one, for a resolver has no deadline of its own."""
    deadline, hops, target = Deadline(limits.seconds), [], read_target(address)
    while True:
        dialler = Dialler(limits, deadline, allow, resolve)
        with answered(target, dialler, deadline, _headers(agent), authorities) as answer:
            hops.append(Hop(target.address, dialler.peer, answer.status))
            if answer.status not in _REDIRECTS:
                return _fetched(hops, answer, dialler, limits)
        target = _next(target, answer, hops, limits)


def _headers(agent: str) -> list[tuple[str, str]]:
    return [
        ("User-Agent", agent),
        ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,text/plain;q=0.8"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ]


@contextmanager
def answered(
    target: Target,
    dialler: Dialler,
    deadline: Deadline,
    headers: Sequence[tuple[str, str]],
    authorities: str,
    *,
    body: bytes | None = None,
) -> Iterator[httpcore.Response]:
    url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
    trust = _trust(authorities) if target.scheme == "https" else None
    pool = httpcore.ConnectionPool(ssl_context=trust, max_connections=1, network_backend=dialler)
    try:
        method, named = "GET" if body is None else "POST", [("Host", _host_header(target)), *headers]
        with pool, pool.stream(method, url, headers=named, content=body) as answer:
            yield answer
    except httpcore.TimeoutException:
        raise deadline.passed() from None
    except httpcore.ConnectError as fault:
        raise Refused(f"No safe connection to {target.host}: {_why(fault)}.") from None
    except (httpcore.NetworkError, httpcore.ProtocolError):
        raise Refused("The server broke off, or does not speak HTTP.") from None


def _trust(authorities: str) -> ssl.SSLContext:
    """Whom this machine trusts, the usual authorities where it knows none, and those named to us."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if authorities:
        context.load_verify_locations(cadata=authorities)
    return context


def _host_header(target: Target) -> str:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = {"http": 80, "https": 443}[target.scheme]
    return host if target.port == usual else f"{host}:{target.port}"


def _why(fault: httpcore.ConnectError) -> str:
    cause = fault.__cause__ or fault.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate does not hold ({cause.verify_message})"
    return "it does not speak TLS as it should" if isinstance(cause, ssl.SSLError) else "the connection broke off"


def _next(target: Target, answer: httpcore.Response, hops: list[Hop], limits: Limits) -> Target:
    location = header(answer, b"location")
    if not location:
        raise Refused("The server sent us on and did not say where to.")
    if len(hops) > limits.redirects:
        raise Refused(f"The server sent us on more than {limits.redirects} times.")
    onward = read_target(location, base=target.address)
    if onward.address in {hop.address for hop in hops}:
        raise Refused("The server sends us round in a circle.")
    return onward


def _fetched(hops: list[Hop], answer: httpcore.Response, dialler: Dialler, limits: Limits) -> Fetched:
    reason = answer.extensions.get("reason_phrase", b"").decode("latin-1")
    if answer.status not in _PAGES:
        raise Refused(f"The server answered {answer.status} {reason}".rstrip() + ".")
    kind = header(answer, b"content-type")
    if (essence := kind.partition(";")[0].strip().lower()) not in _READABLE:
        raise Refused(f"The address leads to {essence[:80]!r}: only HTML, PDF and plain text are read.")
    body = unpacked(answer.iter_stream(), header(answer, b"content-encoding"), limits.body_bytes)
    head, raw_body = _parted(bytes(dialler.wire.received))
    charset = _CHARSET.search(kind)
    return Fetched(
        address=hops[0].address,
        final_address=hops[-1].address,
        status=answer.status,
        reason=reason,
        request_head=bytes(dialler.wire.sent),
        response_head=head,
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers),
        raw_body=raw_body,
        body=body,
        content_type=kind,
        charset=charset[1] if charset else "",
        hops=tuple(hops),
    )


def header(answer: httpcore.Response, wanted: bytes) -> str:
    """The values of a header, as one; UTF-8 where they are, as some servers send a Location."""
    found = b", ".join(value for name, value in answer.headers if name.lower() == wanted)
    try:
        return found.decode()
    except UnicodeDecodeError:
        return found.decode("latin-1")


def _parted(received: bytes) -> tuple[bytes, bytes]:
    """The final head and what came after it; interim heads such as 103 go before it and are left out."""
    start = 0
    while end := _HEAD_END.search(received, start):
        if not _INTERIM.match(received, start):
            return received[start : end.end()], received[end.end() :]
        start = end.end()
    return received, b""
