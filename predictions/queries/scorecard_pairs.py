"""The pairs – prediction × forecaster – of a scorecard, read from the record: a page of them, or all in turn."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate, groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, prefetch_related_objects

from accounts.models import User
from predictions.models import (
    CriterionVerdict,
    Evidence,
    Forecast,
    Forecaster,
    Prediction,
    PredictionRevision,
    Score,
    Status,
)
from predictions.queries.scorecard_selection import Selection


class State(StrEnum):
    SCORED = "scored"
    UNRESOLVED = "unresolved"
    ANNULLED = "annulled"
    LEFT_OUT = "left out"
    WAITING = "awaits its score"


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of evidence as it is shown; `grade` is Admiralty, such as "B2"."""

    stance: str
    grade: str
    note: str
    quote: str
    criterion: str
    source: str
    published: str
    url: str


@dataclass(frozen=True)
class VerdictLine:
    label: str
    text: str
    verdict: str


SHOWN = 100
"""So many pairs are shown on a page."""

AT_ONCE = 200
"""So many predictions are read at a time where all pairs are wanted."""


def read_pairs(selection: Selection, user: User, limit: int = SHOWN) -> tuple[list["Pair"], bool]:
    """The first pairs of `selection` that `user` may see, by prediction and forecaster, and whether there are more.

    At least `limit`, where there are so many: the last prediction comes whole. A fixed number of queries.
    """
    forecasts = selection.forecasts(user)
    ids = list(_with_forecasts(selection, forecasts, user)[: limit + 1])
    if selection.forecaster:  # who makes one pair with each
        return _pairs_on(ids[:limit], forecasts, user), len(ids) > limit
    told = forecasts.filter(prediction__in=ids).order_by("prediction_id")
    counts = list(told.values_list("prediction_id").annotate(pairs=Count("forecaster", distinct=True)))
    before = [0, *accumulate(pairs for _, pairs in counts)]
    kept = [prediction for (prediction, _), read in zip(counts, before, strict=False) if read < limit]
    return _pairs_on(kept, forecasts, user), len(kept) < len(counts)


def all_pairs(selection: Selection, user: User) -> Iterator["Pair"]:
    """Every pair of `selection` that `user` may see, by prediction and forecaster, read a few predictions at a time."""
    forecasts = selection.forecasts(user)
    ids, last = _with_forecasts(selection, forecasts, user), 0
    while chosen := list(ids.filter(pk__gt=last)[:AT_ONCE]):
        yield from _pairs_on(chosen, forecasts, user)
        last = chosen[-1]


def _with_forecasts(selection: Selection, forecasts: QuerySet[Forecast], user: User) -> Any:
    """Keys of the predictions of `selection` on which there are such forecasts."""
    found = Exists(forecasts.filter(prediction=OuterRef("pk")))
    return selection.predictions(user).filter(found).order_by("pk").values_list("pk", flat=True)


def _pairs_on(ids: list[int], forecasts: QuerySet[Forecast], user: User) -> list["Pair"]:
    of_these = forecasts.filter(prediction__in=ids).select_related("quote__source")
    rows = list(of_these.order_by("prediction_id", "forecaster__name", "issued_us", "id"))
    record = Record(ids, {row.forecaster_id for row in rows}, user)
    pairs = [
        Pair(list(own), record)
        for (prediction, _), own in groupby(rows, attrgetter("prediction_id", "forecaster_id"))
        if prediction in record.predictions  # unless its case was closed to the reader a moment ago
    ]
    _dress(pairs)
    return pairs


def _dress(pairs: list["Pair"]) -> None:
    """Give the forecasts that are shown what others need not have, and decisions the wording they were made by.

    A forecaster stands behind many pairs, and most of their wordings are the one that stands, which is read already.
    Not by `prefetch_related`: for a foreign key it asks for each row by an OR of its own, too deep for SQLite.
    """
    shown = [pair.shown for pair in pairs]
    by_wording: list[Any] = [*shown, *(pair.prediction.resolution for pair in pairs if pair.prediction.resolution)]
    revisions = {pair.prediction.revision_id: pair.prediction.current_revision for pair in pairs}
    revisions |= PredictionRevision.objects.in_bulk({row.revision_id for row in by_wording} - revisions.keys())
    forecasters = Forecaster.objects.in_bulk({row.forecaster_id for row in shown})
    for row in by_wording:
        row.revision = revisions[row.revision_id]
    for row in shown:
        row.forecaster = forecasters[row.forecaster_id]
    prefetch_related_objects(shown, "codings")


class Record:
    """What stands beside the forecasts of some on those predictions `ids` that `user` sees, found by key.

    Each kind is read in one query. Scores, evidence and verdicts are as visible as the prediction they belong to.
    """

    def __init__(self, ids: list[int], forecasters: set[int], user: User) -> None:
        kept: Any = Prediction.objects.visible_to(user).for_show().filter(pk__in=ids)
        kept = kept.annotate(
            resolver=F("resolution__resolved_by__uuid"), rationale=F("resolution__entry__rationale__text")
        )
        self.predictions: dict[int, Any] = {prediction.pk: prediction for prediction in kept}
        seen = list(self.predictions)
        # Before the scores: a rescoring in between then leaves a needless mark, never an old score without one.
        self.stale = set(Prediction.objects.filter(pk__in=seen).stale().values_list("pk", flat=True))
        scores = Score.objects.counting().filter(prediction__in=seen, forecaster__in=forecasters, brier__isnull=False)
        self.scores = {(score.prediction_id, score.forecaster_id): score for score in scores.select_related("run")}
        self.evidence = _evidence(Evidence.objects.standing().filter(prediction__in=seen))
        self.verdicts = _verdicts(CriterionVerdict.objects.filter(resolution__prediction__in=seen))


def _evidence(rows: Any) -> dict[int, tuple[EvidenceLine, ...]]:
    lines = defaultdict(list)
    for row in rows.select_related("source", "quote", "criterion").order_by("id"):
        lines[row.prediction_id].append(
            EvidenceLine(
                stance=row.get_stance_display(),
                grade=row.grade,
                note=row.note,
                quote=row.quote.exact if row.quote else "",
                criterion=row.criterion.label if row.criterion else "",
                source=str(row.source),
                published=row.source.published_in_words(),
                url=row.source.url,
            )
        )
    return {prediction: tuple(found) for prediction, found in lines.items()}


def _verdicts(rows: Any) -> dict[int, tuple[VerdictLine, ...]]:
    lines = defaultdict(list)
    for row in rows.select_related("criterion").order_by("criterion"):
        line = VerdictLine(row.criterion.label, row.criterion.text, row.get_verdict_display())
        lines[row.resolution_id].append(line)
    return {resolution: tuple(found) for resolution, found in lines.items()}


class Pair:
    """The standing forecasts of one forecaster on one prediction, sorted into those that count and those that don't."""

    def __init__(self, forecasts: list[Forecast], record: Record) -> None:
        self.prediction = prediction = record.predictions[forecasts[0].prediction_id]
        for forecast in forecasts:
            forecast.prediction = prediction
        self.forecasts = forecasts
        given = [forecast for forecast in forecasts if forecast.probability is not None]
        self.order_uncertain = [forecast for forecast in given if forecast.is_order_uncertain]
        in_order = [forecast for forecast in given if not forecast.is_order_uncertain]
        close = prediction.closing_at
        self.too_late = [forecast for forecast in in_order if close is not None and forecast.issued_at >= close]
        self.counting = [forecast for forecast in in_order if close is None or forecast.issued_at < close]
        self.shown = (self.counting or forecasts)[-1]
        self.is_stale = prediction.pk in record.stale
        self.score = record.scores.get((prediction.pk, self.shown.forecaster_id))
        self.evidence = record.evidence.get(prediction.pk, ())
        self.verdicts = record.verdicts.get(prediction.resolution.pk, ()) if prediction.resolution else ()

    @property
    def state(self) -> State:
        resolution = self.prediction.resolution
        if resolution is None:
            return State.UNRESOLVED
        if resolution.outcome is None:
            return State.ANNULLED
        if self.score:
            return State.SCORED
        return State.WAITING if self.is_stale else State.LEFT_OUT

    @property
    def is_behind(self) -> bool:
        """Whether it has a score that something has overtaken since."""
        return self.is_stale and self.state == State.SCORED

    @property
    def words(self) -> str:
        """The last forecast that counts, as it was put, and whether it was taken back."""
        words, last = self.shown.in_words(), self.forecasts[-1]
        return f"{words}, then withdrawn" if last is not self.shown and last.kind == Forecast.Kind.WITHDRAWN else words

    def state_in_words(self, now: datetime) -> str:
        match self.state:
            case State.UNRESOLVED:
                return Status(self.prediction.status(now)).label
            case State.LEFT_OUT:
                return f"not scored: {self.why_left_out}"
            case State.WAITING:
                return "resolved, awaits its score"
        return "awaits its new score" if self.is_behind else self.state.value

    @property
    def why_left_out(self) -> str:
        if self.order_uncertain:
            return "the forecast may have come after the outcome"
        return "no forecast stood before the outcome could be known"

    def rests_on_more_than(self, selection: Selection) -> bool:
        """Whether some of its forecasts were made elsewhere than in the source or publisher asked for, if any."""
        return selection.is_quoted and any(not selection.quotes_of(row.quote) for row in self.counting)
