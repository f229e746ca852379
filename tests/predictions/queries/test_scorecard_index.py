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
        with django_assert_num_queries(4):
            scorecard_index(viewer)
