"""Where a text speaks of likelihood: probability words, numbers that are probabilities, and words that leave it open.

For marking a sentence, not for deciding what it says: a person does that. Words are read on one scale by the rules of
`scales.read`; those it does not list are marked all the same, without a reading and with the reason.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from predictions.language import stated
from predictions.language.openness import OPEN
from predictions.language.scales import (
    DEFAULT_SCALE,
    SCALES,
    Reading,
    Scale,
    UnreadableProbability,
    bare,
    read,
    reading_of,
    scale_named,
)

LEFT_OPEN = "puts no probability on it"
COMPARED = frozenset({"more", "most", "less", "least", "as", "equally", "increasingly"})
OPPOSITES = {
    "likely": ("unlikely",),
    "probable": ("improbable", "unlikely", "probably not"),
    "unlikely": (),
    "improbable": (),
}
"""What "not likely" is read as, where the scale has it. What other negations leave is no number: "not unlikely"."""

_BEGINS, _ENDS = r"(?<![\w-])", r"(?![\w-])"
_NOT = r"(?:not|no longer|nor|\w+n['’]t)"
_FAR_FROM = r"(?:never|hardly|scarcely|barely|by no means|far from|anything but)"
_DEGREE = (
    r"(?:very|highly|extremely|exceptionally|quite|rather|fairly|pretty|somewhat|so|too|overwhelmingly|vanishingly|almost|nearly"
    r"|virtually|all but|more|most|less|least|as|equally|increasingly)"
)
_IN_COMPANY = {
    # Words that also mean something else stand for likelihood only in such company.
    "remote": (r"(?:is|are|was|be|seems?|looks?|remains?|but)\s+$", r"\s+(?:chance|possibility|prospect)"),
    "certain": (r"(?:is|are|be|seems?|looks?|'s|’s|it|make)\s+$", r"\s+(?:to|that)\b"),
    "certainly": (r"(?:will|would|is|are)\s+$", r"\s+(?:will|would|be|not|happen)\b"),
    "impossible": (r"(?:is|are|be|seems?|looks?|it|make)\s+$", r"$^"),
    "possible": (r"(?:is|are|be|seems?|looks?|remains?|it|a|the)\s+$", r"\s+that\b"),
    "might": (r"(?<!\bmilitary)(?<!\beconomic)(?<!\bnaval)(?<!\btheir)(?<!\bits)(?<!\bthe)(?<!\bof)\s+$", r"$^"),
}
_ONE_SIDED = r"(?:(?:at least|at most|more than|less than|over|under|up to|above|below|nearly|almost) )?"
_FIGURES = "|".join(
    (
        rf"(?:(?:between|from) )?{stated.AMOUNT}(?:{stated.PER_CENT})?"
        rf"(?: to | and | ?[-–—] ?){stated.AMOUNT}{stated.PER_CENT}",
        rf"{stated.AMOUNT}{stated.PER_CENT}",
        rf"{stated.COUNT}(?: chances?)?[ -](?:in|out[ -]of)[ -]{stated.COUNT}",
        rf"(?:{stated.NUMERAL}|a)[ -]{stated.PART}",
    )
)
_BEFORE = re.compile(
    rf"(?:{stated.NOUN}|odds|confidence){_ENDS}(?:(?!\band\b)[^.;!?]){{0,40}}"
    r"(?:of|at|is|are|as|to|be|than|[=:,(])\s*(?:an?\s+)?$",
    re.ASCII,
)
_AFTER = re.compile(r"\s*(?:$|[.,;:!?)\]]|(?:that|of|for|to|by|in|and|or|if|on|this|within|before|over)\b)", re.ASCII)
_WINDOW = 60


@dataclass(frozen=True)
class Mention:
    """Words that speak of likelihood, from `start` to `end` (code points, end exclusive) of the text.

    `reading` is None where they give no number; `reason` then says why. `reading.words` is what to enter for them:
    for "not likely" that is "unlikely".
    """

    start: int
    end: int
    words: str
    reading: Reading | None
    reason: str = ""


def likelihood_mentions(text: str, scale: str | Scale = DEFAULT_SCALE) -> tuple[Mention, ...]:
    """Every mention in `text`, in its order; where several overlap, the longest, then the first.

    Raises UnreadableProbability for an unknown scale.
    """
    vocabulary = scale if isinstance(scale, Scale) else scale_named(scale)
    found = [*_terms(text, vocabulary), *_numbers(text, vocabulary), *_left_open(text)]
    kept: list[Mention] = []
    taken = bytearray(len(text))
    for mention in sorted(found, key=lambda each: (each.start - each.end, each.start)):
        if not any(taken[mention.start : mention.end]):
            taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
            kept.append(mention)
    return tuple(sorted(kept, key=lambda each: each.start))


def _terms(text: str, scale: Scale) -> Iterator[Mention]:
    """With what stands before them and without: of "more likely than not" the longer one is kept."""
    for pattern in _vocabulary(scale):
        for match in pattern.finditer(text):
            if _is_meant(bare(match["term"]), text, match):
                yield Mention(match.start(), match.end(), match[0], *_read_term(match, scale))


@lru_cache(maxsize=64)
def _vocabulary(scale: Scale) -> tuple[re.Pattern[str], ...]:
    """The terms of the scale and of every shipped one, with what may stand before them and without, in any case."""
    own = {spelling for term in scale.terms for spelling in term.spellings}
    others = {spelling for each in SCALES.values() for term in each.terms for spelling in term.spellings}
    # "Probably not" is "probably" of the opposite, unless the scale has it as a term of its own.
    known = own | {spelling for spelling in others if not spelling.endswith(" not")}
    listed = "|".join(_spaced(re.escape(spelling)) for spelling in sorted(known, key=len, reverse=True))
    negated = rf"(?:(?P<never>{_spaced(_FAR_FROM)})\s+|(?P<not>{_spaced(_NOT)})(?:\s+at\s+all)?\s+)"
    degree = rf"(?:(?P<degree>{_spaced(_DEGREE)})\s+)"
    wholes = rf"{negated}?{degree}?", rf"{negated}{{0}}{degree}{{0}}"
    return tuple(
        re.compile(rf"{_BEGINS}{before}(?P<term>{listed}){_ENDS}", re.IGNORECASE | re.ASCII) for before in wholes
    )


def _spaced(pattern: str) -> str:
    return pattern.replace("\\ ", " ").replace(" ?", r"\s*").replace(" ", r"\s+")


def _is_meant(word: str, text: str, match: re.Match[str]) -> bool:
    """Whether a word of several meanings stands in the company in which it means likelihood."""
    before, after = _IN_COMPANY.get(word, ("", ""))
    if not before or match["degree"] or match["never"] or match["not"]:
        return True
    around = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
    return bool(re.search(before, around[0], re.IGNORECASE) or re.match(after, around[1], re.IGNORECASE))


def _read_term(match: re.Match[str], scale: Scale) -> tuple[Reading | None, str]:
    said, degree, negated = bare(match["term"]), bare(match["degree"] or ""), match["never"] or match["not"]
    whole = f"{degree} {said}".strip()
    if degree and not scale.term(whole):
        reason = "compares, and gives no number" if degree in COMPARED else f"is no term of {scale.name}"
        return None, reason
    if negated:
        return _opposite(whole, scale) if match["not"] else (None, LEFT_OPEN)
    term = scale.term(whole)
    words = match[0] if degree else match["term"]
    return (reading_of(term, scale, " ".join(words.split())), "") if term else (None, f"is no term of {scale.name}")


def _opposite(said: str, scale: Scale) -> tuple[Reading | None, str]:
    for word in OPPOSITES.get(said, ()):
        if term := scale.term(word):
            return reading_of(term, scale, word), ""
    return None, LEFT_OPEN


_OPEN = re.compile(rf"{_BEGINS}{_spaced(OPEN)}{_ENDS}", re.ASCII)


def _left_open(text: str) -> Iterator[Mention]:
    """In lower case, or the first word of the text: May is a month."""
    for match in _OPEN.finditer(text):
        before, after = _IN_COMPANY.get(match[0], ("", ""))
        around = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
        if not before or re.search(before, around[0]) or re.match(after, around[1]):
            yield Mention(match.start(), match.end(), match[0], None, LEFT_OPEN)


_CUED = re.compile(
    rf"{_BEGINS}(?P<lead>{_spaced(_ONE_SIDED + '(?:an? )?')})(?P<figures>{_spaced(_FIGURES)})"
    rf"(?P<noun>\s+(?:{stated.NOUN}|{stated.SURE}){_ENDS})?(?![\w%-])",
    re.IGNORECASE | re.ASCII,
)
_CERTAIN = re.compile(
    rf"{_BEGINS}(?:(?:an?\s+)?{_spaced(stated.EVEN)}|odds (?:of |are ){stated.COUNT}(?: to |-|:){stated.COUNT}"
    rf"(?: on| against| in favou?r)?){_ENDS}",
    re.IGNORECASE | re.ASCII,
)


def _numbers(text: str, scale: Scale) -> Iterator[Mention]:
    """Numbers that stand for a probability: beside a word such as "chance" or "likely", odds, an even chance."""
    for match in _CERTAIN.finditer(text):
        yield _number(match, scale)
    for match in _CUED.finditer(text):
        before, after = text[max(0, match.start() - _WINDOW) : match.start()], text[match.end() : match.end() + _WINDOW]
        is_cued = _BEFORE.search(before) and _AFTER.match(after)
        if match["noun"] or is_cued or re.search("chances?", match["figures"], re.IGNORECASE):
            yield _number(match, scale)


def _number(match: re.Match[str], scale: Scale) -> Mention:
    try:
        return Mention(match.start(), match.end(), match[0], read(match[0], scale))
    except UnreadableProbability as fault:
        return Mention(match.start(), match.end(), match[0], None, str(fault))
