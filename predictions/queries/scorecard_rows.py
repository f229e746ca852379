"""The rows of a scorecard: one per prediction × forecaster, ready to show."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from accounts.models import User
from predictions.models import Dispute, Forecast, Resolution
from predictions.queries.scorecard_pairs import SHOWN, EvidenceLine, Pair, State, VerdictLine, all_pairs, read_pairs
from predictions.queries.scorecard_selection import Selection

FIGURES = ("brier", "brier_low", "brier_high", "logarithmic", "time_coverage")
ROUNDED = (*FIGURES, "outcome_share", "contribution")
DECIMALS = 12  # what binary arithmetic adds beyond them is noise, such as 0.10562499999999998
MARKS = ("is_coded", "is_implied", "is_in_hindsight")


@dataclass(frozen=True)
class ScorecardRow:
    """One prediction × forecaster. Scores are losses (Brier 0–1, logarithmic in nats); None where it has none.

    `is_coded`, `is_implied` and `is_in_hindsight` speak of all that its score rests on; without a score, of the
    forecast that is shown. `event` is what settles it: its trigger, else the prediction itself. `contribution` is
    what it adds to the mean Brier score of its card. `is_independent` is None before the decision, which
    `is_provisional` until its notice period is over, and while it `is_disputed`.
    """

    prediction: UUID
    pk: int
    statement: str
    theme: str
    case: str
    selection: str
    event: UUID
    forecaster: str
    forecaster_uuid: UUID
    forecast: str
    forecast_count: int
    quote: str
    basis: str
    issued: str
    state: State
    state_in_words: str
    outcome: str
    outcome_share: float | None
    known: str
    brier: float | None
    brier_low: float | None
    brier_high: float | None
    logarithmic: float | None
    time_coverage: float | None
    is_coded: bool
    is_implied: bool
    is_in_hindsight: bool
    order_uncertain_count: int
    too_late_count: int
    replaced_count: int
    is_from_elsewhere_too: bool
    is_behind: bool
    has_one_hand: bool
    is_independent: bool | None
    is_provisional: bool
    is_disputed: bool
    resolver: UUID | None
    kernel_version: str
    ledger_seq: int | None
    verdicts: tuple[VerdictLine, ...]
    rationale: str
    evidence: tuple[EvidenceLine, ...]
    contribution: float | None = None

    @property
    def is_scored(self) -> bool:
        return self.state == State.SCORED

    @property
    def is_infinite(self) -> bool:
        """Whether certainty was put on what did not happen, which costs infinitely many nats."""
        return self.logarithmic == math.inf


def read_rows(
    selection: Selection, *, user: User, now: datetime, n: int, limit: int = SHOWN
) -> tuple[tuple[ScorecardRow, ...], bool]:
    """The first `limit` rows of `selection` that `user` may see, by prediction and forecaster; are there more?

    `n` is the number of predictions scored on the whole card, which each contribution is a share of.
    """
    pairs, has_more = read_pairs(selection, user, limit)
    disputed = _disputed_resolutions()
    rows = tuple(_contributing([_row(pair, selection, now, disputed) for pair in pairs], n))
    return rows[:limit], has_more or len(rows) > limit


def all_rows(selection: Selection, *, user: User, now: datetime, n: int) -> Iterator[ScorecardRow]:
    """Every row of `selection` that `user` may see, one prediction after the other, to be written out as they come."""
    disputed = _disputed_resolutions()
    for _, pairs in groupby(all_pairs(selection, user), key=lambda pair: pair.prediction.pk):
        yield from _contributing([_row(pair, selection, now, disputed) for pair in pairs], n)


def _disputed_resolutions() -> frozenset[int]:
    """Keys of all that are contested now: few, and looked up only for resolutions that the reader sees."""
    return frozenset(Dispute.objects.unanswered().values_list("resolution", flat=True))


def _contributing(rows: Sequence[ScorecardRow], n: int) -> Iterator[ScorecardRow]:
    """The rows, rounded, with what each adds to the mean Brier score: all of them together exactly that mean."""
    forecasters = Counter(row.prediction for row in rows if row.is_scored)
    for row in rows:
        share = None if row.brier is None else row.brier / (forecasters[row.prediction] * n)
        yield _rounded(replace(row, contribution=share))


def rounded(value: Any) -> Any:
    """Without the noise of binary arithmetic, and without −0: page, terminal, CSV and JSON round it further."""
    return round(value, DECIMALS) + 0.0 if isinstance(value, float) else value


def _rounded(row: ScorecardRow) -> ScorecardRow:
    return replace(row, **{name: rounded(getattr(row, name)) for name in ROUNDED})


def _row(pair: Pair, selection: Selection, now: datetime, disputed: frozenset[int]) -> ScorecardRow:
    prediction, shown = pair.prediction, pair.shown
    return ScorecardRow(
        prediction=prediction.uuid,
        pk=prediction.pk,
        statement=prediction.statement,
        theme=prediction.theme,
        case=prediction.case.title,
        selection=prediction.case.selection,
        event=(prediction.trigger or prediction).uuid,
        forecaster=shown.forecaster.name,
        forecaster_uuid=shown.forecaster.uuid,
        forecast=pair.words,
        forecast_count=len(pair.counting),
        quote=shown.quote.exact if shown.quote else "",
        basis=shown.basis,
        issued=shown.issued_in_words(),
        state=pair.state,
        state_in_words=pair.state_in_words(now),
        order_uncertain_count=len(pair.order_uncertain),
        too_late_count=len(pair.too_late),
        replaced_count=sum(forecast.supersedes_id is not None for forecast in pair.forecasts),
        is_behind=pair.is_behind,
        is_from_elsewhere_too=pair.rests_on_more_than(selection),
        evidence=pair.evidence,
        verdicts=pair.verdicts,
        **_decision(pair),
        **_judged(prediction.resolution, now, disputed),
        **_figures(pair),
    )


def _decision(pair: Pair) -> dict[str, Any]:
    resolution = pair.prediction.resolution
    if resolution is None:
        nothing = {"outcome": "", "outcome_share": None, "known": "", "rationale": ""}
        return nothing | {"resolver": None, "has_one_hand": False}
    return {
        "outcome": resolution.in_words(),
        "outcome_share": resolution.outcome,
        "known": resolution.known_in_words(),
        "rationale": pair.prediction.rationale or "",
        "resolver": pair.prediction.resolver,
        "has_one_hand": any(row.recorded_by_id == resolution.resolved_by_id for row in pair.counting),
    }


def _judged(resolution: Resolution | None, now: datetime, disputed: frozenset[int]) -> dict[str, Any]:
    if resolution is None:
        return {"is_independent": None, "is_provisional": False, "is_disputed": False}
    is_disputed = resolution.pk in disputed
    return {
        "is_independent": resolution.is_independent,
        "is_provisional": is_disputed or not resolution.is_final(now),
        "is_disputed": is_disputed,
    }


def _figures(pair: Pair) -> dict[str, Any]:
    if pair.score is None:
        return dict.fromkeys(FIGURES) | _marks(pair.shown) | {"kernel_version": "", "ledger_seq": None}
    figures = {name: getattr(pair.score, name) for name in (*FIGURES, *MARKS)}
    return figures | {"kernel_version": pair.score.run.kernel_version, "ledger_seq": pair.score.run.ledger_seq}


def _marks(shown: Forecast) -> dict[str, bool]:
    basis = Forecast.Basis
    found = (shown.basis == basis.CODED, shown.basis == basis.IMPLIED, shown.is_in_hindsight)
    return dict(zip(MARKS, found, strict=True))
