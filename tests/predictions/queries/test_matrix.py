"""The matrix of a case as each reader sees it: whose ratings count, what is hidden, what is left out."""

import pytest

from predictions.queries import matrix
from predictions.queries.matrix import as_json, evidence_matrix
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def zoe():
    return a.person("zoe", "analyst")


@pytest.fixture
def pair():
    """Two predictions of one case, and an item of evidence on the first."""
    one, two = a.prediction(case := a.case(resolvers_asked=2)), a.prediction(case)
    return one, two, a.evidence(one, stance="contradicts")


def seen(case, user, **told):
    return evidence_matrix(case, user=user, **{"is_own": False} | told)


def readings(shown):
    return [[cell.reading for cell in line.cells] for line in shown.lines]


def test_own_ratings_stand_alone_or_among_all(pair, analyst, zoe):
    one, two, item = pair
    a.rating(item, one, "I", by=analyst)
    a.rating(item, two, "NA", by=analyst)
    a.rating(item, one, "II", by=zoe)
    own, everybody = seen(one.case, analyst, is_own=True), seen(one.case, analyst)
    assert (readings(own), readings(everybody)) == ([["I", "N/A"]], [["I or II", "N/A"]])
    assert [cell.is_disputed for cell in everybody.lines[0].cells] == [True, False]
    assert [column.inconsistency for column in everybody.columns] == ["1.5", "0"]
    assert list(everybody.raters) == [analyst, zoe]


def test_the_stance_of_evidence_shows_in_its_own_cell_and_rates_nothing(pair, analyst):
    shown = seen(pair[0].case, analyst)
    assert [cell.stance for cell in shown.lines[0].cells] == ["against", ""]
    assert [column.standing.count for column in shown.columns] == [0, 0]
    assert shown.ranking == []


def test_only_what_stands_counts(pair, analyst):
    one, two, item = pair
    first = a.rating(item, one, "II", by=analyst)
    a.rating(item, one, "C", by=analyst, supersedes=first, reason="Misread.")
    gone = a.rating(item, two, "I", by=analyst)
    a.rating(item, two, "", by=analyst, supersedes=gone, reason="A slip.")
    assert readings(seen(one.case, analyst)) == [["C", ""]]
    a.evidence(one, supersedes=item, reason="Misread.")
    assert readings(seen(one.case, analyst)) == [["", ""]]


@pytest.mark.parametrize(("credibility", "counts"), [(1, 1), (3, 1), (4, 0), (5, 0), (6, 1)])
def test_what_is_unknown_is_not_doubted(pair, analyst, credibility, counts):
    one, *_ = pair
    a.rating(a.evidence(one, credibility=credibility), one, "I", by=analyst)
    column = seen(one.case, analyst).columns[0]
    assert (column.standing.count, column.undoubted.count) == (1, counts)


def test_who_is_asked_to_judge_sees_their_own_ratings_only_until_they_have(pair, analyst):
    one, two, item = pair
    both = a.person("both", "analyst", "resolver")
    own = a.rating(item, one, "C", by=both)
    for prediction in (one, two):
        a.rating(item, prediction, "II", by=analyst)
    a.assigned(one, both)
    blind = seen(one.case, both)
    assert readings(blind) == [["C", "II"]]
    assert [column.label for column in blind.blind] == ["P1"]
    assert own.consistency == "C"
    a.assessment(one, by=both)
    assert readings(seen(one.case, both)) == [["C or II", "II"]]


def test_what_is_hidden_moves_no_figure(pair, analyst):
    one, two, item = pair
    judge = a.person("judge", "resolver")
    a.assigned(one, judge)
    before = as_json(seen(one.case, judge))
    a.rating(item, one, "II", by=analyst)
    assert as_json(seen(one.case, judge)) == before
    a.rating(item, two, "II", by=analyst)
    assert as_json(seen(one.case, judge)) != before


def test_a_private_case_shows_nothing_to_others(analyst):
    case = a.case(is_private=True)
    a.rating(a.evidence(a.prediction(case)))
    shown = seen(case, analyst)
    assert (shown.columns, shown.lines, shown.themes) == ([], [], [])


def test_a_theme_keeps_its_predictions_and_their_evidence(analyst):
    dry, wet = a.prediction(case := a.case(), theme="dry"), a.prediction(case, theme="wet")
    a.evidence(dry)
    item = a.evidence(wet)
    shown = seen(case, analyst, theme="wet")
    assert ([each.prediction for each in shown.columns], [each.evidence for each in shown.lines]) == ([wet], [item])
    assert list(shown.themes) == ["dry", "wet"]


def test_a_large_case_says_that_it_is_cut_short(analyst, monkeypatch):
    monkeypatch.setattr(matrix, "MOST_PREDICTIONS", 2)
    monkeypatch.setattr(matrix, "MOST_EVIDENCE", 1)
    case = a.case()
    a.evidence(a.prediction(case))
    a.prediction(case)
    assert list(seen(case, analyst).has_more) == []
    a.evidence(a.prediction(case))
    shown = seen(case, analyst)
    assert (len(shown.columns), len(shown.lines), len(shown.has_more)) == (2, 1, 2)


def test_unequal_counts_and_hindsight_are_told(pair, analyst):
    one, two, item = pair
    a.rating(item, one, by=analyst)
    assert not seen(one.case, analyst).is_uneven
    a.rating(a.evidence(two), one, by=analyst)
    a.rating(item, two, by=analyst)
    shown = seen(one.case, analyst)
    assert (shown.is_uneven, shown.hindsight_count) == (True, 0)
    a.panel(two, "met", "met")
    assert seen(one.case, analyst).hindsight_count == 0
    late = a.prediction(trigger=a.occurrence(a.trigger(case := a.case())).trigger, in_case=case)
    a.rating(a.evidence(late), by=analyst)
    assert seen(case, analyst).hindsight_count == 1
