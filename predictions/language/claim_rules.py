"""The rules by which sentences are read for claims: one file of data for each language in `data/claims/`.

A file holds patterns (regular expressions over a sentence with straight quotes and single blanks) and the words in
which each is explained. `<<name>>` stands for a fragment of the same file.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

Spans = Sequence[tuple[int, int]]
Part = Mapping[str, Any]

_FRAGMENT = re.compile(r"<<(\w+)>>")


class UnknownLanguage(ValueError):  # noqa: N818 - it names what is wrong
    """A language that no file describes. The message names those there are."""


@dataclass(frozen=True)
class Sentence:
    """A sentence to be read, as told and in small letters of the same places."""

    told: str
    small: str

    @classmethod
    def of(cls, told: str) -> "Sentence":
        small = told.lower()
        if len(small) != len(told):  # the dotted capital I becomes two
            small = "".join(sign.lower()[0] for sign in told)
        return cls(told, small)


@dataclass(frozen=True)
class Pattern:
    """An expression for one of the two forms of a sentence: small letters are matched five times as fast as any.

    It is looked for only where `given`, which is quick, is found in small letters.
    """

    expression: re.Pattern[str]
    exact_case: bool
    given: re.Pattern[str] | None = None

    def spans(self, sentence: Sentence) -> Spans:
        if self.given and not self.given.search(sentence.small):
            return []
        text = sentence.told if self.exact_case else sentence.small
        return [match.span() for match in self.expression.finditer(text)]

    def stands_in(self, sentence: Sentence) -> bool:
        return self.expression.search(sentence.told if self.exact_case else sentence.small) is not None


@dataclass(frozen=True)
class Cue:
    """Words that look forward: what they tell a reader, and how firm a claim they make."""

    name: str
    why: str
    strength: float
    pattern: Pattern
    is_conditional: bool


@dataclass(frozen=True)
class Mask:
    """Words among which a cue is none, such as "free will".

    `hides` names the cues it concerns (none: all), `unless` what lifts it; one that yields is lifted by a condition or
    by somebody else's words.
    """

    pattern: Pattern
    hides: frozenset[str]
    unless: Pattern | None
    yields: bool

    def spans(self, sentence: Sentence, names: frozenset[str]) -> Spans:
        """Where it stands in a sentence whose cues have these names; nowhere if it concerns none of them."""
        if (self.hides and not self.hides & names) or (self.unless and self.unless.stands_in(sentence)):
            return []
        return self.pattern.spans(sentence)


@dataclass(frozen=True)
class Rules:
    """Everything known of one language."""

    language: str
    splitter: str
    continues: re.Pattern[str]
    furniture: tuple[Pattern, ...]
    question: Pattern
    cues: tuple[Cue, ...]
    calls: tuple[Cue, ...]
    conditions: Cue
    times: Cue
    particulars: tuple[Cue, ...]
    masks: tuple[Mask, ...]
    lead: Cue
    foresight: Cue
    tail: Cue
    opens_own: Pattern
    closes_reported: Pattern
    quotation: Pattern

    @property
    def attributions(self) -> tuple[Cue, ...]:
        """Who else speaks: `lead` of what follows, `tail` of all around it; `foresight` is a claim by itself."""
        return self.tail, self.lead, self.foresight


def rules_for(language: str) -> Rules:
    """The rules of "en" or "ja". Raises UnknownLanguage for any other."""
    if language not in RULES:
        known = ", ".join(sorted(RULES))
        raise UnknownLanguage(f"There are no rules for finding claims in “{language[:20]}”. Choose one of: {known}.")
    return RULES[language]


class _File:
    """A file of rules, read part by part."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self.content: dict[str, Any] = tomllib.load(file)
        self._fragments: dict[str, str] = self.content.get("fragments", {})

    def pattern(self, name: str) -> Pattern:
        return self._compiled({"patterns": self.content[name]})

    def patterns(self, name: str) -> tuple[Pattern, ...]:
        return tuple(self._compiled(part) for part in self.content[name].values())

    def cue(self, name: str) -> Cue:
        return self._cue(name, self.content[name])

    def cues(self, name: str) -> tuple[Cue, ...]:
        return tuple(self._cue(*named) for named in self.content[name].items())

    def masks(self, name: str) -> tuple[Mask, ...]:
        return tuple(map(self._mask, self.content[name].values()))

    def _cue(self, name: str, part: Part) -> Cue:
        is_conditional = part.get("conditional", False)
        return Cue(name, part["why"], part.get("strength", 0.0), self._compiled(part), is_conditional)

    def _mask(self, part: Part) -> Mask:
        unless = self._compiled({"patterns": [part["unless"]]}) if "unless" in part else None
        return Mask(self._compiled(part), frozenset(part.get("hides", ())), unless, part.get("yields", False))

    def _compiled(self, part: Part) -> Pattern:
        """One expression of all `words`, each between two word boundaries, and of all `patterns`, as they stand."""
        words, patterns = ("|".join(f"(?:{each})" for each in part.get(name, ())) for name in ("words", "patterns"))
        # The boundary is looked for once, before all of them: that takes a fifth of the time.
        expression = "|".join(filter(None, (words and rf"\b(?:{words})\b", patterns)))
        given = re.compile(_expanded(part["given"], self._fragments)) if "given" in part else None
        return Pattern(re.compile(_expanded(expression, self._fragments)), part.get("exact_case", False), given)


def _rules(path: Path) -> Rules:
    file = _File(path)
    return Rules(
        language=path.stem,
        splitter=file.content["splitter"],
        continues=re.compile(file.content["continues"]),
        furniture=file.patterns("furniture"),
        question=file.pattern("question"),
        cues=file.cues("cues"),
        calls=file.cues("calls"),
        conditions=file.cue("conditions"),
        times=file.cue("times"),
        particulars=file.cues("particulars"),
        masks=file.masks("masks"),
        lead=file.cue("lead"),
        foresight=file.cue("foresight"),
        tail=file.cue("tail"),
        opens_own=file.pattern("opens_own"),
        closes_reported=file.pattern("closes_reported"),
        quotation=file.pattern("quotation"),
    )


def _expanded(pattern: str, fragments: Mapping[str, str]) -> str:
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda found: f"(?:{fragments[found[1]]})", pattern)
    return pattern


RULES: Mapping[str, Rules] = MappingProxyType(
    {path.stem: _rules(path) for path in sorted((Path(__file__).parent / "data" / "claims").glob("*.toml"))}
)
