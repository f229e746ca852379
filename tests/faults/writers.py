"""Eight programs that log forecasts as fast as they are answered, and keep what they were told of each."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import count

from tests import builders as a

PATIENCE = 30


@dataclass
class Told:
    """What became of each forecast, by the mark that it bears as its rationale."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    """201 came: its uuid."""
    ambiguous: set[str] = field(default_factory=set)
    """Sent, and no answer came, or 503: it may be on record or not."""
    sent_again: set[str] = field(default_factory=set)
    """Acknowledged when it was sent again, under its key."""
    refused: dict[str, int] = field(default_factory=dict)
    """Answered with a status that says it is not on record."""

    statuses: Counter[int] = field(default_factory=Counter)
    """How often each was answered."""


class Writers:
    """Each writes in the name of a forecaster of its own; `start` once, `stop` at the end (or leave the block).

    Every other one sends what had no answer again, under the same Idempotency-Key, until it has one.
    """

    def __init__(self, port: int, *, many: int = 8) -> None:
        token = a.token(a.a_person_with("analyst"))
        self.port, self.told = port, Told()
        self.headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        on = [a.prediction(closes_at=a.on_day(20_000)) for _ in range(2)]
        pairs = [(str(on[k % 2].uuid), str(a.forecaster().uuid)) for k in range(many)]
        self._pairs, self._end = pairs, threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(k, *pair), daemon=True) for k, pair in enumerate(pairs)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> Told:
        self._end.set()
        for thread in filter(lambda each: each.ident, self._threads):
            thread.join(PATIENCE * 2)
            assert not thread.is_alive()
        return self.told

    def __enter__(self) -> "Writers":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait_for(self, more: int) -> None:
        """Until so many more are acknowledged."""
        wanted, deadline = len(self.told.acknowledged) + more, time.monotonic() + PATIENCE * 2
        while len(self.told.acknowledged) < wanted:
            assert time.monotonic() < deadline, f"{self.told.statuses}, {len(self.told.ambiguous)} without an answer"
            time.sleep(0.005)

    def _write(self, number: int, prediction: str, forecaster: str) -> None:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        for turn in count():
            if self._end.is_set():
                break
            mark = f"writer {number}, forecast {turn}"
            key = {"Idempotency-Key": f"{number}-{turn}"} if number % 2 else {}
            body = _body(prediction, forecaster, mark, turn)
            while not self._is_answered(line, mark, body, self.headers | key) and key and not self._end.is_set():
                pass
        line.close()

    def one_more(self, mark: str) -> str:
        """A body to be sent by hand."""
        return _body(*self._pairs[0], mark, 0)

    def _is_answered(self, line: http.client.HTTPConnection, mark: str, body: str, headers: dict[str, str]) -> bool:
        """Whether it is known now what became of it."""
        try:
            line.connect()
        except OSError:  # nobody is there: nothing was sent
            time.sleep(0.02)
            return False
        try:
            line.request("POST", "/api/forecasts/", body, headers)
            answer = line.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            self.told.ambiguous.add(mark)
            return False
        finally:
            line.close()
        return self._noted(mark, answer.status, told)

    def _noted(self, mark: str, status: int, body: bytes) -> bool:
        self.told.statuses[status] += 1
        if status == HTTPStatus.CREATED:
            self.told.acknowledged[mark] = json.loads(body)["uuid"]
            if mark in self.told.ambiguous:
                self.told.ambiguous.remove(mark)
                self.told.sent_again.add(mark)
            return True
        time.sleep(0.02)
        if status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.told.ambiguous.add(mark)
            return False
        self.told.refused[mark] = status
        return True


def _body(prediction: str, forecaster: str, mark: str, turn: int) -> str:
    given = {"prediction": prediction, "forecaster": forecaster, "issued": "2026-02-01T00:00Z"}
    return json.dumps(given | {"probability": round(0.1 + turn % 800 / 1000, 3), "rationale": mark})
