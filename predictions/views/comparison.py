"""The comparison of two forecasters: on the predictions that both made, over the times at which both stood."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.models import Forecaster, Prediction
from predictions.queries.scorecard_cautions import on_decisions
from predictions.queries.scorecard_comparison import Comparison, comparison
from predictions.queries.scorecard_league import NO_DIFFERENCE
from predictions.queries.scorecard_selection import Selection
from predictions.views import drawings
from predictions.views.access import for_readers, shown
from predictions.views.address import Asked, read_address
from predictions.views.filters import filters
from predictions.views.scorecards import instead
from predictions.views.tiles import MISSING, Tile, few, interval, noted, number, sample, signed

PEOPLE = ("first", "second")
FILTERS = (*PEOPLE, "source", "publisher", "theme", "case")
ALIKE = "Choose two different forecasters: nobody can be told from themselves."
COMPUTED = (
    "Our consensus cannot be chosen here: it is computed, and has no forecasts of its own. Its card shows its scores."
)
TESTS = {
    "sign-flip": "exact sign-flip test over independent events",
    "paired t": "paired t test over independent events",
}
AT_ONCE = "mean Brier score (0–1, lower is better) while both had a forecast up"
DIFFERENCE = (
    "Brier score of {first} less that of {second}, over the scheduled open time (0–1; below 0: {first} did better)"
)


@dataclass(frozen=True)
class Line:
    """One common prediction with the mean Brier score of each while both had a forecast up."""

    pk: int
    statement: str
    outcome: float
    first: float
    second: float

    @property
    def shown(self) -> tuple[str, str, str]:
        return number(self.first, 6), number(self.second, 6), signed(self.first - self.second, 6)


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    asked = read_address(request.GET, user, extra=PEOPLE)
    if answer := instead(request, asked, user, FILTERS, title="Comparison"):
        return answer
    given: dict[str, Any] = {"title": "Comparison", "asked": asked, "links": _links(asked)}
    given["filters"] = filters(request.path, asked, user, FILTERS)
    if asked.first and asked.second:
        given |= _compared(asked.first, asked.second, asked.selection, user)
    return shown(request, "comparison.html", **given)


def _compared(first: Forecaster, second: Forecaster, within: Selection, user: User) -> dict[str, Any]:
    if first == second:
        return {"refusal": ALIKE}
    if Forecaster.Kind.CONSENSUS in {first.kind, second.kind}:
        return {"refusal": COMPUTED}
    found = comparison(first, second, within=within, user=user)
    (tiles,), notes = noted([_tiles(found)])
    return {
        "subtitle": f"{first} and {second}",
        "found": found,
        "within": within.by_schedule.by_anybody.title,
        "tiles": tiles,
        "notes": notes,
        "decisions": on_decisions(found.decisions.at(timezone.now())),
        "verdict": verdict(found),
        "p_value": p_value(found),
        "murphy": drawings.murphy_chart(found) if found.murphy else None,
        "lines": common_lines(found),
    }


def verdict(found: Comparison) -> str:
    words = f"{NO_DIFFERENCE} between them" if found.verdict == NO_DIFFERENCE else found.verdict
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def p_value(found: Comparison) -> str:
    """The one p-value of the page: of the difference in Brier score."""
    if found.brier is None:
        return ""
    if found.brier.p_value is None:
        return f"No test: {found.brier.reason}."
    p, test = found.brier.p_value, TESTS.get(found.brier.test or "", found.brier.test)
    told = "p < 0.001" if p < 0.001 else f"p = {p:.3f}"
    return f"{told} ({test}; two-sided: how often so large a difference would come about between equals)."


def _tiles(found: Comparison) -> tuple[Tile, ...]:
    if found.brier is None or found.logarithmic is None:
        return ()
    n, is_few = sample(found.n), few(found.n, found.clusters)
    method = "bootstrap" if found.clusters >= 50 else "t"
    told = DIFFERENCE.format(first=found.first, second=found.second)
    nats = f"the same in nats, after the clip to 0.001–0.999 (below 0: {found.first} did better)"
    return (
        Tile(found.first, number(found.first_brier), AT_ONCE, n, is_few=is_few),
        Tile(found.second, number(found.second_brier), AT_ONCE, n, is_few=is_few),
        Tile(
            "Mean difference",
            signed(found.brier.mean, 4),
            told,
            n,
            interval(found.brier, lambda value: signed(value, 4), method),
            is_few=is_few,
            is_key=True,
        ),
        Tile(
            "Mean logarithmic difference",
            signed(found.logarithmic.mean, 4) if found.logarithmic.mean is not None else MISSING,
            nats,
            n,
            interval(found.logarithmic, lambda value: signed(value, 4), method),
            is_few=is_few,
        ),
    )


def common_lines(found: Comparison) -> list[Line]:
    """The first common predictions by entry, each with both scores over the same time; one query."""
    statements = Prediction.objects.select_related("revision").in_bulk([line.prediction for line in found.lines])
    return [
        Line(line.prediction, statements[line.prediction].statement, line.outcome, line.first, line.second)
        for line in found.lines
        if line.prediction in statements
    ]


def _links(asked: Asked) -> dict[str, str]:
    """The two the other way round, each one's card, and the league, with the same filters."""
    first, second = (asked.told.get(name, "") for name in PEOPLE)
    others = asked.without(*PEOPLE)
    return {
        "swapped": f"{reverse('comparison')}?{asked.without(*PEOPLE, first=second, second=first)}",
        "first": f"{reverse('scorecard')}?{asked.without(*PEOPLE, forecaster=first)}",
        "second": f"{reverse('scorecard')}?{asked.without(*PEOPLE, forecaster=second)}",
        "print": f"{reverse('comparison')}?{asked.without(print='1')}",
        "screen": f"{reverse('comparison')}?{asked.query}",
        "league": f"{reverse('league')}?{others}" if others else reverse("league"),
    }
