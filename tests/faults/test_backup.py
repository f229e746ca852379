"""A backup taken while eight programs write is consistent, keeps its guards, and serves again once restored.

Restored beside a guard file that knows of more, it is read and not written.
"""

import json
import shutil
import subprocess
from http import HTTPStatus

import pytest
from django.db import connection

from tests.faults.served import Nursery, Place, Server, a_free_port
from tests.faults.soundness import found, guards_of, require_verified, require_whole
from tests.faults.writers import Writers

pytestmark = pytest.mark.django_db(transaction=True)


def back_up_and_restore(place: Place, folder, another: Place) -> None:
    """By the README's commands."""
    if connection.vendor == "sqlite":
        done = place.command("backup", str(folder / "copy.sqlite3"))
        assert done.returncode == 0, done.stderr
        (folder / "copy.sqlite3").rename(another.file)
        return
    dump = str(folder / "forsooth.dump")
    tools = [shutil.which("pg_dump"), shutil.which("pg_restore")]
    assert all(tools), "PostgreSQL's own tools must stand on the path"
    subprocess.run([tools[0], "--format=custom", f"--file={dump}", place.url], check=True, timeout=120)
    line = [tools[1], "--exit-on-error", "--no-owner", f"--dbname={another.url}", dump]
    subprocess.run(line, check=True, timeout=120)


def test_a_backup_under_writers_is_whole_and_serves_again(tmp_path, another_place):
    with Writers(port := a_free_port()) as writers:
        place = Place.of_this_test(tmp_path)
        with Nursery(place) as nursery, Server(nursery, port=port):
            writers.start()
            writers.wait_for(10)
            acknowledged = dict(writers.told.acknowledged)
            back_up_and_restore(place, tmp_path, another_place)
            writers.wait_for(10)
            writers.stop()
    size = require_whole(another_place)
    assert size < require_whole(place), "it was written to meanwhile"
    rows = found(another_place)
    assert [mark for mark, uuid in acknowledged.items() if rows.get(mark) != [uuid]] == []
    assert guards_of(another_place) == guards_of(place)
    signed = place.command("sign_checkpoint")
    assert signed.returncode == 0, signed.stderr
    with Nursery(another_place) as nursery, Server(nursery) as restored:
        require_closed(restored, writers)
        another_place.guard.unlink()  # as where it was lost with the machine
        assert restored.get("/readyz")[0] == HTTPStatus.OK
        assert restored.ask("POST", "/api/forecasts/", writers.one_more("after"), **writers.headers)[0] == 201
    assert require_whole(another_place) == size + 1
    require_verified(another_place)


def require_closed(restored: Server, writers: Writers) -> None:
    """It is older than what was signed, so that it is read and not written."""
    status, _, body = restored.get("/readyz")
    assert (status, json.loads(body)["parts"]["ledger"]) == (503, "failing")
    assert restored.get("/api/forecasts/", **writers.headers)[0] == HTTPStatus.OK
    status, headers, body = restored.ask("POST", "/api/forecasts/", writers.one_more("no"), **writers.headers)
    assert (status, b"older copy" in body, "retry-after" in headers) == (503, True, True)
