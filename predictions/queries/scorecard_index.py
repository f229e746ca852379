"""Which scorecards there are: forecasters, sources, publishers, themes and cases with something on record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from django.db.models import Count

from accounts.models import User
from predictions.models import Case, Forecast, Forecaster, Prediction, Score, Source
from predictions.queries.scorecard_board import Flags, Floats, fetched, read_board, read_predictions
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_version import Version, remembered, version

MOST = 200
"""So many lines of a kind are listed; the rest are found by a part of their name."""

EVERYTHING = Selection()


@dataclass(frozen=True)
class IndexLine:
    """A scorecard to open: `key` picks it, `n` of its `predictions` are resolved and scored."""

    name: str
    key: str
    n: int
    predictions: int


Lines = tuple[IndexLine, ...]


@dataclass(frozen=True)
class ScorecardIndex:
    """Lines by name; `left_out` tells, by kind, how many more there are than are listed."""

    everything: IndexLine
    forecasters: Lines
    sources: Lines
    themes: Lines
    publishers: Lines
    cases: Lines
    consensus: Lines
    left_out: dict[str, int]


KINDS = ("forecasters", "sources", "themes", "publishers", "cases", "consensus")


def scorecard_index(user: User, search: str = "", *, of: Version | None = None) -> ScorecardIndex:
    """What `user` may open whose name holds `search`, counted over what `user` may see; a fixed number of queries.

    `of` is the `version` of the record, where it was read already.
    """
    of = of or version(user)
    whole: ScorecardIndex = remembered("index", EVERYTHING, of.own, partial(_index, user))
    found = {kind: _holding(getattr(whole, kind), search) for kind in KINDS}
    left_out = {kind: len(lines) - MOST for kind, lines in found.items() if len(lines) > MOST}
    listed: dict[str, Any] = {kind: lines[:MOST] for kind, lines in found.items()}
    return replace(whole, **listed, left_out=left_out)


def _holding(lines: Lines, search: str) -> Lines:
    part = search.strip().casefold()
    return tuple(line for line in lines if part in line.name.casefold())


@dataclass(frozen=True)
class Pairs:
    """Forecasters on predictions, resolved or not, and whether they have a score there."""

    prediction: Floats
    forecaster: Floats
    is_scored: Flags


def _index(user: User) -> ScorecardIndex:
    pairs = _pairs(user)
    about = {row[0]: row[1:] for row in _seen(user).values_list("pk", "theme", "case")}
    themes = [about[int(key)][0] for key in pairs.prediction]
    cases = Case.objects.visible_to(user).in_bulk()
    forecasters = Forecaster.objects.in_bulk(np.unique(pairs.forecaster).astype(int).tolist())
    sources, quoted, chosen = _quoted(user, pairs)
    return ScorecardIndex(
        everything=_line("Everything on record", "", pairs.prediction, pairs.is_scored),
        forecasters=_lines(pairs, pairs.forecaster.astype(int), lambda key: _named(forecasters[key])),
        themes=_lines(pairs, themes, lambda theme: (theme, theme)),
        cases=_lines(pairs, [about[int(key)][1] for key in pairs.prediction], lambda key: _named(cases[key])),
        sources=_lines(quoted, chosen, lambda key: _named(sources[key])),
        publishers=_publishers(quoted, [sources[int(key)].publisher for key in chosen]),
        consensus=_consensus(user),
        left_out={},
    )


def _seen(user: User) -> Any:
    return Prediction.objects.visible_to(user)


def _pairs(user: User) -> Pairs:
    """From the score rows; from the forecasts where a prediction has none, or none that can be shown."""
    predictions = read_predictions(EVERYTHING, user)
    board = read_board(EVERYTHING, user, predictions, ("prediction", "forecaster", "brier"))
    rest = _seen(user).exclude(pk__in=_scored(user)).values("pk")
    made = Forecast.objects.visible_to(user).standing().filter(prediction__in=rest)
    others = fetched(made.values("prediction", "forecaster").distinct(), ["prediction", "forecaster"])
    return Pairs(
        prediction=np.append(board["prediction"], others["prediction"]),
        forecaster=np.append(board["forecaster"], others["forecaster"]),
        is_scored=np.append(~np.isnan(board["brier"]), np.zeros(len(others["prediction"]), bool)),
    )


def _scored(user: User) -> Any:
    return _seen(user).resolved().exclude(pk__in=_seen(user).unscored().values("pk")).values("pk")


def _quoted(user: User, pairs: Pairs) -> tuple[dict[int, Source], Pairs, Floats]:
    """The pairs once for each source that a forecast of theirs is quoted from, and those sources."""
    made = Forecast.objects.visible_to(user).standing().filter(quote__isnull=False)
    told = fetched(made.values("prediction").distinct(), ["prediction", "forecaster", "quote__source"])
    scored = set(zip(pairs.prediction[pairs.is_scored], pairs.forecaster[pairs.is_scored], strict=True))
    is_scored = [pair in scored for pair in zip(told["prediction"], told["forecaster"], strict=True)]
    quoted = Pairs(told["prediction"], told["forecaster"], np.array(is_scored, bool))
    chosen = told["quote__source"]
    return Source.objects.in_bulk(np.unique(chosen).astype(int).tolist()), quoted, chosen


def _publishers(quoted: Pairs, names: list[str]) -> Lines:
    return tuple(line for line in _lines(quoted, names, lambda name: (name, name)) if line.name)


def _named(row: Any) -> tuple[str, str]:
    return str(row), str(row.uuid)


def _lines(pairs: Pairs, keys: Iterable[Any], name: Callable[[Any], tuple[str, str]]) -> Lines:
    """A line for each distinct key, one of which belongs to each pair; by name."""
    distinct, place = np.unique(np.array(list(keys), dtype=object), return_inverse=True)
    groups = np.split(np.argsort(place, kind="stable"), np.cumsum(np.bincount(place, minlength=len(distinct)))[:-1])
    rows = zip(distinct, groups, strict=False) if len(distinct) else ()
    lines = [_line(*name(key), pairs.prediction[rows], pairs.is_scored[rows]) for key, rows in rows]
    return tuple(sorted(lines, key=lambda line: line.name.casefold()))


def _line(name: str, key: str, prediction: Floats, is_scored: Flags) -> IndexLine:
    return IndexLine(name, key, len(np.unique(prediction[is_scored])), len(np.unique(prediction)))


def _consensus(user: User) -> Lines:
    """Our own, which has no forecasts of its own: as many predictions as it is scored on."""
    rows = Score.objects.visible_to(user).counting().filter(brier__isnull=False)
    told = rows.filter(forecaster__kind=Forecaster.Kind.CONSENSUS).values_list("forecaster__name", "forecaster__uuid")
    counts = told.annotate(n=Count("prediction")).order_by("forecaster__name")
    return tuple(IndexLine(name, str(uuid), n, n) for name, uuid, n in counts)
