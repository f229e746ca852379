"""A broker that is down, or hangs, costs time in the background and no forecast: the database knows what is to do."""

import socket
import time
from contextlib import contextmanager

import pytest

from tests.faults.served import Nursery, Place, Server, a_free_port
from tests.faults.writers import Writers

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
BEARABLE = 3  # seconds that a request may lose to a broker

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def nobody_there():
    yield NOBODY_LISTENS


@contextmanager
def somebody_who_says_nothing():
    with socket.create_server(("127.0.0.1", a_free_port()), backlog=64) as mute:
        yield f"redis://127.0.0.1:{mute.getsockname()[1]}/0"


@pytest.mark.parametrize("broker", [nobody_there, somebody_who_says_nothing])
def test_without_its_broker_the_site_records_and_says_that_it_is_degraded(tmp_path, broker):
    with Writers(port := a_free_port(), many=1) as writers, broker() as address:
        place = Place.of_this_test(tmp_path)
        with Nursery(place, CELERY_BROKER_URL=address) as nursery, Server(nursery, port=port, workers=1) as server:
            assert server.get("/livez")[0] == 200
            status, _, body = server.get("/readyz")
            assert (status, b'"degraded"' in body, b'"broker": "failing"' in body) == (200, True, True)
            began = time.monotonic()
            writers.start()
            writers.wait_for(3)
            assert time.monotonic() - began < 3 * BEARABLE
    assert not writers.told.refused
