"""Assessing in the admin: alone, in an order of one's own; others' verdicts come without names, and not too soon."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from predictions.models import Assessment, LedgerEntry, Resolution
from predictions.operations.resolutions import confirm
from tests import builders as a

LISTED = "/predictions/assessment/"
ADD = f"{LISTED}add/"
ENTERED = {"verdict_a": "met", "verdict_b": "not_met", "outcome": "yes", "confidence": "high", "rationale": "I saw it."}


@pytest.fixture
def prediction(people):
    row = a.prediction(a.case(resolvers_asked=2), criteria=["It rains.", "It is wet."])
    a.assigned(row, people["resolver"], a.person("other", "resolver"))
    return row


@pytest.fixture
def submit(client, resolver, prediction):
    client.force_login(resolver)
    return lambda **entered: client.post(f"{ADD}?prediction={prediction.pk}", ENTERED | entered)


def errors(answer):
    assert answer.status_code == 200, answer.headers
    return answer.context["adminform"].form.errors


def opened(client, row, who, **query):
    client.force_login(who)
    return client.get(ADD, {"prediction": row.pk, **query})


def test_assessing_writes_one_assessment_and_one_ledger_entry(submit, prediction, resolver):
    item, entries = a.evidence(prediction), LedgerEntry.objects.count()
    answer = submit(relied_on=[item.pk])
    assert [str(each) for each in get_messages(answer.wsgi_request)] == ["The assessment is on record."]
    assert answer.url == f"/predictions/prediction/{prediction.pk}/change/#judgement"
    row = Assessment.objects.get()
    assert (row.resolver, row.outcome, row.confidence, row.rationale) == (resolver, 1.0, "high", "I saw it.")
    assert {each.criterion.label: each.verdict for each in row.verdicts.all()} == {"a": "met", "b": "not_met"}
    assert row.relied_on.get().evidence == item
    assert LedgerEntry.objects.count() == entries + 1


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"verdict_b": ""}, "verdict_b"),
        ({"verdict_b": "maybe"}, "verdict_b"),
        ({"outcome": ""}, "outcome"),
        ({"outcome": "share", "share": "some"}, "share"),
        ({"confidence": ""}, "confidence"),
        ({"rationale": " "}, "rationale"),
        ({"relied_on": ["999"]}, "relied_on"),
    ],
)
def test_an_assessment_that_is_not_whole_is_refused_at_its_field(submit, entered, field):
    assert field in errors(submit(**entered))
    assert not Assessment.objects.exists()


def test_the_outcome_is_asked_only_where_no_rule_makes_it(client, resolver):
    row = a.prediction(a.case(resolvers_asked=2), outcome_rule="all")
    a.assigned(row, resolver)
    form = opened(client, row, resolver).context["adminform"].form
    assert {"outcome", "share"}.isdisjoint(form.fields)
    client.post(f"{ADD}?prediction={row.pk}", ENTERED)
    assert Assessment.objects.get().outcome is None


def test_criteria_and_evidence_stand_in_the_resolvers_own_order(client, resolver):
    row = a.prediction(a.case(resolvers_asked=2), criteria=[f"Sign {number}" for number in range(6)])
    for stance in ("supports", "contradicts", "context") * 2:
        a.evidence(row, stance=stance)
    (assignment,) = a.assigned(row, resolver)
    shown = opened(client, row, resolver).context
    criteria = assignment.in_own_order(row.revision.criteria.all())
    evidence = assignment.in_own_order(row.evidence.all())
    form = shown["adminform"].form
    assert [name for name in form.fields if name.startswith("verdict")] == [f"verdict_{c.label}" for c in criteria]
    assert shown["card"].criteria == criteria
    assert [key for key, _ in form.fields["relied_on"].choices] == [item.pk for item in evidence]
    assert shown["evidence"][0].items[0] == evidence[0]


def test_the_form_shows_neither_forecasts_nor_what_others_found(client, prediction, people):
    a.forecast(prediction, "63%", rationale="A hunch.")
    other = prediction.assignments.last().resolver
    a.assessment(prediction, "partly_met", by=other, outcome=0.31, rationale="Half of it came.")
    page = opened(client, prediction, people["resolver"]).content.decode()
    for hidden in ("63%", "A hunch.", "Half of it came.", "0.31", "onsensus"):
        assert hidden not in page


def test_an_assessment_is_replaced_until_as_many_as_needed_have_submitted(submit, client, prediction, resolver):
    submit()
    first = Assessment.objects.get()
    again = opened(client, prediction, resolver)
    assert again.url == f"{ADD}?prediction={prediction.pk}&supersedes={first.pk}"
    form = client.get(again.url).context["adminform"].form
    assert (form["verdict_b"].value(), form["outcome"].value(), form["rationale"].value()) == (
        "not_met",
        "yes",
        "I saw it.",
    )
    submit(outcome="no", supersedes=first.pk, reason="I misread it.")
    assert Assessment.objects.standing().get().outcome == 0.0
    a.assessment(prediction, "met", by=prediction.assignments.last().resolver, at=timezone.now())
    late = opened(client, prediction, resolver, supersedes=Assessment.objects.filter(resolver=resolver).last().pk)
    assert late.url == f"/predictions/prediction/{prediction.pk}/change/#judgement"
    newest = client.get(f"{LISTED}{Assessment.objects.standing().get(resolver=resolver).pk}/change/")
    assert "replace_url" not in newest.context


def test_only_who_is_asked_assesses(client, people, prediction):
    a.person("third", "resolver")
    for who in (*people.values(), Assessment.objects.none()):
        if who and who != people["resolver"]:
            answer = opened(client, prediction, who)
            assert answer.status_code in {302, 403}, who
            assert client.post(f"{ADD}?prediction={prediction.pk}", ENTERED).status_code in {302, 403}
    assert not Assessment.objects.exists()


@pytest.fixture
def judged(people):
    """Two who disagree, a resolver who is asked elsewhere, and a prediction that nobody has decided."""
    row = a.prediction(a.case(resolvers_asked=2))
    return row, *a.panel(row, "met", "not_met")


SEEN = {"viewer": 0, "analyst": 0, "resolver": 0, "adjudicator": 2, "administrator": 2}


@pytest.mark.parametrize(("role", "count"), SEEN.items())
def test_the_list_holds_only_what_its_reader_may_see(client, people, judged, role, count):
    client.force_login(people[role])
    found = client.get(LISTED)
    assert found.context["cl"].result_count == count
    for row in Assessment.objects.all():
        status = 200 if count else 404
        assert client.get(f"{LISTED}{row.pk}/change/").status_code == status
        assert client.get(f"{LISTED}{row.pk}/history/").status_code == status


def test_what_others_found_is_shown_without_their_names(client, judged, adjudicator):
    _, first, second = judged
    client.force_login(adjudicator)
    pages = [LISTED, *(f"{LISTED}{row.pk}/change/" for row in Assessment.objects.all())]
    for page in pages:
        shown = client.get(page).content.decode()
        assert first.username not in shown, page
        assert second.username not in shown, page
        assert "a resolver’s" in shown


def test_the_list_tells_asks_and_sorts_by_no_verdict(client, judged, adjudicator):
    client.force_login(adjudicator)
    shown = client.get(LISTED).content.decode()
    assert "not met" not in shown
    for query in ("verdicts__verdict=met", "outcome=1", "outcome__gt=0", "confidence=moderate", "resolver=1"):
        assert client.get(f"{LISTED}?{query}").status_code == 400, query
    order = [list(client.get(LISTED, {"o": o}).context["cl"].result_list) for o in ("1", "-1", "2", "")]
    assert all(each == order[0] for each in order)


def test_once_decided_everybody_reads_the_verdicts_and_nobody_changes_them(client, people):
    row = a.prediction(a.case(resolvers_asked=2))
    a.panel(row, "met", "met")
    found = Assessment.objects.first()
    confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=people["resolver"], at=a.on_day(120))
    client.force_login(people["viewer"])
    page = client.get(f"{LISTED}{found.pk}/change/")
    assert all(words in page.content.decode() for words in ("<b>met</b>", "moderate", "So it was reported."))
    assert client.post(f"{LISTED}{found.pk}/change/", {"outcome": "0"}).status_code == 403


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, resolver):
    client.force_login(resolver)

    def one():
        row = a.prediction(a.case(resolvers_asked=2))
        a.assigned(row, resolver)
        a.assessment(row, by=resolver, relied_on=[a.evidence(row)])

    one()
    client.get(LISTED)
    with CaptureQueriesContext(connection) as for_one:
        client.get(LISTED)
    one()
    one()
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LISTED).context["cl"].result_count == 3
    assert len(for_three) == len(for_one)
