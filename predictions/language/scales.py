"""Probabilities as people write them: numbers, and the words of a named scale.

A shipped scale is one file in `data/`, a house scale a row that becomes a `Scale`; nothing here knows their words. What
was typed is read as typed: no Unicode normalisation, no other digits than 0-9, no guess at a phrase that the scale
does not list.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import Any

from predictions.language.openness import LEAVES_OPEN, NEVER_A_TERM, is_open
from predictions.language.stated import Stated, UnreadableProbability, number_in_figures, number_in_words

__all__ = ["DEFAULT_SCALE", "SCALES", "Reading", "Scale", "Term", "Unquantifiable", "UnreadableProbability", "read"]

DEFAULT_SCALE = "icd203-2015"

# The words that may stand before a term; longer ones first, and at most one is dropped.
AUXILIARIES = ("would be", "will be", "it is", "it's", "would", "will", "are", "is")

_SHOWN = 40
_AROUND = " \"'“”‘’"
_SIGNED = re.compile(r"[-+−–] ?\.?[0-9]")
_LEDGER = re.compile(r"(0\.[0-9]{0,24}[1-9])0*|([01])(?:\.0+)?")
_LEDGER_PLACES = 25


class Unquantifiable(UnreadableProbability):
    """Words that leave everything open: to code them as 50% would invent a forecast."""


@dataclass(frozen=True)
class Term:
    """One term of a scale: its name, its other spellings, and what it means as shares of one.

    `published` is the range as published where another one is used for scoring: those of the IPCC are nested.
    """

    name: str
    spellings: tuple[str, ...]
    low: Decimal
    point: Decimal
    high: Decimal
    published: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True)
class Scale:
    """A vocabulary of likelihood, lowest term first. `method` says how each point was got, `note` what to beware of.

    `wordless` are numbers that the scale deliberately has no word for.
    """

    key: str
    name: str
    version: str
    source: str
    method: str
    terms: tuple[Term, ...]
    note: str = ""
    wordless: tuple[Decimal, ...] = ()

    def term(self, words: str) -> Term | None:
        """The term written so, in lower case, or None."""
        return next((term for term in self.terms if words in term.spellings), None)


@dataclass(frozen=True)
class Reading:
    """What some words were taken to mean; probabilities in [0, 1], at most six decimal places.

    `words` stand as typed. For a number `term` and `scale` are empty and `method` is "number"; `low` and `high` are
    None, unless it was stated as a range ("range": the point is its middle).
    """

    words: str
    term: str
    scale: str
    method: str
    low: Decimal | None
    point: Decimal
    high: Decimal | None
    scale_name: str = field(default="", compare=False)
    published: tuple[Decimal, Decimal] | None = field(default=None, compare=False)

    @property
    def is_coded(self) -> bool:
        """Inferred from a term, not stated as a number."""
        return bool(self.term)


def _scale(path: Path) -> Scale:
    with path.open("rb") as file:
        content: dict[str, Any] = tomllib.load(file, parse_float=Decimal)
    bands, wordless = content.pop("bands"), tuple(content.pop("wordless", ()))
    terms = tuple(_term(names, band) for band in bands for names in band["terms"])
    return Scale(terms=terms, wordless=wordless, **content)


def _term(names: list[str], band: dict[str, Any]) -> Term:
    low, high = band.get("published", (None, None))
    published = None if low is None else (low, high)
    return Term(names[0], tuple(names), band["low"], band["point"], band["high"], published)


_FILES = sorted((Path(__file__).parent / "data").glob("*.toml"))
_FOUND = {scale.key: scale for scale in map(_scale, _FILES)}
SCALES: Mapping[str, Scale] = MappingProxyType({DEFAULT_SCALE: _FOUND[DEFAULT_SCALE], **_FOUND})
"""The shipped scales by key, the default first."""


def scale_named(key: str, scales: Mapping[str, Scale] = SCALES) -> Scale:
    """The scale of this versioned key, such as "icd203-2015". Raises UnreadableProbability for any other."""
    if key not in scales:
        raise UnreadableProbability(f"There is no scale “{_clipped(key)}”. Choose one of: {', '.join(scales)}.")
    return scales[key]


def read(words: str, scale: str | Scale = DEFAULT_SCALE) -> Reading:
    """What a number ("70%", "7 in 10", "between 60 and 70%") or a term of `scale` ("would likely") means.

    Case, the blanks and quotation marks around, and one of AUXILIARIES before a term do not count. Figures come first,
    then the terms of the scale, then numbers in words (`stated`), so that a scale may say what "an even chance" means.
    0 and 1 are read here; whether a live forecast may say so is decided above. "2 in 3" is rounded to six decimal
    places. Raises Unquantifiable for "may" and its like, UnreadableProbability for everything else, an unknown scale
    included.
    """
    vocabulary = scale if isinstance(scale, Scale) else scale_named(scale)
    text = bare(words)
    number = number_in_figures(text)
    if number is not None:
        return _number(words, Stated(number))
    if term := vocabulary.term(without_auxiliary(text)):
        return reading_of(term, vocabulary, words)
    if stated := number_in_words(text):
        return _number(words, stated)
    if is_open(without_auxiliary(text)):
        raise Unquantifiable(_left_open(text))
    raise UnreadableProbability(_complaint(words, text, vocabulary))


def reading_of(term: Term, scale: Scale, words: str) -> Reading:
    ends = (term.low, term.point, term.high)
    return Reading(words, term.name, scale.key, scale.method, *ends, scale.name, term.published)


def _number(words: str, stated: Stated) -> Reading:
    method = "number" if stated.low is None else "range"
    return Reading(words, "", "", method, stated.low, stated.point, stated.high)


def describe(reading: Reading) -> str:
    """The sentence to print beside a forecast: `likely (55–80%), taken as 67.5% (ICD 203)`, or `70%`."""
    point = f"{percent(reading.point)}%"
    if reading.low is None or reading.high is None:
        return point
    band = span(reading.low, reading.high)
    if not reading.term:
        return f"{point} ({band})"
    published = f"; published as {span(*reading.published)}" if reading.published else ""
    return f"{reading.term} ({band}{published}), taken as {point} ({reading.scale_name})"


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


def bare(words: str) -> str:
    """Lower case, single blanks, nothing around; as typed if not ASCII, since lower() turns the Kelvin sign into k.

    The dash of a range counts as ASCII.
    """
    text = " ".join(words.split()).strip(_AROUND).replace("’", "'")
    return text.lower() if text.replace("–", "-").isascii() else text


def without_auxiliary(text: str) -> str:
    lead = next((word for word in AUXILIARIES if text.startswith(f"{word} ")), "")
    return text.removeprefix(lead).lstrip()


def _left_open(text: str) -> str:
    verb = min(NEVER_A_TERM & set(text.split()), default=text)
    return f"“{_clipped(verb)}” {LEAVES_OPEN}"


def _complaint(words: str, text: str, scale: Scale) -> str:
    accepted = f"Write 70%, 0.7 or 7 in 10, or a term of {scale.name}: {', '.join(t.name for t in scale.terms)}."
    if not text:
        return f"Say how probable it is. {accepted}"
    if _SIGNED.match(text):
        return "A probability lies between 0 and 1 and carries no sign."
    if NEVER_A_TERM & set(text.split()):
        return _left_open(text)
    return f"“{_clipped(words.strip())}” cannot be read as a probability. {accepted}"


def percent(share: Decimal) -> str:
    return format((share * 100).normalize(), "f")


def span(low: Decimal, high: Decimal) -> str:
    """A band as people read it: "55–80%", or "100%" where its ends are one."""
    return f"{percent(low)}–{percent(high)}%" if low != high else f"{percent(low)}%"


def _clipped(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
