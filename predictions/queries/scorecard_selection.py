"""What a scorecard speaks of, and how that narrows the rows that are read for it."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import BigIntegerField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Least, NullIf

from accounts.models import User
from predictions.models import Case, Forecast, Forecaster, Prediction, Quote, Score, Source
from predictions.models.prediction import NEVER, PredictionQuerySet
from predictions.models.times import microseconds

DAY_US = 86_400_000_000
DAYS_IN_A_YEAR = 365
PAIR: dict[str, Any] = {"prediction": OuterRef("prediction"), "forecaster": OuterRef("forecaster")}
"""Condition on rows of another table: of the same forecaster on the same prediction."""


class Horizon(StrEnum):
    """Lead times: from a forecaster's first forecast on a prediction to its scheduled close, in days."""

    WEEK = "under-7"
    MONTH = "7-to-30"
    QUARTER = "30-to-90"
    YEAR = "90-to-365"
    LONGER = "365-or-more"

    @property
    def days(self) -> tuple[int | None, int | None]:
        """From so many days to less than so many."""
        return {
            Horizon.WEEK: (None, 7),
            Horizon.MONTH: (7, 30),
            Horizon.QUARTER: (30, 90),
            Horizon.YEAR: (90, DAYS_IN_A_YEAR),
            Horizon.LONGER: (DAYS_IN_A_YEAR, None),
        }[self]

    @property
    def label(self) -> str:
        return HORIZON_LABELS[self]

    @property
    def condition(self) -> Q:
        """On score rows; a row whose lead time is not known has none of these."""
        least, limit = self.days
        from_least = Q() if least is None else Q(lead_us__gte=least * DAY_US)
        return from_least & (Q(lead_us__isnull=False) if limit is None else Q(lead_us__lt=limit * DAY_US))


HORIZON_LABELS = {
    Horizon.WEEK: "first forecast under 7 days before the scheduled close",
    Horizon.MONTH: "first forecast 7 to 30 days before the scheduled close",
    Horizon.QUARTER: "first forecast 30 to 90 days before the scheduled close",
    Horizon.YEAR: "first forecast 90 to 365 days before the scheduled close",
    Horizon.LONGER: "first forecast a year or more before the scheduled close",
}


@dataclass(frozen=True)
class Selection:
    """What a scorecard speaks of: all that is given must hold; nothing given means everything on record.

    `since` and `until` are the first and last day (UTC) on which the outcome became known. Where `is_by_close`, they
    are days of the scheduled close: a choice that does not depend on the outcome, as every ranking needs it.
    """

    forecaster: Forecaster | None = None
    source: Source | None = None
    theme: str = ""
    publisher: str = ""
    case: Case | None = None
    since: date | None = None
    until: date | None = None
    horizon: Horizon | None = None
    is_by_close: bool = False

    @property
    def title(self) -> str:
        return " · ".join(self._parts()) or "Everything on record"

    def _parts(self) -> list[str]:
        parts = [str(part) for part in (self.forecaster, self.source) if part]
        parts += [f"{name}: {value}" for name, value in (("Publisher", self.publisher), ("Theme", self.theme)) if value]
        parts += [f"Case: {self.case}"] if self.case else []
        parts += [self._period()] if self.since or self.until else []
        return [*parts, self.horizon.label] if self.horizon else parts

    def _period(self) -> str:
        since, until = (f"{day:%-d %B %Y}" if day else "" for day in (self.since, self.until))
        what = "scheduled to close" if self.is_by_close else "outcome known"
        if since and until:
            return f"{what} {since} to {until}"
        return f"{what} since {since}" if since else f"{what} until {until}"

    @property
    def has_period(self) -> bool:
        return bool(self.since or self.until)

    @property
    def by_schedule(self) -> "Selection":
        """The same, its period one of scheduled closes: what comes early only on yes gets no place by coming early."""
        return replace(self, is_by_close=True) if self.has_period else self

    @property
    def is_of_consensus(self) -> bool:
        return self.forecaster is not None and self.forecaster.kind == Forecaster.Kind.CONSENSUS

    @property
    def is_of_some(self) -> bool:
        """Whether it asks who foretold, where, or how early: then only predictions with such a forecast belong."""
        return bool(self.forecaster or self.source or self.publisher or self.horizon)

    @property
    def by_anybody(self) -> "Selection":
        """The same for all forecasters: those that one of them is compared with."""
        return replace(self, forecaster=None)

    def key(self) -> tuple[Any, ...]:
        """What tells this selection from every other, of plain values."""
        rows = tuple(row.pk if row else None for row in (self.forecaster, self.source, self.case))
        period = (str(self.since), str(self.until), self.is_by_close)
        return (*rows, self.theme, self.publisher, *period, self.horizon)

    def predictions(self, user: User) -> PredictionQuerySet:
        """The predictions that it may speak of, resolved or not, as far as `user` may see them."""
        rows: Any = Prediction.objects.visible_to(user).annotate(outcome_known_us=KNOWN_US)
        if self.theme:
            rows = rows.filter(theme=self.theme)
        if self.case:
            rows = rows.filter(case=self.case)
        found: PredictionQuerySet = rows
        name = "revision__closes_us" if self.is_by_close else "outcome_known_us"
        return found.filter(self._in_period(name)) if self.has_period else found

    def scores(self, user: User) -> QuerySet[Score]:
        """Its score rows that `user` may see; our own consensus only where it was asked for."""
        rows = Score.objects.visible_to(user)
        rows = rows.filter(forecaster=self.forecaster) if self.forecaster else rows.of_forecasters()
        if self.theme:
            rows = rows.filter(prediction__theme=self.theme)
        if self.case:
            rows = rows.filter(case=self.case)
        if self.horizon:
            rows = rows.filter(self.horizon.condition)
        return self.quoted(self._of_period(rows, user) if self.has_period else rows)

    def _of_period(self, rows: QuerySet[Score], user: User) -> QuerySet[Score]:
        if self.is_by_close:
            return rows.filter(prediction__in=self.predictions(user).values("pk"))
        return rows.filter(self._in_period("known_us"))

    def forecasts(self, user: User) -> QuerySet[Forecast]:
        """Every standing forecast of its pairs: one made in the source brings its pair's others along.

        A lead time is that of a score row. The period is left to whoever reads `predictions` first.
        """
        rows = self.made_by(Forecast.objects.visible_to(user).standing())
        if self.theme:
            rows = rows.filter(prediction__theme=self.theme)
        return rows.filter(prediction__case=self.case) if self.case else rows

    def made_by(self, rows: QuerySet[Forecast]) -> QuerySet[Forecast]:
        """Those of `rows` whose pair is meant, whatever their prediction is about."""
        if self.forecaster:
            rows = rows.filter(forecaster=self.forecaster)
        if self.horizon:
            rows = rows.filter(Exists(Score.objects.filter(self.horizon.condition, **PAIR)))
        return self.quoted(rows)

    def quoted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Those of `rows`, of pairs, whose pair has a standing forecast in the source or of the publisher asked for."""
        if not self.is_quoted:
            return rows
        found = Forecast.objects.standing().filter(self.quotes())
        # The list of predictions first: it is short, and spares looking for a quote behind every other pair.
        return rows.filter(Exists(found.filter(**PAIR)), prediction__in=found.values("prediction"))

    @property
    def is_quoted(self) -> bool:
        return bool(self.source or self.publisher)

    def quotes(self) -> Q:
        """Condition on forecasts: made in the source, or in one of the publisher."""
        of_source = Q(quote__source=self.source) if self.source else Q()
        of_publisher = Q(quote__source__publisher=self.publisher) if self.publisher else Q()
        return Q(of_source, of_publisher, quote__isnull=False)

    def quotes_of(self, quote: Quote | None) -> bool:
        """Whether what was quoted stands in the source, or in one of the publisher."""
        if quote is None or (self.source and quote.source_id != self.source.pk):
            return False
        return not self.publisher or quote.source.publisher == self.publisher

    def _in_period(self, name: str) -> Q:
        since = Q(**{f"{name}__gte": microseconds(_midnight(self.since))}) if self.since else Q()
        until = _midnight(self.until) + timedelta(days=1) if self.until else None
        return since & (Q(**{f"{name}__lt": microseconds(until)}) if until else Q(**{f"{name}__isnull": False}))


KNOWN_US = NullIf(
    Least(
        Coalesce(F("trigger__occurrence__occurred_us"), NEVER),
        Coalesce(F("resolution__known_us"), NEVER),
        output_field=BigIntegerField(),
    ),
    NEVER,
)
"""When the outcome of a prediction could be known, in SQL; null where that is not known."""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
