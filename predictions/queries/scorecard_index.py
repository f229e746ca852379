"""Which scorecards there are: forecasters, sources and themes with something on record."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from predictions.models import Forecast, Source
from predictions.queries.scorecard_pairs import counting_scores


@dataclass(frozen=True)
class IndexLine:
    """A scorecard to open: `key` picks it, `n` of its `predictions` are resolved and scored."""

    name: str
    key: str
    n: int
    predictions: int


@dataclass(frozen=True)
class ScorecardIndex:
    everything: IndexLine
    forecasters: tuple[IndexLine, ...]
    sources: tuple[IndexLine, ...]
    themes: tuple[IndexLine, ...]


def scorecard_index(user: User) -> ScorecardIndex:
    """What `user` may open, counted over what `user` may see, in a fixed number of queries."""
    score = counting_scores(user).filter(prediction=OuterRef("prediction"), forecaster=OuterRef("forecaster"))
    forecasts = Forecast.objects.visible_to(user).standing().annotate(is_scored=Exists(score)).order_by()
    whole = forecasts.aggregate(**COUNTS)
    quoted = forecasts.filter(quote__isnull=False)
    return ScorecardIndex(
        everything=IndexLine("Everything on record", "", whole["n"], whole["predictions"]),
        forecasters=_lines(forecasts, ("forecaster__uuid", "forecaster__name"), lambda row: row["forecaster__name"]),
        sources=_lines(quoted, SOURCE, _source_name),
        themes=_lines(forecasts, ("prediction__theme",), lambda row: row["prediction__theme"]),
    )


COUNTS = {
    "predictions": Count("prediction", distinct=True),
    "n": Count("prediction", distinct=True, filter=Q(is_scored=True)),
}
SOURCE = ("quote__source__uuid", "quote__source__publisher", "quote__source__title")


def _source_name(row: dict[str, Any]) -> str:
    _, publisher, title = SOURCE
    return str(Source(publisher=row[publisher], title=row[title]))


def _lines(forecasts: Any, by: tuple[str, ...], name: Callable[[dict[str, Any]], str]) -> tuple[IndexLine, ...]:
    rows = forecasts.values(*by).annotate(**COUNTS)
    lines = [IndexLine(name(row), str(row[by[0]]), row["n"], row["predictions"]) for row in rows]
    return tuple(sorted(lines, key=lambda line: line.name.casefold()))
