"""How well a forecaster, the forecasts of a source, those on a theme, or all of them did."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from statistics import fmean
from typing import Any

from accounts.models import User
from predictions.models.times import iso_utc
from predictions.queries.scorecard_cautions import cautions
from predictions.queries.scorecard_pairs import EvidenceLine, Selection, State, VerdictLine
from predictions.queries.scorecard_rows import ScorecardRow, read_rows

__all__ = ["CONVENTIONS", "EvidenceLine", "Scorecard", "ScorecardRow", "Selection", "as_json", "scorecard"]

CONVENTIONS = {
    "n": "predictions resolved and scored",
    "pairs": "scores: one for each forecaster on each prediction scored",
    "clusters": "independent events that settled them: what a prediction awaits, else itself",
    "mean_brier": "0–1, lower is better; mean over predictions of the mean over forecasters, while a forecast stood",
    "always_half": "the Brier score of saying 50% each time, on the same predictions",
    "mean_logarithmic": "nats, lower is better; saying 50% each time costs 0.693",
    "infinite_logarithmic": "scores that cost infinitely many nats; with any, there is no mean",
    "time_coverage": "share of the scheduled open time with a forecast standing",
    "if_read_low": "mean Brier score, 0–1, if words are read at the low end of their range",
    "if_read_high": "mean Brier score, 0–1, if words are read at the high end of their range",
    "without_implied": "mean Brier score, 0–1, without the scores that rest on implied forecasts",
    "without_hindsight": "mean Brier score, 0–1, without the scores that rest on forecasts recorded in hindsight",
    "brier": "0–1, lower is better: (probability − outcome)², weighted by the time a forecast stood",
    "logarithmic": "nats, lower is better: −ln of the probability given to what happened; for a share met, the mean",
    "contribution": "what a score adds to the mean: its Brier score ÷ forecasters on the prediction ÷ n",
    "outcome_share": "1 yes, 0 no, or the share of the criteria met",
    "grade": "Admiralty: reliability of the source A–F, credibility of the item 1–6",
}

INTERNAL = {"pk", "selection", "resolver"}
"""What a row keeps to itself: `selection` stands once per case, the rest are our own keys."""

DECIMALS = 12  # what binary arithmetic adds beyond them is noise, such as 0.10562499999999998


@dataclass(frozen=True)
class Scorecard:
    """A scorecard ready to show; CONVENTIONS says how each number is to be read. None: cannot be computed."""

    title: str
    selection: Selection
    as_of: datetime
    n: int
    pairs: int
    clusters: int
    mean_brier: float | None
    always_half: float | None
    mean_logarithmic: float | None
    infinite_logarithmic: int
    time_coverage: float | None
    annulled: int
    unresolved: int
    unscored: int
    order_uncertain: int
    too_late: int
    in_hindsight: int
    replaced: int
    coded: int
    implied: int
    if_read_low: float | None
    if_read_high: float | None
    without_implied: float | None
    without_hindsight: float | None
    cautions: tuple[str, ...]
    selections: tuple[tuple[str, str], ...]
    kernel_versions: tuple[str, ...]
    ledger_seq: int | None
    rows: tuple[ScorecardRow, ...]


def scorecard(selection: Selection, *, user: User, now: datetime) -> Scorecard:
    """The scorecard of what `user` may see of `selection`; what is hidden leaves no trace in any number.

    The caller has made sure that `user` may see the source or theme it names. Errors: none; a selection without a
    score has n = 0 and None for every mean.
    """
    rows = _with_contributions(read_rows(selection, user=user, now=now))
    scored = [row for row in rows if row.is_scored]
    return Scorecard(
        title=selection.title,
        selection=selection,
        as_of=now,
        cautions=cautions(rows),
        selections=tuple(dict.fromkeys((row.case, row.selection) for row in rows)),
        kernel_versions=tuple(sorted({row.kernel_version for row in scored})),
        ledger_seq=min((row.ledger_seq for row in scored if row.ledger_seq is not None), default=None),
        rows=tuple(_rounded(row) for row in rows),
        **_counts(rows, scored),
        **{name: rounded(mean) for name, mean in _means(scored).items()},
    )


def rounded(value: Any) -> Any:
    """Without the noise of binary arithmetic: page, terminal, CSV and JSON round the same number further."""
    return round(value, DECIMALS) if isinstance(value, float) else value


def _rounded(row: ScorecardRow) -> ScorecardRow:
    return replace(row, **{field.name: rounded(getattr(row, field.name)) for field in fields(row)})


def _counts(rows: Sequence[ScorecardRow], scored: Sequence[ScorecardRow]) -> dict[str, Any]:
    in_state = Counter(state for _, state in {(row.prediction, row.state) for row in rows})
    return {
        "n": in_state[State.SCORED],
        "pairs": len(scored),
        "clusters": len({row.event for row in scored}),
        "infinite_logarithmic": sum(row.is_infinite for row in scored),
        "annulled": in_state[State.ANNULLED],
        "unresolved": in_state[State.UNRESOLVED],
        "unscored": len({row.prediction for row in rows if row.outcome_share is not None}) - in_state[State.SCORED],
        "order_uncertain": sum(row.order_uncertain_count for row in rows),
        "too_late": sum(row.too_late_count for row in rows),
        "in_hindsight": sum(row.is_in_hindsight for row in scored),
        "replaced": sum(row.replaced_count for row in scored),
        "coded": sum(row.is_coded for row in scored),
        "implied": sum(row.is_implied for row in scored),
    }


def _means(scored: Sequence[ScorecardRow]) -> dict[str, Any]:
    are_words = any(row.is_coded or row.is_implied for row in scored)
    in_words = scored if are_words else []
    stated = [row for row in scored if not row.is_implied]
    beforehand = [row for row in scored if not row.is_in_hindsight]
    nats = _mean(scored, lambda row: row.logarithmic)
    return {
        "mean_brier": _mean(scored, lambda row: row.brier),
        "always_half": _mean(scored, lambda row: (0.5 - (row.outcome_share or 0.0)) ** 2),
        "mean_logarithmic": None if nats == math.inf else nats,
        "time_coverage": _mean(scored, lambda row: row.time_coverage),
        "if_read_low": _mean(in_words, lambda row: row.brier_low),
        "if_read_high": _mean(in_words, lambda row: row.brier_high),
        "without_implied": _mean(stated, lambda row: row.brier) if len(stated) < len(scored) else None,
        "without_hindsight": _mean(beforehand, lambda row: row.brier) if len(beforehand) < len(scored) else None,
    }


def _mean(rows: Sequence[ScorecardRow], figure: Callable[[ScorecardRow], float | None]) -> float | None:
    """Mean over predictions of the mean over their forecasters, of the rows that have this figure."""
    by_prediction = defaultdict(list)
    for row in rows:
        if (value := figure(row)) is not None:
            by_prediction[row.prediction].append(value)
    return fmean(map(fmean, by_prediction.values())) if by_prediction else None


def _with_contributions(rows: Sequence[ScorecardRow]) -> list[ScorecardRow]:
    """The rows with what each adds to the mean Brier score: together exactly that mean."""
    forecasters = Counter(row.prediction for row in rows if row.is_scored)
    shares = {prediction: 1 / (count * len(forecasters)) for prediction, count in forecasters.items()}
    return [row if row.brier is None else replace(row, contribution=row.brier * shares[row.prediction]) for row in rows]


def as_json(card: Scorecard) -> dict[str, Any]:
    """The whole card in plain JSON values, floats to 12 decimals, with the conventions of its numbers.

    Nothing is infinite: such a logarithmic score is null, and `logarithmic_is_infinite` says so.
    """
    plain = {field.name: _plain(getattr(card, field.name)) for field in fields(card)}
    plain["selection"] = _named(card.selection)
    plain["selections"] = [{"case": case, "selection": text} for case, text in card.selections]
    return plain | {"conventions": dict(CONVENTIONS)}


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return iso_utc(value)
        case tuple():
            return [_plain(item) for item in value]
        case ScorecardRow():
            return _plain_row(value)
        case EvidenceLine() | VerdictLine():
            return dict(vars(value))
    return str(value)


def _named(selection: Selection) -> dict[str, Any]:
    forecaster, source = selection.forecaster, selection.source
    return {
        "forecaster": {"uuid": str(forecaster.uuid), "name": forecaster.name} if forecaster else None,
        "source": {"uuid": str(source.uuid), "title": source.title} if source else None,
        "theme": selection.theme or None,
    }


def _plain_row(row: ScorecardRow) -> dict[str, Any]:
    plain = {field.name: _plain(getattr(row, field.name)) for field in fields(row) if field.name not in INTERNAL}
    plain["logarithmic"] = None if row.is_infinite else row.logarithmic
    return plain | {"is_scored": row.is_scored, "logarithmic_is_infinite": row.is_infinite}
