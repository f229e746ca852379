"""Which sentences of a text foretell something: candidates for a reader, each with the words that gave it away.

Plain rules, no model: the words stand in one file for each language (see `claim_rules`), and nothing here knows any.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal, NamedTuple

from predictions.language.claim_rules import Cue, Rules, Sentence, Spans, rules_for
from predictions.language.folding import Folded
from predictions.language.sentences import sentence_spans

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


class _Found(NamedTuple):
    """A match of a cue in a sentence."""

    start: int
    end: int
    cue: Cue

    def lies_within(self, spans: Spans) -> bool:
        return any(start <= self.start and self.end <= end for start, end in spans)


def find_claims(text: str, language: str = "en") -> tuple[Claim, ...]:
    """The sentences of `text` that foretell something, firmest and easiest to check first, else in the text's order.

    Questions, the plain past and page furniture are left out; what somebody else said and what ought to be done are
    kept, and marked by their kind. Raises UnknownLanguage where no rules are held for `language`.
    """
    rules = rules_for(language)
    found: list[tuple[float, Claim]] = []
    for start, end in sentence_spans(text, splitter=rules.splitter, continues=rules.continues):
        if end - start <= LONGEST_SENTENCE:
            found += _claims(text[start:end], start, rules)
    found.sort(key=lambda each: (-each[0], each[1].start))
    return tuple(claim for _, claim in found)


def _claims(exact: str, start: int, rules: Rules) -> Iterator[tuple[float, Claim]]:
    """The sentence with its weight, if it foretells something."""
    folded = Folded(exact)
    sentence = Sentence.of(folded.text)
    reading = _Reading(sentence, rules)
    kind = reading.kind
    if kind is None or any(each.stands_in(sentence) for each in (*rules.furniture, rules.question)):
        return
    evidence = reading.evidence(kind)
    words = tuple(" ".join(exact[slice(*folded.span(each.start, each.end))].split()) for each in evidence)
    reason = "; ".join(_reasons(evidence, words))
    yield _weight(evidence) + FIRMNESS[kind], Claim(start, start + len(exact), exact, kind, words, reason)


class _Reading:
    """One sentence read by the rules of its language: what it says itself, and what others say in it."""

    def __init__(self, sentence: Sentence, rules: Rules) -> None:
        self._rules, self._sentence = rules, sentence
        self._own: list[_Found] = []
        self._others: list[_Found] = []
        self._conditions: list[_Found] = []
        forward, self._calls, foresight = map(self._matches, (rules.cues, rules.calls, (rules.foresight,)))
        if forward or self._calls or foresight:
            self._weigh_up(forward, foresight + self._matches((rules.lead, rules.tail)))

    @property
    def kind(self) -> Kind | None:
        if self._own and not self._is_call:
            supposes = all(each.cue.is_conditional for each in self._own)
            return "conditional" if self._conditions or supposes else "forecast"
        if self._calls:
            return "call_to_act"
        return "reported" if self._others else None

    def evidence(self, kind: Kind) -> list[_Found]:
        """What speaks for `kind`, firmest first and once each, then the times and figures around it."""
        by_kind: dict[Kind, list[_Found]] = {
            "forecast": self._own,
            "conditional": self._own + self._conditions,
            "reported": self._others,
            "call_to_act": self._calls,
        }
        return _apart(by_kind[kind] + self._matches((self._rules.times, *self._rules.particulars)))

    @property
    def _is_call(self) -> bool:
        """A demand that comes before a mere possibility: "we should invest, which could help"."""
        firmest = max(each.cue.strength for each in self._own)
        return any(each.cue.strength > firmest and each.start < self._own[0].start for each in self._calls)

    def _matches(self, cues: Iterable[Cue]) -> list[_Found]:
        return [_Found(*span, cue) for cue in cues for span in cue.pattern.spans(self._sentence)]

    def _weigh_up(self, forward: list[_Found], attributions: list[_Found]) -> None:
        """Take away what the masks hide, then part what the text says itself from what others say in it."""
        rules, sentence = self._rules, self._sentence
        found = forward, self._calls, attributions, self._matches((rules.conditions,))
        forward, self._calls, attributions, self._conditions = self._unmasked(*found, yielding=False)
        if not (self._conditions or attributions):
            forward, self._calls = self._unmasked(forward, self._calls, yielding=True)
        reported = _reported(sentence, attributions, rules)
        for each in forward:
            (self._others if each.lies_within(reported) else self._own).append(each)
        self._others += [each for each in attributions if self._others or each.cue is rules.foresight]

    def _unmasked(self, *found: list[_Found], yielding: bool) -> list[list[_Found]]:
        """What is left of each list where the masks that yield, or those that do not, have taken theirs away."""
        names = frozenset(each.cue.name for each in chain(*found))
        hidden: dict[str, list[tuple[int, int]]] = {name: [] for name in names}
        for mask in self._rules.masks:
            if mask.yields is yielding and (spans := mask.spans(self._sentence, names)):
                for name in mask.hides & names or names:
                    hidden[name] += spans
        return [[each for each in some if not each.lies_within(hidden[each.cue.name])] for some in found]


def _reported(sentence: Sentence, attributions: Iterable[_Found], rules: Rules) -> Spans:
    """Where somebody else speaks: from where the author's own clause ended to where the next begins."""
    spans = list(rules.quotation.spans(sentence))
    openings, closings = rules.opens_own.spans(sentence), rules.closes_reported.spans(sentence)
    whole = len(sentence.told)
    for each in attributions:
        if each.cue is rules.tail:
            return [(0, whole)]
        begins = max((end for _, end in openings if end <= each.start), default=0)
        ends = min((start for start, _ in closings if start >= each.end), default=whole)
        spans.append((begins, ends))
    return spans


def _apart(found: Iterable[_Found]) -> list[_Found]:
    """Those found that overlap none before them."""
    kept: list[_Found] = []
    for each in found:
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return kept


def _weight(evidence: Iterable[_Found]) -> float:
    """The firmest cue counts in full, every kind of cue a quarter: a sentence is not better for being long."""
    strengths = {each.cue.name: each.cue.strength for each in evidence}
    return max(strengths.values(), default=0.0) + sum(strengths.values()) / 4


def _reasons(evidence: Iterable[_Found], words: Iterable[str]) -> Iterator[str]:
    """Each kind of cue once, in words, with what it was found in."""
    pairs = list(zip(evidence, words, strict=True))
    for why in dict.fromkeys(each.cue.why for each, _ in pairs):
        found = dict.fromkeys(f"“{word}”" for each, word in pairs if each.cue.why == why)
        yield f"{why} ({', '.join(found)})"
