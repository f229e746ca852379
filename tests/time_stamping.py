"""A time-stamp authority of our own on this machine (`openssl ts` behind a loopback server); nothing leaves it."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.loopback import Handler, serving

CONFIG = """
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
[stamping]
extendedKeyUsage = critical,timeStamping
[serving]
extendedKeyUsage = critical,serverAuth
"""


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True, timeout=30)


@dataclass
class Authority:
    """`answer` turns a query into the reply and its type; a test may put another in its place."""

    folder: Path
    port: int = 0
    queries: list[bytes] = field(default_factory=list)
    answer: Callable[[bytes], tuple[int, str, bytes]] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/stamp"

    @property
    def allow(self) -> frozenset[tuple[str, int]]:
        return frozenset({("127.0.0.1", self.port)})

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def stamped(self, query: bytes) -> bytes:
        (self.folder / "query").write_bytes(query)
        openssl(
            self.folder,
            "ts",
            "-reply",
            "-config",
            "config",
            "-section",
            "tsa_config",
            "-queryfile",
            "query",
            "-out",
            "reply",
        )
        return (self.folder / "reply").read_bytes()


def made(folder: Path, purpose: str = "stamping") -> Authority:
    """Keys and certificates: a root, and below it one for `purpose`."""
    folder.mkdir(parents=True)
    (folder / "config").write_text(CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2")
    openssl(folder, "req", "-x509", *key, "-subj", "/CN=Our root", "-keyout", "root.key", "-out", "root.pem")
    openssl(folder, "req", "-new", *key[:-2], "-subj", "/CN=Our clock", "-keyout", "tsa.key", "-out", "tsa.csr")
    issue = ("-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-days", "2", "-extfile", "config")
    openssl(folder, "x509", "-req", "-in", "tsa.csr", *issue, "-extensions", purpose, "-out", "tsa.pem")
    return Authority(folder)


@contextmanager
def at_work(authority: Authority) -> Iterator[Authority]:
    class Stamping(Handler):
        def do_POST(self) -> None:  # noqa: N802 - so http.server asks for it
            query = self.body()
            authority.queries.append(query)
            reply = authority.answer or (lambda asked: (200, "application/timestamp-reply", authority.stamped(asked)))
            self.send(*reply(query))

    with serving(Stamping) as authority.port:
        yield authority
