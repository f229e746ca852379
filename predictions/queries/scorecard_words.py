"""The numbers of a scorecard as people read them: one wording for the page and the terminal."""

from dataclasses import dataclass

from predictions.queries.scorecard_cautions import counted, part_of
from predictions.queries.scorecard_conventions import CONVENTIONS
from predictions.queries.scorecards import Scorecard, ScorecardRow


@dataclass(frozen=True)
class Figure:
    """A number with its name and the convention it follows; an en dash where it cannot be computed."""

    name: str
    value: str
    convention: str


@dataclass(frozen=True)
class Scores:
    """The scores of one row as they are shown; a Brier score with all places, so that it can be checked by hand."""

    brier: str
    low: str
    high: str
    logarithmic: str
    contribution: str


def as_score(value: float | None, places: int = 4) -> str:
    return "–" if value is None else f"{value:.{places}f}"


def as_share(value: float | None) -> str:
    return "–" if value is None else f"{value:.1%}"


def as_count(value: int | None) -> str:
    return "–" if value is None else str(value)


def scores(row: ScorecardRow) -> Scores:
    return Scores(
        brier=as_score(row.brier, 6),
        low=as_score(row.brier_low, 6),
        high=as_score(row.brier_high, 6),
        logarithmic="infinite" if row.is_infinite else as_score(row.logarithmic),
        contribution=as_score(row.contribution, 6),
    )


def marks(row: ScorecardRow) -> tuple[str, ...]:
    """What must be said beside an outcome: that it was not judged independently, or is not final."""
    told = ["not independently resolved"] if row.is_independent is False else []
    if row.is_disputed:
        return (*told, "provisional: disputed")
    return (*told, "provisional: notice period not over") if row.is_provisional else tuple(told)


def headline(card: Scorecard) -> tuple[Figure, ...]:
    """What a reader looks at first; n comes before all of it."""
    return (
        Figure("Mean Brier score", as_score(card.mean_brier), CONVENTIONS["mean_brier"]),
        Figure("Always 50%", as_score(card.always_half), CONVENTIONS["always_half"]),
        Figure("Mean logarithmic score", as_score(card.mean_logarithmic), CONVENTIONS["mean_logarithmic"]),
        Figure("Time coverage", as_share(card.time_coverage), CONVENTIONS["time_coverage"]),
    )


def sample(card: Scorecard) -> str:
    """What n is made of: "settled by one event; one forecaster each"."""
    events = f"settled by {counted(card.clusters, 'event')}"
    return (
        events
        if card.pairs == card.n
        else f"{events}; {counted(card.pairs, 'score')} of {counted(card.forecasters, 'forecaster')}"
    )


def readings(card: Scorecard) -> tuple[str, ...]:
    """How far the mean hangs on how words were read, on implied forecasts, and on those recorded in hindsight."""
    told = []
    if card.if_read_low is not None:
        low, high = as_score(card.if_read_low), as_score(card.if_read_high)
        told.append(
            f"Read at the low end of their range, words make the mean Brier score {low}; at the high end, {high}."
        )
    if card.sensitivity is not None:
        told += [f"On the scales of words in use: {card.sensitivity.sentence}", *card.sensitivity.unread]
    told += _without(card.implied, card, card.without_implied, "implied, our reading of words that give no likelihood")
    told += _without(card.in_hindsight, card, card.without_hindsight, "recorded in hindsight")
    return tuple(told)


def _without(count: int, card: Scorecard, mean: float | None, kind: str) -> list[str]:
    if mean is None:
        return []
    opening = part_of(count, card.pairs, "score")
    are, them = ("is", "it") if count == 1 else ("are", "them")
    sentence = f"{opening} {are} {kind}; without {them} the mean Brier score is {as_score(mean)}."
    return [sentence[0].upper() + sentence[1:]]


def counts(card: Scorecard) -> tuple[Figure, ...]:
    """What else is on record, and what of it has no part in the means."""
    return (
        Figure("Unresolved", as_count(card.unresolved), "predictions not decided yet"),
        Figure("Annulled", as_count(card.annulled), "predictions that score for nobody"),
        Figure("Resolved without a score", str(card.unscored), "predictions without a forecast that counts"),
        Figure("Not independent", str(card.not_independent), "predictions scored that fewer than two judged blind"),
        Figure("Provisional", str(card.provisional), "predictions scored whose decision is not final, or disputed"),
        Figure("In hindsight", str(card.in_hindsight), "scores on forecasts recorded when the outcome could be known"),
        Figure("Replaced", str(card.replaced), "forecasts that replaced an earlier entry, with a reason"),
        Figure("Left out", str(card.order_uncertain + card.too_late), "forecasts possibly or surely too late"),
    )
