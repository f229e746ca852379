import re
import tomllib
from pathlib import Path

import pytest

from predictions.language import claim_rules
from predictions.language.claim_rules import RULES, Sentence
from tests.predictions.language.labelled_claims import SETS, labelled, language_of

FILES = sorted((Path(claim_rules.__file__).parent / "data" / "claims").glob("*.toml"))
CAPITAL = re.compile(r"(?<!\\)[A-Z]")


def parts(content, path=()):
    """Every table with patterns, by its path."""
    if "words" in content or "patterns" in content:
        yield path, content
    for name, part in content.items():
        if isinstance(part, dict) and name != "fragments":
            yield from parts(part, (*path, name))


def content(path):
    return tomllib.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_patterns_for_small_letters_hold_no_capital(path):
    rules = content(path)
    for name, part in parts(rules):
        if not part.get("exact_case"):
            for pattern in [*part.get("words", ()), *part.get("patterns", ()), part.get("unless", "")]:
                assert not CAPITAL.search(claim_rules._expanded(pattern, rules.get("fragments", {}))), name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_mask_names_only_cues_there_are(path):
    rules = content(path)
    known = {*rules["cues"], *rules["calls"], "lead", "tail", "foresight", "conditions"}
    for name, mask in rules["masks"].items():
        assert set(mask.get("hides", ())) <= known, name


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_fragment_is_left_unused(path):
    text = path.read_text("utf-8")
    assert [name for name in content(path).get("fragments", {}) if f"<<{name}>>" not in text] == []


@pytest.mark.parametrize("language", sorted(RULES))
def test_no_pattern_matches_nothing(language):
    rules = RULES[language]
    for cue in (*rules.cues, *rules.calls, *rules.particulars, *rules.attributions, rules.conditions, rules.times):
        assert cue.pattern.spans(Sentence.of("")) == [], cue.name


@pytest.mark.parametrize("language", sorted(RULES))
def test_a_pattern_that_waits_for_a_word_never_stands_without_it(language):
    waiting = [cue.pattern for cue in RULES[language].attributions if cue.pattern.given]
    for name in SETS:
        for row in labelled(name) if language_of(name) == language else ():
            sentence = Sentence.of(row.sentence)
            for pattern in waiting:
                text = sentence.told if pattern.exact_case else sentence.small
                assert not pattern.expression.search(text) or pattern.given.search(sentence.small)


@pytest.mark.parametrize("told", ["İstanbul İ may fall", "ẞ STRASSE", "Ǆ", ""])
def test_small_letters_keep_their_places(told):
    sentence = Sentence.of(told)
    assert len(sentence.small) == len(sentence.told) == len(told)
