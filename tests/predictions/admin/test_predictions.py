"""Posing and amending predictions in the admin, their list, and the page that tells all about one."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import LedgerEntry, Prediction, PredictionRevision
from predictions.operations.predictions import amend_prediction
from tests import builders as a

LIST = "/predictions/prediction/"
ADD = f"{LIST}add/"
FAR = a.on_day(36500)


def page(row):
    return f"{LIST}{row.pk}/change/"


def amend(row):
    return f"{LIST}{row.pk}/amend/"


@pytest.fixture
def signed_in(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def wording():
    return {
        "theme": "weather",
        "statement": "It rains.",
        "criteria": "Rain falls.\n\n  It is wet. ×2 \n",
        "opens": "2026-01-01",
        "closes": "2026-06-30",
        "zone": "Asia/Tokyo",
        "outcome_rule": "judged",
    }


def counts():
    return Prediction.objects.count(), PredictionRevision.objects.count(), LedgerEntry.objects.count()


def errors(answer):
    assert answer.status_code == 200, answer.headers
    return answer.context["adminform"].form.errors


def test_posing_a_prediction_writes_one_ledger_entry_and_opens_its_page(signed_in, wording):
    case, entries = a.case(), LedgerEntry.objects.count()
    answer = signed_in.post(ADD, wording | {"case": case.pk})
    row = Prediction.objects.get()
    assert answer.url == page(row)
    assert LedgerEntry.objects.count() == entries + 1
    criteria = row.revision.criteria.values_list("label", "text", "weight")
    assert list(criteria) == [("a", "Rain falls.", 1), ("b", "It is wet.", 2)]


def test_a_close_known_to_the_day_counts_to_the_end_of_that_day_in_its_zone(signed_in, wording):
    signed_in.post(ADD, wording | {"case": a.case().pk})
    revision = PredictionRevision.objects.get()
    assert revision.opens_at == datetime(2025, 12, 31, 15, tzinfo=UTC)
    assert revision.closes_at == datetime(2026, 6, 30, 15, tzinfo=UTC)


def test_a_blank_zone_is_that_of_the_case(signed_in, wording):
    signed_in.post(ADD, wording | {"case": a.case(zone="Asia/Tokyo").pk, "zone": ""})
    assert PredictionRevision.objects.get().zone == "Asia/Tokyo"


def test_a_table_of_outcomes_and_a_limit_are_posed_with_the_rule_and_amended(signed_in, wording):
    told = {"outcome_rule": "table", "outcome_table": "a met, b met: 1\notherwise: 0", "cannot_tell_limit": "0.25"}
    signed_in.post(ADD, wording | told | {"case": a.case().pk})
    row = Prediction.objects.get()
    assert row.revision.outcome_of({"a": "met", "b": "not_met"}) == 0.0
    form = signed_in.get(amend(row)).context["adminform"].form
    assert {name: form[name].value().replace("\r", "") for name in told} == told
    page_shown = signed_in.get(page(row)).content.decode()
    assert "otherwise: 0" in page_shown


def test_the_limit_is_a_half_unless_told_otherwise(signed_in, wording):
    signed_in.post(ADD, wording | {"case": a.case().pk, "cannot_tell_limit": ""})
    assert PredictionRevision.objects.get().cannot_tell_limit == 0.5


REFUSALS = [
    ({"outcome_rule": "table"}, "outcome_table", "Give the table"),
    ({"outcome_table": "a met: 1"}, "outcome_table", "Only the rule"),
    ({"outcome_rule": "table", "outcome_table": "a perhaps: 1"}, "outcome_table", "is no verdict"),
    ({"cannot_tell_limit": "2"}, "cannot_tell_limit", "less than or equal to 1"),
    ({"statement": ""}, "statement", "required"),
    ({"statement": "x" * 501}, "statement", "at most 500"),
    ({"criteria": " \n"}, "criteria", "at least one criterion"),
    ({"criteria": "x" * 501}, "criteria", "Line 1 has more than 500"),
    ({"opens": "soon"}, "opens", "is no time"),
    ({"closes": ""}, "closes", "required"),
    ({"closes": "2025-12-31"}, "closes", "must come after the opening"),
    ({"zone": "Tokyo"}, "zone", "is no time zone"),
    ({"outcome_rule": "mood"}, "outcome_rule", "Select a valid choice"),
    ({"theme": ""}, "theme", "required"),
    ({"case": ""}, "case", "required"),
]


@pytest.mark.parametrize(("entered", "field", "message"), REFUSALS)
def test_a_prediction_that_is_not_whole_is_refused_at_its_field(signed_in, wording, entered, field, message):
    usual = wording | {"case": a.case().pk}
    before = counts()
    assert message in " ".join(errors(signed_in.post(ADD, usual | entered))[field])
    assert counts() == before


def test_a_trigger_of_another_case_is_refused(signed_in, wording):
    entered = wording | {"case": a.case().pk, "trigger": a.trigger().pk}
    assert "another case" in str(errors(signed_in.post(ADD, entered))["trigger"])


def test_before_the_first_forecast_amending_is_an_edit(signed_in, wording):
    row = a.prediction()
    form = signed_in.get(amend(row)).context["adminform"].form
    assert (form["opens"].value(), form["closes"].value()) == ("2026-01-01", "2026-04-10")
    entries = LedgerEntry.objects.count()
    assert signed_in.post(amend(row), wording).url == page(row)
    row.refresh_from_db()
    assert (row.revision.number, row.revision.kind, row.statement) == (2, "edit", "It rains.")
    assert LedgerEntry.objects.count() == entries + 1


@pytest.mark.parametrize(
    ("entered", "field", "message"),
    [
        ({"reason": "Clearer."}, "kind", "clarifies it or changes its substance"),
        ({"kind": "material"}, "reason", "Say why it is amended"),
        ({"kind": "edit", "reason": "Clearer."}, "kind", "Select a valid choice"),
    ],
)
def test_once_a_forecast_stands_an_amendment_says_its_kind_and_reason(signed_in, wording, entered, field, message):
    row, wording = a.prediction(), wording | {"zone": "UTC"}  # a day of Tokyo opens at another hour
    a.forecast(row)
    before = counts()
    answer = signed_in.post(amend(row), wording | entered)
    assert message in " ".join(errors(answer)[field])
    assert message in answer.content.decode()
    assert counts() == before
    signed_in.post(amend(row), wording | {"kind": "clarifying", "reason": "Clearer."})
    row.refresh_from_db()
    assert (row.revision.kind, row.revision.reason) == ("clarifying", "Clearer.")


def test_criteria_keep_their_letters_and_new_ones_get_the_next_free(signed_in, wording):
    row = a.prediction(criteria=["One.", "Two."])
    lines = signed_in.get(amend(row)).context["adminform"].form["criteria"].value()
    assert lines == "(a) One.\n(b) Two."
    signed_in.post(amend(row), wording | {"criteria": "(b) Two.\nThree.\n(1c) Four. ×3\nFive."})
    row.refresh_from_db()
    told = list(row.revision.criteria.values_list("label", "text", "weight"))
    assert told == [("b", "Two.", 1), ("a", "Three.", 1), ("1c", "Four.", 3), ("c", "Five.", 1)]


def test_two_criteria_of_one_letter_are_refused(signed_in, wording):
    entered = wording | {"case": a.case().pk, "criteria": "(a) One.\n(a) Two."}
    assert "same letter" in str(errors(signed_in.post(ADD, entered))["criteria"])


def test_amending_keeps_times_that_were_left_alone_and_the_quotes_of_criteria(signed_in):
    row = a.prediction(opens_at=a.on_day(0.1234567), closes_at=FAR)
    quote = a.quote(a.source(row.case))
    posed = row.revision
    criterion = posed.criteria.get()
    criterion.pk, criterion.quote, criterion._state.adding = None, quote, True
    criterion.uuid = quote.uuid
    posed_again = PredictionRevision(
        prediction=row, statement="As is", opens_at=posed.opens_at, closes_at=posed.closes_at
    )
    amend_prediction(posed_again, [criterion], by=a.a_person_with("analyst"), at=a.NOW)
    row.refresh_from_db()
    initial = signed_in.get(amend(row)).context["adminform"].form.initial
    signed_in.post(amend(row), initial | {"statement": "It pours."})
    row.refresh_from_db()
    assert (row.statement, row.revision.opens_at, row.revision.closes_at) == ("It pours.", posed.opens_at, FAR)
    assert row.revision.criteria.get().quote == quote


def test_a_resolved_prediction_is_no_longer_amended(signed_in, wording):
    row = a.prediction()
    a.resolution(row)
    before = counts()
    answer = signed_in.post(amend(row), wording)
    assert "can no longer be amended" in answer.content.decode()
    assert counts() == before


ROLES = ["viewer", "analyst", "resolver", "adjudicator", "administrator", "nobody"]


@pytest.mark.parametrize("role", ROLES)
def test_only_analysts_pose_and_amend(client, people, wording, role):
    row = a.prediction()
    client.force_login(people[role])
    before = counts()
    refused = {"analyst": 200, "nobody": 302}.get(role, 403)
    assert client.get(ADD).status_code == refused
    assert client.get(amend(row)).status_code == refused
    if role != "analyst":
        assert client.post(ADD, wording | {"case": row.case_id}).status_code == refused
        assert client.post(amend(row), wording).status_code == refused
    assert client.post(page(row), wording).status_code == (302 if role == "nobody" else 405)
    assert counts() == before


def test_hidden_predictions_are_not_there(client, analyst, wording):
    row = a.prediction(a.case(is_private=True))
    client.force_login(analyst)
    for url in (page(row), amend(row), f"{LIST}{row.pk}/history/", f"{LIST}999/change/"):
        assert client.get(url).status_code == 404, url
    assert client.post(amend(row), wording).status_code == 404
    listed = client.get(LIST).content.decode()
    assert row.statement not in listed
    assert row.case.title not in listed


@pytest.mark.parametrize("query", ["", "?status=open", "?q=statement"])
def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, viewer, query):
    client.force_login(viewer)
    a.forecast(a.prediction(closes_at=FAR), "likely")
    client.get(LIST + query)
    with CaptureQueriesContext(connection) as for_one:
        assert client.get(LIST + query).context["cl"].result_count == 1
    for _ in range(2):
        a.forecast(a.prediction(closes_at=FAR), "likely")
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LIST + query).context["cl"].result_count == 3
    assert len(for_three) == len(for_one)


def test_the_list_filters_by_status_and_searches_statement_and_theme(client, viewer):
    running, due = a.prediction(closes_at=FAR, statement="Rain falls"), a.prediction(theme="snow")
    annulled, resolved = a.prediction(statement="Hail"), a.prediction(statement="Fog")
    a.resolution(annulled, None, annulled="ambiguous")
    a.resolution(resolved)
    client.force_login(viewer)

    def found(**query):
        return set(client.get(LIST, query).context["cl"].result_list)

    assert (found(status="open"), found(status="due")) == ({running}, {due})
    assert (found(status="annulled"), found(status="resolved")) == ({annulled}, {resolved})
    assert (found(q="rain"), found(q="snow"), found(theme="snow")) == ({running}, {due}, {due})
    assert found(status="nonsense") == {running, due, annulled, resolved}
