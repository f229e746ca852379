"""How the words of one forecast were coded: by whom, as what, and how far the coders are apart."""

from dataclasses import dataclass

from predictions.models import Coding, Forecast
from predictions.models.forecast import as_percent
from predictions.queries.histories import display_name


@dataclass(frozen=True)
class CodingLine:
    """One coding as it is shown. `own_forecast` says what the coder said of a forecast of their own, if asked."""

    coder: str
    in_words: str
    own_forecast: str


@dataclass(frozen=True)
class Codings:
    """All codings of one forecast; `together` tells how far apart they are, where there are two or more."""

    codings: tuple[CodingLine, ...]
    together: str


def codings_of(forecast: Forecast) -> Codings:
    """What the number of `forecast` rests on. Whoever sees the forecast sees all of it; one query."""
    rows = list(Coding.objects.of(forecast).select_related("coder"))
    lines = (CodingLine(display_name(row.coder), row.in_words(), _own_forecast(row)) for row in rows)
    return Codings(tuple(lines), _together(forecast, [row.point for row in rows]))


def _together(forecast: Forecast, points: list[float]) -> str:
    if len(points) <= 1:
        return ""
    low, high = min(points), max(points)
    ends = f"all {as_percent(low)}" if low == high else f"from {as_percent(low)} to {as_percent(high)}"
    apart = f"range {round((high - low) * 100, 4):g} percentage points, n = {len(points)} codings"
    return f"{ends} ({apart}); their median, {as_percent(forecast.probability)}, counts"


def _own_forecast(row: Coding) -> str:
    """What they said, and beside it what the record knew then, where that differs."""
    if row.had_own_forecast is None:
        return ""
    told = "had a forecast of their own" if row.had_own_forecast else "had no forecast of their own"
    if row.own_forecast_on_record and not row.had_own_forecast:
        told += ", though one is on record"
    return f"; {told}"
