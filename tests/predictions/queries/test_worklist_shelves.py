"""The shelves hold what policy lets each person do, row by row, in small worlds made at random; and leak nothing."""

from contextlib import suppress
from random import Random

import pytest
from django.core.exceptions import ValidationError

from predictions.models import (
    Assignment,
    Criterion,
    Dispute,
    Forecast,
    Prediction,
    PredictionRevision,
    Trigger,
)
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import amend_prediction
from predictions.operations.triggers import amend_trigger
from predictions.policy import can, is_time_to
from predictions.queries.worklists import awaiting, concerns
from tests import builders as a

pytestmark = pytest.mark.django_db

ROLES = {
    "ada": ("analyst", "resolver"),
    "ada-too": ("resolver", "adjudicator"),
    "bob": ("resolver",),
    "cem": ("resolver",),
    "dee": ("adjudicator",),
    "eve": ("analyst", "resolver", "adjudicator"),
    "fay": ("analyst", "adjudicator"),
    "guy": ("viewer",),
}
DEEDS = ["to-assess", "to-adjudicate", "to-answer", "to-confirm", "to-resolve", "resolve-or-extend"]
DUE, LATER = a.on_day(20), a.on_day(100)


def on(name, user, now=a.NOW):
    """What awaits `user` of that kind: nothing where it does not concern them."""
    return list(awaiting(name, user, now=now)) if concerns(name, user) else []


def dispute(of, by=None):
    row = Dispute(prediction=of, criterion=of.revision.criteria.first(), evidence=a.evidence(of), text="It was dry.")
    return raise_dispute(row, by=by or a.a_person_with("viewer"), at=a.NOW)


def own_forecast(user, prediction, words="70%", **fields):
    name = getattr(user, "forecaster", None) or a.forecaster(f"{user} in person", account=user)
    values = {"issued_at": a.on_day(0)} | fields
    return log_forecast(Forecast(prediction=prediction, forecaster=name, words=words, **values), by=user, at=a.NOW)


# --- policy, person by person -----------------------------------------------------------------------------------------


class World:
    """Some cases, their people and what they did. What an operation refuses was not done."""

    def __init__(self, seed):
        self.chance = Random(seed)
        self.people = {name: a.person(name, *roles) for name, roles in ROLES.items()}
        twin = self.people["ada-too"]
        twin.email = self.people["ada"].email.upper()
        twin.save(update_fields=["email"])
        for is_private, asked in ((False, 2), (False, 2), (False, 0), (True, 1)):
            self.fill(self.case(is_private, asked))

    def some(self, most=3):
        return self.chance.sample(list(self.people.values()), self.chance.randint(0, most))

    def case(self, is_private, asked):
        members = [a.a_person_with(role) for role in ("analyst", "resolver", "adjudicator", "viewer")]
        return a.case(is_private=is_private, resolvers_asked=asked, members=[*members, *self.some(6)])

    def fill(self, case):
        for number in range(4):
            expected_at = self.chance.choice([None, DUE, LATER])
            trigger = a.trigger(case, expected_at=expected_at) if number % 2 else None
            prediction = a.prediction(case, trigger=trigger, closes_at=self.chance.choice([DUE, DUE, LATER]))
            for deed in (self.foretell, self.ask, self.judge, self.foretell_late, self.decide):
                deed(prediction)

    def foretell(self, prediction):
        author = self.chance.choice(["", "Nobody", "BOB"])
        a.forecast(prediction, quote=a.quote(a.source(prediction.case, author=author)))

    def foretell_late(self, prediction):
        for user in self.some(1):
            if can(user, "log_forecast", prediction) and self.chance.random() < 0.5:
                own_forecast(user, prediction)
            elif can(user, "log_forecast", prediction):
                row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="likely", issued_at=a.START)
                log_forecast(row, by=user, at=a.NOW)

    def ask(self, prediction):
        resolvers = [user for user in self.people.values() if "resolver" in user.roles]
        for user in self.chance.sample(resolvers, 3):
            with suppress(ValidationError):
                a.assigned(prediction, user)
        if self.chance.random() < 0.2 and (row := prediction.assignments.first()):
            with suppress(ValidationError):
                withdraw_assignment(row, reason="Ill.", by=a.a_person_with("adjudicator"), at=a.NOW)

    def judge(self, prediction):
        for row in prediction.assignments.standing():
            if self.chance.random() < 0.8:
                with suppress(ValidationError):
                    a.assessment(prediction, self.chance.choice(["met", "not_met", "cannot_tell"]), by=row.resolver)

    def decide(self, prediction):
        if prediction.case.resolvers_asked == 0 and self.chance.random() < 0.6:
            a.resolution(prediction, known_at=a.on_day(10))
            prediction.refresh_from_db()
            dispute(prediction, by=self.chance.choice([None, *self.people.values()]) or None)


def allowed(user, verb, now):
    """Keys of the predictions on which policy lets `user` use `verb` now; to resolve, of those that are due."""
    rows = Prediction.objects.due(now) if verb == "resolve" else Prediction.objects.all()
    return {row.pk for row in rows.for_show() if can(user, verb, row) and is_time_to(verb, row, now)}


def expected(name, user, now):
    match name:
        case "to-assess":
            asked = set(Assignment.objects.filter(resolver=user).unanswered().values_list("prediction", flat=True))
            return asked & allowed(user, "assess", now)
        case "to-answer":
            return {row.pk for row in Dispute.objects.unanswered() if can(user, "answer_dispute", row)}
        case "resolve-or-extend":
            late = Trigger.objects.filter(expected_at__lte=now, occurrence=None, predictions__resolution=None)
            return {row.pk for row in late.exclude(predictions=None) if can(user, "record_occurrence", row)}
        case _:
            return allowed(user, name.removeprefix("to-"), now)


def test_each_person_is_awaited_by_what_policy_lets_them_do():
    people = World(seed=1).people.values()
    held = dict.fromkeys(DEEDS, 0)
    for name in DEEDS:
        for user in people:
            found = [row.pk for row in on(name, user)]
            assert sorted(found) == sorted(expected(name, user, a.NOW)), (name, user)
            held[name] += len(found)
    assert all(held.values()), f"Of some kind there is nothing in this world: {held}"


# --- one law each -----------------------------------------------------------------------------------------------------


@pytest.fixture
def case():
    return a.case(resolvers_asked=2)


def test_what_is_due_is_to_be_assessed_before_what_is_not(case, resolver):
    later, due = a.prediction(case, closes_at=LATER), a.prediction(case, closes_at=DUE)
    a.assigned(later, resolver)
    a.assigned(due, resolver)
    assert on("to-assess", resolver) == [due, later]


def test_resolver_cannot_tell_from_the_shelves_whether_another_has_submitted(case, resolver):
    due = a.prediction(case, closes_at=DUE)
    other = a.person("other", "resolver")
    a.assigned(due, resolver, other)
    watchers = [resolver, other, *(a.a_person_with(role) for role in ("resolver", "adjudicator", "administrator"))]
    kinds = ["to-assess", "to-confirm", "to-adjudicate", "to-answer", "to-resolve", "overdue", "due"]

    def seen_by_all_but_who_submits():
        return [[on(kind, user) for kind in kinds] for user in watchers if user != other]

    before = seen_by_all_but_who_submits()
    a.assessment(due, "met", by=other)
    assert seen_by_all_but_who_submits() == before
    assert on("to-assess", other) == []
    a.assessment(due, "not_met", by=resolver)
    assert on("to-adjudicate", a.a_person_with("adjudicator")) == [due]


@pytest.mark.parametrize("name", ["to-assess", "overdue", "due", "resolve-or-extend"])
def test_private_case_is_on_the_shelves_of_its_people_only(name, people):
    keeper = a.person("keeper", "analyst", "resolver")
    secret = a.case(is_private=True, resolvers_asked=1, members=[keeper])
    due = a.prediction(secret, closes_at=DUE, trigger=a.trigger(secret, expected_at=DUE))
    a.assigned(due, keeper)
    assert len(on(name, keeper)) == 1
    assert [on(name, user) for user in people.values()] == [[]] * len(people)


@pytest.mark.parametrize(("day", "is_overdue"), [(20, False), (26.9, False), (27, True)])
def test_what_was_due_for_a_week_is_overdue_until_it_is_decided(day, is_overdue, resolver):
    due = a.prediction(closes_at=DUE)
    assert bool(on("overdue", resolver, a.on_day(day))) == is_overdue
    a.resolution(due, known_at=a.on_day(10))
    assert on("overdue", resolver, a.on_day(day)) == []


@pytest.mark.parametrize(("day", "is_late"), [(30.9, False), (31, True)])
def test_trigger_known_to_the_month_is_late_once_the_month_is_over(day, is_late, analyst):
    case = a.case()
    month = {"expected_at": a.on_day(0), "expected_precision": "month", "expected_until": a.on_day(31)}
    a.prediction(case, trigger=a.trigger(case, **month))
    assert bool(on("resolve-or-extend", analyst, a.on_day(day))) == is_late


def test_late_trigger_rests_once_extended_occurred_or_all_that_waited_is_decided(analyst):
    triggers = [a.trigger(case := a.case(), expected_at=DUE) for _ in range(3)]
    first, *_ = [a.prediction(each.case, trigger=each) for each in triggers]
    a.trigger(case, expected_at=DUE)  # nothing waits for this one
    assert set(on("resolve-or-extend", analyst)) == set(triggers)
    a.resolution(first, outcome=None, annulled="premise_failed", known_at=DUE)
    a.occurrence(triggers[1])
    triggers[2].expected_at = LATER
    amend_trigger(triggers[2], by=analyst, at=a.NOW)
    assert on("resolve-or-extend", analyst) == []


# --- forecasts gone stale ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "is_stale"), [(29.9, False), (30, True), (100, False)])
def test_own_forecast_is_stale_after_thirty_days_while_its_prediction_is_open(day, is_stale, analyst):
    own_forecast(analyst, a.prediction(closes_at=LATER))
    assert bool(on("stale", analyst, a.on_day(day))) == is_stale


def test_what_one_wrote_down_for_others_goes_stale_too_and_for_nobody_else(analyst):
    row = Forecast(prediction=a.prediction(), forecaster=a.forecaster(), words="70%", issued_at=a.START)
    log_forecast(row, by=analyst, at=a.NOW)
    assert on("stale", analyst) == [row]
    assert on("stale", a.a_person_with("analyst")) == []


@pytest.mark.parametrize("words", ["80%", "withdrawn"])
def test_later_forecast_stands_in_place_of_the_stale_one(words, analyst):
    prediction = a.prediction(closes_at=LATER)
    own_forecast(analyst, prediction)
    later = {"kind": "withdrawn"} if words == "withdrawn" else {}
    own_forecast(analyst, prediction, "" if later else words, issued_at=a.on_day(50), **later)
    assert on("stale", analyst) == []


def test_forecast_that_a_change_in_substance_ended_is_not_stale(analyst):
    prediction = a.prediction()
    own_forecast(analyst, prediction)
    old = prediction.revision
    change = PredictionRevision(
        prediction=prediction,
        kind="material",
        reason="Another event was meant.",
        statement="Another statement",
        opens_at=old.opens_at,
        closes_at=old.closes_at,
    )
    amend_prediction(change, [Criterion(label="a", text="It happens.")], by=analyst, at=a.NOW)
    assert on("stale", analyst) == []


def test_stale_forecast_does_not_go_for_a_later_one_that_is_hidden(analyst):
    crowd = a.forecaster()
    prediction = a.prediction(a.case(hides_forecasts=True), closes_at=a.on_day(100_000))
    row = Forecast(prediction=prediction, forecaster=crowd, words="70%", issued_at=a.START)
    log_forecast(row, by=analyst, at=a.NOW)
    a.forecast(prediction, "80%", by=crowd, issued_at=a.on_day(50))
    assert on("stale", analyst) == [row]
    own_forecast(analyst, prediction, issued_at=a.on_day(55))
    assert on("stale", analyst) == []


def test_written_forecasts_are_looked_for_among_the_newest(analyst, monkeypatch):
    rows = [Forecast(prediction=a.prediction(), forecaster=a.forecaster(), words="70%") for _ in range(3)]
    for row in rows:
        row.issued_at = a.START
        log_forecast(row, by=analyst, at=a.NOW)
    monkeypatch.setattr("predictions.queries.worklist_shelves.NEWEST", 2)
    assert on("stale", analyst) == rows[1:]


def test_orphaned_quotes_are_counted_for_analysts_who_see_the_case(analyst, viewer):
    keeper = a.person("keeper", "analyst")
    members = [keeper]
    seen, hidden = a.orphaned(), a.orphaned(in_case=a.case(is_private=True, members=members))
    a.quote()
    assert on("orphaned", analyst) == [seen]
    assert on("orphaned", keeper) == [seen, hidden]
    assert on("orphaned", viewer) == []
