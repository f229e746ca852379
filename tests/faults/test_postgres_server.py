"""A PostgreSQL server of the test's own, ended without a word under writers, and out of room on a real small disk.

Only in the long form, and only where this may be set up: root, PostgreSQL's own programs, a file system of 16 MB.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.db import connection

from tests.faults import forms
from tests.faults.served import PATIENCE, Nursery, Place, Server, a_free_port, copy_this_test_to
from tests.faults.soundness import require_kept, require_verified
from tests.faults.writers import Writers

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
STOPS = 10
ROOM_LEFT = 32 * 1024

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not forms.IS_LONG, reason="of the long form"),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="of PostgreSQL"),
    pytest.mark.skipif(os.geteuid() != 0 or not PROGRAMS, reason="needs root and PostgreSQL's own programs"),
]


class Cluster:
    """A server with a copy of this test's database, run by the account `postgres`."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, a_free_port()
        self._run("initdb", "-D", str(self.data), "--auth", "trust", "--username", "root")
        self.start()
        copy_this_test_to(self.place)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def place(self) -> Place:
        return Place(f"postgres://root@127.0.0.1:{self.port}/postgres", self.folder)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder}"
        self._run("pg_ctl", "start", "-w", "-D", str(self.data), "-o", options, "-l", str(self.folder / "log"))

    def end(self, manner: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-D", str(self.data), "-m", manner)

    @staticmethod
    def _run(program: str, *words: str) -> None:
        line = ["runuser", "-u", "postgres", "--", str(PROGRAMS[-1] / program), *words]
        subprocess.run(line, check=True, timeout=PATIENCE, stdout=subprocess.DEVNULL, cwd="/tmp")


@contextmanager
def a_folder_of_postgres() -> Iterator[Path]:
    folder = Path(mkdtemp(prefix="forsooth-"))
    shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def a_cluster() -> Iterator[Cluster]:
    """To be filled by the test before: what it recorded is in it."""
    with a_folder_of_postgres() as folder:
        cluster = Cluster(folder)
        try:
            yield cluster
        finally:
            cluster.end()


@contextmanager
def a_small_disk() -> Iterator[Path]:
    with a_folder_of_postgres() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", str(folder)], check=True)
        shutil.chown(folder, "postgres", "postgres")
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)


def test_what_was_acknowledged_outlives_a_server_that_is_ended_without_a_word(tmp_path):
    with Writers(port := a_free_port()) as writers, a_cluster() as cluster:
        with Nursery(cluster.place) as nursery, Server(nursery, port=port, log=tmp_path / "log") as site:
            writers.start()
            for _ in range(STOPS):
                writers.wait_for(20)
                cluster.end()
                assert site.get("/readyz")[0] == HTTPStatus.SERVICE_UNAVAILABLE
                assert site.get("/livez")[0] == HTTPStatus.OK
                cluster.start()
            writers.wait_for(20)
            writers.stop()
        counts = require_kept(writers.told, cluster.place)
        require_verified(cluster.place)
    assert set(writers.told.statuses) <= {HTTPStatus.CREATED, HTTPStatus.SERVICE_UNAVAILABLE}
    assert "Traceback" not in (tmp_path / "log").read_text()
    print(f"{STOPS} times the database server: {dict(counts)}; answers: {dict(writers.told.statuses)}")


def test_a_disk_that_is_really_full_is_told_of_and_what_was_written_is_whole(tmp_path):
    with Writers(port := a_free_port()) as writers, a_small_disk() as disk, a_cluster() as cluster:
        cluster.place.do(f"CREATE TABLESPACE small LOCATION '{disk}'")
        cluster.place.do("ALTER TABLE predictions_rationale SET TABLESPACE small")
        (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free - ROOM_LEFT))
        with Nursery(cluster.place) as nursery, Server(nursery, port=port, log=tmp_path / "log") as site:
            writers.start()
            deadline = time.monotonic() + 2 * PATIENCE
            while writers.told.statuses[507] < 20:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            assert site.get("/api/forecasts/", **writers.headers)[0] == HTTPStatus.OK
            (disk / "ballast").unlink()
            writers.wait_for(20)
            writers.stop()
        require_kept(writers.told, cluster.place)
        require_verified(cluster.place)
    assert set(writers.told.statuses) == {201, 507}
    print(f"full disk: answers {dict(writers.told.statuses)}")
