"""Whoever was told that a forecast is on record finds it there, though the server was killed that very instant.

The server is ended by SIGKILL, all its processes at once, under eight writers; 200 times in the long form.
"""

import random
import time

import pytest

from tests.faults import forms
from tests.faults.served import Nursery, Place, Server, a_free_port
from tests.faults.soundness import require_kept, require_verified, require_whole
from tests.faults.writers import Writers

KILLS = forms.of(short=6, long=200)
AT_LEAST = 5  # acknowledged before each kill

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_acknowledged_outlives_every_kill_of_the_server(tmp_path):
    with Writers(port := a_free_port()) as writers, Nursery(place := Place.of_this_test(tmp_path)) as nursery:
        server, since = Server(nursery, port=port, log=tmp_path / "log"), 0
        chance, begun = random.Random(6), time.monotonic()
        writers.start()
        for _ in range(KILLS):
            server.start()
            writers.wait_for(AT_LEAST)
            time.sleep(chance.uniform(0, 0.2))
            server.kill()
            since = require_whole(place, since=since)
        took = time.monotonic() - begun
        writers.stop()
    counts = require_kept(writers.told, place)
    require_verified(place)
    print(f"{KILLS} kills in {took:.0f} s: {dict(counts)}; answers: {dict(writers.told.statuses)}")
