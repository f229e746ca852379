"""Asking, drawing, withdrawing, confirming, adjudicating and disputing in the admin: a page for each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from predictions.models import Assignment, Dispute, LedgerEntry, Resolution, version_of
from predictions.operations.disputes import raise_dispute
from predictions.operations.resolutions import confirm
from predictions.operations.triggers import undo_occurrence
from tests import builders as a

pytestmark = pytest.mark.django_db
LIST = "/predictions/prediction/"


def at(row, deed, **query):
    named = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{LIST}{row.pk}/{deed}/?{named}"


def judged_by(*verdicts, **fields):
    """A prediction that waited for a trigger, with what its resolvers found."""
    trigger = a.trigger(a.case(resolvers_asked=len(verdicts) or 2, **fields))
    row = a.prediction(trigger.case, trigger=trigger)
    a.panel(row, *verdicts)
    a.occurrence(trigger, a.on_day(50), occurred_precision="day", occurred_until=a.on_day(51))
    return row


def told(answer):
    return " ".join(str(message) for message in answer.context["messages"])


def test_drawing_asks_as_many_as_are_missing(client, people):
    row = judged_by()
    able = {a.person(f"able-{number}", "resolver").username for number in range(3)} | {"resolver", "some-resolver"}
    client.force_login(people["analyst"])
    answer = client.post(at(row, "draw"), follow=True)
    assert "Asked to judge it: " in told(answer)
    asked = Assignment.objects.filter(prediction=row)
    assert {each.resolver.username for each in asked} <= able
    assert [each.how for each in asked] == ["drawn", "drawn"]
    assert "already" in str(client.post(at(row, "draw")).context["form"].non_field_errors())


def test_a_resolver_is_named_among_those_who_may_judge(client, people, resolver):
    row = judged_by()
    involved = a.person("involved", "resolver")
    a.forecast(row, by=a.forecaster("Ina"))
    own = a.forecaster("In")
    a.forecast(row, by=own)
    own.account = involved
    own.save()
    client.force_login(people["adjudicator"])
    offered = client.get(at(row, "assign")).context["form"].fields["resolver"].queryset
    assert resolver in offered
    assert involved not in offered
    client.post(at(row, "assign"), {"resolver": resolver.pk})
    assert row.assignments.get().resolver == resolver


def test_withdrawing_wants_a_reason_and_an_assignment_of_this_prediction(client, people, resolver):
    row, other = judged_by(), judged_by()
    (assignment,) = a.assigned(row, resolver)
    client.force_login(people["administrator"])
    assert "reason" in client.post(at(row, "withdraw", assignment=assignment.pk), {}).context["form"].errors
    for wrong in (
        at(other, "withdraw", assignment=assignment.pk),
        at(row, "withdraw"),
        at(row, "withdraw", assignment="x"),
    ):
        assert client.get(wrong).status_code == 404
    client.post(at(row, "withdraw", assignment=assignment.pk), {"reason": "Ill."})
    assignment.refresh_from_db()
    assert assignment.withdrawn_because == "Ill."


def test_agreement_is_confirmed_in_one_step_known_since_the_trigger_occurred(client, people):
    row, entries = judged_by("met", "met"), LedgerEntry.objects.count()
    client.force_login(people["adjudicator"])
    page = client.get(at(row, "confirm"))
    assert page.context["subject"] == row
    assert f"<strong>{row}</strong>" in page.content.decode()
    form = page.context["form"]
    assert page.context["intro"].startswith("Found: yes (the resolvers agreed, 2 resolvers).")
    assert form["known"].value() == "2026-02-20"
    assert "Confirmed: yes." in told(client.post(at(row, "confirm"), {"known": "2026-02-20"}, follow=True))
    decision = Resolution.objects.get()
    assert (decision.outcome, decision.basis, decision.known_at) == (1.0, "agreed", a.on_day(50))
    assert LedgerEntry.objects.count() == entries + 1


@pytest.mark.parametrize(("verdicts", "deed"), [(("met", "not_met"), "confirm"), (("met", "met"), "draw")])
def test_what_it_is_not_time_for_leads_back_with_the_reason_and_changes_nothing(client, people, verdicts, deed):
    row = judged_by(*verdicts)
    client.force_login(people["adjudicator"])
    answer = client.get(at(row, deed), follow=True)
    assert answer.redirect_chain == [(f"{LIST}{row.pk}/change/#judgement", 302)]
    assert "cannot be done now" in told(answer)
    entered = {"known": "2026-02-20"}
    assert "cannot be done now" in str(client.post(at(row, deed), entered).context["form"].non_field_errors())
    assert not Resolution.objects.exists()


def test_an_adjudicator_decides_with_all_verdicts_in_view_and_no_name(client, people):
    row = judged_by("met", "not_met")
    names = [each.resolver.username for each in row.assignments.select_related("resolver")]
    client.force_login(people["adjudicator"])
    address = f"/predictions/resolution/add/?prediction={row.pk}"
    shown = client.get(address)
    assert [judge.title for judge in shown.context["judges"]] == ["Resolver 1", "Resolver 2"]
    assert not any(name in shown.content.decode() for name in names)
    entered = {"verdict_a": "met", "outcome": "yes", "known": "2026-02-20"}
    refused = client.post(address, entered)
    assert "rationale" in refused.context["adminform"].form.errors
    client.post(address, entered | {"rationale": "The paper says so."})
    assert Resolution.objects.get().basis == "adjudicated"


def test_resolvers_neither_adjudicate_nor_resolve_what_they_are_asked_about(client, people):
    row = judged_by("met", "not_met")
    client.force_login(people["resolver"])
    assert client.get(f"/predictions/resolution/add/?prediction={row.pk}").status_code == 403
    both = row.assignments.first().resolver
    both.groups.add(*people["adjudicator"].groups.all())
    client.force_login(both)
    assert client.get(f"/predictions/resolution/add/?prediction={row.pk}").status_code == 403


def test_nobody_decides_alone_while_resolvers_are_asked(client, people):
    row = judged_by()
    client.force_login(people["resolver"])
    answer = client.get(f"/predictions/resolution/add/?prediction={row.pk}", follow=True)
    assert "being assessed" in told(answer)
    entered = {"verdict_a": "met", "outcome": "yes", "known": "2026-02-20", "rationale": "Seen."}
    assert client.post(f"/predictions/resolution/add/?prediction={row.pk}", entered).status_code == 403
    assert not Resolution.objects.exists()


def test_anybody_disputes_a_criterion_with_evidence(client, people):
    row = a.prediction()
    item, stranger = a.evidence(row), a.evidence()
    a.resolution(row)
    criterion = row.revision.criteria.get()
    client.force_login(people["viewer"])
    entered = {"criterion": criterion.pk, "evidence": item.pk, "text": "It was hail."}
    for field, wrong in {"evidence": stranger.pk, "criterion": "", "text": ""}.items():
        assert field in client.post(at(row, "dispute"), entered | {field: wrong}).context["form"].errors
    client.post(at(row, "dispute"), entered)
    dispute = Dispute.objects.get()
    assert (dispute.criterion, dispute.evidence, dispute.text) == (criterion, item, "It was hail.")
    assert dispute.raised_by == people["viewer"]


ALLOWED = {
    "draw": {"analyst", "adjudicator", "administrator"},
    "assign": {"adjudicator", "administrator"},
    "withdraw": {"adjudicator", "administrator"},
    "confirm": {"resolver", "adjudicator"},
    "dispute": {"viewer", "analyst", "resolver", "adjudicator", "administrator"},
}


@pytest.mark.parametrize(("deed", "roles"), ALLOWED.items())
def test_each_deed_is_open_to_its_roles_and_hidden_in_private_cases(client, people, deed, roles):
    row, hidden = judged_by(), a.prediction(a.case(is_private=True))
    for name in set(people) - {"nobody"}:
        client.force_login(people[name])
        assert (client.get(at(row, deed)).status_code == 403) == (name not in roles), name
        assert client.post(at(hidden, deed), {}).status_code in {403, 404}


def test_nothing_is_confirmed_that_has_changed_since_the_page_was_opened(client, people):
    row = judged_by("met", "met")
    client.force_login(people["adjudicator"])
    seen = client.get(at(row, "confirm")).context["form"]["seen"].value()
    undo_occurrence(row.trigger, reason="A false alarm.", by=people["resolver"], at=a.NOW)
    a.panel(row, "not_met", "not_met")
    answer = client.post(at(row, "confirm"), {"known": "2026-02-20", "seen": seen})
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.content.decode()
    assert not Resolution.objects.exists()


def test_nothing_is_adjudicated_that_has_changed_since_the_page_was_opened(client, people):
    row = judged_by("met", "not_met")
    client.force_login(people["adjudicator"])
    address = f"/predictions/resolution/add/?prediction={row.pk}"
    entered = {"verdict_a": "met", "outcome": "yes", "known": "2026-02-20", "rationale": "So it was."}
    answer = client.post(address, {**entered, "seen": version_of(row) - 1})
    assert answer.status_code == 409
    assert "has changed since you opened this page" in answer.content.decode()
    assert client.post(address, {**entered, "seen": version_of(row)}).status_code == 302
    assert Resolution.objects.get().basis == "adjudicated"


def test_the_head_of_the_page_says_that_a_decision_is_not_final_yet(client, people):
    row = judged_by("met", "met", notice_hours=24)
    a.evidence(row)
    now = timezone.now()
    confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=people["resolver"], at=now)
    client.force_login(people["viewer"])
    shown = client.get(f"{LIST}{row.pk}/change/").context["page"].card
    assert (shown.status, shown.tone) == ("resolved, provisional", "warning")
    dispute = Dispute(prediction=row, criterion=row.revision.criteria.get(), evidence=row.evidence.get(), text="No.")
    raise_dispute(dispute, by=people["analyst"], at=now)
    assert client.get(f"{LIST}{row.pk}/change/").context["page"].card.status == "resolved, disputed"


@pytest.mark.parametrize("role", ["resolver", "adjudicator"])
def test_what_was_found_is_not_told_before_the_close_to_who_did_not_judge(client, people, role):
    trigger = a.trigger(a.case(resolvers_asked=2))
    row = a.prediction(trigger.case, trigger=trigger, closes_at=timezone.now() + timedelta(days=100))
    a.panel(row, "met", "met")
    client.force_login(people[role])
    for answer in (client.get(at(row, "confirm")), client.post(at(row, "confirm"), {"known": ""})):
        assert answer.status_code == 200
        assert "Found:" not in answer.content.decode()
    client.force_login(row.assessments.first().resolver)
    assert "Found: yes" in client.get(at(row, "confirm")).content.decode()


def test_what_was_found_is_not_told_where_it_is_not_to_be_confirmed(client, people):
    row = judged_by("met", "not_met")
    client.force_login(people["resolver"])
    assert "Found:" not in client.post(at(row, "confirm"), {"known": ""}).content.decode()
