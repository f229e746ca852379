"""Who is to be told that their forecasts were scored, or that a score of theirs changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import Exists, OuterRef, Q

from predictions.models import Notice, NoticeMark, Origin, Score, ScoringRun
from predictions.notices.clock import LOOKED_BACK
from predictions.notices.found import Found

RUNS = 100
LONGEST_RUN = timedelta(hours=1)
"""A run writes its scores piece by piece: what began so long before the last look may have gone on after it."""


def runs_so_far() -> str:
    """A name for all that scoring runs have written: while it stays, no score has changed."""
    runs = list(ScoringRun.objects.order_by("-pk").values_list("pk", "replaced_count")[:RUNS])
    return f"{runs[0][0]}:{sum(count for _, count in runs)}" if runs else ""


def found_since(mark: NoticeMark, at: datetime) -> Iterator[Found]:
    """To the forecaster in person. The stamp is of the score itself: computed anew and the same, it is no news.

    Nor is a score of an old decision, unless they were told of one on it before.
    """
    runs = ScoringRun.objects.all()
    if mark.scored_at:
        runs = runs.filter(started_at__gte=mark.scored_at - LONGEST_RUN)
    own = Score.objects.filter(forecaster__account__isnull=False, forecast_count__gt=0, run__in=runs.values("pk"))
    told_before = Notice.objects.filter(
        kind=Notice.Kind.SCORED, about=OuterRef("prediction__uuid"), recipient=OuterRef("forecaster__account")
    )
    is_recent = Q(prediction__resolution__resolved_at__gte=at - LOOKED_BACK)
    news = own.filter(is_recent | Exists(told_before)).exclude(prediction__origin=Origin.IMPORTED).order_by()
    told = ("forecaster__account", "prediction__uuid", "outcome", "brier", "brier_sum")
    for user, uuid, *figures in news.values_list(*told):
        yield Found(user, Notice.Kind.SCORED, uuid, _stamp(figures))


def _stamp(figures: list[float | None]) -> str:
    return sha256(" ".join("" if x is None else f"{x:.9g}" for x in figures).encode()).hexdigest()
