"""How one forecast hangs on the scale on which its words were read; how a number is put in the words of each scale."""

from dataclasses import dataclass
from decimal import Decimal

from predictions.language.scales import Scale, describe, read
from predictions.language.wording import describe_wording
from predictions.models import Forecast
from predictions.models.forecast import as_percent
from predictions.models.scale import enabled_scales
from predictions.queries.sensitivity import AS_RECORDED, Ends, ScaleLine, against_half, between, shares_on
from predictions.scoring.rules import brier

HALF = 0.5


@dataclass(frozen=True)
class ForecastSensitivity:
    """One line per scale in use that lists the words, after the reading on record.

    `lines` are Brier scores (0–1) of this forecast alone where the outcome is known (`is_scored`), probabilities
    before that; `reference` is what always saying 50% comes to. `readings` say how each scale reads it.
    """

    is_scored: bool
    reference: float
    sentence: str
    readings: tuple[str, ...]
    unread: str
    lines: tuple[ScaleLine, ...]


def forecast_sensitivity(forecast: Forecast) -> ForecastSensitivity | None:
    """None for a forecast that was not read out of words of a scale."""
    if forecast.basis != Forecast.Basis.CODED or forecast.probability is None:
        return None
    scales = enabled_scales()
    own = (forecast.low or 0.0, forecast.probability, forecast.high or 0.0)
    read_as = {key: shares for key, scale in scales.items() if (shares := shares_on(forecast.words, scale))}
    outcome = forecast.prediction.resolution.outcome if forecast.prediction.resolution else None
    named = [("", AS_RECORDED, own), *((key, scales[key].name, shares) for key, shares in read_as.items())]
    lines = tuple(ScaleLine(key, name, *_scored(shares, outcome)) for key, name, shares in named)
    reference = HALF if outcome is None else brier(HALF, outcome)
    return ForecastSensitivity(
        is_scored=outcome is not None,
        reference=reference,
        sentence=_sentence(lines, None if outcome is None else reference),
        readings=tuple(describe(read(forecast.words, scales[key])) for key in read_as),
        unread=_unread([scale for key, scale in scales.items() if key not in read_as]),
        lines=lines,
    )


def in_words_of_scales(forecast: Forecast) -> tuple[str, ...]:
    """A stated number in the words of each scale in use; nothing for any other forecast."""
    if forecast.basis != Forecast.Basis.STATED or forecast.probability is None:
        return ()
    share = Decimal(str(forecast.probability))
    return tuple(describe_wording(share, scale) for scale in enabled_scales().values())


def _scored(shares: Ends, outcome: float | None) -> Ends:
    if outcome is None:
        return shares
    low, point, high = (brier(share, outcome) for share in shares)
    return low, point, high


def _sentence(lines: tuple[ScaleLine, ...], always_half: float | None) -> str:
    least, most = between(lines)
    if always_half is None:
        return f"Between {as_percent(least)} and {as_percent(most)}, depending on how the words are read."
    _, verdict = against_half(lines, always_half)
    return (
        f"Brier score of this forecast alone (0–1, lower is better): between {least:.4f} and {most:.4f}, depending on"
        f" how the words are read; {verdict} (always-50%: {always_half:.4f})."
    )


def _unread(scales: list[Scale]) -> str:
    return f"These words are not listed by {', '.join(scale.name for scale in scales)}." if scales else ""
