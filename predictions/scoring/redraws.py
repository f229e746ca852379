"""Resamples of rows, as counts per distinct probability: what `bands` fits its curves to.

Rows come in clusters, of one row each unless told otherwise. A resample draws as many clusters as there are, with
replacement, and takes each drawn copy whole.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from predictions.scoring.calibration import distinct

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Draw = Callable[[int], tuple[Whole, Floats]]  # B resamples -> their rows and summed outcomes per cell, both (B, m)

MOST_CELLS = 50_000  # distinct probabilities; all curves over them are held at once
WORTHWHILE_TIES = 4  # rows per cell from which drawing two counts per cell is cheaper than drawing the rows


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Rows sorted by cluster: the cell of each, and for each cluster its first row and its size.

    `probability` is that of the cells, (m,); `order` leads from the rows as given to the rows sorted.
    """

    probability: Floats
    cell: Whole
    first: Whole
    size: Whole
    order: Whole

    @property
    def independent(self) -> bool:
        return len(self.size) == len(self.cell)


def rows_of(probability: Floats, cluster: ArrayLike | None, grid: int | None) -> Rows:
    """The rows made ready for drawing. ValueError for clusters that do not fit and for too many probabilities.

    >>> rows_of(np.array([0.2, 0.4, 0.2]), [7, 5, 7], None).size
    array([1, 2])
    """
    x, cell = distinct(probability, grid)
    if len(x) > MOST_CELLS:
        raise ValueError(f"probability has {len(x)} distinct values, more than {MOST_CELLS}: pool them on a grid")
    labels = np.arange(len(cell)) if cluster is None else np.asarray(cluster)
    if labels.shape != cell.shape or (labels.size and labels.dtype.kind not in "iu"):
        raise ValueError(f"cluster must be integers of shape {cell.shape}, not {labels.dtype} of {labels.shape}")
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    first = np.flatnonzero(np.concatenate((np.ones(min(len(cell), 1), np.bool_), ordered[1:] != ordered[:-1])))
    return Rows(x, cell[order], first, np.diff(first, append=len(cell)), order)


def calibrated(rows: Rows, rng: np.random.Generator) -> Draw:
    """Draws in which each row comes true with its own probability; rows of one drawn cluster share one uniform."""
    if not rows.independent:
        return lambda number: _comonotone(rows, number, rng)
    if WORTHWHILE_TIES * len(rows.probability) <= len(rows.cell):
        return lambda number: _tied(rows, number, rng)
    return lambda number: _separate(rows, number, rng)


def observed(rows: Rows, occurred: Floats, rng: np.random.Generator) -> Draw:
    """Draws that keep the outcome of each row: the bootstrap of clusters. `occurred` is in the order first given."""
    outcome = occurred[rows.order]

    def draw(number: int) -> tuple[Whole, Floats]:
        picked, copies = _whole_clusters(rows, number, rng)
        key = rows.cell[picked] + np.repeat(_offsets(rows, number), copies.sum(axis=1))
        shape = (number, len(rows.probability))
        count = np.bincount(key, minlength=shape[0] * shape[1]).reshape(shape)
        total = np.bincount(key, outcome[picked], shape[0] * shape[1]).reshape(shape)
        return count, np.asarray(total, dtype=np.float64)

    return draw


def _tied(rows: Rows, number: int, rng: np.random.Generator) -> tuple[Whole, Floats]:
    """Few cells, many rows: the counts are multinomial and the hits binomial."""
    share = np.bincount(rows.cell) / len(rows.cell)
    count: Whole = rng.multinomial(len(rows.cell), share, size=number)
    return count, rng.binomial(count, rows.probability).astype(np.float64)


def _separate(rows: Rows, number: int, rng: np.random.Generator) -> tuple[Whole, Floats]:
    """One uniform per row drawn: the whole part of n·u picks the row, what is left over decides its outcome."""
    n = len(rows.cell)
    place = rng.random((number, n)) * n
    picked = np.minimum(place.astype(np.int64), n - 1)  # n·u may round up to n
    cell = rows.cell[picked]
    hit = place - picked < rows.probability[cell]
    return _counted(rows, number, (cell + _offsets(rows, number)[:, None]).ravel(), hit.ravel())


def _comonotone(rows: Rows, number: int, rng: np.random.Generator) -> tuple[Whole, Floats]:
    picked, copies = _whole_clusters(rows, number, rng)
    cell = rows.cell[picked]
    hit = np.repeat(rng.random(copies.size), copies.ravel()) < rows.probability[cell]
    return _counted(rows, number, cell + np.repeat(_offsets(rows, number), copies.sum(axis=1)), hit)


def _whole_clusters(rows: Rows, number: int, rng: np.random.Generator) -> tuple[Whole, Whole]:
    """The rows drawn, one resample after the other, and the sizes (B, clusters) of the drawn copies."""
    clusters = len(rows.size)
    picked = rng.integers(clusters, size=(number, clusters))
    copies = rows.size[picked]
    ends = np.cumsum(copies)
    skipped = rows.first[picked].ravel() - (ends - copies.ravel())
    return np.arange(ends[-1]) + np.repeat(skipped, copies.ravel()), copies


def _offsets(rows: Rows, number: int) -> Whole:
    """Where the cells of each resample begin in a row of all."""
    return np.arange(number) * len(rows.probability)


def _counted(rows: Rows, number: int, key: Whole, hit: NDArray[np.bool_]) -> tuple[Whole, Floats]:
    """Rows and hits per resample and cell, by one count of (key, hit)."""
    cells = len(rows.probability)
    split = np.bincount(2 * key + hit, minlength=2 * number * cells).reshape(number, cells, 2)
    missed, came_true = split[:, :, 0], split[:, :, 1]
    return missed + came_true, came_true.astype(np.float64)
