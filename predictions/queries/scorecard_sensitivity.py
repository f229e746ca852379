"""How a scorecard's mean Brier score hangs on the scale on which words were read, and on the ends of their ranges.

Only forecasts read out of a scale's words are touched: one query for them, and one reading of each different wording.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from accounts.models import User
from predictions.language.scales import Scale
from predictions.models import Forecast
from predictions.models.coding_request import predictions_open_to
from predictions.models.scale import enabled_scales
from predictions.queries.scorecard_board import Board, Floats, Whole
from predictions.queries.scorecard_selection import Selection
from predictions.queries.sensitivity import AS_RECORDED, MOST_NAMED, ScaleLine, against_half, between, shares_on
from predictions.scoring.rereading import reread_brier

ENDS = ("low", "point", "high")
OF_BOARD = {"low": "brier_low", "point": "brier", "high": "brier_high"}
HALF = 0.5


@dataclass(frozen=True)
class Sensitivity:
    """Mean Brier scores (0–1) on every reading of the words; `lines` begins with the one on record.

    `coded` of the `pairs` scores rest on `forecasts` in words of a scale. `is_stable`: on every reading they rank the
    same against always saying 50%. `sentence` tells it all, `unread` which scales could not read how many words:
    one that could read none has no line.
    """

    coded: int
    pairs: int
    forecasts: int
    least: float
    most: float
    always_half: float
    is_stable: bool
    sentence: str
    unread: tuple[str, ...]
    lines: tuple[ScaleLine, ...]


@dataclass(frozen=True, eq=False)
class _Coded:
    """The coded forecasts behind a board: the row that each belongs to, its share of it, and how it is read now."""

    place: Whole
    share: Floats
    wording: Whole
    wordings: tuple[str, ...]
    ends: Mapping[str, Floats]


def sensitivity(scored: Board, selection: Selection, user: User) -> Sensitivity | None:
    """None where no score rests on words of a scale."""
    if not (scored["is_coded"] == 1).any():
        return None
    coded = _coded(scored, selection, user)
    if not len(coded.place):
        return None
    always_half = scored.mean((HALF - scored["outcome"]) ** 2) or 0.0
    low, point, high = (scored.mean(scored[OF_BOARD[end]]) or 0.0 for end in ENDS)
    recorded = ScaleLine("", AS_RECORDED, low, point, high)
    tried = [_line(each, scored, coded) for each in enabled_scales().values()]
    lines = (recorded, *(line for line in tried if line.unread < len(coded.place)))
    least, most = between(lines)
    is_stable, verdict = against_half(lines, always_half)
    count, n = len(np.unique(coded.place)), len(coded.place)
    return Sensitivity(
        coded=count,
        pairs=len(scored),
        forecasts=n,
        least=least,
        most=most,
        always_half=always_half,
        is_stable=is_stable,
        sentence=f"Between {least:.4f} and {most:.4f}, depending on how the words are read ({count:,} of "
        f"{len(scored):,} scores rest on words of a scale); {verdict} (always-50%: {always_half:.4f}).",
        unread=tuple(line.unread_in_words(n) for line in tried if line.unread),
        lines=lines,
    )


def _coded(scored: Board, selection: Selection, user: User) -> _Coded:
    rows = selection.made_by(Forecast.objects.filter(predictions_open_to(user, "prediction")))
    columns = ("prediction", "forecaster", "coded_share__share", "low", "probability", "high", "words")
    told = list(rows.filter(coded_share__isnull=False).order_by().values_list(*columns))
    *numbers, words = zip(*told, strict=True) if told else [()] * len(columns)
    prediction, forecaster, share, *ends = (np.array(column, np.float64) for column in numbers)
    place, is_scored = _places(scored, prediction, forecaster)
    wordings, wording = np.unique(np.array(words, object), return_inverse=True)
    return _Coded(
        place=place[is_scored],
        share=share[is_scored],
        wording=wording[is_scored],
        wordings=tuple(wordings),
        ends={name: values[is_scored] for name, values in zip(ENDS, ends, strict=True)},
    )


def _places(scored: Board, prediction: Floats, forecaster: Floats) -> tuple[Whole, Any]:
    """Where the pair of each forecast stands on the board, and whether it stands there."""
    width = max(scored["forecaster"].max(), forecaster.max(initial=0)) + 1
    pairs = scored["prediction"] * width + scored["forecaster"]
    wanted = prediction * width + forecaster
    place = np.minimum(np.searchsorted(pairs, wanted), len(pairs) - 1)
    return place, pairs[place] == wanted


def _line(scale: Scale, scored: Board, coded: _Coded) -> ScaleLine:
    found = [shares_on(words, scale) for words in coded.wordings]
    read = np.array([each or (np.nan,) * len(ENDS) for each in found])[coded.wording]
    is_read = ~np.isnan(read[:, 0])
    changed = {"place": coded.place[is_read], "share": coded.share[is_read]}
    changed["occurred"] = scored["outcome"][changed["place"]]
    low, point, high = (
        scored.mean(
            reread_brier(scored[OF_BOARD[end]], before=coded.ends[end][is_read], after=read[is_read, column], **changed)
        )
        or 0.0
        for column, end in enumerate(ENDS)
    )
    unread = Counter(coded.wordings[k] for k in coded.wording[~is_read])
    named = tuple(words for words, _ in unread.most_common(MOST_NAMED))
    return ScaleLine(scale.key, scale.name, low, point, high, unread.total(), named)
