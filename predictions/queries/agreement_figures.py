"""How far resolvers agree, in figures. The unit is a criterion, the rater a resolver, the rating a verdict.

Verdicts are ordered: not met, partly met, met. "Cannot tell" is a missing rating, and is counted beside the figures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from string import ascii_uppercase
from typing import NamedTuple

import numpy as np

from predictions.models import Resolution, Verdict
from predictions.scoring.agreement import Agreement as Measure
from predictions.scoring.agreement import cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement
from predictions.scoring.checks import Floats

ORDERED = {Verdict.NOT_MET: 0.0, Verdict.PARTLY_MET: 1.0, Verdict.MET: 2.0}
CANNOT_TELL = 3.0


class Judged(NamedTuple):
    """One verdict, by the keys of what it is about and of who gave it."""

    prediction: int
    resolver: int
    criterion: int
    verdict: str
    replaces: int | None = None


class Decided(NamedTuple):
    """One decision on a prediction; it `replaces` an earlier one, or is the first."""

    prediction: int
    basis: str
    replaces: int | None


@dataclass(frozen=True)
class Pair:
    """Two resolvers, by letter, on the `n` criteria to which both gave a verdict other than "cannot tell"."""

    first: str
    second: str
    n: int
    percent: Measure
    kappa: Measure | None


@dataclass(frozen=True)
class Figures:
    """Agreement on `criteria`, of which `overlap` were judged by at least two.

    Its measures rest on the `n` criteria with two verdicts other than "cannot tell"; on `differed` of these the
    verdicts were not all the same. A measure is None where it is undefined: no such criterion, or nothing varies.
    `percent_of_all` counts "cannot tell" as a verdict of its own, over `overlap`. `replaced` counts assessments that
    replace an earlier one of the same resolver.
    """

    predictions: int
    criteria: int
    overlap: int
    n: int
    differed: int
    resolvers: int
    fewest_resolvers: int
    most_resolvers: int
    verdicts: int
    cannot_tell: int
    replaced: int
    percent: Measure | None
    percent_of_all: Measure | None
    alpha: Measure | None
    ac1: Measure | None
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Decisions:
    """What became of the predictions: by their first decision. `replaced` of the decisions gave way to a later one."""

    confirmed: int
    adjudicated: int
    adjudicated_criteria: int
    direct: int
    undecided: int
    replaced: int


def figures_of(judged: Sequence[Judged], letters: Mapping[int, str]) -> Figures:
    """The figures of these verdicts, of which there is at least one; resolvers go by `letters`."""
    whole = _table(judged)
    told = np.where(whole == CANNOT_TELL, np.nan, whole)
    ratings = np.isfinite(told).sum(axis=0)
    compared = told[:, ratings > 1]
    panels = Counter(prediction for prediction, _ in {(row.prediction, row.resolver) for row in judged})
    return Figures(
        predictions=len(panels),
        criteria=whole.shape[1],
        overlap=int((np.isfinite(whole).sum(axis=0) > 1).sum()),
        n=compared.shape[1],
        differed=int((np.nanmax(compared, axis=0) > np.nanmin(compared, axis=0)).sum()) if compared.size else 0,
        resolvers=len(whole),
        fewest_resolvers=min(panels.values()),
        most_resolvers=max(panels.values()),
        verdicts=len(judged),
        cannot_tell=sum(row.verdict == Verdict.CANNOT_TELL for row in judged),
        replaced=len({(row.prediction, row.resolver) for row in judged if row.replaces}),
        percent=percent_agreement(told),
        percent_of_all=percent_agreement(whole),
        alpha=krippendorff_alpha(told, level="ordinal"),
        ac1=gwet_ac1(told, categories=sorted(ORDERED.values())),
        pairs=_pairs(told, [letters[key] for key in _resolvers(judged)]),
    )


def decisions_of(judged: Sequence[Judged], decided: Iterable[Decided]) -> Decisions:
    """What became of the predictions that `judged` is about; what is decided of others is passed over."""
    about = {row.prediction for row in judged}
    own = [row for row in decided if row.prediction in about]
    first = {row.prediction: row.basis for row in own if row.replaces is None}
    bases = Counter(first.get(prediction, "") for prediction in about)
    adjudicated = Resolution.Basis.ADJUDICATED
    return Decisions(
        confirmed=bases[Resolution.Basis.AGREED],
        adjudicated=bases[adjudicated],
        adjudicated_criteria=len({row.criterion for row in judged if first.get(row.prediction) == adjudicated}),
        direct=bases[Resolution.Basis.DIRECT],
        undecided=bases[""],
        replaced=len(own) - len(first),
    )


def letter(place: int) -> str:
    """A, B, … Z, AA, AB, …

    >>> letter(0), letter(25), letter(26), letter(27)
    ('A', 'Z', 'AA', 'AB')
    """
    before, last = divmod(place, len(ascii_uppercase))
    return (letter(before - 1) if before else "") + ascii_uppercase[last]


def _table(judged: Sequence[Judged]) -> Floats:
    """Resolvers × criteria: the place of each verdict in their order, CANNOT_TELL, or NaN where there is none."""
    rows = {key: place for place, key in enumerate(_resolvers(judged))}
    columns = {key: place for place, key in enumerate(dict.fromkeys(row.criterion for row in judged))}
    table = np.full((len(rows), len(columns)), np.nan)
    for row in judged:
        table[rows[row.resolver], columns[row.criterion]] = ORDERED.get(Verdict(row.verdict), CANNOT_TELL)
    return table


def _resolvers(judged: Sequence[Judged]) -> list[int]:
    return sorted({row.resolver for row in judged})


def _pairs(told: Floats, letters: list[str]) -> tuple[Pair, ...]:
    """Every two resolvers who judged a criterion in common, by letter: Z before AA."""
    ordered = sorted(zip(letters, told, strict=True), key=lambda line: (len(line[0]), line[0]))
    found = [_pair(*one, *other) for one, other in combinations(ordered, 2)]
    return tuple(pair for pair in found if pair is not None)


def _pair(first: str, ratings: Floats, second: str, others: Floats) -> Pair | None:
    both = np.isfinite(ratings) & np.isfinite(others)
    percent = percent_agreement([ratings, others])
    if percent is None:
        return None
    return Pair(first, second, percent.units, percent, cohen_kappa(ratings[both], others[both]))
