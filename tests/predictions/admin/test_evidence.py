"""Linking evidence in the admin: graded, to a prediction or one of its criteria, from a source of the same case."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Evidence, LedgerEntry
from tests import builders as a

LISTED = "/predictions/evidence/"
ADD = f"{LISTED}add/"


@pytest.fixture
def prediction(people):
    return a.prediction(criteria=["It rains.", "It is wet."])


@pytest.fixture
def source(prediction):
    return a.source(prediction.case, reliability="C")


@pytest.fixture
def link(client, analyst, prediction, source):
    """Posts the form and returns the answer; what is not named is left blank."""
    client.force_login(analyst)

    def post(**entered):
        usual = {"stance": "supports", "note": "It was seen.", "source": source.pk, "credibility": 2}
        return client.post(f"{ADD}?prediction={prediction.pk}", usual | entered)

    return post


def counts():
    return Evidence.objects.count(), LedgerEntry.objects.count()


def errors(answer):
    assert answer.status_code == 200, answer.headers
    return answer.context["adminform"].form.errors


def test_linking_evidence_writes_one_row_and_one_ledger_entry(link, prediction):
    entries = LedgerEntry.objects.count()
    criterion = prediction.revision.criteria.get(label="b")
    answer = link(criterion=criterion.pk)
    row = Evidence.objects.get()
    assert (row.grade, row.criterion, row.prediction) == ("C2", criterion, prediction)
    assert LedgerEntry.objects.count() == entries + 1
    assert answer.url == f"/predictions/prediction/{prediction.pk}/change/#evidence"


def test_a_grade_of_its_own_overrides_that_of_the_source(link):
    link(reliability="A")
    assert Evidence.objects.get().grade == "A2"


def test_a_quote_names_its_source(link, prediction):
    quote = a.quote(a.source(prediction.case))
    link(source="", quote=quote.pk)
    assert Evidence.objects.get().source == quote.source


@pytest.mark.parametrize(
    ("entered", "field", "message"),
    [
        ({"note": " "}, "note", "required"),
        ({"note": "x" * 2001}, "note", "at most 2000"),
        ({"stance": "maybe"}, "stance", "Select a valid choice"),
        ({"credibility": "7"}, "credibility", "Select a valid choice"),
        ({"credibility": ""}, "credibility", "required"),
        ({"reliability": "Z"}, "reliability", "Select a valid choice"),
        ({"source": ""}, "source", "Choose the source"),
        ({"supersedes": "999"}, "supersedes", "replaced meanwhile"),
    ],
)
def test_evidence_that_is_not_whole_is_refused_at_its_field(link, entered, field, message):
    before = counts()
    answer = link(**entered)
    assert message in " ".join(errors(answer)[field])
    assert message in answer.content.decode()
    assert counts() == before


def test_what_belongs_elsewhere_is_refused_at_its_field(link, prediction):
    strangers = {
        "criterion": a.prediction(prediction.case).revision.criteria.get().pk,
        "source": a.source().pk,
        "quote": a.quote().pk,
        "supersedes": a.evidence().pk,
    }
    before = counts()
    assert set(errors(link(**strangers))) == set(strangers)
    assert counts() == before


def test_a_quote_from_another_source_of_the_case_is_refused(link, prediction):
    quote = a.quote(a.source(prediction.case))
    assert "another source" in str(errors(link(quote=quote.pk))["quote"])


def test_a_mistake_is_mended_by_a_row_that_replaces_the_first(link, client, prediction):
    link(criterion=prediction.revision.criteria.get(label="a").pk)
    first = Evidence.objects.get()
    offered = client.get(f"{LISTED}{first.pk}/change/").context["replace_url"]
    form = client.get(offered).context["adminform"].form
    assert (form["note"].value(), form["criterion"].value()) == (first.note, first.criterion_id)
    assert "Say why" in str(errors(link(supersedes=first.pk))["reason"])
    link(supersedes=first.pk, reason="Graded too high.", credibility=3)
    assert Evidence.objects.standing().get().grade == "C3"
    again = link(supersedes=first.pk, reason="Once more.")
    assert "replaced meanwhile" in str(errors(again)["supersedes"])
    assert "Graded too high." in client.get(f"{LISTED}{first.pk}/change/").content.decode()


ALLOWED = {"analyst": 200, "resolver": 200, "adjudicator": 200, "viewer": 403, "administrator": 403, "nobody": 302}


@pytest.mark.parametrize(("role", "status"), ALLOWED.items())
def test_analysts_and_judges_link_evidence(client, people, prediction, role, status):
    client.force_login(people[role])
    before = counts()
    assert client.get(f"{ADD}?prediction={prediction.pk}").status_code == status
    assert client.get(ADD).status_code == status
    assert client.post(f"{ADD}?prediction={prediction.pk}", {}).status_code == status
    assert counts() == before


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "administrator"])
def test_linked_evidence_is_read_by_all_and_changed_by_none(client, people, role):
    row = a.evidence(quote=None)
    client.force_login(people[role])
    page = f"{LISTED}{row.pk}/change/"
    assert "source B – usually reliable; item 2 – probably true" in client.get(page).content.decode()
    assert client.post(page, {"note": "x"}).status_code == 403
    assert client.get(f"{LISTED}{row.pk}/delete/").status_code == 403


def test_what_lies_in_a_private_case_is_not_there_for_others(client, analyst):
    row = a.evidence(a.prediction(a.case(is_private=True)))
    client.force_login(analyst)
    assert client.get(f"{ADD}?prediction={row.prediction_id}").status_code == 404
    assert client.get(f"{LISTED}{row.pk}/change/").status_code == 404
    assert row.note not in client.get(LISTED).content.decode()


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, viewer):
    client.force_login(viewer)
    a.evidence()
    client.get(LISTED)
    with CaptureQueriesContext(connection) as for_one:
        client.get(LISTED)
    a.evidence()
    a.evidence()
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LISTED).context["cl"].result_count == 3
    assert len(for_three) == len(for_one)


def test_the_form_takes_as_many_queries_for_three_quotes_as_for_one(client, analyst, prediction):
    client.force_login(analyst)
    url = f"{ADD}?prediction={prediction.pk}"
    a.evidence(prediction, quote=None)
    a.quote(a.source(prediction.case))
    client.get(url)
    with CaptureQueriesContext(connection) as for_one:
        client.get(url)
    for _ in range(2):
        a.quote(a.source(prediction.case))
        a.evidence(prediction)
    with CaptureQueriesContext(connection) as for_three:
        client.get(url)
    assert len(for_three) == len(for_one)


def test_the_list_filters_and_searches(client, viewer):
    for_it, against = a.evidence(note="Clouds gather"), a.evidence(stance="contradicts", credibility=5)
    client.force_login(viewer)

    def found(**query):
        return set(client.get(LISTED, query).context["cl"].result_list)

    assert (found(stance__exact="contradicts"), found(q="clouds")) == ({against}, {for_it})
    assert found(credibility__exact=5) == {against}
