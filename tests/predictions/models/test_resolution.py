"""What a rule makes of the verdicts on the criteria."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.models import Verdict
from predictions.models.verdict import SHARE_MET, outcome_by_rule
from tests import builders as a

SIGNS = {"+": "met", "~": "partly_met", "-": "not_met", "?": "cannot_tell"}
VERDICTS = st.lists(st.tuples(st.sampled_from(Verdict.values), st.integers(1, 9)), min_size=1, max_size=6)

# verdicts (+ met, ~ partly met, - not met, ? cannot tell): outcome by the rules all, any, share
TABLE = {
    "+": (1, 1, 1),
    "~": (0, 0, 0.5),
    "-": (0, 0, 0),
    "?": (None, None, None),
    "++": (1, 1, 1),
    "+~": (0, 1, 0.75),
    "+-": (0, 1, 0.5),
    "+?": (None, 1, None),
    "~~": (0, 0, 0.5),
    "~-": (0, 0, 0.25),
    "~?": (0, None, None),
    "--": (0, 0, 0),
    "-?": (0, None, None),
    "??": (None, None, None),
    "++-": (0, 1, 2 / 3),
    "+-?": (0, 1, None),
}


@pytest.mark.parametrize("signs", TABLE)
def test_each_rule_makes_its_outcome_of_the_verdicts(signs):
    verdicts = [(SIGNS[sign], 1) for sign in signs]
    assert tuple(outcome_by_rule(rule, verdicts) for rule in ("all", "any", "share")) == TABLE[signs]
    assert outcome_by_rule("judged", verdicts) is None


@pytest.mark.parametrize(("weights", "share"), [((1, 1), 0.5), ((3, 1), 0.75), ((1, 3), 0.25), ((2, 5), 2 / 7)])
def test_the_share_is_weighted(weights, share):
    assert outcome_by_rule("share", list(zip(("met", "not_met"), weights, strict=True))) == share


def test_without_verdicts_no_rule_decides():
    assert {outcome_by_rule(rule, []) for rule in ("judged", "all", "any", "share")} == {None}


@given(VERDICTS)
def test_cannot_tell_leaves_open_exactly_what_it_could_change(verdicts):
    unknown = [k for k, (verdict, _) in enumerate(verdicts) if verdict == Verdict.CANNOT_TELL][:4]
    for rule in ("all", "any", "share"):
        readings = set()
        for guess in product(SHARE_MET, repeat=len(unknown)):
            told = dict(zip(unknown, guess, strict=True))
            readings.add(outcome_by_rule(rule, [(told.get(k, v), weight) for k, (v, weight) in enumerate(verdicts)]))
        if None not in readings:
            assert outcome_by_rule(rule, verdicts) == (readings.pop() if len(readings) == 1 else None)


@given(VERDICTS)
def test_an_outcome_lies_between_0_and_1_and_all_never_exceeds_share_nor_share_any(verdicts):
    known = [(verdict, weight) for verdict, weight in verdicts if verdict != Verdict.CANNOT_TELL]
    every, share, some = (outcome_by_rule(rule, known) for rule in ("all", "share", "any"))
    if known:
        assert 0 <= every <= share <= 1
        assert share <= some or some == 0  # partly met counts for a share and meets nothing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "words"),
    [(1.0, "yes"), (0.0, "no"), (0.5, "0.5 of the criteria met"), (2 / 3, "0.67 of the criteria met")],
)
def test_an_outcome_is_told_in_words(outcome, words):
    assert a.resolution(a.prediction(), outcome).in_words() == words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ground", "words"),
    [
        ("ambiguous", "annulled: ambiguous"),
        ("premise_failed", "annulled: its premise failed"),
        ("unverifiable", "annulled: cannot be verified"),
    ],
)
def test_an_annulment_is_told_with_its_ground(ground, words):
    assert a.resolution(a.prediction(), None, annulled=ground).in_words() == words
