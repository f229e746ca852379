"""Agreement between resolvers: what other packages find too, undefined where nothing varies, and nothing too early."""

import krippendorff
import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from sklearn.metrics import cohen_kappa_score

from predictions.models import Resolution
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.resolutions import adjudicate, confirm
from predictions.queries.agreement import agreement, agreement_of, as_json
from predictions.queries.agreement_words import reading
from predictions.scoring.agreement import Agreement as Measure
from tests import builders as a

pytestmark = pytest.mark.django_db

ORDER = {"not_met": 0.0, "partly_met": 1.0, "met": 2.0, "cannot_tell": np.nan}
VERDICTS = {"m": "met", "p": "partly_met", "n": "not_met", "?": "cannot_tell"}


def judged(*found, by, case=None):
    """A prediction with a criterion for each letter, on which each of `by` found what one of `found` spells."""
    case = case or a.case(resolvers_asked=len(found))
    texts = [f"Criterion {number}." for number, _ in enumerate(found[0])]
    on = a.prediction(case, criteria=texts, closes_at=a.on_day(50))
    a.assigned(on, *by)
    for who, told in zip(by, found, strict=True):
        verdicts = dict(zip("abcdefgh", (VERDICTS[each] for each in told), strict=False))
        a.assessment(on, verdicts, by=who, outcome=1.0)
    on.refresh_from_db()
    return on


def adjudicated(on, by):
    labels = [criterion.label for criterion in on.revision.criteria.all()]
    row = Resolution(prediction=on, outcome=1.0, known_at=a.on_day(50))
    row.rationale = "The record says so."
    return adjudicate(row, verdicts=dict.fromkeys(labels, "met"), by=by, at=a.NOW)


def confirmed(on, by):
    return confirm(Resolution(prediction=on, known_at=a.on_day(50)), by=by, at=a.NOW)


@pytest.fixture
def panel(people):
    return [a.person(f"judge-{number}", "resolver") for number in range(3)]


def ratings(*found):
    return np.array([[ORDER[VERDICTS[each]] for each in told] for told in found])


def test_figures_are_those_of_other_packages(administrator, panel):
    first, second, third = ("mmpnmn", "mppnnn", "mmpnm?"), ("nm", "nm", "pm"), ("mnp", "mpp", "mnm")
    for found in (first, second, third):
        judged(*found, by=panel)
    whole = ratings(*("".join(told) for told in zip(first, second, third, strict=True)))
    found = agreement(administrator).figures
    theirs = krippendorff.alpha(reliability_data=whole, level_of_measurement="ordinal")
    assert found.alpha.value == pytest.approx(theirs, abs=1e-10)
    assert found.alpha.low < theirs < found.alpha.high
    kappas = []
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both = np.isfinite(whole[one]) & np.isfinite(whole[other])
        kappas.append(cohen_kappa_score(whole[one][both], whole[other][both]))
    assert sorted(pair.kappa.value for pair in found.pairs) == pytest.approx(sorted(kappas))
    assert sorted(pair.n for pair in found.pairs) == [10, 10, 11]
    assert (found.predictions, found.criteria, found.n, found.overlap, found.resolvers) == (3, 11, 11, 11, 3)
    assert (found.verdicts, found.cannot_tell, found.differed) == (33, 1, 5)


def test_cannot_tell_is_a_missing_rating_and_is_told_beside(administrator, panel):
    judged("mm?n", "mn??", by=panel[:2])
    found = agreement(administrator)
    assert (found.figures.n, found.figures.overlap, found.figures.cannot_tell) == (2, 4, 3)
    assert found.figures.percent.value == 0.5
    assert found.figures.percent_of_all.value == 0.5
    assert "the last (three of eight verdicts) is taken for a missing rating" in found.methods[0]


@pytest.mark.parametrize(
    ("found", "percent", "why"),
    [
        (("mmm", "mmm"), 1.0, "nothing varies"),
        (("m?", "?m"), None, "no criterion has two verdicts"),
        (("??", "??"), None, "no criterion has two verdicts"),
    ],
)
def test_where_nothing_varies_agreement_is_undefined_never_0_or_1(administrator, panel, found, percent, why):
    on = judged(*found, by=panel[:2])
    figures = agreement_of(on, administrator).figures
    assert figures.alpha is figures.ac1 is None or percent is None
    assert figures.alpha is None
    assert all(pair.kappa is None for pair in figures.pairs)
    assert (figures.percent and figures.percent.value) == percent
    assert f"is undefined: {why}" in agreement_of(on, administrator).methods[1]


def test_the_methods_text_tells_numbers_with_their_convention_and_n(administrator, adjudicator, panel):
    case = a.case(resolvers_asked=2)
    on = judged("mmpn", "mnpn", by=panel[:2], case=case)
    judged("mm", "mm", by=panel[:2], case=case)
    adjudicated(on, adjudicator)
    design, findings, decided = agreement(administrator, case).methods
    assert design.startswith("Two resolvers judged six criteria of two predictions. Each judged alone")
    assert "Overlap: six of six criteria (100.0%) were judged by at least two resolvers." in design
    assert "agreed on 83.3% (n\xa0=\xa06 criteria; mean over criteria" in findings
    assert "alpha (ordinal: not met < partly met < met; 1 is perfect, 0 as by chance) = 0." in findings
    assert "(n\xa0=\xa06 criteria, two resolvers; percentile bootstrap, 2,000 resamples of whole criteria)" in findings
    assert "Cohen’s kappa (unweighted), for each pair of resolvers: A and B 0." in findings
    assert "Landis and Koch" in findings
    assert "one of two predictions (four of six criteria), each by somebody who had neither judged nor" in decided
    assert "Not decided yet: one." in decided


@pytest.mark.parametrize(
    ("alpha", "words"),
    [
        (Measure(0.8, 9, low=0.8, high=0.9), "at .800 or above, and so does its whole interval"),
        (Measure(0.8, 9, low=0.5, high=0.9), "at .800 or above; its interval reaches beyond"),
        (Measure(0.7999, 9, low=0.7, high=0.75), "from .667 up to .800, and"),
        (Measure(0.6, 3), "below .667; how uncertain it is, so few criteria do not tell"),
    ],
)
def test_alpha_is_read_with_its_interval(alpha, words):
    assert words in reading(alpha)


def test_until_all_who_were_asked_have_submitted_nobody_is_told_agreement(people, panel):
    on = a.prediction(a.case(resolvers_asked=3))
    a.assigned(on, *panel)
    for who in panel[:2]:
        a.assessment(on, by=who)
    for user in (*people.values(), *panel):
        assert agreement_of(on, user) is None
        assert agreement(user).figures is None
        assert agreement(user).cases == agreement(user).methods == ()


def test_before_the_decision_agreement_is_for_the_panel_administrators_and_who_must_decide(people, panel):
    alike, unlike = judged("m", "m", by=panel[:2]), judged("m", "n", by=panel[:2])
    told = {name: {on for on in (alike, unlike) if agreement_of(on, user)} for name, user in people.items()}
    assert told["administrator"] == {alike, unlike}
    assert told["adjudicator"] == {unlike}
    assert told["viewer"] == told["analyst"] == told["resolver"] == told["nobody"] == set()
    assert all(agreement_of(on, panel[0]) and not agreement_of(on, panel[2]) for on in (alike, unlike))
    adjudicated(unlike, people["adjudicator"])
    confirmed(alike, people["resolver"])
    assert {each.uuid for each in agreement(people["viewer"]).predictions} == {alike.uuid, unlike.uuid}
    assert agreement_of(unlike, people["nobody"]) is None


def test_verdicts_of_who_is_asked_no_longer_or_of_a_private_case_do_not_count(people, panel):
    on = judged("m", "n", by=panel[:2], case=a.case(resolvers_asked=3))
    withdraw_assignment(on.assignments.get(resolver=panel[0]), reason="Ill.", by=people["administrator"], at=a.NOW)
    a.assigned(on, panel[2], a.person("judge-4", "resolver"))
    for assignment in on.assignments.unanswered():
        a.assessment(on, "not_met", by=assignment.resolver)
    secret = a.case(is_private=True, resolvers_asked=2, members=panel)
    judged("m", "n", by=panel[:2], case=secret)
    found = agreement(people["administrator"])
    assert (found.figures.resolvers, found.figures.differed, len(found.cases)) == (3, 0, 1)


def test_resolvers_keep_their_letters_and_are_named_nowhere(administrator, panel):
    for found in (("mn", "mm"), ("nn", "nm")):
        judged(*found, by=panel[:2])
    judged("mn", "mm", by=panel[1:])
    told = agreement(administrator)
    assert told.figures.pairs == agreement(administrator).figures.pairs
    assert {pair.first for pair in told.figures.pairs} <= {"A", "B"}
    of_first_two = {(pair.first, pair.second) for line in told.predictions[1:] for pair in line.figures.pairs}
    assert len(of_first_two) == 1
    assert not any(who.username in str(as_json(told)) for who in panel)


def test_one_resolver_alone_is_no_agreement(administrator, panel):
    on = judged("mn", by=panel[:1])
    found = agreement_of(on, administrator)
    assert (found.figures.n, found.figures.percent, found.figures.pairs) == (0, None, ())
    assert "before any discussion" not in found.methods[0]


def test_the_queries_do_not_grow_with_the_predictions(administrator, adjudicator, panel):
    adjudicated(judged("mn", "nn", by=panel[:2]), adjudicator)
    with CaptureQueriesContext(connection) as one:
        agreement(administrator)
    for _ in range(2):
        adjudicated(judged("mn", "nn", by=panel[:2]), adjudicator)
    with CaptureQueriesContext(connection) as three:
        assert len(agreement(administrator).predictions) == 3
    assert len(three) <= len(one) == 5  # one of them asks for the reader's roles, once
