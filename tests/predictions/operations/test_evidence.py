import pytest

from predictions.models import Evidence
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction():
    return a.prediction()


@pytest.fixture
def source(prediction):
    return a.source(prediction.case, reliability="B")


def test_evidence_has_the_reliability_of_its_source_unless_graded_itself(prediction, source):
    assert a.evidence(prediction, source=source, credibility=2).grade == "B2"
    assert a.evidence(prediction, source=source, reliability="D", credibility=6).grade == "D6"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("stance", {"stance": "maybe"}),
        ("stance", {"stance": ""}),
        ("note", {"note": ""}),
        ("note", {"note": "x" * 2001}),
        ("credibility", {"credibility": 0}),
        ("credibility", {"credibility": 7}),
        ("credibility", {"credibility": None}),
        ("reliability", {"reliability": "G"}),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(prediction, source, field, given):
    with refused(field):
        a.evidence(prediction, source=source, **given)


def test_words_of_another_source_do_not_bear_it_out(prediction, source):
    quote = a.quote(a.source(prediction.case))
    with refused("quote", "another source"):
        a.evidence(prediction, source=source, quote=quote)
    assert a.evidence(prediction, source=quote.source, quote=quote).quote == quote


def test_evidence_may_speak_to_one_criterion(prediction, source):
    criterion = prediction.revision.criteria.get()
    assert a.evidence(prediction, source=source, criterion=criterion).criterion == criterion


def test_a_mistake_is_mended_by_evidence_that_replaces_it(prediction, source):
    first = a.evidence(prediction, source=source)
    with refused("reason"):
        a.evidence(prediction, source=source, supersedes=first)
    second = a.evidence(prediction, source=source, stance="contradicts", supersedes=first, reason="Misread.")
    with refused("supersedes", code="conflict"):
        a.evidence(prediction, source=source, supersedes=first, reason="Misread.")
    assert list(Evidence.objects.standing()) == [second]
