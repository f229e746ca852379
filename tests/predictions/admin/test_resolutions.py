"""Resolving in the admin: verdicts, outcome, since when it could be known; a second decision replaces the first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import LedgerEntry, Resolution
from tests import builders as a

LISTED = "/predictions/resolution/"
ADD = f"{LISTED}add/"


@pytest.fixture
def prediction(people):
    trigger = a.trigger(zone="UTC")
    row = a.prediction(trigger.case, trigger=trigger, criteria=["It rains.", "It is wet."])
    a.occurrence(trigger, a.on_day(50), occurred_precision="day", occurred_until=a.on_day(51))
    return row


@pytest.fixture
def settle(client, resolver, prediction):
    """Posts the form and returns the answer; what is not named is as for a plain yes."""
    client.force_login(resolver)

    def post(**entered):
        usual = {"verdict_a": "met", "verdict_b": "partly_met", "outcome": "yes", "known": "2026-02-20"}
        return client.post(f"{ADD}?prediction={prediction.pk}", usual | entered)

    return post


def counts():
    return Resolution.objects.count(), LedgerEntry.objects.count()


def errors(answer):
    assert answer.status_code == 200, answer.headers
    return answer.context["adminform"].form.errors


def test_resolving_writes_one_resolution_and_one_ledger_entry(settle, prediction):
    item, entries = a.evidence(prediction), LedgerEntry.objects.count()
    answer = settle(relied_on=[item.pk], rationale="Seen by all.")
    row = Resolution.objects.get()
    assert (row.outcome, row.annulled, row.known_precision, row.known_at) == (1.0, "", "day", a.on_day(50))
    assert (row.rationale, row.resolved_by.username) == ("Seen by all.", "resolver")
    assert [(v.criterion.label, v.verdict) for v in row.verdicts.all()] == [("a", "met"), ("b", "partly_met")]
    assert row.relied_on.get().evidence == item
    assert LedgerEntry.objects.count() == entries + 1
    assert answer.url == f"/predictions/prediction/{prediction.pk}/change/#resolution"


def test_the_outcome_is_taken_to_be_known_since_the_trigger_occurred(client, resolver, prediction):
    client.force_login(resolver)
    form = client.get(f"{ADD}?prediction={prediction.pk}").context["adminform"].form
    assert form["known"].value() == "2026-02-20"


def test_the_day_of_a_trigger_in_another_zone_is_not_guessed(client, resolver):
    trigger = a.trigger(zone="Asia/Tokyo")
    row = a.prediction(trigger.case, trigger=trigger)
    a.occurrence(trigger, occurred_precision="day", occurred_until=a.on_day(51))
    client.force_login(resolver)
    assert client.get(f"{ADD}?prediction={row.pk}").context["adminform"].form["known"].value() == ""


@pytest.mark.parametrize(
    ("entered", "outcome", "annulled"),
    [
        ({"outcome": "no"}, 0.0, ""),
        ({"outcome": "share", "share": "2 in 3"}, 0.666667, ""),
        ({"outcome": "share", "share": "75%"}, 0.75, ""),
        ({"outcome": "ambiguous", "verdict_a": "", "verdict_b": "cannot_tell"}, None, "ambiguous"),
    ],
)
def test_outcomes_are_yes_no_a_share_or_annulled(settle, entered, outcome, annulled):
    settle(**entered)
    row = Resolution.objects.get()
    assert (row.outcome, row.annulled) == (outcome, annulled)


def test_a_rule_makes_the_outcome_of_the_verdicts(client, resolver):
    row = a.prediction(criteria=["It rains.", "It is wet."], outcome_rule="share")
    client.force_login(resolver)
    entered = {"verdict_a": "met", "verdict_b": "not_met", "known": "2026-02-20"}
    contradicted = client.post(f"{ADD}?prediction={row.pk}", entered | {"outcome": "yes"})
    assert "make the outcome 0.5" in str(errors(contradicted)["outcome"])
    client.post(f"{ADD}?prediction={row.pk}", entered | {"outcome": "by_rule"})
    assert Resolution.objects.get().outcome == 0.5


@pytest.mark.parametrize(
    ("entered", "field", "message"),
    [
        ({"outcome": ""}, "outcome", "required"),
        ({"outcome": "by_rule"}, "outcome", "Select a valid choice"),
        ({"verdict_b": ""}, "verdict_b", "Judge criterion (b)"),
        ({"verdict_a": "maybe"}, "verdict_a", "Select a valid choice"),
        ({"outcome": "share", "share": ""}, "share", "Enter the share"),
        ({"outcome": "share", "share": "٠٫٧"}, "share", "Enter the share"),
        ({"known": ""}, "known", "required"),
        ({"known": "2100-01-01"}, "known", "That lies in the future"),
        ({"known": "lately"}, "known", "is no time"),
        ({"relied_on": ["999"]}, "relied_on", "not one of the available choices"),
    ],
)
def test_a_decision_that_is_not_whole_is_refused_at_its_field(settle, entered, field, message):
    before = counts()
    answer = settle(**entered)
    assert message in " ".join(errors(answer)[field])
    assert message in answer.content.decode()
    assert counts() == before


def test_evidence_on_another_prediction_cannot_be_relied_on(settle):
    assert "relied_on" in errors(settle(relied_on=[a.evidence().pk]))


def test_a_second_resolution_is_refused_unless_it_replaces_the_first(settle, client, prediction, adjudicator):
    settle()
    before = counts()
    answer = settle(outcome="no")
    assert "This prediction is already resolved" in answer.content.decode()
    assert counts() == before
    first = Resolution.objects.get()
    settle(outcome="no", supersedes=first.pk, reason="I changed my mind.")
    assert counts() == before
    client.force_login(adjudicator)
    form = client.get(f"{ADD}?prediction={prediction.pk}&supersedes={first.pk}").context["adminform"].form
    held = {name: form[name].value() for name in ("verdict_b", "outcome", "known", "supersedes")}
    assert held == {"verdict_b": "partly_met", "outcome": "yes", "known": "2026-02-20", "supersedes": str(first.pk)}
    unnamed = client.get(f"{ADD}?prediction={prediction.pk}").context["adminform"].form
    assert unnamed["supersedes"].value() == first.pk
    assert "Say why" in str(errors(settle(outcome="no", supersedes=first.pk))["reason"])
    settle(outcome="no", supersedes=first.pk, reason="It was drizzle.")
    prediction.refresh_from_db()
    assert (prediction.resolution.outcome, prediction.resolution.supersedes) == (0.0, first)
    assert "It was drizzle." in client.get(f"{LISTED}{first.pk}/change/").content.decode()


def test_a_resolver_who_opens_a_resolved_prediction_is_told_so(settle, client, prediction):
    settle()
    answer = client.get(f"{ADD}?prediction={prediction.pk}", follow=True)
    assert answer.redirect_chain == [(f"/predictions/prediction/{prediction.pk}/change/#resolution", 302)]
    assert "already resolved" in answer.content.decode()


def test_nobody_resolves_what_they_forecast_themselves(client, resolver, prediction):
    a.forecast(prediction, by=a.forecaster("Rita"))
    own = a.forecaster("Rob")
    a.forecast(prediction, by=own)
    own.account = resolver
    own.save()
    client.force_login(resolver)
    assert client.get(f"{ADD}?prediction={prediction.pk}").status_code == 403


ALLOWED = {"resolver": 200, "adjudicator": 200, "analyst": 403, "viewer": 403, "administrator": 403, "nobody": 302}


@pytest.mark.parametrize(("role", "status"), ALLOWED.items())
def test_only_judges_resolve(client, people, prediction, role, status):
    client.force_login(people[role])
    before = counts()
    assert client.get(f"{ADD}?prediction={prediction.pk}").status_code == status
    assert client.get(ADD).status_code == status
    assert client.post(f"{ADD}?prediction={prediction.pk}", {}).status_code == status
    assert counts() == before


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "administrator"])
def test_a_resolution_is_read_by_all_and_changed_by_none(client, people, role, prediction):
    row = a.resolution(prediction, relied_on=[a.evidence(prediction)], rationale="Seen by all.")
    client.force_login(people[role])
    answer = client.get(f"{LISTED}{row.pk}/change/")
    shown = answer.content.decode()
    assert all(words in shown for words in ("(a) It rains. <b>met</b>", "B2 for: It was seen.", "Seen by all."))
    assert ("replace_url" in answer.context) == (role == "adjudicator")
    assert client.post(f"{LISTED}{row.pk}/change/", {"outcome": "no"}).status_code == 403


def test_what_lies_in_a_private_case_is_not_there_for_others(client, resolver):
    hidden = a.prediction(a.case(is_private=True))
    client.force_login(resolver)
    assert client.get(f"{ADD}?prediction={hidden.pk}").status_code == 404
    assert client.post(f"{ADD}?prediction={hidden.pk}", {}).status_code == 404


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, viewer):
    client.force_login(viewer)
    a.resolution(a.prediction())
    client.get(LISTED)
    with CaptureQueriesContext(connection) as for_one:
        client.get(LISTED)
    a.resolution(a.prediction())
    a.resolution(a.prediction())
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LISTED).context["cl"].result_count == 3
    assert len(for_three) == len(for_one)


def test_the_list_filters_by_outcome(client, viewer):
    yes, no = a.resolution(a.prediction()), a.resolution(a.prediction(), 0.0)
    share, annulled = a.resolution(a.prediction(), 0.4), a.resolution(a.prediction(), None, annulled="unverifiable")
    client.force_login(viewer)

    def found(outcome):
        return set(client.get(LISTED, {"outcome": outcome}).context["cl"].result_list)

    assert [found(kind) for kind in ("yes", "no", "share", "annulled")] == [{yes}, {no}, {share}, {annulled}]
