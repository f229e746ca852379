"""Least squares for score = μ + forecaster + prediction on the pairs there are: what `skill.two_way` computes with."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_array, csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, cg

from predictions.scoring.checks import Floats, Whole

MOST_FOR_DENSE = 1000  # forecasters; above it conjugate gradients are quicker than an inverse
PRECISION = 1e-13  # of the residual, relative to the right-hand side
VANISHING = 1e-12  # a share of a forecaster's weight that is rounding: nobody else has those predictions


def indexed(
    name: str, given: ArrayLike, rows: NDArray[np.generic], heard: NDArray[np.bool_]
) -> tuple[NDArray[np.generic], Whole]:
    """The labels that occur, and which of them each row has."""
    labels = np.asarray(given)
    if labels.shape != rows.shape:
        raise ValueError(f"{name} has shape {labels.shape}, the rows have {rows.shape}")
    names, place = np.unique(labels[heard], return_inverse=True)
    return names, place


def graph_components(i: Whole, q: Whole, count: int, items: int) -> Whole:
    """The component of each forecaster, then of each prediction."""
    nodes = count + items
    graph = coo_array((np.ones(len(i)), (i, q + count)), shape=(nodes, nodes))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def solved(table: csr_array, whole: Floats, target: Floats, group: Whole) -> tuple[Floats, Floats]:
    """Centred effects, and what times the noise is their variance, from the equations left for the forecasters.

    Their matrix is diag(weights) − table · diag(1/whole) · tableᵀ, the Laplacian of who shares predictions with whom.
    """
    own = table.sum(axis=1)
    diagonal = own - table.power(2) @ (1 / whole)
    if len(own) <= MOST_FOR_DENSE:
        shared = (table @ diags_array(1 / whole) @ table.T).toarray()
        inverse = _pseudo_inverse(np.diag(own) - shared, group)
        return _centred(inverse @ target, group), np.maximum(np.diag(inverse), 0.0)
    scale = np.where(diagonal > VANISHING * own, diagonal, own)
    laplacian = LinearOperator(
        (len(own),) * 2, matvec=lambda a: own * a - table @ (table.T @ a / whole), dtype=np.float64
    )
    effect, unsettled = cg(laplacian, target, rtol=PRECISION, atol=0.0, M=diags_array(1 / scale))
    if unsettled:
        raise ArithmeticError(f"the two-way model did not settle in {unsettled} steps")
    return _centred(effect, group), np.where(diagonal > VANISHING * own, 1 / scale, 0.0)


def _pseudo_inverse(laplacian: Floats, group: Whole) -> Floats:
    """Inverse on what the effects can be, those of mean 0 in each component; what is missing is put in, then out."""
    missing = (group[:, None] == group) / np.bincount(group)[group]
    size = max(float(np.diag(laplacian).mean()), np.finfo(float).tiny) if len(group) else 1.0
    inverse: Floats = np.linalg.inv(laplacian + size * missing) - missing / size
    return inverse


def _centred(effect: Floats, group: Whole) -> Floats:
    return effect - group_means(effect, group)[group]


def group_means(values: Floats, group: Whole) -> Floats:
    means: Floats = np.bincount(group, values) / np.bincount(group)
    return means
