"""The part of the page of agreement that is about coders: what several read out of the same words."""

from dataclasses import asdict
from typing import Any

from predictions.queries.agreement_words import coefficient
from predictions.queries.coding_agreement import CodingAgreement
from predictions.queries.coding_figures import CodingFigures
from predictions.queries.coding_words import POINTS, forecasts, interval, points, why_undefined
from predictions.queries.scorecard_words import as_share
from predictions.views.tiles import Tile, few

ALPHA = (
    "interval: of probabilities; corrected for chance; 1 is perfect, 0 as by chance. By convention .800 or more to "
    "rely on, .667 up to .800 for tentative conclusions only"
)
WITHIN = f"share of pairs of codings at most {POINTS} apart, mean over forecasts; not corrected for chance"
RANGE = "highest less lowest probability that the same words were taken for, mean over forecasts"


def coding_tiles(figures: CodingFigures) -> tuple[Tile, ...]:
    n, is_few, ends = forecasts(figures.n), few(figures.n), interval(figures)
    why = why_undefined(figures) if figures.alpha is None else ""
    return (
        Tile("Krippendorff’s alpha", coefficient(figures.alpha), ALPHA, n, ends, why, is_few=is_few, is_key=True),
        Tile(f"Within {POINTS}", as_share(figures.within), WITHIN, n, is_few=is_few),
        Tile("Range", points(figures.mean_range), RANGE, n, f"at most {points(figures.largest_range)}", is_few=is_few),
    )


def coding_as_json(found: CodingAgreement) -> dict[str, Any]:
    return {"figures": asdict(found.figures), "methods": found.methods}
