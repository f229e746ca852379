"""The rest of a scorecard: what repeats the first half in other conventions, or is easily misread."""

from predictions.queries.scorecard_calibration import Calibration
from predictions.queries.scorecard_conventions import CONVENTIONS
from predictions.queries.scorecard_tables import MomentLine
from predictions.queries.scorecards import Scorecard
from predictions.views.tiles import Tile, few, number, sample, signed

NO_SPOT = "No forecast stood half-way through the scheduled open time."
TOO_FEW = "It needs two predictions, and a reference that can be beaten."
NOTHING_THEN = "No forecast stood at that moment."
NO_WORDS = "No score here rests on words."
NONE_LEFT_OUT = "Nothing is left out, or nothing would be left."

Group = tuple[str, tuple[Tile, ...]]
"""A heading with its lines."""


def advanced_groups(card: Scorecard) -> tuple[Group, ...]:
    """Everything that the first half leaves out, by kind."""
    return (
        ("By lead time", tuple(map(_moment, card.by_moment))),
        ("In the convention of Good Judgment (0–2)", _daily(card)),
        ("In the convention of Metaculus", _metaculus(card)),
        ("Skill against a reference", _skill(card)),
        ("A bounded score", _spherical(card)),
        ("Calibration and discrimination by other measures", _diagnostics(card)),
        ("Murphy’s decomposition by bins", _binned(card.calibration)),
        ("Decomposition of the logarithmic score (nats)", _logarithmic(card.calibration)),
        ("How the record was read", _readings(card)),
    )


def stamps(card: Scorecard) -> str:
    """From what the card can be computed again."""
    if not card.n:
        return ""
    ledger = f"entry {card.ledger_seq}"
    if card.newest_ledger_seq != card.ledger_seq:
        ledger = f"entries {card.ledger_seq} to {card.newest_ledger_seq}, each score as far as its own"
    return (
        f"Computed by kernel {', '.join(card.kernel_versions)}; the scores have read the ledger up to {ledger}; "
        f"seed of every random draw: {card.seed}."
    )


def _line(name: str, value: str, convention: str, n: int, *, why: str = "", noun: str = "prediction") -> Tile:
    return Tile(name, value, convention, sample(n, noun), why=why if value == "–" else "", is_few=few(n))


def _nothing(name: str, convention: str) -> Tile:
    return _line(name, "–", convention, 0, why=NO_SPOT, noun="score")


def _moment(line: MomentLine) -> Tile:
    name = line.moment[:1].upper() + line.moment[1:]
    return _line(name, number(line.mean_brier), CONVENTIONS["by_moment"], line.n, why=NOTHING_THEN)


def _elsewhere(card: Scorecard, key: str, name: str, value: str) -> Tile:
    """A score in the convention of another platform, with the predictions that this one rests on."""
    why = _sentence(card.advanced.reasons.get(key, ""))
    return _line(name, value, CONVENTIONS[key], card.advanced.n[key], why=why)


def _daily(card: Scorecard) -> tuple[Tile, ...]:
    found = card.advanced
    return (
        _elsewhere(card, "daily_brier", "Mean daily Brier score", number(found.daily_brier)),
        _elsewhere(card, "daily_median", "Median of all forecasters", number(found.daily_median)),
        _elsewhere(card, "daily_accuracy", "Accuracy", signed(found.daily_accuracy, 4)),
    )


def _metaculus(card: Scorecard) -> tuple[Tile, ...]:
    found = card.advanced
    return (
        _elsewhere(card, "baseline", "Baseline score", signed(found.baseline)),
        _elsewhere(card, "peer_logarithmic", "Peer score", signed(found.peer_logarithmic)),
    )


def _spherical(card: Scorecard) -> tuple[Tile, ...]:
    return (_elsewhere(card, "spherical", "Spherical score", number(card.advanced.spherical)),)


def _skill(card: Scorecard) -> tuple[Tile, ...]:
    half, base = CONVENTIONS["skill_vs_half"], CONVENTIONS["skill_vs_base_rate"]
    return (
        _line("Against always 50%", signed(card.skill_vs_half, 3), half, card.n, why=TOO_FEW),
        _line("Against the base rate", signed(card.skill_vs_base_rate, 3), base, card.n, why=TOO_FEW),
    )


def _diagnostics(card: Scorecard) -> tuple[Tile, ...]:
    found = card.calibration
    if found is None:
        return (_nothing("AUC, Spiegelhalter’s z, sharpness", CONVENTIONS["calibration"]),)
    z = signed(found.spiegelhalter_z, 3)
    if found.spiegelhalter_p is not None:
        z += f" (p = {number(found.spiegelhalter_p, 3)})"
    return (
        _line("AUC", number(found.auc, 3), CONVENTIONS["auc"], found.n, why=_reason(found, "auc"), noun="score"),
        _line(
            "Spiegelhalter’s z",
            z,
            CONVENTIONS["spiegelhalter_z"],
            found.n,
            why=_reason(found, "spiegelhalter_z"),
            noun="score",
        ),
        _line("Sharpness", number(found.sharpness), CONVENTIONS["sharpness"], found.n, noun="score"),
    )


def _binned(found: Calibration | None) -> tuple[Tile, ...]:
    if found is None:
        return (_nothing("Binned decomposition", "Brier, 0–1"),)
    binned = found.binned
    bins = "Brier, 0–1; a bin for each distinct probability" + (" in whole per cent" if found.grid else "")
    parts = {
        "Miscalibration": (binned.miscalibration, "lower is better"),
        "Discrimination": (binned.discrimination, "higher is better"),
        "Uncertainty": (binned.uncertainty, "of the outcomes alone"),
        "Variance within bins": (binned.within_bin_variance, "of the probabilities in a bin"),
        "Covariance within bins": (binned.within_bin_covariance, "of probabilities and outcomes in a bin, twice"),
    }
    return tuple(
        _line(name, number(value), f"{bins}; {told}", found.n, why=NO_SPOT, noun="score")
        for name, (value, told) in parts.items()
    )


def _logarithmic(found: Calibration | None) -> tuple[Tile, ...]:
    if found is None:
        return (_nothing("Decomposition", "nats"),)
    parts = found.logarithmic
    told = "CORP, nats after the clip to 0.001–0.999: mean = miscalibration − discrimination + uncertainty"
    named = {
        "Mean": parts.mean,
        "Miscalibration": parts.miscalibration,
        "Discrimination": parts.discrimination,
        "Uncertainty": parts.uncertainty,
    }
    return tuple(_line(name, number(value), told, found.n, why=NO_SPOT, noun="score") for name, value in named.items())


def _readings(card: Scorecard) -> tuple[Tile, ...]:
    """How far the mean hangs on how words were read, on implied forecasts, and on those recorded in hindsight."""
    low, high = CONVENTIONS["if_read_low"], CONVENTIONS["if_read_high"]
    implied, hindsight = CONVENTIONS["without_implied"], CONVENTIONS["without_hindsight"]
    return (
        _line("If words are read low", number(card.if_read_low), low, card.n, why=NO_WORDS),
        _line("If words are read high", number(card.if_read_high), high, card.n, why=NO_WORDS),
        _line("Without implied forecasts", number(card.without_implied), implied, card.n, why=NONE_LEFT_OUT),
        _line("Without hindsight", number(card.without_hindsight), hindsight, card.n, why=NONE_LEFT_OUT),
    )


def _reason(found: Calibration, name: str) -> str:
    return _sentence(found.reasons.get(name, ""))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
