"""Which scorecards a reader is offered."""

import pytest

from predictions.queries.scorecard_index import IndexLine, scorecard_index
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db


def settled(on, **fields):
    a.forecast(on, **fields)
    a.resolution(on)
    rescore_stale()


def test_each_line_says_how_many_are_scored_of_how_many_foretold(viewer):
    case, by = a.case(), a.forecaster("Ada")
    source = a.source(case, title="Note", publisher="Desk")
    settled(a.prediction(case, theme="war"), by=by, quote=a.quote(source))
    a.forecast(a.prediction(case, theme="war"), by=by)
    annulled = a.prediction(case, theme="peace")
    a.forecast(annulled, by=by)
    a.resolution(annulled, None, annulled="ambiguous")
    index = scorecard_index(viewer)
    assert index.everything == IndexLine("Everything on record", "", 1, 3)
    assert index.forecasters == (IndexLine("Ada", str(by.uuid), 1, 3),)
    assert index.sources == (IndexLine("Desk: Note", str(source.uuid), 1, 1),)
    assert index.themes == (IndexLine("peace", "peace", 0, 1), IndexLine("war", "war", 1, 2))


def test_nothing_of_a_hidden_case_is_offered_or_counted(viewer, people):
    private = a.case(is_private=True, members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    settled(a.prediction(private, theme="secret"), quote=a.quote(a.source(private)))
    a.forecast()
    index = scorecard_index(viewer)
    assert [line.name for line in index.themes] == ["weather"]
    assert (index.everything.predictions, index.sources) == (1, ())
    assert scorecard_index(people["nobody"]).everything.predictions == 0
    assert scorecard_index(a.a_person_with("analyst")).everything.predictions == 2


def test_the_queries_do_not_grow_with_the_lines(viewer, django_assert_num_queries):
    assert viewer.roles
    for _ in range(2):
        source = a.source()
        settled(a.prediction(source.case, theme=source.title), quote=a.quote(source))
        with django_assert_num_queries(13):
            scorecard_index(viewer)


def test_publishers_cases_and_our_consensus_have_cards_too(viewer):
    case = a.case(title="Japan")
    on = a.prediction(case)
    a.forecast(on, quote=a.quote(a.source(case, publisher="Desk")))
    settled(on, quote=a.quote(a.source(case, publisher="")))
    index = scorecard_index(viewer)
    assert index.publishers == (IndexLine("Desk", "Desk", 1, 1),)
    assert index.cases == (IndexLine("Japan", str(case.uuid), 1, 1),)
    assert [line.n for line in index.consensus] == [1, 1, 1]


def test_a_part_of_the_name_finds_what_a_long_list_leaves_out(viewer, monkeypatch):
    monkeypatch.setattr("predictions.queries.scorecard_index.MOST", 2)
    for name in ("Ada", "Ben", "Cleo", "Béla"):
        a.forecast(by=a.forecaster(name))
    index = scorecard_index(viewer)
    assert [line.name for line in index.forecasters] == ["Ada", "Ben"]
    assert index.left_out == {"forecasters": 2, "cases": 2}
    assert [line.name for line in scorecard_index(viewer, "LE").forecasters] == ["Cleo"]


def test_what_is_hidden_while_open_is_offered_to_none_but_those_who_wrote_it_down(viewer):
    a.forecast(a.prediction(a.case(hides_forecasts=True), closes_at=a.on_day(36500)))
    for user, predictions in ((viewer, 0), (a.a_person_with("analyst"), 1), (viewer, 0)):
        assert scorecard_index(user).everything.predictions == predictions
