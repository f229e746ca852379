"""A prediction's forecasts over time, from rows to the drawing of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString, mark_safe

from accounts.models import User
from predictions.charts.history import Mark, Point, Series, history
from predictions.models import Forecast, Prediction, PredictionRevision
from predictions.queries.consensus import Consensus

WIDE, NARROW = 720, 400
MOST_LINES = 12


@dataclass(frozen=True)
class Drawing:
    """The same SVG for wide and narrow pages, and how many forecasters there was no room for."""

    wide: SafeString
    narrow: SafeString
    left_out: int


@dataclass
class Line:
    """What one forecaster said, in the order of issue, and on which revision each time."""

    name: str
    points: list[Point]
    revisions: list[int]

    def end(self, at: datetime, number: int) -> None:
        """Break the line at `at`, when revision `number` changed the substance, unless it was said on that already."""
        last = max((k for k, point in enumerate(self.points) if point.at <= at), default=None)
        if last is not None and self.revisions[last] < number:
            self.points.insert(last + 1, Point(at, None))
            self.revisions.insert(last + 1, number)


def drawing(
    prediction: Prediction,
    revisions: Iterable[PredictionRevision],
    *,
    user: User,
    now: datetime,
    consensus: Consensus | None = None,
) -> Drawing | None:
    """The standing forecasts that `user` sees, as they count, and a consensus of them.

    None where there is no open time to draw yet.
    """
    revision, closing = prediction.revision, prediction.closing_at
    if revision is None or closing is None or min(closing, now) <= revision.opens_at:
        return None
    changes = [each for each in revisions if each.kind == PredictionRevision.Kind.MATERIAL]
    lines = _lines(prediction, changes, user)
    zone = ZoneInfo(revision.zone)
    series = [Series(line.name, tuple(line.points)) for line in lines[:MOST_LINES]]
    if consensus is not None:
        series.append(Series(consensus.name, tuple(Point(*step) for step in consensus.steps)))
    draw = partial(
        history,
        series,
        opens_at=revision.opens_at.astimezone(zone),
        closes_at=min(closing, now).astimezone(zone),
        marks=_marks(prediction, changes),
        title=f"Forecasts over time: {prediction.statement}",
        description="Each line is one forecaster. The table below holds the same numbers.",
    )
    # The drawing escapes every word that it is given.
    wide, narrow = (mark_safe(draw(width=width)) for width in (WIDE, NARROW))  # noqa: S308
    return Drawing(wide, narrow, left_out=max(0, len(lines) - MOST_LINES))


def _lines(prediction: Prediction, changes: Sequence[PredictionRevision], user: User) -> list[Line]:
    """One per forecaster; who spoke last comes first."""
    known = prediction.known_us
    rows = Forecast.objects.visible_to(user).standing().filter(prediction=prediction)
    counted = rows.exclude(issued_us__lt=known, issued_until_us__gt=known).order_by("issued_us", "pk")
    lines: dict[int, Line] = {}
    told = ("forecaster", "forecaster__name", "revision__number", "issued_at", "probability", "low", "high")
    for forecaster, name, number, *point in counted.values_list(*told):
        line = lines.pop(forecaster, None) or Line(name, [], [])
        line.points.append(Point(*point))
        line.revisions.append(number)
        lines[forecaster] = line
    for change in sorted(changes, key=lambda each: each.number):
        for line in lines.values():
            line.end(change.recorded_at, change.number)
    return list(reversed(lines.values()))


def _marks(prediction: Prediction, changes: Iterable[PredictionRevision]) -> list[Mark]:
    occurrence = prediction.trigger.occurrence if prediction.trigger else None
    scheduled = prediction.revision.closes_at if prediction.revision else None
    known = prediction.resolution.known_at if prediction.resolution else None
    marks = [Mark(change.recorded_at, "changed in substance") for change in changes]
    if scheduled is not None:
        marks.append(Mark(scheduled, "scheduled close"))
    if occurrence is not None:
        marks.append(Mark(occurrence.occurred_at, "trigger occurred"))
    if known is not None and (occurrence is None or known != occurrence.occurred_at):
        marks.append(Mark(known, "outcome known"))
    return marks
