"""Words and phrases to look for in a text, and where they stand in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from unicodedata import normalize

from predictions.language.folding import Folded, fold
from predictions.language.words import SIGN, SPACED_SIGN, UNSPACED

LONGEST_TERM = 100
MOST_TERMS = 100

_BETWEEN = "(?: |[-–] ?)"
_PARTS = re.compile("[ –-]+")
_IS_SPACED = re.compile(SPACED_SIGN)
_IS_UNSPACED = re.compile(f"[{UNSPACED}]")
_PARAGRAPH_ENDS = re.compile(r"[\n\r\u2029][^\S\n\r]*(?:\n|\r(?!\n))|\u2029")


class UnreadableTerm(ValueError):  # noqa: N818 - it says what the reader must mend
    """A line that names no word to look for."""


@dataclass(frozen=True)
class Term:
    """A word or phrase as it was entered, and what it matches.

    Case and typographic variants do not count; where the term has a blank or a hyphen, the text may have either, a dash
    or a line's end. A word matches whole words only, unless * ends it ("secur*"). Characters of scripts without blanks
    between words match wherever they stand.
    """

    text: str

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST_TERM:
            raise UnreadableTerm(f"“{self.text[:40]}…” has {len(self.text)} characters; at most {LONGEST_TERM} fit.")
        if "\x00" in self.text:
            raise UnreadableTerm("A term cannot hold the character NUL.")
        if not self._parts:
            raise UnreadableTerm(f"“{self.text}” holds no letter or digit to look for.")
        if any("*" in part[:-1] for part in self._parts):
            raise UnreadableTerm(f"“{self.text}”: * may stand only at the end of a word.")

    @cached_property
    def key(self) -> str:
        """The same for terms that match the same."""
        return " ".join(self._parts)

    @cached_property
    def _parts(self) -> list[str]:
        parts = _PARTS.split(normalize("NFC", fold(self.text).casefold()))
        return [part for part in parts if re.search(SIGN, part)]

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        # It begins with the word itself: a look behind would keep the engine from skipping to its first letters.
        first, *more = self._parts
        begins = _part_pattern(first, is_start=bool(_IS_SPACED.match(first)))
        return re.compile(_BETWEEN.join([begins, *map(_part_pattern, more)]))

    def places(self, reading: "Reading") -> Iterator[tuple[int, int]]:
        """Start and end, in code points of the original, of every occurrence, from left to right without overlap."""
        text, at = reading.text, 0
        begins_word = bool(_IS_SPACED.match(self.key))
        while found := self._pattern.search(text, at):
            at = found.end()
            if begins_word and found.start() and _IS_SPACED.match(text, found.start() - 1):
                at = found.start() + 1
            elif reading.is_within_paragraph(*found.span()):
                yield reading.span(*found.span())


class Reading:
    """A text made ready to be searched: folded, without regard to case, and with the way back to the original."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._folded = Folded(original)
        self.text = self._folded.text.casefold()
        # Few letters become two by folding their case; where none did, positions are the same.
        self._origins: list[int] | None = None
        if len(self.text) != len(self._folded.text):
            self._origins = [at for at, sign in enumerate(self._folded.text) for _ in sign.casefold()]

    def span(self, start: int, end: int) -> tuple[int, int]:
        if self._origins is not None:
            start, end = self._origins[start], self._origins[end - 1] + 1
        return self._folded.span(start, end)

    def is_within_paragraph(self, start: int, end: int) -> bool:
        """Whether no blank line parts what is found; the folded text does not tell."""
        if " " not in self.text[start:end]:
            return True
        return not _PARAGRAPH_ENDS.search(self.original, *self.span(start, end))


def read_terms(lines: str) -> list[Term]:
    """The terms of a text with one on each line, each once. Raises UnreadableTerm, ValueError for too many."""
    unique: dict[str, Term] = {}
    for line in lines.splitlines():
        if text := " ".join(line.split()):
            term = Term(text)
            unique.setdefault(term.key, term)
    if len(unique) > MOST_TERMS:
        raise UnreadableTerm(f"{len(unique)} terms are too many for one comparison; at most {MOST_TERMS} fit.")
    return list(unique.values())


def _part_pattern(part: str, *, is_start: bool = False) -> str:
    word = part.removesuffix("*")
    pattern = "".join(map(_either_form, word))
    if _IS_UNSPACED.match(word[-1:]):
        return pattern
    if not part.endswith("*"):
        return f"{pattern}(?!{SPACED_SIGN})"
    # Were it tried within a word too, and given back letter by letter, one long run of letters would take for ever.
    begins = _at_start_of_word(word[0]) + "".join(map(_either_form, word[1:])) if is_start else pattern
    return f"{begins}(?:{SPACED_SIGN})*+"


def _at_start_of_word(sign: str) -> str:
    """A letter that no other goes before; the look behind comes after it, so that the engine skips to the letter."""
    forms = dict.fromkeys((sign, normalize("NFD", sign)))
    told = (f"{re.escape(form)}(?<!{SPACED_SIGN}{re.escape(form)})" for form in forms)
    return f"(?:{'|'.join(told)})" if len(forms) > 1 else next(told)


def _either_form(sign: str) -> str:
    """A letter with its accent in one character or in two."""
    apart = normalize("NFD", sign)
    return re.escape(sign) if apart == sign else f"(?:{re.escape(sign)}|{re.escape(apart)})"
