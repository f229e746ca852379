"""Two who write at once: one begins while the other has not committed yet, and waits. Needs real threads."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import connection, transaction

PATIENCE = 10


def is_waited_for():
    """Whether another connection waits for this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0] > 0


@contextmanager
def meanwhile(deed):
    """What is done within is not yet committed when another thread begins `deed` and comes to wait for it.

    Gives a function that returns what became of `deed`: its result, or what it raised.
    """

    def told():
        try:
            return deed()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        yield lambda: other.result(PATIENCE)
        other = pool.submit(told)
        deadline = time.monotonic() + PATIENCE
        while not is_waited_for():
            assert time.monotonic() < deadline, "nobody came to wait"
            assert not other.done(), "it should have waited"
            time.sleep(0.01)


def codes(refusal):
    return {error.code for error in ValidationError([refusal]).error_list}
