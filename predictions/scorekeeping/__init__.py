"""From rows to scores: reads predictions and forecasts, asks the kernel, replaces score rows."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from predictions.models import LogHead, Prediction, Score, ScoringRun
from predictions.scorekeeping import consensus, measures, reading
from predictions.scorekeeping.columns import Columns, write_scores
from predictions.scorekeeping.histories import Record
from predictions.scoring import KERNEL_VERSION

CHUNK = 1_000
"""So many predictions are scored in one transaction: the memory of a run is that of its largest chunk."""


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
    for first in range(0, len(ids), CHUNK):
        _replace_scores(ids[first : first + CHUNK], run)
        progress(min(first + CHUNK, len(ids)), len(ids))
    return len(ids)


@transaction.atomic
def _replace_scores(ids: list[int], run: ScoringRun) -> None:
    chosen = Prediction.objects.filter(reading.among(ids, "pk"), resolution__isnull=False)
    list(chosen.select_for_update().order_by("pk").values_list("pk"))
    columns = _scores(ids)
    Score.objects.filter(reading.among(ids, "prediction")).delete()
    write_scores(columns, run)
    chosen.update(scored_seq=run.ledger_seq)
    ScoringRun.objects.filter(pk=run.pk).update(replaced_count=F("replaced_count") + len(ids))


def _scores(ids: list[int]) -> Columns:
    predictions = reading.predictions(ids)
    record = Record(predictions, reading.forecasts(ids, predictions["id"]))
    pooled = consensus.columns(record)
    return {name: [*values, *pooled[name]] for name, values in measures.columns(record).items()}
