"""From rows to scores: reads predictions and forecasts, asks the kernel, replaces score rows."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import F, QuerySet

from predictions.models import CodedShare, Forecaster, LogHead, Prediction, Score, ScoringRun
from predictions.scorekeeping import coded, consensus, measures, reading
from predictions.scorekeeping.coded import write_shares
from predictions.scorekeeping.columns import Columns, of_predictions, write_scores
from predictions.scorekeeping.consensus import Crowd
from predictions.scorekeeping.histories import Record
from predictions.scoring import KERNEL_VERSION

CHUNK = 1_000
"""So many predictions are scored in one transaction: the memory of a run is that of its largest chunk."""


class Computed(NamedTuple):
    """Of a chunk of predictions: its score rows, and the shares of coded forecasts in them."""

    scores: Columns
    shares: Columns


def in_silence(done: int, of: int) -> None:
    """The progress report of a run that nobody watches."""


def rescore(
    predictions: QuerySet[Prediction], *, at: datetime, progress: Callable[[int, int], None] = in_silence
) -> int:
    """Replace the score rows of those of `predictions` that are decided, and return how many predictions that were.

    The ledger position is read before the rows, so whatever is recorded meanwhile leaves a prediction stale.
    Where none is decided there is no run: what is decided later is stale until it is scored.
    """
    ids = list(predictions.filter(resolution__isnull=False).order_by("pk").values_list("pk", flat=True))
    if not ids:
        return 0
    head = LogHead.objects.filter(pk=1).first()
    position = head.next_seq - 1 if head else -1
    run = ScoringRun.objects.create(kernel_version=KERNEL_VERSION, ledger_seq=position, started_at=at)
    done = 0
    for chunk, computed in _scored(ids[first : first + CHUNK] for first in range(0, len(ids), CHUNK)):
        _replace_scores(chunk, computed, run)
        done += len(chunk)
        progress(done, len(ids))
    return len(ids)


def _scored(chunks: Iterable[list[int]]) -> Iterator[tuple[list[int], Computed]]:
    """Each chunk with its scores, computed aside while the database reads the next and writes the one before.

    Not on SQLite, which hands Python's lock back and forth with every row it writes.
    """
    crowd = Forecaster.objects.of_consensus()
    if connection.vendor != "postgresql":
        yield from ((ids, _scores(_read(ids), crowd)) for ids in chunks)
        return
    with ThreadPoolExecutor(1) as aside:
        waiting: deque[tuple[list[int], Future[Computed]]] = deque()
        for ids in chunks:
            waiting.append((ids, aside.submit(_scores, _read(ids), crowd)))
            if len(waiting) > 1:
                earlier, computed = waiting.popleft()
                yield earlier, computed.result()
        for ids, computed in waiting:
            yield ids, computed.result()


def _read(ids: list[int]) -> Record:
    predictions = reading.predictions(ids)
    return Record(predictions, reading.forecasts(ids, predictions["id"]))


def _scores(record: Record, crowd: Crowd) -> Computed:
    """Asks nothing of the database, so that it may run aside."""
    pooled = consensus.columns(record, crowd)
    scores = {name: [*values, *pooled[name]] for name, values in measures.columns(record).items()}
    return Computed(scores, coded.columns(record))


@transaction.atomic
def _replace_scores(ids: list[int], computed: Computed, run: ScoringRun) -> None:
    """Of `ids`, those that are still decided and that no later run has scored meanwhile."""
    decided = Prediction.objects.filter(reading.among(ids, "pk"), resolution__isnull=False)
    chosen = decided.exclude(scored_seq__gt=run.ledger_seq)
    held = list(chosen.select_for_update().order_by("pk").values_list("pk", flat=True))
    Score.objects.filter(reading.among(held, "prediction")).delete()
    CodedShare.objects.filter(reading.among(held, "prediction")).delete()
    of_held = computed if held == ids else Computed(*(of_predictions(each, set(held)) for each in computed))
    write_scores(of_held.scores, run)
    write_shares(of_held.shares)
    chosen.update(scored_seq=run.ledger_seq)
    ScoringRun.objects.filter(pk=run.pk).update(replaced_count=F("replaced_count") + len(held))
