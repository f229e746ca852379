"""What awaits a person, one kind each: only what they see and, where a deed is asked of them, may do it on.

These are the conditions of `policy` over whole tables: what `can` and VERBS_BY_STATE say of one row.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Least

from accounts.models import User
from predictions.models import (
    Assessment,
    Assignment,
    Assumption,
    CodingRequest,
    Dispute,
    Forecast,
    Forecaster,
    Indicator,
    Judgement,
    Origin,
    Panel,
    Prediction,
    PredictionRevision,
    Quote,
    Resolution,
    Source,
    Trigger,
)
from predictions.models.prediction import PredictionQuerySet
from predictions.models.team import forecast_by
from predictions.models.times import day_in, microseconds
from predictions.policy import VERBS_BY_STATE

CLOSING_SOON_DAYS = 7
OVERDUE_DAYS = 7
STALE_DAYS = 30
NEWEST = 50_000
"""So many of the newest forecasts are looked through for what no index finds, such as what one may see."""


@dataclass(frozen=True)
class Reader:
    """Who looks, and when."""

    user: User
    now: datetime

    @property
    def seen(self) -> PredictionQuerySet:
        return Prediction.objects.visible_to(self.user)

    @cached_property
    def accounts(self) -> list[User]:
        """All of the same e-mail address: two accounts of one person are no two people."""
        user = self.user
        return list(User.objects.filter(Q(pk=user.pk) | Q(email__iexact=user.email))) if user.email else [user]

    @cached_property
    def names(self) -> set[str]:
        told = (name for each in self.accounts for name in (each.get_full_name(), each.username))
        return {name.casefold() for name in told if name}


# --- what is to be judged ---------------------------------------------------------------------------------------------


def to_assess(reader: Reader) -> PredictionQuerySet:
    """What they are asked to judge and have not, while it is time to, and unless they forecast on it meanwhile."""
    asked = Assignment.objects.visible_to(reader.user).unanswered().filter(resolver=reader.user)
    rows: Any = reader.seen.unresolved().filter(pk__in=asked.values("prediction"))
    rows = rows.filter(~Q(origin=Origin.IMPORTED), case__resolvers_asked__gt=0, panel="")
    waiting = rows.with_close().filter(~_forecast_on(reader), ~_coded(reader))
    return _nearest_close(waiting.filter(~_written(reader, waiting)))


def to_confirm(reader: Reader) -> PredictionQuerySet:
    return _nearest_close(_judged_to("confirm", reader))


def to_adjudicate(reader: Reader) -> PredictionQuerySet:
    return _nearest_close(_judged_to("adjudicate", reader).filter(~_judged(reader)))


def to_resolve(reader: Reader) -> PredictionQuerySet:
    """What one person decides, where it is due."""
    rows = reader.seen.due(reader.now).filter(Q(case__resolvers_asked=0) | Q(origin=Origin.IMPORTED), panel="")
    return _nearest_close(rows.filter(~_forecast_on(reader)))


def to_answer(reader: Reader) -> QuerySet[Dispute]:
    """Disputes that they neither raised nor decided, of what they neither forecast on nor judged; oldest first."""
    decided = Resolution.objects.filter(prediction=OuterRef("prediction"), resolved_by__in=reader.accounts)
    is_party = Q(raised_by__in=reader.accounts) | Q(Exists(decided))
    rows = Dispute.objects.visible_to(reader.user).unanswered().filter(~is_party)
    rows = rows.filter(~_forecast_on(reader, "prediction"), ~_judged(reader, "prediction"))
    answerable: QuerySet[Dispute] = rows.for_show().order_by("pk")
    return answerable


def _judged_to(verb: str, reader: Reader) -> PredictionQuerySet:
    """What as many resolvers as were asked for have judged, due or not, so that it is time to `verb`."""
    panels = [panel for panel in Panel if verb in VERBS_BY_STATE[Judgement(panel.value)]]
    rows: Any = reader.seen.unresolved().filter(panel__in=panels)
    judged: PredictionQuerySet = rows.with_close().filter(~_forecast_on(reader))
    return judged


def _forecast_on(reader: Reader, prediction: str = "pk") -> Exists:
    return Exists(Forecast.objects.filter(forecast_by(reader.accounts), prediction=OuterRef(prediction)))


def _judged(reader: Reader, prediction: str = "pk") -> Q:
    """Whether they assessed it, or are asked to."""
    of = {"prediction": OuterRef(prediction), "resolver__in": reader.accounts}
    return Q(Exists(Assessment.objects.filter(**of))) | Q(Exists(Assignment.objects.standing().filter(**of)))


def _coded(reader: Reader) -> Exists:
    """Whether they turned words of a forecast on it into a probability."""
    read_out_of_words = [Forecast.Basis.CODED, Forecast.Basis.IMPLIED]
    coded = Q(codings__coder__in=reader.accounts) | Q(recorded_by__in=reader.accounts, basis__in=read_out_of_words)
    return Exists(Forecast.objects.filter(coded, prediction=OuterRef("pk")))


def _written(reader: Reader, predictions: PredictionQuerySet) -> Exists:
    """Whether they wrote what foretold it. Python compares the names: SQLite folds the case of A to Z alone."""
    quoted = Source.objects.filter(quotes__forecasts__prediction__in=predictions.values("pk"))
    authors: Iterable[str] = quoted.order_by().values_list("author", flat=True).distinct()
    own = [author for author in authors if author.casefold() in reader.names]
    return Exists(Source.objects.filter(author__in=own, quotes__forecasts__prediction=OuterRef("pk")))


# --- quotes -----------------------------------------------------------------------------------------------------------


def orphaned_quotes(reader: Reader) -> QuerySet[Quote]:
    """Quotes that were not found again in the newest text of their source; those of longest ago first."""
    rows: Any = Quote.objects.visible_to(reader.user).orphaned().select_related("source__case")
    oldest_first: QuerySet[Quote] = rows.order_by("newest", "pk")
    return oldest_first


# --- what is to be coded ----------------------------------------------------------------------------------------------


def to_code(reader: Reader) -> QuerySet[CodingRequest]:
    """What they are asked to code and have not; the oldest request first."""
    asked = CodingRequest.objects.visible_to(reader.user).open().filter(coder=reader.user)
    return asked.for_show().order_by("pk")


# --- how the predictions stand ----------------------------------------------------------------------------------------


def open_now(reader: Reader) -> PredictionQuerySet:
    return _nearest_close(reader.seen.open(reader.now))


def closing_soon(reader: Reader) -> PredictionQuerySet:
    return _nearest_close(reader.seen.closing_within(CLOSING_SOON_DAYS, reader.now))


def due(reader: Reader) -> PredictionQuerySet:
    return _nearest_close(reader.seen.due(reader.now))


def overdue(reader: Reader) -> PredictionQuerySet:
    """Due for long, and undecided."""
    return _nearest_close(reader.seen.due(reader.now - timedelta(days=OVERDUE_DAYS)))


def unscored(reader: Reader) -> PredictionQuerySet:
    return reader.seen.unscored().for_show().order_by("-pk")


def _nearest_close(predictions: Any) -> PredictionQuerySet:
    """For show; what closed longest ago, or closes next, first."""
    nearest: PredictionQuerySet = predictions.for_show().order_by("closing_us", "pk")
    return nearest


# --- assumptions and indicators ---------------------------------------------------------------------------------------

FAR_OFF = date(9999, 12, 31)


def to_review(reader: Reader) -> PredictionQuerySet:
    """Undecided predictions with an assumption or indicator whose day of review has come; longest waiting first.

    Days are those of the reader's zone. What is hidden from who is asked to judge it does not await them.
    """
    today = day_in(reader.user.zone, reader.now)
    firsts = [_first_review(model, reader.user) for model in (Assumption, Indicator)]
    rows: Any = reader.seen.unresolved().with_close()
    rows = rows.annotate(review_on=Least(*(Coalesce(first, FAR_OFF) for first in firsts)))
    waiting: PredictionQuerySet = rows.filter(review_on__lte=today).for_show().order_by("review_on", "pk")
    return waiting


def _first_review(model: Any, user: User) -> Subquery:
    seen = model.objects.visible_to(user).filter(prediction=OuterRef("pk"), review_on__isnull=False)
    return Subquery(seen.order_by().values("prediction").annotate(first=Min("review_on")).values("first"))


# --- triggers and forecasts -------------------------------------------------------------------------------------------


def late_triggers(now: datetime) -> QuerySet[Trigger]:
    """Those that had not occurred when the time at which they were expected was over."""
    expected = Trigger.objects.annotate(expected_by=Coalesce(F("expected_until"), F("expected_at")))
    return expected.filter(occurrence__isnull=True, expected_by__lte=now)


def to_extend(reader: Reader) -> QuerySet[Trigger]:
    """Late triggers that something undecided waits for, of those whose occurrence they may record; longest late first.

    Once all that waited is resolved or annulled, or a later date is given, nothing is asked of anybody.
    """
    waiting = reader.seen.unresolved().filter(trigger=OuterRef("pk"))
    own = Forecast.objects.filter(forecast_by(reader.accounts), prediction__trigger=OuterRef("pk"))
    rows: Any = late_triggers(reader.now).filter(Exists(waiting), ~Exists(own))
    late: QuerySet[Trigger] = rows.visible_to(reader.user).select_related("case").order_by("expected_by", "pk")
    return late


def stale_forecasts(reader: Reader) -> QuerySet[Forecast]:
    """Probabilities of long ago that stand on open predictions: their own, and what they wrote down here themselves.

    What they are not shown counts for nothing: that a row goes must not tell of a forecast that is hidden from them.
    """
    seen = Forecast.objects.visible_to(reader.user).standing().filter(pk__in=_own_or_written(reader.user))
    old = seen.filter(issued_us__lte=microseconds(reader.now - timedelta(days=STALE_DAYS)))
    standing = old.filter(~Exists(_later(reader.user)), ~Exists(_changed()), kind=Forecast.Kind.PROBABILITY)
    open_ones = Prediction.objects.open(reader.now).filter(pk=OuterRef("prediction"))
    stale: QuerySet[Forecast] = standing.filter(Exists(open_ones)).for_show().order_by("issued_us", "pk")
    return stale


def _own_or_written(user: User) -> Any:
    """Keys of the forecasts in their name and, among the newest, of those that they wrote down, each by its index."""
    own = Forecast.objects.filter(forecaster__in=Forecaster.objects.filter(account=user))
    written = Forecast.objects.filter(recorded_by=user, origin=Origin.ENTERED, pk__gt=newest_left_out())
    return own.order_by().values("pk").union(written.order_by().values("pk"))


def _later(user: User) -> Any:
    """Those that they see of the same forecaster on the same prediction, which stand in place of the earlier one."""
    seen = Forecast.objects.visible_to(user).standing()
    same = seen.filter(prediction=OuterRef("prediction"), forecaster=OuterRef("forecaster"))
    at_once = Q(issued_us=OuterRef("issued_us"), pk__gt=OuterRef("pk"))
    return same.filter(Q(issued_us__gt=OuterRef("issued_us")) | at_once)


def _changed() -> QuerySet[PredictionRevision]:
    """Changes in substance after the wording that a forecast was made on: it ended there."""
    material = PredictionRevision.objects.filter(kind=PredictionRevision.Kind.MATERIAL)
    changed: QuerySet[PredictionRevision] = material.filter(
        prediction=OuterRef("prediction"), number__gt=OuterRef("revision__number")
    )
    return changed


def newest_left_out() -> int:
    """The key of the newest forecast that is not among the NEWEST; 0 where all are."""
    keys = Forecast.objects.order_by("-pk").values_list("pk", flat=True)
    return next(iter(keys[NEWEST : NEWEST + 1]), 0)
