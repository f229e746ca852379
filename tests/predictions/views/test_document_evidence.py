"""From a row or a passage of a comparison to evidence, in one form."""

import pytest
from django.urls import reverse

from predictions.models import DocumentComparison, Evidence, LedgerEntry, Quote
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.views.world import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction(people):
    return a.prediction(criteria=["It is named.", "It has a section."], statement="It looms large.")


@pytest.fixture
def texts(prediction):
    return a.two_texts(prediction.case)


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def address(texts, term="economic security", **more):
    reference, revised = texts
    told = {"reference": reference.source.uuid, "revised": revised.source.uuid, "terms": f"{term}\nchina"}
    told |= {"reference_text": reference.sha256, "revised_text": revised.sha256, "term": term} | more
    return f"{reverse('document-evidence')}?" + "&".join(f"{name}={value}" for name, value in told.items())


PASSAGE = {"side": "revised", "start": a.NEW_TEXT.index("Economic")}


def entered(prediction, **fields):
    usual = {"about": f"{prediction.uuid}:b", "stance": "supports", "note": "It is named.", "credibility": "2"}
    return usual | {"reliability": ""} | fields


def test_the_form_shows_the_figures_and_proposes_a_note(desk, prediction, texts):
    answer = desk.get(address(texts))
    page = Page(answer)
    for words in ("4 in 21 words: 190.48 per 1,000", "(b) It has a section."):
        assert words in str(page)
    assert '<optgroup label="It looms large.">' in answer.content.decode()
    note = desk.get(address(texts)).context["form"].initial["note"]
    assert "stands 0 times in “Strategy of 2013”" in note
    assert "Exact words" not in str(page)


def test_a_row_becomes_evidence_with_its_figures(desk, prediction, texts, analyst):
    answer = desk.post(address(texts), entered(prediction))
    row = Evidence.objects.get()
    assert answer.url == reverse("admin:predictions_evidence_change", args=[row.pk])
    assert (row.source, row.criterion.label, row.stance, row.grade) == (texts[1].source, "b", "supports", "B2")
    assert (row.comparison.revised_count, row.recorded_by) == (4, analyst)
    shown = str(Page(desk.get(answer.url)))
    assert "The comparison behind it" in shown
    assert texts[0].sha256 in shown
    assert "4 in 21 words, 190.48 per 1,000" in shown
    listed = str(Page(desk.get(reverse("admin:predictions_prediction_change", args=[prediction.pk]))))
    assert "“economic security”: 0 and 4 times" in listed


def test_a_passage_becomes_a_quote_and_then_evidence(desk, prediction, texts):
    form = desk.get(address(texts, **PASSAGE)).context["form"]
    assert form.initial["exact"] == "Economic security is new."
    desk.post(address(texts, **PASSAGE), entered(prediction, exact=form.initial["exact"]))
    row = Evidence.objects.get()
    assert (row.quote.exact, row.quote.anchors.get().start) == ("Economic security is new.", PASSAGE["start"])


def test_words_that_stand_elsewhere_too_are_quoted_from_the_passage(desk, prediction, texts):
    second = a.NEW_TEXT.index("Economic security\n")
    desk.post(address(texts, **PASSAGE | {"start": second}), entered(prediction, exact="Economic security"))
    assert Quote.objects.get().anchors.get().start == second


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"about": ""}, "about"),
        ({"about": "6f1d9f0e-0000-4000-8000-000000000000"}, "about"),
        ({"stance": ""}, "stance"),
        ({"note": ""}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"note": "a\x00"}, "note"),
        ({"credibility": ""}, "credibility"),
        ({"credibility": "9"}, "credibility"),
        ({"reliability": "Z"}, "reliability"),
        ({"exact": ""}, "exact"),
        ({"exact": "words that never stood there"}, "exact"),
    ],
    ids=str,
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_kept(desk, prediction, texts, fields, at):
    before = LedgerEntry.objects.count()
    answer = desk.post(address(texts, **PASSAGE), entered(prediction, exact="Economic security is new.") | fields)
    assert answer.status_code == 200
    assert list(answer.context["form"].errors) == [at]
    assert LedgerEntry.objects.count() == before


def test_a_passage_of_a_text_that_is_no_longer_the_newest_is_refused(desk, prediction, texts, analyst):
    attach_text(texts[1].source, a.NEW_TEXT + " More.", by=analyst, at=a.on_day(70))
    answer = desk.post(address(texts, **PASSAGE), entered(prediction, exact="Economic security is new."))
    assert "newer text" in str(answer.context["form"].errors["exact"])
    desk.post(address(texts), entered(prediction))
    assert DocumentComparison.objects.get().revised == texts[1]


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"side": "revised", "start": "3"}, 404),
        ({"side": "revised"}, 400),
        ({"start": "3"}, 400),
        ({"side": "middle", "start": "3"}, 400),
        ({"side": "revised", "start": "x"}, 400),
        ({"side": "revised", "start": "٣"}, 400),
        ({"side": "revised", "start": "9" * 5000}, 400),
        ({"term": "--"}, 400),
        ({"term": ""}, 404),
        ({"revised": "nonsense"}, 404),
    ],
)
def test_an_address_that_names_nothing_is_refused(desk, prediction, texts, change, status):
    assert desk.get(address(texts, **change)).status_code == status


def test_only_predictions_of_the_case_are_offered(desk, prediction, texts):
    other = a.prediction(statement="Elsewhere it snows.")
    assert "Elsewhere it snows." not in str(Page(desk.get(address(texts))))
    answer = desk.post(address(texts), entered(other))
    assert list(answer.context["form"].errors) == ["about"]


def test_a_case_without_predictions_says_so(desk):
    assert "has no prediction yet" in str(Page(desk.get(address(a.two_texts()))))


def test_who_may_link_but_not_quote_has_the_row_and_not_the_passage(client, people, prediction, texts):
    client.force_login(people["resolver"])
    assert client.get(address(texts)).status_code == 200
    assert client.get(address(texts, **PASSAGE)).status_code == 403
    client.force_login(people["viewer"])
    assert client.get(address(texts)).status_code == 403
    assert client.post(address(texts), entered(prediction)).status_code == 403


def test_hidden_documents_are_not_found(desk):
    keeper = a.person("keeper", "analyst")
    hidden = a.two_texts(a.case(is_private=True, by=keeper, members=[a.a_person_with("analyst")]))
    assert desk.get(address(hidden)).status_code == 404
    assert desk.post(address(hidden)).status_code == 404
