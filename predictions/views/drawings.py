"""The charts of these pages: each in a wide and a narrow form, with the table of its numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.safestring import SafeString, mark_safe

from predictions.charts import histogram, league, murphy, over_time, reliability, sensitivity
from predictions.queries.scorecard_calibration import Calibration
from predictions.queries.scorecard_comparison import Comparison
from predictions.queries.scorecard_league import Standing
from predictions.queries.scorecard_sensitivity import Sensitivity
from predictions.queries.scorecard_tables import PeriodLine

WIDE, NARROW = 720, 400
Table = tuple[Sequence[str], Sequence[Sequence[str]]]


@dataclass(frozen=True)
class Chart:
    """SVG for wide and for narrow rooms (a square one has one form for both), and what stands behind it."""

    forms: tuple[SafeString, ...]
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


def reliability_chart(found: Calibration, title: str) -> Chart:
    points = [(point.probability, point.recalibrated, float(point.n)) for point in found.curve]
    blocks = [(block.start, block.end, block.mean, float(block.n)) for block in found.blocks]
    lower, upper = [point.lower for point in found.curve], [point.upper for point in found.curve]
    # The drawing calls its band one of consistency: another kind stands in the table only.
    is_drawn = found.band == "consistency"
    drawn = reliability.reliability(
        points,
        blocks,
        lower if is_drawn else None,
        upper if is_drawn else None,
        n=found.n,
        title=f"Reliability diagram: {title}",
        description="How often what was forecast came true, against the probability stated. On the diagonal both are "
        "the same. The table below holds the same numbers.",
        pooled=found.grid is not None,
        level=found.level,
        width=NARROW,
    )
    return _chart([drawn], reliability.reliability_table(points, blocks, lower, upper))


def histogram_chart(found: Calibration, title: str) -> Chart:
    edges = [found.histogram[0].low, *(each.high for each in found.histogram)]
    counts = [each.n for each in found.histogram]

    def draw(width: float) -> str:
        return histogram.histogram(
            edges,
            counts,
            title=f"Probabilities stated: {title}",
            description="Forecasts in each range of probabilities. The table below holds the same numbers.",
            width=width,
        )

    return _chart(_forms(draw), histogram.histogram_table(edges, counts))


def over_time_chart(lines: Sequence[PeriodLine], title: str) -> Chart:
    ends = [_end(line.period) for line in lines]
    values, counts = [line.mean_brier for line in lines], [line.n for line in lines]
    of = "quarter" if " Q" in lines[0].period else "year"

    def draw(width: float) -> str:
        return over_time.over_time(
            ends,
            values,
            counts,
            title=f"Mean Brier score over time: {title}",
            description=f"The mean Brier score of the predictions whose outcome became known in each {of}. "
            "The table below holds the same numbers.",
            name=f"mean of each {of}",
            width=width,
        )

    header = (of.capitalize(), "n", "Mean Brier score (0–1, lower is better)")
    rows = [(line.period, f"{line.n:,}", f"{line.mean_brier:.4f}") for line in lines]
    return _chart(_forms(draw), (header, rows))


def murphy_chart(found: Comparison) -> Chart:
    thresholds = [point.threshold for point in found.murphy]
    curves = [point.first for point in found.murphy], [point.second for point in found.murphy]
    names = (found.first, found.second)

    def draw(width: float) -> str:
        return murphy.murphy(
            thresholds,
            *curves,
            names,
            n=found.spots,
            title=f"Murphy diagram: {found.first} and {found.second}",
            description="Mean elementary scores of both over all thresholds; lower is better. "
            "The table below holds numbers of it.",
            width=width,
        )

    return _chart(_forms(draw), murphy.murphy_table(thresholds, *curves, names))


def league_chart(lines: Sequence[Standing], title: str) -> Chart:
    names = [line.name for line in lines]
    columns = (
        [line.shrunken or 0.0 for line in lines],
        [line.shrunken_low for line in lines],
        [line.shrunken_high for line in lines],
        [line.n for line in lines],
    )

    def draw(width: float) -> str:
        return league.league(
            names,
            *columns,
            title=f"League: {title}",
            description="Shrunken peer Brier points of each ranked forecaster with a 95% interval, best first. "
            "The table below holds the same numbers.",
            width=width,
        )

    return _chart(_forms(draw), league.league_table(names, *columns))


def sensitivity_chart(found: Sensitivity, title: str) -> Chart:
    columns = tuple([getattr(line, end) for line in found.lines] for end in ("low", "point", "high"))
    names = [
        f"{line.name} ({line.unread:,} of {found.forecasts:,} unlisted)" if line.unread else line.name
        for line in found.lines
    ]

    def draw(width: float) -> str:
        return sensitivity.sensitivity(
            names,
            *columns,
            reference=found.always_half,
            title=f"Mean Brier score on other readings of the words: {title}",
            description=f"{found.sentence} The table below holds the same numbers.",
            measure="Mean Brier score (0–1, lower is better)",
            width=width,
        )

    return _chart(_forms(draw), sensitivity.sensitivity_table(names, *columns))


def _forms(draw: Callable[[float], str]) -> list[str]:
    return [draw(WIDE), draw(NARROW)]


def _chart(forms: Sequence[str], table: Table) -> Chart:
    # The drawing escapes every word that it is given.
    return Chart(tuple(mark_safe(form) for form in forms), *table)  # noqa: S308


def _end(period: str) -> datetime:
    """The end of a quarter such as "2026 Q1", or of a year."""
    year, _, quarter = period.partition(" Q")
    months = 3 * int(quarter or 4)
    return datetime(int(year) + months // 12, months % 12 + 1, 1, tzinfo=UTC)
