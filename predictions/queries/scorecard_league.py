"""The league: how forecasters did against their peers, drawn towards each other as far as chance explains them."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
from scipy.special import ndtri, stdtrit

from accounts.models import User
from predictions.models import Forecaster, League
from predictions.queries.scorecard_board import (
    FOR_LEAGUE,
    Board,
    Decisions,
    Flags,
    Floats,
    Whole,
    read_board,
    read_predictions,
)
from predictions.queries.scorecard_calibration import SEED
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecard_summary import unresolved_count
from predictions.queries.scorecard_version import Version, remembered, version
from predictions.scoring import skill
from predictions.scoring.heterogeneity import heterogeneity
from predictions.scoring.uncertainty import FEWEST_FOR_BOOTSTRAP, FEWEST_FOR_INTERVAL, mean_interval

MINIMUM_RANKED = 10
"""Independent events on which somebody must have stood beside others to be ranked."""

LEVEL = 0.95
SIGNIFICANT = 0.05
ALONE = "nobody else stood on the same prediction at the same time"
NO_CLOSE = "no scheduled close: where others stood too, there is no scheduled open time to measure against"
NO_DIFFERENCE = "no detectable difference in skill"
DIFFERENCE = "forecasters differ in skill by more than chance explains"


@dataclass(frozen=True)
class Standing:
    """One forecaster against the peers, in Brier points: −100 to 100, 0 as good as they, more is better.

    `points` is the plain mean over its `n` predictions with its interval over `clusters` independent events, by
    `method` as on a card (from 50 events on drawn only where there are no shrunken points, which are shown instead);
    `shrunken` that mean drawn towards everybody's: the ranking key, with an interval unless there are fewer than five
    events or chance explains everything. `best_rank` to `worst_rank` is an interval too, None below the minimum.
    `adjusted` allows for the difficulty of the predictions by the two-way model on mean Brier scores while standing,
    shrunken, in the same points; it compares within its `component` only.
    """

    pk: int
    uuid: UUID
    name: str
    kind: str
    has_account: bool
    n: int
    clusters: int
    time_coverage: float
    points: float
    low: float | None
    high: float | None
    method: str
    shrunken: float | None
    shrunken_low: float | None
    shrunken_high: float | None
    shrunken_variance: float | None
    adjusted: float | None
    component: int
    is_ranked: bool
    best_rank: int | None = None
    worst_rank: int | None = None
    chance_best: float | None = None


@dataclass(frozen=True)
class LeagueTable:
    """The standings, best first and those not yet ranked last; `unnamed` of them have an account and are left out.

    `population_mean` and `population_spread` (a standard deviation, 0 where chance explains everything) are those that
    the shrinkage drew from, over all `forecasters`; None with the `reason` where there were too few. `p_value` is that
    of the test that nobody differs, which the `verdict` follows. `unresolved` predictions are still open, None where
    that cannot be counted: of those, early answers come in first. `decisions` are those that all of it rests on.
    """

    lines: tuple[Standing, ...]
    forecasters: int
    predictions: int
    unnamed: int
    minimum: int
    population_mean: float | None
    population_spread: float | None
    p_value: float | None
    verdict: str
    reason: str
    decisions: Decisions | None = None
    unresolved: int | None = None


def league(selection: Selection, *, user: User) -> LeagueTable:
    """The league table of what `user` may see of `selection`, whichever forecaster it names, by scheduled close.

    People with an account are left out unless an administrator has let them be named; their number is told.
    """
    names_staff = League.objects.filter(pk=1, names_staff=True).exists()
    of, anybody = version(user), selection.by_schedule.by_anybody
    name = f"league-{'everybody' if names_staff else 'without-staff'}"
    kept = remembered(name, anybody, of.shared, partial(_league, anybody, of, names_staff))
    return replace(kept, unresolved=unresolved_count(anybody, of))


def _league(selection: Selection, of: Version, names_staff: bool) -> LeagueTable:
    whole = population(selection, of)
    shown = [line for line in whole.lines if names_staff or not line.has_account]
    return replace(whole, lines=_ranked(shown), unnamed=len(whole.lines) - len(shown))


def population(selection: Selection, of: Version) -> LeagueTable:
    """Everybody's standing, unranked, as the shrinkage of one of them needs it; remembered."""
    anybody = selection.by_schedule.by_anybody
    return remembered("population", anybody, of.shared, partial(_population, anybody, of.reader))


def _population(selection: Selection, user: User) -> LeagueTable:
    names = (*FOR_LEAGUE, "contested_us", "time_coverage")
    predictions = read_predictions(selection, user)
    whole = read_board(selection, user, predictions, names)
    beside = whole.only(whole["contested_us"] > 0)
    board = beside.having("peer_brier")
    if not len(board):
        return LeagueTable((), 0, 0, 0, MINIMUM_RANKED, None, None, None, "", NO_CLOSE if len(beside) else ALONE)
    keys, place = np.unique(board["forecaster"], return_inverse=True)
    means, errors, clusters = _clustered(board["peer_brier"], place, board.event)
    # What counts for the spread of a mean is the number of independent events, not of predictions.
    drawn = skill.shrink(means, clusters, errors * np.sqrt(clusters))
    p_value = heterogeneity(means, clusters, errors * np.sqrt(clusters), zero_sum=True).p_value
    found = _found(board, place, (means, errors, clusters), drawn, _adjusted(whole.having("brier"), keys))
    forecasters = Forecaster.objects.in_bulk(keys.astype(int).tolist())
    lines = tuple(_standing(forecasters[int(key)], each) for key, each in zip(keys, found, strict=True))
    return LeagueTable(
        lines=lines,
        forecasters=len(lines),
        predictions=board.prediction_count,
        unnamed=0,
        minimum=MINIMUM_RANKED,
        population_mean=or_none(drawn.population_mean),
        population_spread=or_none(np.sqrt(drawn.population_variance)),
        p_value=p_value,
        verdict=_verdict(drawn, p_value),
        reason=drawn.reason or "",
        decisions=predictions.decisions(board["prediction"]),
    )


def _verdict(drawn: skill.Shrunken, p_value: float | None) -> str:
    """A variance that is estimated above 0 is no evidence of one: under chance alone half of them are."""
    if drawn.reason:
        return ""
    differs = p_value is not None and p_value < SIGNIFICANT and drawn.population_variance > 0
    return DIFFERENCE if differs else NO_DIFFERENCE


def _clustered(values: Floats, place: Whole, event: Floats) -> tuple[Floats, Floats, Whole]:
    """Mean of each forecaster, its standard error over events, and their number; the error NaN of a single event.

    The linearised error of `uncertainty.ratio_error`, for all forecasters at once.
    """
    n = np.bincount(place)
    means = np.bincount(place, values) / n
    events, at = np.unique(event, return_inverse=True)
    pairs, group = np.unique(place * len(events) + at, return_inverse=True)
    whose = pairs // len(events)
    residual = np.bincount(group, values - means[place])
    clusters = np.bincount(whose)
    squares = np.bincount(whose, residual**2)
    small = np.divide(clusters, clusters - 1.0, out=np.full(len(n), np.nan), where=clusters > 1)
    return means, np.sqrt(small * squares) / n, clusters


def _adjusted(board: Board, keys: Floats) -> tuple[Floats, Whole]:
    """Difficulty-adjusted points of these forecasters, shrunken within their component; NaN where it tells nothing."""
    found = skill.two_way(board["forecaster"], board["prediction"], board["brier"])
    points = np.full(len(found.effect), np.nan)
    for component in np.unique(found.component):
        points[found.component == component] = -100.0 * found.shrunken(int(component)).value
    at = np.searchsorted(found.forecasters, keys)
    return points[at], found.component[at]


class Found(NamedTuple):
    """What was computed of one forecaster, NaN where nothing could be."""

    n: float
    time_coverage: float
    points: float
    clusters: float
    shrunken: float
    variance: float
    adjusted: float
    component: float
    low: float
    high: float


def _found(
    board: Board,
    place: Whole,
    plain: tuple[Floats, Floats, Whole],
    drawn: skill.Shrunken,
    adjusted: tuple[Floats, Whole],
) -> list[Found]:
    n, (means, _, clusters) = np.bincount(place), plain
    coverage = np.bincount(place, np.nan_to_num(board["time_coverage"])) / n
    columns = (n, coverage, means, clusters, drawn.value, drawn.variance, *adjusted)
    ends = _ends(board, place, *plain, is_shown=np.isnan(drawn.value))
    return [Found(*map(float, row)) for row in zip(*columns, *ends, strict=True)]


def _ends(
    board: Board, place: Whole, means: Floats, errors: Floats, clusters: Whole, *, is_shown: Flags
) -> tuple[Floats, Floats]:
    """The interval of each plain mean as `mean_interval` has it; of many events only where it `is_shown`."""
    few = (clusters >= FEWEST_FOR_INTERVAL) & (clusters < FEWEST_FOR_BOOTSTRAP)
    reach = np.where(few, stdtrit(np.maximum(clusters - 1, 1), (1 + LEVEL) / 2) * errors, np.nan)
    low, high = means - reach, means + reach
    for k in np.flatnonzero(is_shown & (clusters >= FEWEST_FOR_BOOTSTRAP)):
        own = place == k
        rng = np.random.default_rng(SEED)
        found = mean_interval(board["peer_brier"][own], cluster=board.event[own], rng=rng)
        low[k], high[k] = found.low, found.high
    return low, high


def _standing(forecaster: Forecaster, found: Found) -> Standing:
    clusters = int(found.clusters)
    return Standing(
        pk=forecaster.pk,
        uuid=forecaster.uuid,
        name=forecaster.name,
        kind=forecaster.kind,
        has_account=forecaster.account_id is not None,
        n=int(found.n),
        clusters=clusters,
        time_coverage=found.time_coverage,
        points=found.points,
        low=or_none(found.low),
        high=or_none(found.high),
        method="bootstrap" if clusters >= FEWEST_FOR_BOOTSTRAP else "t",
        **_drawn(found.shrunken, found.variance, clusters),
        adjusted=or_none(found.adjusted),
        component=int(found.component),
        is_ranked=not np.isnan(found.shrunken) and clusters >= MINIMUM_RANKED,
    )


def _drawn(value: float, variance: float, clusters: int) -> dict[str, Any]:
    """The shrunken points with the interval of their posterior; None where nothing could be drawn.

    No interval of fewer than five events, nor where everybody is given the same value: its variance of 0 would leave
    out all that is not known about that value.
    """
    reach = float(ndtri((1 + LEVEL) / 2)) * float(np.sqrt(variance))
    has_interval = clusters >= FEWEST_FOR_INTERVAL and variance > 0
    return {
        "shrunken": or_none(value),
        "shrunken_low": or_none(value - reach) if has_interval else None,
        "shrunken_high": or_none(value + reach) if has_interval else None,
        "shrunken_variance": or_none(variance),
    }


def _ranked(lines: list[Standing]) -> tuple[Standing, ...]:
    """Best first with their rank intervals, then those not yet ranked, by name."""
    ranked = sorted((line for line in lines if line.is_ranked), key=lambda line: (-(line.shrunken or 0.0), line.name))
    rest = sorted((line for line in lines if not line.is_ranked), key=lambda line: line.name)
    values = [line.shrunken for line in ranked], [line.shrunken_variance for line in ranked]
    if not ranked:
        return tuple(rest)
    found = skill.rank_intervals(*np.array(values, np.float64), rng=np.random.default_rng(SEED))
    placed = zip(ranked, found.best, found.worst, found.probability_best, strict=True)
    first = [
        replace(line, best_rank=int(best), worst_rank=int(worst), chance_best=float(chance))
        for line, best, worst, chance in placed
    ]
    return (*first, *rest)


def or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
