"""The first half of a scorecard in the order in which it is to be read, as tiles."""

from predictions.queries.scorecard_calibration import Calibration
from predictions.queries.scorecard_conventions import CONVENTIONS
from predictions.queries.scorecard_means import Crowd, Peers
from predictions.queries.scorecards import Scorecard
from predictions.views.tiles import MISSING, Tile, count, few, interval, number, percent, sample, signed, whole

ALWAYS_HALF = "the Brier score of saying 50% each time, on the same predictions; 0.25 where every outcome is yes or no"


def sample_tiles(card: Scorecard) -> tuple[Tile, ...]:
    """What nothing else can be read without; n itself stands above."""
    return (
        Tile(
            "Time coverage",
            percent(card.time_coverage),
            CONVENTIONS["time_coverage"],
            sample(card.time_coverage_n),
            why=_why(card, "time_coverage" if card.n else "n"),
            is_few=few(card.time_coverage_n),
        ),
        Tile("Annulled", whole(card.annulled), CONVENTIONS["annulled"], why=_why(card, "annulled")),
        Tile("Independent events", f"{card.clusters:,}", CONVENTIONS["clusters"]),
        Tile("Scores", f"{card.pairs:,}", f"{CONVENTIONS['pairs']}; {count(card.forecasters, 'forecaster')}"),
    )


def count_tiles(card: Scorecard) -> tuple[Tile, ...]:
    """What else is on record, and what of it has no part in the means."""
    return (
        Tile("Forecasts", f"{card.forecasts:,}", CONVENTIONS["forecasts"]),
        Tile("Unresolved", whole(card.unresolved), CONVENTIONS["unresolved"], why=_why(card, "unresolved")),
        Tile("Resolved without a score", f"{card.unscored:,}", "predictions without a forecast that counts"),
        Tile("Left out: too late", f"{card.too_late:,}", "forecasts made after the close or the outcome"),
        Tile(
            "Left out: perhaps too late", f"{card.order_uncertain:,}", "forecasts that may have come after the outcome"
        ),
        Tile(
            "Not independently resolved",
            f"{card.not_independent:,}",
            "predictions scored that fewer than two people judged blind to each other",
        ),
        Tile(
            "Provisional",
            f"{card.provisional:,}",
            "predictions scored whose notice period is not over, or whose decision is disputed",
        ),
        Tile(
            "In hindsight",
            f"{card.in_hindsight:,}",
            "scores that rest on forecasts recorded when the outcome could be known",
        ),
        Tile("Replaced", f"{card.replaced:,}", "forecasts that replaced an earlier entry, with a reason"),
    )


def brier_tiles(card: Scorecard) -> tuple[Tile, ...]:
    is_few = few(card.n, card.clusters)
    return (
        Tile(
            "Mean Brier score",
            number(card.mean_brier),
            CONVENTIONS["mean_brier"],
            sample(card.n),
            interval(card.brier_interval, number),
            is_few=is_few,
        ),
        Tile("Always 50%", number(card.always_half), ALWAYS_HALF, sample(card.n), is_few=is_few),
        *_crowd_tiles(card, card.crowd),
    )


def _crowd_tiles(card: Scorecard, crowd: Crowd | None) -> tuple[Tile, ...]:
    convention = "mean Brier score (0–1, lower is better) of the others at the same instants"
    if crowd is None:
        return (Tile("The crowd at the same instants", MISSING, convention, why=_why(card, "crowd")),)
    n, is_few = sample(crowd.predictions), few(crowd.predictions, crowd.clusters)
    return (
        Tile(
            "The crowd at the same instants",
            number(crowd.crowd_brier),
            f"{convention}; mean over predictions of the mean over forecasters; one’s own there: {number(crowd.brier)}",
            n,
            is_few=is_few,
        ),
        Tile(
            "Better than the crowd by",
            signed(crowd.difference.mean if crowd.difference else None, 4),
            "the crowd’s mean Brier score less one’s own at the same instants; above 0 is better than the crowd",
            n,
            interval(crowd.difference, lambda value: signed(value, 4)) if crowd.difference else "",
            _why(card, "crowd.difference"),
            is_few=is_few,
        ),
    )


def peer_tiles(card: Scorecard) -> tuple[Tile, ...]:
    peers, is_one = card.peers, card.selection.forecaster is not None
    if peers is None:
        return (Tile("Peer Brier points", MISSING, CONVENTIONS["peers"], why=_why(card, "peers"), is_key=True),)
    plain = Tile(
        "Peer Brier points, plain mean",
        signed(peers.points.mean if peers.points else None),
        "the same before shrinking; a mean over predictions",
        sample(peers.pairs, "score"),
        interval(peers.points, signed) if peers.points else "",
        _why(card, "peers.points"),
        is_few=few(peers.clusters),
    )
    return (_ranking_key(peers, is_one), plain)


def _ranking_key(peers: Peers, is_one: bool) -> Tile:
    """The shrunken points, or why there are none."""
    name, n = "Peer Brier points, shrunken", sample(peers.pairs, "score" if not is_one else "prediction")
    if peers.shrunken is None:
        return Tile(name, MISSING, CONVENTIONS["peers"], n, why=_sentence(peers.reason), is_key=True)
    ends = f"95% interval {signed(peers.shrunken_low)} to {signed(peers.shrunken_high)}"
    made = f"{ends} (normal, empirical Bayes over {count(peers.forecasters, 'forecaster')})"
    return Tile(
        name,
        signed(peers.shrunken),
        CONVENTIONS["peers"],
        n,
        f"no interval: {peers.interval_reason}" if peers.interval_reason else made,
        is_few=few(peers.clusters),
        is_key=True,
    )


def ranking(card: Scorecard) -> tuple[str, ...]:
    """Whether the forecaster is ranked, and whether the league tells anybody apart."""
    peers = card.peers
    if peers is None or card.selection.forecaster is None or peers.shrunken is None:
        return ()
    events = f"settled by {count(peers.clusters, 'independent event')}"
    met = f"{sample(peers.predictions)} with others to be compared with, {events}"
    least = f"it takes {peers.minimum}"
    standing = f"Ranked: {met}; {least}." if peers.is_ranked else f"Not yet ranked: {met}; {least}."
    return (standing, _sentence(peers.verdict)) if peers.verdict else (standing,)


def periods(card: Scorecard) -> str:
    """Which date a period means, where it means two."""
    asked = card.selection
    if not asked.has_period:
        return ""
    return (
        "Which predictions: those scheduled to close in the period. A period of known outcomes would hold early "
        "answers without those still pending, so it serves the other sections only."
    )


def logarithmic_tiles(card: Scorecard) -> tuple[Tile, ...]:
    is_few, infinite = few(card.n, card.clusters), card.infinite_logarithmic
    why = "" if not infinite else f"{count(infinite, 'score')} of infinitely many nats leave no mean."
    return (
        Tile(
            "Mean logarithmic score",
            number(card.mean_logarithmic),
            CONVENTIONS["mean_logarithmic"],
            sample(card.n),
            why=why,
            is_few=is_few,
        ),
        Tile("Infinite losses", f"{infinite:,}", CONVENTIONS["infinite_logarithmic"], sample(card.pairs, "score")),
        Tile(
            "Mean after the clip",
            number(card.mean_logarithmic_clipped),
            CONVENTIONS["mean_logarithmic_clipped"],
            sample(card.n),
            interval(card.logarithmic_interval, number),
            is_few=is_few,
        ),
    )


def calibration_finding(found: Calibration) -> str:
    """Whether the miscalibration is more than the calibrated show, in a sentence."""
    seen, limit = found.brier.miscalibration, found.null_miscalibration_95
    if reason := found.reasons.get("p_value"):
        return f"No test of miscalibration: {reason}."
    if seen is None or limit is None or found.p_value is None:
        return "There is nothing to compare the miscalibration with."
    if few(found.n, found.clusters):
        return "Too few independent events to tell miscalibration from chance."
    told = "p < 0.001" if found.p_value < 0.001 else f"p = {found.p_value:.3f}"
    if seen <= limit:
        return f"Within what the calibrated show at this n: no miscalibration detected ({told})."
    return f"More than the calibrated show at this n: miscalibrated ({told})."


def _why(card: Scorecard, name: str) -> str:
    return _sentence(card.reasons.get(name, ""))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
