"""The rules by which sentences are read for claims: one file of data for each language in `data/claims/`.

A file holds patterns (regular expressions over a sentence with straight quotes and single blanks) and the words in
which each is explained. `<<name>>` stands for a fragment of the same file.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

_FRAGMENT = re.compile(r"<<(\w+)>>")


class UnknownLanguage(ValueError):  # noqa: N818 - it names what is wrong
    """A language that no file describes. The message names those there are."""


@dataclass(frozen=True)
class Cue:
    """Words that look forward: what they tell a reader, and how firm a claim they make."""

    name: str
    why: str
    strength: float
    pattern: re.Pattern[str]


@dataclass(frozen=True)
class Mask:
    """Words among which a cue is none, such as "free will"; some stand only where there is no condition."""

    pattern: re.Pattern[str]
    yields_to_condition: bool


@dataclass(frozen=True)
class Rules:
    """Everything known of one language. Of `attributions`, `lead` speaks of what follows, `tail` of all around it."""

    language: str
    splitter: str
    continues: re.Pattern[str]
    first_look: re.Pattern[str]
    furniture: re.Pattern[str]
    question: re.Pattern[str]
    cues: tuple[Cue, ...]
    calls: tuple[Cue, ...]
    conditions: Cue
    times: Cue
    particulars: tuple[Cue, ...]
    masks: tuple[Mask, ...]
    lead: Cue
    tail: Cue
    opens_own: re.Pattern[str]
    closes_reported: re.Pattern[str]
    quotation: re.Pattern[str]


def rules_for(language: str) -> Rules:
    """The rules of "en" or "ja". Raises UnknownLanguage for any other."""
    if language not in RULES:
        known = ", ".join(sorted(RULES))
        raise UnknownLanguage(f"There are no rules for finding claims in “{language[:20]}”. Choose one of: {known}.")
    return RULES[language]


def _rules(path: Path) -> Rules:
    with path.open("rb") as file:
        content: dict[str, Any] = tomllib.load(file)
    fragments: dict[str, str] = content.get("fragments", {})

    def one(patterns: str | Iterable[str], *, any_case: bool = True) -> re.Pattern[str]:
        return _compiled(patterns, fragments, any_case=any_case)

    def cue(name: str, part: Mapping[str, Any]) -> Cue:
        pattern = one(part["patterns"], any_case=not part.get("exact_case", False))
        return Cue(name, part["why"], part.get("strength", 0.0), pattern)

    return Rules(
        language=path.stem,
        splitter=content["splitter"],
        cues=tuple(cue(name, part) for name, part in content["cues"].items()),
        calls=tuple(cue(name, part) for name, part in content["calls"].items()),
        particulars=tuple(cue(name, part) for name, part in content["particulars"].items()),
        masks=tuple(
            Mask(one(part["patterns"], any_case=not part.get("exact_case", False)), part.get("yields", False))
            for part in content["masks"].values()
        ),
        **{name: cue(name, content[name]) for name in ("conditions", "times", "lead", "tail")},
        **{
            name: one(content[name])
            for name in ("furniture", "question", "first_look", "opens_own", "closes_reported", "quotation")
        },
        continues=one(content["continues"], any_case=False),
    )


def _compiled(patterns: str | Iterable[str], fragments: Mapping[str, str], *, any_case: bool) -> re.Pattern[str]:
    each = [patterns] if isinstance(patterns, str) else patterns
    expression = "|".join(f"(?:{_expanded(pattern, fragments)})" for pattern in each)
    return re.compile(expression, re.IGNORECASE if any_case else 0)


def _expanded(pattern: str, fragments: Mapping[str, str]) -> str:
    while _FRAGMENT.search(pattern):
        pattern = _FRAGMENT.sub(lambda found: f"(?:{fragments[found[1]]})", pattern)
    return pattern


RULES: Mapping[str, Rules] = MappingProxyType(
    {path.stem: _rules(path) for path in sorted((Path(__file__).parent / "data" / "claims").glob("*.toml"))}
)
