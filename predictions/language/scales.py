"""Probabilities as people write them: numbers, and the words of a named scale.

A scale is one file in `data/`; nothing here knows its words. What was typed is read as typed: no Unicode
normalisation, no other digits than 0-9, no guess at a phrase that the scale does not list.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType
from typing import Any

DEFAULT_SCALE = "icd203-2015"

# The words that may stand before a term; longer ones first, and at most one is dropped.
AUXILIARIES = ("would be", "will be", "it is", "it's", "would", "will", "are", "is")
# Words that leave everything open: to code them as 50% would invent a forecast.
WITHOUT_PROBABILITY = frozenset({"may", "might", "could"})

_LONGEST = 100
_SHOWN = 40
_AROUND = " \"'“”‘’"
_DIGITS = r"(?:0|[1-9][0-9]*)"
_VALUE = rf"(?:{_DIGITS}(?:\.[0-9]+)?|\.[0-9]+)"
_NUMBER = re.compile(rf"(?P<value>{_VALUE})(?P<percent> ?(?:%|per ?cent))?")
_SHARE = re.compile(rf"(?P<part>{_DIGITS}) (?:in|out of) (?P<whole>[1-9][0-9]*)")
_SIGNED = re.compile(r"[-+−–] ?\.?[0-9]")
_MILLION = 1_000_000
_LEDGER = re.compile(r"(0\.[0-9]{0,24}[1-9])0*|([01])(?:\.0+)?")
_LEDGER_PLACES = 25


class UnreadableProbability(ValueError):  # noqa: N818 - it names what is wrong with the words
    """Words that give no probability. The message tells the reader what is accepted."""


@dataclass(frozen=True)
class Term:
    """One term of a scale: its name, its other spellings, and what it means as shares of one."""

    name: str
    spellings: tuple[str, ...]
    low: Decimal
    point: Decimal
    high: Decimal


@dataclass(frozen=True)
class Scale:
    """A published vocabulary of likelihood, lowest term first. `method` says how each point was got."""

    key: str
    name: str
    version: str
    source: str
    method: str
    terms: tuple[Term, ...]

    def term(self, words: str) -> Term | None:
        """The term written so, in lower case, or None."""
        return next((term for term in self.terms if words in term.spellings), None)


@dataclass(frozen=True)
class Reading:
    """What some words were taken to mean; probabilities in [0, 1], at most six decimal places.

    `words` stand as typed. For a number `term` and `scale` are empty, `low` and `high` None, `method` "number".
    """

    words: str
    term: str
    scale: str
    method: str
    low: Decimal | None
    point: Decimal
    high: Decimal | None

    @property
    def is_coded(self) -> bool:
        """Inferred from a term, not stated as a number."""
        return bool(self.term)


def _scale(path: Path) -> Scale:
    with path.open("rb") as file:
        content: dict[str, Any] = tomllib.load(file, parse_float=Decimal)
    bands = content.pop("bands")
    terms = tuple(
        Term(names[0], tuple(names), band["low"], band["point"], band["high"])
        for band in bands
        for names in band["terms"]
    )
    return Scale(terms=terms, **content)


_FILES = sorted((Path(__file__).parent / "data").glob("*.toml"))
SCALES: Mapping[str, Scale] = MappingProxyType({scale.key: scale for scale in map(_scale, _FILES)})


def scale_named(key: str) -> Scale:
    """The scale of this versioned key, such as "icd203-2015". Raises UnreadableProbability for any other."""
    if key not in SCALES:
        raise UnreadableProbability(f"There is no scale “{_clipped(key)}”. Choose one of: {', '.join(SCALES)}.")
    return SCALES[key]


def read(words: str, scale: str = DEFAULT_SCALE) -> Reading:
    """What a number ("70%", "70 per cent", "0.7", "7 in 10") or a term of `scale` ("would likely") means.

    Case, the blanks and quotation marks around, and one of AUXILIARIES before a term do not count. 0 and 1 are
    read here; whether a live forecast may say so is decided above. "2 in 3" is rounded to six decimal places.
    Raises UnreadableProbability for everything else, an unknown scale included.
    """
    vocabulary = scale_named(scale)
    text = _bare(words)
    number = _number(text)
    if number is not None:
        return Reading(words, "", "", "number", None, number, None)
    term = vocabulary.term(_without_auxiliary(text))
    if term is None:
        raise UnreadableProbability(_complaint(words, text, vocabulary))
    return Reading(words, term.name, vocabulary.key, vocabulary.method, term.low, term.point, term.high)


def describe(reading: Reading) -> str:
    """The sentence to print beside a forecast: `likely (55–80%), taken as 67.5% (ICD 203)`, or `70%`."""
    point = _percent(reading.point)
    if reading.low is None or reading.high is None:
        return f"{point}%"
    band = f"{_percent(reading.low)}–{_percent(reading.high)}%"
    return f"{reading.term} ({band}), taken as {point}% ({scale_named(reading.scale).name})"


def decimal_text(value: Decimal | float | int | str) -> str:
    """The ledger's decimal string of a probability in [0, 1]: "0", "1", or "0." and 1 to 25 places.

    No trailing zeros, exponent or sign; the value itself is never rounded (a float counts as its shortest decimal).
    Raises ValueError for anything else, such as NaN, -0.0, a value outside, a 26th place.
    """
    shown = value if isinstance(value, str) else _written_out(value)
    match = _LEDGER.fullmatch(shown)
    if match is None:
        raise ValueError(f"{_clipped(str(value))} is not a probability between 0 and 1 with at most 25 decimal places.")
    return match[1] or match[2]


def _written_out(value: Decimal | float | int) -> str:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return ""
    # Checked before writing out: 1E-999999999 is a short number and a gigabyte of zeros.
    return format(number, "f") if -_LEDGER_PLACES <= number.adjusted() <= 0 else ""


def _bare(words: str) -> str:
    """Lower case, single blanks, nothing around; as typed if not ASCII, since lower() turns the Kelvin sign into k."""
    text = " ".join(words.split()).strip(_AROUND).replace("’", "'")
    return text.lower() if text.isascii() else text


def _without_auxiliary(text: str) -> str:
    lead = next((word for word in AUXILIARIES if text.startswith(f"{word} ")), "")
    return text.removeprefix(lead).lstrip()


def _number(text: str) -> Decimal | None:
    """The probability that a number gives, or None where the text is no number."""
    if len(text) > _LONGEST:
        return None
    if share := _SHARE.fullmatch(text):
        return _probability(Fraction(int(share["part"]), int(share["whole"])), rounds=True)
    if number := _NUMBER.fullmatch(text):
        return _written_number(number["value"], is_percent=bool(number["percent"]))
    return None


def _written_number(digits: str, *, is_percent: bool) -> Decimal:
    value = Fraction(digits)
    if is_percent:
        return _probability(value / 100)
    if 1 < value <= 100:
        share = format(Decimal(digits).scaleb(-2).normalize(), "f")
        raise UnreadableProbability(
            f"A probability lies between 0 and 1. For {digits} in a hundred write {digits}% or {share}."
        )
    return _probability(value)


def _probability(value: Fraction, *, rounds: bool = False) -> Decimal:
    if value > 1:
        raise UnreadableProbability("A probability lies between 0 and 1 (0% and 100%).")
    millionths = round(value * _MILLION)
    # Rounding may cost the last place of "2 in 3", never turn a small chance into none or a great one into certainty.
    if millionths != value * _MILLION and not (rounds and 0 < millionths < _MILLION):
        raise UnreadableProbability("Give at most six decimal places, as in 0.123457 or 12.3457%.")
    return Decimal(millionths).scaleb(-6).normalize()


def _complaint(words: str, text: str, scale: Scale) -> str:
    accepted = f"Write 70%, 0.7 or 7 in 10, or a term of {scale.name}: {', '.join(t.name for t in scale.terms)}."
    if not text:
        return f"Say how probable it is. {accepted}"
    if _SIGNED.match(text):
        return "A probability lies between 0 and 1 and carries no sign."
    if unclear := WITHOUT_PROBABILITY & set(text.split()):
        return f"“{min(unclear)}” carries no probability: give a number, or record the forecast as unquantifiable."
    return f"“{_clipped(words.strip())}” cannot be read as a probability. {accepted}"


def _percent(share: Decimal) -> str:
    return format((share * 100).normalize(), "f")


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
