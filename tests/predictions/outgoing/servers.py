"""Servers on loopback that behave as badly as they are told to, and certificates of an authority of our own."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET, AF_INET6, create_server, socket

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

Reply = bytes | Callable[[socket], None]


@dataclass
class Server:
    """Answers each connection once, by the path that was asked for; `asked` holds the requests as they came."""

    ip: str
    port: int
    asked: list[bytes] = field(default_factory=list)

    @property
    def allow(self) -> frozenset[tuple[str, int]]:
        return frozenset({(self.ip, self.port)})

    def address(self, path: str = "/", host: str = "", scheme: str = "http") -> str:
        host = host or (f"[{self.ip}]" if ":" in self.ip else self.ip)
        return f"{scheme}://{host}:{self.port}{path}"


@contextmanager
def serving(
    pages: Mapping[str, Reply] | Reply, ip: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A server on loopback while the block runs; one reply for all paths, or one for each."""
    with create_server((ip, 0), family=AF_INET6 if ":" in ip else AF_INET) as listening:
        server = Server(ip, listening.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listening, server, pages, tls), daemon=True)
        thread.start()
        yield server
        listening.shutdown(2)  # wakes the thread out of its accept
        thread.join(5)


def _serve(listening: socket, server: Server, pages: Mapping[str, Reply] | Reply, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection, suppress(OSError):
            connection.settimeout(5)
            with tls.wrap_socket(connection, server_side=True) if tls else connection as line:
                _reply(line, server, pages)


def _reply(line: socket, server: Server, pages: Mapping[str, Reply] | Reply) -> None:
    asked = b""
    while b"\r\n\r\n" not in asked:
        if not (more := line.recv(65536)):
            return
        asked += more
    server.asked.append(asked)
    path = asked.split(b" ", 2)[1].decode()
    reply = pages[path] if isinstance(pages, Mapping) else pages
    if callable(reply):
        reply(line)
    else:
        line.sendall(reply)


def page(body: bytes = b"<p>Rain is likely.</p>", kind: str = "text/html", *more: str, status: str = "200 OK") -> bytes:
    """An answer with its length, a type (left out where blank) and further header lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *more]
    lines += [f"Content-Type: {kind}"] if kind else []
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def onward(location: str, status: str = "302 Found") -> bytes:
    return page(b"", "", f"Location: {location}", status=status)


def dripping(start: bytes, drop: bytes, pause: float = 0.02, times: int = 2000) -> Callable[[socket], None]:
    """Sends `start` and then `drop` again and again, each after a pause."""

    def drip(line: socket) -> None:
        line.sendall(start)
        for _ in range(times):
            time.sleep(pause)
            line.sendall(drop)

    return drip


def endless(start: bytes, piece: bytes) -> Callable[[socket], None]:
    """Sends `start` and then `piece` for ever, as fast as it is taken."""
    return dripping(start, piece, pause=0, times=1_000_000)


class Authority:
    """A certificate authority of our own, and servers' certificates signed by it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._key = folder, ec.generate_private_key(ec.SECP256R1())
        self._certificate = self._signed("Test authority", self._key, x509.BasicConstraints(ca=True, path_length=None))
        self.pem = self._certificate.public_bytes(Encoding.PEM).decode()

    def server(self, name: str, *, days: int = 1) -> ssl.SSLContext:
        """What a server shows for `name`, valid for some days from yesterday; a negative number has passed."""
        key = ec.generate_private_key(ec.SECP256R1())
        other = x509.DNSName(name) if name[-1].isalpha() else x509.IPAddress(ip_address(name))
        certificate = self._signed(name, key, x509.SubjectAlternativeName([other]), days=days)
        path = self._folder / f"{name}.pem"
        secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(secret + certificate.public_bytes(Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context

    def _signed(
        self, name: str, key: ec.EllipticCurvePrivateKey, extension: x509.ExtensionType, *, days: int = 1
    ) -> x509.Certificate:
        start = datetime.now(UTC) - timedelta(days=30)
        authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test authority")])
        builder = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(authority)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(start + timedelta(days=30 + days))
            .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        )
        return builder.sign(self._key, SHA256())
