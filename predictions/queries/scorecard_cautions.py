"""What a reader of a scorecard must know before its numbers, in plain sentences."""

from predictions.queries.scorecard_figures import Figures

FEW = 10
"""Below so many independent events a mean says little about skill (reference/scoring.md, section 7.1)."""

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def cautions(card: Figures) -> tuple[str, ...]:
    """Sentences on the sample, on how the record came about, and on what was left out; the weightiest first."""
    found = [*(say(card) for say in OF_SCORED if card.n), *(say(card) for say in OF_ALL)]
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


def _judged_alone(card: Figures) -> str:
    if card.resolvers > 1:
        return "each outcome was decided by one person; nobody else judged it independently."
    return f"one person decided {part_of(card.n, card.n, 'outcome')}; nobody else judged independently."


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


OF_SCORED = (_small_sample, _hindsight, _replaced, _judged_alone, _one_hand, _infinite, _elsewhere, _behind, _early)
OF_ALL = (_waiting, _annulled, _unsure, _late)
