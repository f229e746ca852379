"""What a scorecard is about, and the pairs – prediction × forecaster – that belong to it, read from the record."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, prefetch_related_objects

from accounts.models import User
from predictions.models import (
    CriterionVerdict,
    Evidence,
    Forecast,
    Forecaster,
    Prediction,
    Score,
    Source,
    Status,
)


@dataclass(frozen=True)
class Selection:
    """What a scorecard speaks of: all that is given must hold; nothing given means everything on record."""

    forecaster: Forecaster | None = None
    source: Source | None = None
    theme: str = ""

    @property
    def title(self) -> str:
        theme = f"Theme: {self.theme}" if self.theme else None
        return " · ".join(str(part) for part in (self.forecaster, self.source, theme) if part) or "Everything on record"


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


def counting_scores(user: User) -> QuerySet[Score]:
    """Scores that `user` may see, made from the resolution that stands now."""
    visible: QuerySet[Score] = Score.objects.visible_to(user)
    return visible.filter(
        brier__isnull=False,
        prediction__resolution__outcome__isnull=False,
        prediction__scored_seq__gte=F("prediction__resolution__entry_id"),
    )


def read_pairs(selection: Selection, user: User) -> list["Pair"]:
    """The pairs of `selection` that `user` may see, by prediction and forecaster, in a fixed number of queries."""
    chosen = _forecasts(selection, user)
    rows = chosen.select_related("forecaster", "revision", "quote")
    forecasts = list(rows.order_by("prediction_id", "forecaster__name", "issued_us", "id"))
    record = Record(chosen, user)
    pairs = [
        Pair(list(own), record)
        for (prediction, _), own in groupby(forecasts, attrgetter("prediction_id", "forecaster_id"))
        if prediction in record.predictions  # unless its case was closed to the reader a moment ago
    ]
    prefetch_related_objects([pair.shown for pair in pairs], "codings")
    return pairs


def _forecasts(selection: Selection, user: User) -> Any:
    """Every standing forecast of the pairs that are meant: one in the source brings its pair's others along."""
    rows = Forecast.objects.visible_to(user).standing()
    if selection.forecaster:
        rows = rows.filter(forecaster=selection.forecaster)
    if selection.theme:
        rows = rows.filter(prediction__theme=selection.theme)
    if selection.source:
        pair = {"prediction": OuterRef("prediction"), "forecaster": OuterRef("forecaster")}
        rows = rows.filter(Exists(Forecast.objects.standing().filter(quote__source=selection.source, **pair)))
    return rows


class Record:
    """All that stands beside the chosen forecasts, each kind read in one query and found by key."""

    def __init__(self, chosen: Any, user: User) -> None:
        ids = chosen.order_by().values("prediction")
        kept = Prediction.objects.visible_to(user).for_show().filter(pk__in=ids)
        kept = kept.select_related("resolution__revision", "resolution__resolved_by", "resolution__entry__rationale")
        self.predictions = {prediction.pk: prediction for prediction in kept}
        # Before the scores: a rescoring in between then leaves a needless mark, never an old score without one.
        self.stale = set(kept.stale().values_list("pk", flat=True))
        scores = counting_scores(user).filter(prediction__in=ids).select_related("run")
        self.scores = {(score.prediction_id, score.forecaster_id): score for score in scores}
        self.evidence = _evidence(Evidence.objects.visible_to(user).standing().filter(prediction__in=ids))
        self.verdicts = _verdicts(CriterionVerdict.objects.filter(resolution__prediction__in=ids))


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

    def rests_on_more_than(self, source: Source | None) -> bool:
        """Whether some of its forecasts were made elsewhere than in `source`, where one is meant."""
        return source is not None and any(
            row.quote is None or row.quote.source_id != source.pk for row in self.counting
        )
