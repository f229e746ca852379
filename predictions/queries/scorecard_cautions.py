"""What a reader of a scorecard must know before its numbers, in plain sentences."""

from collections.abc import Iterable

from predictions.queries.scorecard_board import Judged
from predictions.queries.scorecard_figures import Figures

FEW = 10
"""Below so many independent events a mean says little about skill (reference/scoring.md, section 7.1)."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def cautions(card: Figures, judged: Judged) -> tuple[str, ...]:
    """Sentences on the sample, on how the record came about, and on what was left out; the weightiest first."""
    of_scored = [_small_sample(card), *_on_decisions(judged, card.resolvers), *(say(card) for say in OF_SCORED)]
    return _sentences([*(of_scored if card.n else ()), *(say(card) for say in OF_ALL)])


def on_decisions(judged: Judged) -> tuple[str, ...]:
    """What must stand beside every figure that rests on outcomes decided by one person, or not for good."""
    return _sentences(_on_decisions(judged))


def _sentences(found: Iterable[str]) -> tuple[str, ...]:
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


def _small_sample(card: Figures) -> str:
    if card.clusters >= FEW:
        return ""
    settled = f" settled by {counted(card.clusters, 'event')}" if card.clusters < card.n else ""
    return f"{counted(card.n, 'prediction')}{settled} {'says' if card.n == 1 else 'say'} little about skill."


def _hindsight(card: Figures) -> str:
    if not card.in_hindsight:
        return ""
    rests = "rests on a forecast" if card.in_hindsight == 1 else "rest on forecasts"
    return f"{part_of(card.in_hindsight, card.pairs, 'score')} {rests} written down when the outcome could be known."


def _replaced(card: Figures) -> str:
    if not card.replaced:
        return ""
    earlier, they = ("an earlier entry, with", "it") if card.replaced == 1 else ("earlier entries, each with", "they")
    return f"{counted(card.replaced, 'forecast')} replaced {earlier} a reason; what {they} replaced counts for nothing."


def _on_decisions(judged: Judged, resolvers: int | None = None) -> tuple[str, str]:
    return _not_independent(judged, is_one_person=resolvers == 1), _provisional(judged)


def _not_independent(judged: Judged, *, is_one_person: bool) -> str:
    part, whole = judged.not_independent, judged.n
    if not part:
        return ""
    why = "fewer than two people judged blind to each other"
    if is_one_person and part == whole:
        why = f"one person decided {part_of(whole, whole, 'outcome')}"
    return f"{_some_of(part, whole, 'was', 'were')} not independently resolved: {why}."


def _provisional(judged: Judged) -> str:
    part, disputed = judged.provisional, judged.disputed
    if not part:
        return ""
    reasons = [f"{'its' if part == 1 else 'their'} notice period is not over"] if part > disputed else []
    reasons += ["the decision is disputed"] if disputed else []
    return f"{_some_of(part, judged.n, 'is', 'are')} provisional: {', or '.join(reasons)}."


def _some_of(part: int, whole: int, is_one: str, are_more: str) -> str:
    """The subject of a sentence that must not be read as "not all": "four of four predictions were"."""
    if whole == 1:
        return f"the prediction {is_one}"
    return f"{number(part)} of {counted(whole, 'prediction')} {is_one if part == 1 else are_more}"


def _one_hand(card: Figures) -> str:
    if not card.one_hand:
        return ""
    alike = part_of(card.one_hand, card.n, "prediction")
    return f"for {alike}, whoever wrote the forecast down also decided the outcome."


def _infinite(card: Figures) -> str:
    flat = card.infinite_logarithmic
    if not flat:
        return ""
    rests = "rests" if flat == 1 else "rest"
    opening = f"{part_of(flat, card.pairs, 'score')} {rests} on a 0% or 100% that proved wrong"
    return f"{opening}: infinitely many nats, so no mean is given."


def _elsewhere(card: Figures) -> str:
    if not card.elsewhere:
        return ""
    rests = "rests" if card.elsewhere == 1 else "rest"
    return f"{part_of(card.elsewhere, card.pairs, 'score')} also {rests} on forecasts made outside this source."


def _behind(card: Figures) -> str:
    if not card.behind:
        return ""
    is_old, it_was = ("is", "it was") if card.behind == 1 else ("are", "they were")
    opening = f"{part_of(card.behind, card.pairs, 'score')} {is_old} out of date"
    return f"{opening}: something was recorded, or the method changed, since {it_was} computed."


def _waiting(card: Figures) -> str:
    if not card.waiting:
        return ""
    return f"not scored yet: {counted(card.waiting, 'resolved prediction')}. Scores follow within a minute or so."


def _annulled(card: Figures) -> str:
    if not card.annulled:
        return ""
    return (
        f"annulled, so unscored: {counted(card.annulled, 'prediction')}. Annulling what went wrong flatters the mean."
    )


def _unsure(card: Figures) -> str:
    if not card.order_uncertain:
        return ""
    return f"left out: {counted(card.order_uncertain, 'forecast')} that may have come after the outcome."


def _late(card: Figures) -> str:
    return f"left out: {counted(card.too_late, 'forecast')} issued after the close." if card.too_late else ""


def _early(card: Figures) -> str:
    return early(card.peers.unresolved) if card.peers else ""


def early(unresolved: int | None) -> str:
    """A warning beside every comparison with peers while something is open, which may yet be answered no."""
    if not unresolved:
        return ""
    are = "is" if unresolved == 1 else "are"
    return f"{counted(unresolved, 'prediction')} {are} still open: early answers come in first."


OF_SCORED = (_one_hand, _hindsight, _replaced, _infinite, _elsewhere, _behind, _early)
OF_ALL = (_waiting, _annulled, _unsure, _late)
