"""The site as an operator runs it: gunicorn in a process group of its own, on a database that outlives it."""

import http.client
import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

import psycopg
from django.db import connection

ROOT = Path(__file__).parents[2]
SECRET_KEY = secrets.token_urlsafe(50)
PATIENCE = 60  # seconds; a loaded machine starts a process slowly


class Place:
    """Where the record lies, at an address that any process can open: a file, or the database of this test."""

    def __init__(self, url: str, folder: Path) -> None:
        """`folder` is where the ledger's key and its restore guard lie."""
        self.url, self.folder, self.guard = url, folder, folder / "ledger.guard"

    @classmethod
    def of_this_test(cls, folder: Path) -> "Place":
        """What this test has recorded so far. SQLite keeps that in memory, so that a file is made of it."""
        if connection.vendor == "postgresql":
            return cls(postgres_url(), folder)
        place = cls(f"sqlite:///{folder / 'forsooth.sqlite3'}", folder)
        copy_this_test_to(place)
        return place

    @property
    def file(self) -> Path:
        return Path(self.url.removeprefix("sqlite:///"))

    def rows(self, question: str) -> list[tuple]:
        """The answer of the database itself, past all our code."""
        with closing(self.open()) as database:
            return database.execute(question).fetchall()

    def do(self, statement: str) -> None:
        with closing(self.open()) as database:
            database.execute(statement)

    def open(self):
        if self.url.startswith("sqlite"):
            return sqlite3.connect(self.file, timeout=PATIENCE)
        return psycopg.connect(self.url, autocommit=True)

    def environment(self, **more: str) -> dict[str, str]:
        """What an operator sets; nothing of a developer's."""
        kept = {k: v for k, v in os.environ.items() if k not in {"DEBUG", "CELERY_BROKER_URL", "EMAIL_URL"}}
        outside = {"LEDGER_KEY_FILE": str(self.folder / "ledger.key"), "LEDGER_GUARD_FILE": str(self.guard)}
        own = {"DATABASE_URL": self.url, "SECRET_KEY": SECRET_KEY, "HTTPS": "0"}
        return {**kept, **outside, **own, **more}

    def command(self, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
        """`manage.py` with these words, in a process of its own."""
        line = [sys.executable, "manage.py", *words]
        return subprocess.run(
            line, cwd=ROOT, env=self.environment(**more), capture_output=True, text=True, timeout=600, check=False
        )


def copy_this_test_to(place: Place) -> None:
    """To an empty database, as it stands."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(place.file)])
        return
    dump = subprocess.run(["pg_dump", postgres_url()], check=True, capture_output=True, timeout=PATIENCE).stdout
    line = ["psql", "-q", "-v", "ON_ERROR_STOP=1", place.url]
    subprocess.run(line, input=dump, check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE)


def postgres_url(**changed: str) -> str:
    """The address of this test's database, or of another beside it (`NAME`)."""
    db = {key: str(value or "") for key, value in connection.settings_dict.items() if isinstance(value, str | int)}
    db |= changed
    person = f"{db['USER']}:{db['PASSWORD']}@" if db["USER"] else ""
    host = f"{db['HOST']}:{db['PORT']}" if db["HOST"] and db["PORT"] else db["HOST"]
    return f"postgres://{person}{host}/{db['NAME']}"


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nursery:
    """Keeps a process that has imported the site, of which servers on `place` are forked."""

    def __init__(self, place: Place, **more: str) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        environment = {**place.environment(**more), "PYTHONPATH": str(ROOT)}
        line = [sys.executable, "-m", "tests.faults.nursery"]
        self.process = subprocess.Popen(line, cwd=ROOT, env=environment, **pipes)
        if self.process.stdout.readline() != "ready\n":
            self.__exit__()
            raise RuntimeError("the site could not be imported: see above")

    def start(self, arguments: list[str], log: Path) -> int:
        """The process group of a new gunicorn."""
        self.process.stdin.write(json.dumps({"arguments": arguments, "log": str(log)}) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def __enter__(self) -> "Nursery":
        return self

    def __exit__(self, *_: object) -> None:
        self.process.stdin.close()
        self.process.wait(PATIENCE)
        self.process.stdout.close()


class Server:
    """gunicorn with `config.wsgi`. `kill` ends all its processes at once, by SIGKILL."""

    def __init__(self, nursery: Nursery, *, port: int = 0, workers: int = 2, log: Path | None = None) -> None:
        self.nursery, self.port, self.workers = nursery, port or a_free_port(), workers
        self.log = log or Path(os.devnull)
        self.group = 0

    def start(self) -> None:
        line = ["config.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", str(self.workers)]
        self.group = self.nursery.start([*line, "--log-level", "warning"], self.log)
        deadline = time.monotonic() + PATIENCE
        while self.get("/livez")[0] != http.HTTPStatus.OK:
            assert time.monotonic() < deadline, self.log.read_text()
            assert self._is_alive(), self.log.read_text()
            time.sleep(0.02)

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.ask("GET", path, **headers)

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (in small letters) and body; status 0 where nobody answered."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as line:
            try:
                line.request(method, path, body, headers)
                answer = line.getresponse()
                told = {name.lower(): value for name, value in answer.getheaders()}
                return answer.status, told, answer.read()
            except (OSError, http.client.HTTPException):
                return 0, {}, b""

    def kill(self) -> None:
        """Returns once no process of the group is left."""
        deadline = time.monotonic() + PATIENCE
        while self._is_alive():
            assert time.monotonic() < deadline
            with suppress(ProcessLookupError):
                os.killpg(self.group, signal.SIGKILL)
            time.sleep(0.005)

    def _is_alive(self) -> bool:
        try:
            os.killpg(self.group, 0)
        except ProcessLookupError:
            return False
        return True

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.kill()
