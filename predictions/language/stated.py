"""Probabilities stated as numbers: in figures, in words, as a range or as odds. What has two meanings is refused.

- In figures "70%", "70 per cent", "0.7"; in words "seventy per cent".
- As a share: "7 in 10", "two in three", "one chance in ten", "a one-in-a-hundred chance"; as a fraction: "two-thirds".
- As a range, of which the point is the middle: "70 to 80 per cent", "between 60 and 70%", "70–80 %", "0.6 to 0.7".
- Even: "a coin flip", "a toss-up", "fifty-fifty", "50-50", "even odds", "an even chance".
- As odds, for unless it says against: "odds of 3 to 1" and "3-1 on" are 75%, "3 to 1 against" is 25%.

Around them may stand "about" and its like, "a probability of", "chance", "likely". One-sided numbers ("at least 70%",
"better than even") give no point, and bare odds ("3 to 1") do not say for or against: both are refused.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from predictions.language.numerals import NUMERAL, value_of


class UnreadableProbability(ValueError):  # noqa: N818 - it names what is wrong with the words
    """Words that give no probability. The message tells the reader what is accepted."""


@dataclass(frozen=True)
class Stated:
    """A probability in [0, 1] to at most six decimal places; of a range also its ends."""

    point: Decimal
    low: Decimal | None = None
    high: Decimal | None = None


LONGEST = 100
DIGITS = r"(?:0|[1-9][0-9]*)"
VALUE = rf"(?:{DIGITS}(?:\.[0-9]+)?|\.[0-9]+)"
PER_CENT = r"(?: ?%| per ?cent| ?percent)"
COUNT = rf"(?:{DIGITS}|{NUMERAL})"
AMOUNT = rf"(?:{VALUE}|{NUMERAL})"
NOUN = r"(?:chances?|probability|likelihood|possibility|risk|prospect)"
SURE = r"(?:likely|probable|certain|sure|confident)"
TO = r"(?: to |-| - )"
_PARTS = {"half": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8}
_PARTS |= {"ninth": 9, "tenth": 10, "twentieth": 20, "hundredth": 100, "thousandth": 1000}
PART = rf"(?:(?:{'|'.join(_PARTS)})s?|halves)"
EVEN = (
    r"(?:(?:flip|toss) of a coin|coin[- ](?:flip|toss)|toss[- ]?up|fifty[- ]fifty|50[-/:]50"
    r"|even (?:chances?|odds|money))"
)

_ABOUT = "(?:(?:about|around|roughly|approximately|circa) )?"
_AROUND = re.compile(
    rf"{_ABOUT}(?:(?:an?|the) (?!{PART}))?(?:{NOUN} of )?{_ABOUT}(?P<core>.+?)(?P<noun> (?:{NOUN}|{SURE}))?"
)
_NUMBER = re.compile(rf"(?P<value>{VALUE})(?P<percent>{PER_CENT})?")
_WRITTEN = re.compile(rf"(?P<value>{NUMERAL}){PER_CENT}")
_SHARE = re.compile(rf"(?P<part>{COUNT})(?: chances?)?[ -](?:in|out[ -]of)[ -](?P<whole>[1-9][0-9]*|{NUMERAL})")
_FRACTION = re.compile(rf"(?:(?P<part>{NUMERAL}|a)[ -])?(?P<of>{PART})")
_RANGE = re.compile(
    rf"(?:(?:between|from) )?(?P<low>{AMOUNT})(?P<unit>{PER_CENT})?(?:{TO}| and )"
    rf"(?P<high>{AMOUNT})(?P<percent>{PER_CENT})?"
)
_EVEN = re.compile(EVEN)
_ODDS = re.compile(
    rf"(?P<lead>odds (?:are |of |on of |against of )?)?(?P<one>{COUNT})(?: to |-to-|-|:)(?P<other>{COUNT})"
    r"(?P<side> on| against| for| in favou?r)?"
)
_ONE_SIDED = re.compile(
    r"(?:at least|at most|more than|less than|over|under|above|below|up to|no more than|no less than|nearly|almost"
    r"|just over|just under|well over|well under|better than|worse than|slightly more than|slightly less than)"
    rf" (?:an? (?!{PART}))?(?P<of>.+)"
)
_MILLION = 1_000_000


def number_in_figures(text: str) -> Decimal | None:
    """What "70%", "0.7" or "7 in 10" gives, as typed and without anything around; None where the text is no such."""
    if len(text) > LONGEST:
        return None
    if (share := _SHARE.fullmatch(text)) and share["part"].isdigit() and share["whole"].isdigit():
        return _share(share)
    if number := _NUMBER.fullmatch(text):
        return _in_figures(number["value"], is_percent=bool(number["percent"]))
    return None


def number_in_words(text: str) -> Stated | None:
    """What a number gives that is put otherwise; None where the text is none. Raises UnreadableProbability."""
    if len(text) > LONGEST:
        return None
    match = _AROUND.fullmatch(re.sub(r"(?<=[0-9%a-z]) ?[–—] ?(?=[0-9a-z])", "-", text))
    if not match:
        return None
    cores = (match["core"], f"{match['core']}{match['noun']}") if match["noun"] else (match["core"],)
    return next(filter(None, (reader(core) for core in cores for reader in _READERS)), None)


def _whole(core: str) -> Stated | None:
    point = number_in_figures(core)
    return None if point is None else Stated(point)


def _written(core: str) -> Stated | None:
    match = _WRITTEN.fullmatch(core)
    return Stated(_probability(Fraction(value_of(match["value"]), 100))) if match else None


def _shared(core: str) -> Stated | None:
    match = _SHARE.fullmatch(core)
    return Stated(_share(match)) if match else None


def _fraction(core: str) -> Stated | None:
    match = _FRACTION.fullmatch(core)
    if not match:
        return None
    of = "half" if match["of"] == "halves" else match["of"].removesuffix("s")
    part = 1 if match["part"] in {None, "a"} else value_of(match["part"])
    if (part == 1) != (match["of"] == of) or (match["part"] is None and of != "half"):
        return None
    return Stated(_probability(Fraction(part, _PARTS[of]), rounds=True))


def _range(core: str) -> Stated | None:
    match = _RANGE.fullmatch(core)
    if not match or _EVEN.fullmatch(core):
        return None
    written = match["low"], match["high"]
    if not match["percent"] and not (match["unit"] is None and "." in written[0] and "." in written[1]):
        if _ODDS.fullmatch(core):
            return None
        raise UnreadableProbability("Write a range with its unit at the end, such as 70 to 80% or 0.7 to 0.8.")
    low, high = (_probability(_end(end) / (100 if match["percent"] else 1)) for end in written)
    if low > high:
        raise UnreadableProbability("Write the lower end of a range first, such as 70 to 80%.")
    return Stated(_probability(Fraction(low + high) / 2, rounds=True), low, high)


def _end(written: str) -> Fraction:
    return Fraction(value_of(written)) if written[0].isalpha() else Fraction(written)


def _even(core: str) -> Stated | None:
    return Stated(Decimal("0.5")) if _EVEN.fullmatch(core) else None


def _odds(core: str) -> Stated | None:
    match = _ODDS.fullmatch(core)
    if not match:
        return None
    one, other = value_of(match["one"]), value_of(match["other"])
    if not match["lead"] and not match["side"]:
        span = f"{one} to {other}%, " if one < other <= 100 else ""
        raise UnreadableProbability(
            f"“{core}” says too little. Write {span}odds of {one} to {other} (for), or {one} to {other} against."
        )
    if not one or not other:
        raise UnreadableProbability("Odds need two numbers above 0, such as odds of 3 to 1.")
    is_against = match["side"] == " against" or "against" in (match["lead"] or "")
    return Stated(_probability(Fraction(other if is_against else one, one + other), rounds=True))


def _one_sided(core: str) -> Stated | None:
    match = _ONE_SIDED.fullmatch(core)
    if match and (match["of"] in {"even", "half", "evens"} or any(reader(match["of"]) for reader in _READERS[:-1])):
        raise UnreadableProbability(
            f"“{core}” gives one end only. Give both, such as 70 to 90%, or a number of your own reading (implied)."
        )
    return None


_READERS = (_whole, _written, _shared, _fraction, _even, _range, _odds, _one_sided)


def _share(share: re.Match[str]) -> Decimal:
    part, whole = value_of(share["part"]), value_of(share["whole"])
    if not whole:
        raise UnreadableProbability("A share needs a whole above 0, such as 7 in 10.")
    return _probability(Fraction(part, whole), rounds=True)


def _in_figures(digits: str, *, is_percent: bool) -> Decimal:
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
