"""The way onto the network: a name is resolved once, all it stands for is vetted, and what was vetted is dialled.

Below TLS and HTTP, so that the name still decides the certificate and the Host header, while nothing that happens to
the name between the check and the connection can lead elsewhere. Every read and write is held to one deadline.
"""

import ssl
import time
from collections.abc import Callable, Iterable, Sequence
from ipaddress import ip_address
from socket import SOCK_STREAM, gaierror, getaddrinfo
from typing import Any

import httpcore

from predictions.outgoing.addresses import why_inside
from predictions.outgoing.answers import NOT_DIALLED, NOT_PUBLIC, NOT_WEB, Endpoint, Limits, Refused

Resolve = Callable[[str, int], Sequence[str]]

_PORTS = (80, 443)


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses that this machine's resolver gives for a name."""
    try:
        found = getaddrinfo(host, port, type=SOCK_STREAM)
    except (gaierror, UnicodeError):
        raise Refused(f"There is no machine of the name {host}.") from None
    return list(dict.fromkeys(str(socket_address[0]) for *_, socket_address in found))


class Deadline:
    """One moment by which the whole fetch must be done."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._ends = time.monotonic() + seconds

    def left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> Refused:
        return Refused(f"The server took too long: the whole fetch has {self._seconds:g} seconds.")


class Wire:
    """What went over one connection, in the clear, and not more of it than is allowed."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.sent, self.received = bytearray(), bytearray()

    def receive(self, data: bytes) -> bytes:
        self.received += data
        if len(self.received) > self._most:
            raise Refused(f"The page is too large: at most {self._most:,} bytes are fetched.")
        return data


class HeldStream(httpcore.NetworkStream):
    """A connection whose every read and write ends at the deadline, whatever time-out it was given."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: Deadline, wire: Wire) -> None:
        self._inner, self._deadline, self._wire = inner, deadline, wire

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._wire.receive(self._inner.read(max_bytes, self._deadline.left()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.sent += buffer
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return HeldStream(inner, self._deadline, self._wire)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class Dialler(httpcore.NetworkBackend):
    """Opens the connection of one hop; afterwards `peer` is who answered and `wire` what was said."""

    def __init__(
        self,
        limits: Limits,
        deadline: Deadline,
        allow: frozenset[Endpoint] = frozenset(),
        resolve: Resolve = resolve,
        line: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._limits, self._deadline, self._allow, self._resolve = limits, deadline, allow, resolve
        self._line = line or httpcore.SyncBackend()
        self.wire, self.peer = Wire(limits.wire_bytes), ""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        stream = self._dial(self._vetted(host, port), port)
        self.peer = _peer(stream)
        return HeldStream(stream, self._deadline, self.wire)

    def _vetted(self, host: str, port: int) -> list[str]:
        addresses = [host] if _is_ip(host) else self._resolve(host, port)
        if not addresses:
            raise Refused(f"There is no machine of the name {host}.")
        for address in addresses:
            self._vet(host, _plain(address), port)
        return list(addresses)

    def _vet(self, host: str, address: str, port: int) -> None:
        if (address, port) in self._allow:
            return
        if (why := why_inside(address)) is not None:
            raise Refused(f"{host} leads to {why} ({address}). {NOT_PUBLIC}")
        if port not in _PORTS:
            raise Refused(f"Port {port} {NOT_WEB}")

    def _dial(self, addresses: list[str], port: int) -> httpcore.NetworkStream:
        for address in addresses:
            patience = min(self._limits.connect_seconds, self._deadline.left())
            try:
                stream = self._line.connect_tcp(address, port, patience)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
            if _peer(stream) == _plain(address):
                return stream
            stream.close()
            raise Refused(NOT_DIALLED)
        self._deadline.left()
        raise Refused("The server cannot be reached.")


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _plain(address: str) -> str:
    return str(ip_address(address))


def _peer(stream: httpcore.NetworkStream) -> str:
    """Who is at the other end, as the system knows it."""
    return _plain(stream.get_extra_info("server_addr")[0])
