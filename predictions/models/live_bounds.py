"""What a live forecast keeps of what was read: certainty is not for the living."""

from django.conf import settings

from predictions.language.scales import Reading


def within_live_bounds(share: float) -> float:
    """The nearest probability that a live forecast may have."""
    lowest, highest = (float(bound) for bound in settings.FORECAST_BOUNDS)
    return min(max(share, lowest), highest)


def shares_of(reading: Reading) -> dict[str, float]:
    """Low, probability and high of a reading, those that it has."""
    said = {"low": reading.low, "probability": reading.point, "high": reading.high}
    return {name: float(share) for name, share in said.items() if share is not None}


def kept_shares(reading: Reading) -> dict[str, float]:
    """What a live forecast keeps of a reading. A word's point beyond the bounds is kept at the bound.

    Its own value stays in the Coding. A number beyond them is the writer's to change.
    """
    shares = shares_of(reading)
    if reading.is_coded:
        kept = shares["probability"] = within_live_bounds(shares["probability"])
        shares |= {"low": min(shares["low"], kept), "high": max(shares["high"], kept)}
    return shares


def kept_beside(point: float, probability: float | None) -> str:
    """What to add where a word's own value lies beyond what a live forecast may be: ", kept as 99.9%"."""
    return "" if probability is None or probability == point else f", kept as {as_percent(probability)}"


def as_percent(share: float | None) -> str:
    """A share as people read it: 0.675 → "67.5%", 0.7 → "70%", 0.0005 → "0.05%"."""
    return "–" if share is None else f"{round(share * 100, 4):g}%"
