"""Which sentences of a text foretell something: candidates for a reader, each with the words that gave it away.

Plain rules, no model: the words stand in one file for each language (see `claim_rules`), and nothing here knows any.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from predictions.language.claim_rules import Cue, Rules, rules_for
from predictions.language.folding import Folded
from predictions.language.sentences import Sentence, sentences

Kind = Literal["forecast", "conditional", "reported", "call_to_act"]

LONGEST_SENTENCE = 2_000
"""Characters: what is longer has lost its full stops, and is no sentence to quote."""
FIRMNESS: dict[Kind, float] = {"forecast": 0.0, "conditional": -0.5, "call_to_act": -1.0, "reported": -2.0}
"""What each kind adds to its rank: a reader wants the author's own forecasts before anything else."""


@dataclass(frozen=True)
class Claim:
    """A sentence proposed at text[start:end], in code points, and why. `words` stand as the text has them."""

    start: int
    end: int
    text: str
    kind: Kind
    words: tuple[str, ...]
    reason: str


@dataclass(frozen=True)
class _Found:
    """A match of a cue in a sentence."""

    start: int
    end: int
    cue: Cue

    def lies_within(self, spans: list[tuple[int, int]]) -> bool:
        return any(start <= self.start and self.end <= end for start, end in spans)


def find_claims(text: str, language: str = "en") -> tuple[Claim, ...]:
    """The sentences of `text` that foretell something, firmest and easiest to check first.

    Questions, the plain past and page furniture are left out; what somebody else said and what ought to be done are
    kept, and marked by their kind. Raises UnknownLanguage where no rules are held for `language`.
    """
    rules = rules_for(language)
    found = []
    for sentence in sentences(text, splitter=rules.splitter, continues=rules.continues):
        if sentence.end - sentence.start <= LONGEST_SENTENCE:
            found += _claims(text[sentence.start : sentence.end], sentence, rules)
    found.sort(key=lambda each: (-each[0], each[1].start))
    return tuple(claim for _, claim in found)


def _claims(exact: str, sentence: Sentence, rules: Rules) -> Iterator[tuple[float, Claim]]:
    """The sentence with its weight, if it foretells something."""
    folded = Folded(exact)
    told = folded.text
    if not rules.first_look.search(told) or rules.furniture.search(told) or rules.question.search(told):
        return
    reading = _Reading(told, rules)
    if (kind := reading.kind) is None:
        return
    evidence = reading.evidence(kind)
    words = tuple(" ".join(exact[slice(*folded.span(each.start, each.end))].split()) for each in evidence)
    reason = "; ".join(_reasons(evidence, words))
    weight = reading.weight(evidence) + FIRMNESS[kind]
    yield weight, Claim(sentence.start, sentence.end, exact, kind, words, reason)


class _Reading:
    """One folded sentence read by the rules of its language."""

    def __init__(self, told: str, rules: Rules) -> None:
        self._conditions = _matches(rules.conditions, told)
        masks = [mask for mask in rules.masks if not (mask.yields_to_condition and self._conditions)]
        hidden = [match.span() for mask in masks for match in mask.pattern.finditer(told)]
        forward = [each for cue in rules.cues for each in _matches(cue, told) if not each.lies_within(hidden)]
        self._calls = [each for cue in rules.calls for each in _matches(cue, told) if not each.lies_within(hidden)]
        self._attributions = _matches(rules.tail, told) + _matches(rules.lead, told)
        reported = _reported(told, self._attributions, rules)
        self._own = [each for each in forward if not each.lies_within(reported)]
        self._others = [each for each in forward if each.lies_within(reported)]
        self._around = [each for cue in (rules.times, *rules.particulars) for each in _matches(cue, told)]

    @property
    def kind(self) -> Kind | None:
        if self._own and not self._is_call:
            return "conditional" if self._conditions else "forecast"
        if self._calls:
            return "call_to_act"
        return "reported" if self._others else None

    @property
    def _is_call(self) -> bool:
        """A demand that comes before a mere possibility: "we should invest, which could help"."""
        firmest = max(each.cue.strength for each in self._own)
        return any(each.cue.strength > firmest and each.start < self._own[0].start for each in self._calls)

    def evidence(self, kind: Kind) -> list[_Found]:
        """What speaks for `kind`, firmest first and once each, then the times and figures around it."""
        by_kind = {
            "forecast": self._own,
            "conditional": self._own + self._conditions,
            "reported": self._others + self._attributions,
            "call_to_act": self._calls,
        }
        return _apart(by_kind[kind] + self._around)

    def weight(self, evidence: list[_Found]) -> float:
        """The firmest cue counts in full, each other kind of cue a little: a sentence is not better for being long."""
        strengths = {each.cue.name: each.cue.strength for each in evidence}
        firmest = max(strengths.values(), default=0.0)
        return firmest + sum(strengths.values()) / 4


def _matches(cue: Cue, told: str) -> list[_Found]:
    return [_Found(*match.span(), cue) for match in cue.pattern.finditer(told) if match.end() > match.start()]


def _apart(found: list[_Found]) -> list[_Found]:
    """Those found that overlap none before them."""
    kept: list[_Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return kept


def _reported(told: str, attributions: list[_Found], rules: Rules) -> list[tuple[int, int]]:
    """Where somebody else speaks: from where the author's own clause ended to where the next begins."""
    spans = []
    for each in attributions:
        if each.cue is rules.tail:
            spans.append((0, len(told)))
            continue
        openings = [match.end() for match in rules.opens_own.finditer(told, 0, each.start)]
        closing = rules.closes_reported.search(told, each.end)
        spans.append((openings[-1] if openings else 0, closing.start() if closing else len(told)))
    return spans + [match.span() for match in rules.quotation.finditer(told) if attributions or match[0] == told]


def _reasons(evidence: list[_Found], words: tuple[str, ...]) -> Iterator[str]:
    """Each kind of cue once, in words, with what it was found in."""
    whys = dict.fromkeys(each.cue.why for each in evidence)
    for why in whys:
        found = [f"“{word}”" for each, word in zip(evidence, words, strict=True) if each.cue.why == why]
        yield f"{why} ({', '.join(dict.fromkeys(found))})"
