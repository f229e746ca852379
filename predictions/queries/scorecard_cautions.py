"""What a reader of a scorecard must know before its numbers, in plain sentences."""

from collections.abc import Iterable, Sequence

from predictions.queries.scorecard_pairs import State
from predictions.queries.scorecard_rows import ScorecardRow

FEW = 10
"""Below so many independent events a mean says little about skill (reference/scoring.md, section 7.1)."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
Rows = Sequence[ScorecardRow]


def cautions(rows: Rows) -> tuple[str, ...]:
    """Sentences on the sample, on how the record came about, and on what was left out; the weightiest first."""
    scored = [row for row in rows if row.is_scored]
    found = [*(say(scored) for say in OF_SCORED if scored), *(say(rows) for say in OF_ALL)]
    return tuple(sentence[0].upper() + sentence[1:] for sentence in found if sentence)


def number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def counted(count: int, noun: str) -> str:
    """A number with its noun: "one event", "four events"."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def part_of(part: int, whole: int, noun: str) -> str:
    """How many of how many: "the score", "both scores", "all four scores", "two of four scores"."""
    if part < whole:
        return f"{number(part)} of {counted(whole, noun)}"
    return {1: f"the {noun}", 2: f"both {noun}s"}.get(whole, f"all {number(whole)} {noun}s")


def predictions_in(rows: Iterable[ScorecardRow]) -> int:
    return len({row.prediction for row in rows})


def _small_sample(scored: Rows) -> str:
    predictions, events = predictions_in(scored), len({row.event for row in scored})
    if events >= FEW:
        return ""
    settled = f" settled by {counted(events, 'event')}" if events < predictions else ""
    return f"{counted(predictions, 'prediction')}{settled} {'says' if predictions == 1 else 'say'} little about skill."


def _hindsight(scored: Rows) -> str:
    late = sum(row.is_in_hindsight for row in scored)
    if not late:
        return ""
    rests = "rests on a forecast" if late == 1 else "rest on forecasts"
    return f"{part_of(late, len(scored), 'score')} {rests} written down when the outcome could be known."


def _replaced(scored: Rows) -> str:
    mended = sum(row.replaced_count for row in scored)
    if not mended:
        return ""
    earlier, they = ("an earlier entry, with", "it") if mended == 1 else ("earlier entries, each with", "they")
    return f"{counted(mended, 'forecast')} replaced {earlier} a reason; what {they} replaced counts for nothing."


def _judged_alone(scored: Rows) -> str:
    if len({row.resolver for row in scored}) > 1:
        return "each outcome was decided by one person; nobody else judged it independently."
    return f"one person decided {part_of(*2 * (predictions_in(scored),), 'outcome')}; nobody else judged independently."


def _one_hand(scored: Rows) -> str:
    alike = predictions_in(row for row in scored if row.has_one_hand)
    if not alike:
        return ""
    whole = predictions_in(scored)
    return f"for {part_of(alike, whole, 'prediction')}, whoever wrote the forecast down also decided the outcome."


def _infinite(scored: Rows) -> str:
    flat = sum(row.is_infinite for row in scored)
    if not flat:
        return ""
    holds = "rests on a 0% or 100% that" if flat == 1 else "rest on a 0% or 100% that"
    return f"{part_of(flat, len(scored), 'score')} {holds} proved wrong: infinitely many nats, so no mean is given."


def _elsewhere(scored: Rows) -> str:
    mixed = sum(row.is_from_elsewhere_too for row in scored)
    if not mixed:
        return ""
    rests = "rests" if mixed == 1 else "rest"
    return f"{part_of(mixed, len(scored), 'score')} also {rests} on forecasts made outside this source."


def _behind(scored: Rows) -> str:
    behind = sum(row.is_behind for row in scored)
    if not behind:
        return ""
    is_old, it_was = ("is", "it was") if behind == 1 else ("are", "they were")
    opening = f"{part_of(behind, len(scored), 'score')} {is_old} out of date"
    return f"{opening}: something was recorded, or the method changed, since {it_was} computed."


def _waiting(rows: Rows) -> str:
    scored = {row.prediction for row in rows if row.is_scored}  # of these, `_behind` tells
    waiting = predictions_in(row for row in rows if row.state == State.WAITING and row.prediction not in scored)
    if not waiting:
        return ""
    return f"not scored yet: {counted(waiting, 'resolved prediction')}. Scores follow within a minute or so."


def _annulled(rows: Rows) -> str:
    annulled = predictions_in(row for row in rows if row.state == State.ANNULLED)
    if not annulled:
        return ""
    return f"annulled, so unscored: {counted(annulled, 'prediction')}. Annulling what went wrong flatters the mean."


def _unsure(rows: Rows) -> str:
    unsure = sum(row.order_uncertain_count for row in rows)
    if not unsure:
        return ""
    return f"left out: {counted(unsure, 'forecast')} that may have come after the outcome."


def _late(rows: Rows) -> str:
    late = sum(row.too_late_count for row in rows)
    return f"left out: {counted(late, 'forecast')} issued after the close." if late else ""


OF_SCORED = (_small_sample, _hindsight, _replaced, _judged_alone, _one_hand, _infinite, _elsewhere, _behind)
OF_ALL = (_waiting, _annulled, _unsure, _late)
