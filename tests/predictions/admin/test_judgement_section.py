"""The part of a prediction's page that tells how it is judged: to whom, how far, and without names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from predictions.models import Dispute, Resolution
from predictions.operations.disputes import raise_dispute
from predictions.operations.resolutions import confirm
from tests import builders as a

pytestmark = pytest.mark.django_db
WAITING = {"resolvers_asked": 2}


@pytest.fixture
def part(client):
    """What a reader's page tells of the judging, and the page's own words."""

    def read(row, who):
        client.force_login(who)
        answer = client.get(f"/predictions/prediction/{row.pk}/change/")
        shown = answer.content.decode()
        section = shown.split('<section id="judgement">')[1].split("</section>")[0]
        return answer.context["page"].judgement, section

    return read


def labels(section):
    return {button.label for button in section.buttons}


BUTTONS = {
    "viewer": set(),
    "analyst": {"Draw resolvers"},
    "resolver": {"Assess"},
    "adjudicator": {"Draw resolvers", "Name a resolver"},
    "administrator": {"Draw resolvers", "Name a resolver"},
}


@pytest.mark.parametrize(("role", "offered"), BUTTONS.items())
def test_while_it_is_assessed_each_is_offered_what_they_may_do(part, people, role, offered):
    row = a.prediction(a.case(**WAITING))
    a.assigned(row, people["resolver"])
    section, words = part(row, people[role])
    assert labels(section) == offered
    assert "being assessed" in words
    assert ("Withdraw</a>" in words) == (role in {"adjudicator", "administrator"})


DECIDING = {
    ("met", "met"): {"resolver": {"Confirm"}, "adjudicator": {"Confirm"}},
    ("met", "not_met"): {"resolver": set(), "adjudicator": {"Adjudicate"}},
    ("cannot_tell", "cannot_tell"): {"resolver": {"Confirm"}, "adjudicator": {"Confirm", "Adjudicate"}},
}


@pytest.mark.parametrize("verdicts", DECIDING)
def test_verdicts_that_agree_are_confirmed_and_others_adjudicated(part, people, verdicts):
    row = a.prediction(a.case(**WAITING))
    a.panel(row, *verdicts)
    for role, offered in DECIDING[verdicts].items():
        assert labels(part(row, people[role])[0]) == offered


def test_before_enough_have_submitted_the_page_is_the_same_for_others_whoever_has(part, people):
    row = a.prediction(a.case(**WAITING))
    a.assigned(row, people["resolver"], asked := a.person("asked", "resolver"))
    readers = [people[name] for name in ("viewer", "analyst", "resolver", "adjudicator", "administrator")]
    before = [part(row, who)[1] for who in readers]
    a.assessment(row, "partly_met", by=asked, rationale="Half of it came.")
    assert [part(row, who)[1] for who in readers] == before
    own, words = part(row, asked)
    assert [judge.title for judge in own.judges] == ["You"]
    assert "Half of it came." in words
    assert "partly met" in words


def test_verdicts_are_shown_without_names_in_one_order_for_all(part, people):
    row = a.prediction(a.case(**{**WAITING, "resolvers_asked": 3}))
    resolvers = a.panel(row, "met", "not_met", "partly_met")
    told = [part(row, who)[0].judges for who in (people["adjudicator"], people["administrator"], *resolvers)]
    orders = [[judge.assessment.uuid for judge in judges] for judges in told]
    assert all(order == sorted(orders[0]) for order in orders)
    assert [judge.title for judge in told[0]] == ["Resolver 1", "Resolver 2", "Resolver 3"]
    assert {judge.title.endswith("(you)") for judge in told[2]} == {True, False}
    verdicts = part(row, people["adjudicator"])[1].split("Verdicts</h3>")[1]
    assert not any(who.username in verdicts for who in resolvers)
    assert part(row, people["viewer"])[0].judges == []


@pytest.mark.parametrize("notice_hours", [0, 48])
def test_a_decision_is_told_with_what_it_rests_on_and_until_when_it_is_provisional(part, people, notice_hours):
    row = a.prediction(a.case(resolvers_asked=2, notice_hours=notice_hours))
    a.panel(row, "met", "met")
    confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=people["resolver"], at=timezone.now())
    section, words = part(row, people["viewer"])
    assert ("provisional until" in words) == section.is_provisional == bool(notice_hours)
    assert "the resolvers agreed, 2 resolvers" in words
    assert [judge.title for judge in section.judges] == ["Resolver 1", "Resolver 2"]
    assert labels(section) == {"Dispute"}


def dispute(row, by):
    found = Dispute(prediction=row, criterion=row.revision.criteria.first(), evidence=a.evidence(row), text="Hail.")
    return raise_dispute(found, by=by, at=a.NOW)


def test_a_dispute_is_offered_for_answer_only_to_who_is_no_party(part, people):
    row = a.prediction()
    a.resolution(row)
    row.refresh_from_db()
    theirs, own = dispute(row, people["viewer"]), dispute(row, people["adjudicator"])
    told = {each.dispute: bool(each.answer_url) for each in part(row, people["adjudicator"])[0].disputes}
    assert told == {theirs: True, own: False}
    assert not any(each.answer_url for each in part(row, people["resolver"])[0].disputes)
    assert "decided and disputed" in part(row, people["viewer"])[1]


def test_what_is_disputed_is_answered_and_its_replacement_not_offered_beside_that(client, people):
    row = a.prediction(a.case(**WAITING))
    a.panel(row, "met", "met")
    confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=people["resolver"], at=a.NOW)
    client.force_login(people["adjudicator"])
    page = f"/predictions/prediction/{row.pk}/change/"
    assert "Replace the resolution" in client.get(page).content.decode()
    row.refresh_from_db()
    dispute(row, people["viewer"])
    assert "Replace the resolution" not in client.get(page).content.decode()


def test_the_page_takes_as_many_queries_for_three_resolvers_and_disputes_as_for_one(client, people):
    poor, rich = (a.prediction(a.case(resolvers_asked=k, notice_hours=0)) for k in (1, 3))
    for row, count in ((poor, 1), (rich, 3)):
        a.panel(row, *["met"] * count)
    for row in (poor, rich):
        confirm(Resolution(prediction=row, known_at=a.on_day(50)), by=a.a_person_with("resolver"), at=a.NOW)
        row.refresh_from_db()
    for row, count in ((poor, 1), (rich, 3)):
        for _ in range(count):
            dispute(row, people["viewer"])
    client.force_login(people["adjudicator"])
    costs = []
    for row in (poor, poor, rich):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/predictions/prediction/{row.pk}/change/")
        costs.append(len(queries))
    assert costs[1] == costs[2]


ALIKE = {
    "nobody says what it comes to": ({}, None, None, "nobody says what the verdicts come to"),
    "what it comes to is judged differently": (
        {},
        0.3,
        0.7,
        "what the verdicts come to together is judged differently",
    ),
    "the rule is silent": (
        {"outcome_rule": "table", "outcome_table": "a met: 1"},
        None,
        None,
        "The rule makes no outcome of these verdicts.",
    ),
}


@pytest.mark.parametrize("named", ALIKE)
def test_alike_verdicts_that_settle_nothing_are_said_to_be_just_that(part, people, named):
    fields, first, second, why = ALIKE[named]
    row = a.prediction(a.case(**WAITING), **fields)
    resolvers = [people["resolver"], a.person("second", "resolver")]
    a.assigned(row, *resolvers)
    for resolver, outcome in zip(resolvers, (first, second), strict=True):
        a.assessment(row, "partly_met", by=resolver, outcome=outcome)
    section, words = part(row, people["adjudicator"])
    assert (section.state, why in words) == ("disagreed", True)
    assert "differently: to be" not in words
    other, words = part(row, people["viewer"])
    assert (other.unsettled, why in words) == ("", False)


def test_verdicts_that_differ_speak_for_themselves(part, people):
    row = a.prediction(a.case(**WAITING))
    a.panel(row, "met", "not_met")
    section, _ = part(row, people["adjudicator"])
    assert (section.state, section.unsettled) == ("disagreed", "")
