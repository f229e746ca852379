"""A team is admitted to a case like a person, and read anew each time: who leaves it sees the case no more."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from predictions.models import Case, LedgerEntry, Prediction, Team, TeamMembership
from predictions.operations.cases import admit, admit_team, dismiss, dismiss_team, settle_people
from predictions.operations.teams import add_member, amend_team, form_team, remove_member, settle_members
from predictions.policy import able_to_judge, can
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def private():
    """Seen by `some-analyst`, who opened it."""
    return a.case(by=a.a_person_with("analyst"), is_private=True)


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def members(team):
    return {each.user.username for each in team.memberships.standing()}


def told():
    return [(entry.kind, json.loads(entry.payload.text)) for entry in LedgerEntry.objects.order_by("seq")]


def test_whoever_is_of_an_admitted_team_sees_the_case_while_they_are(private, viewer, administrator):
    team, by = a.team("Japan desk"), a.a_person_with("analyst")
    admit_team(private, team, by=by, at=a.NOW)
    assert not sees(viewer, private)
    add_member(team, viewer, by=administrator, at=a.NOW)
    assert sees(viewer, private)
    remove_member(team, viewer, by=administrator, at=a.NOW)
    assert not sees(viewer, private)


def test_a_team_that_is_dismissed_takes_none_of_those_along_who_were_named(private, viewer, resolver):
    team, by = a.team("Japan desk", viewer, resolver), a.a_person_with("analyst")
    admit_team(private, team, by=by, at=a.NOW)
    admit(private, viewer, by=by, at=a.NOW)
    assert sees(viewer, private)
    assert sees(resolver, private)
    dismiss_team(private, team, by=by, at=a.NOW)
    assert sees(viewer, private)
    assert not sees(resolver, private)


def test_who_is_in_two_admitted_teams_sees_each_row_once(private, viewer):
    for name in ("Japan desk", "Rain desk"):
        admit_team(private, a.team(name, viewer), by=a.a_person_with("analyst"), at=a.NOW)
    prediction = a.prediction(private)
    assert list(Prediction.objects.visible_to(viewer)) == [prediction]


def test_who_has_no_role_sees_nothing_through_a_team(private):
    nobody = a.person("newcomer")
    admit_team(private, a.team("Japan desk", nobody), by=a.a_person_with("analyst"), at=a.NOW)
    assert not sees(nobody, private)


def test_joining_admitting_and_leaving_are_each_on_record_once(private, viewer, administrator):
    team, by, before = a.team("Desk"), a.a_person_with("analyst"), LedgerEntry.objects.count()
    for _ in range(2):
        add_member(team, viewer, by=administrator, at=a.NOW)
        admit_team(private, team, by=by, at=a.NOW)
    for _ in range(2):
        remove_member(team, viewer, by=administrator, at=a.NOW)
        dismiss_team(private, team, by=by, at=a.NOW)
    kinds = ["team.member_added", "case.team_admitted", "team.member_removed", "case.team_dismissed"]
    assert [kind for kind, _ in told()[before:]] == kinds
    assert all(payload["team"] == str(team.uuid) for _, payload in told()[before:])


def test_somebody_is_always_named_so_that_no_team_can_leave_a_case_without_people(private, viewer):
    by = a.a_person_with("analyst")
    admit_team(private, a.team("Desk", viewer), by=by, at=a.NOW)
    with refused(saying="Admit another person first"):
        dismiss(private, by, by=by, at=a.NOW)


def test_only_administrators_say_who_is_of_a_team(people):
    team = a.team("Desk")
    for name in people.keys() - {"administrator"}:
        for deed in (
            lambda by: form_team(Team(name="Other"), by=by, at=a.NOW),
            lambda by: amend_team(team, by=by, at=a.NOW),
            lambda by: add_member(team, people["viewer"], by=by, at=a.NOW),
            lambda by: remove_member(team, people["viewer"], by=by, at=a.NOW),
        ):
            with pytest.raises(PermissionDenied):
                deed(people[name])


def test_no_administrator_lets_themselves_into_a_team_that_stands(private, administrator):
    team = a.team("Desk")
    admit_team(private, team, by=a.a_person_with("analyst"), at=a.NOW)
    with refused("people", saying="cannot add yourself"):
        add_member(team, administrator, by=administrator, at=a.NOW)
    with refused("people", saying="cannot add yourself"):
        settle_members(team, {administrator}, by=administrator, at=a.NOW)
    assert not sees(administrator, private)
    add_member(team, administrator, by=a.person("other", "administrator"), at=a.NOW)
    assert sees(administrator, private)


def test_who_forms_a_team_may_be_among_its_first(administrator):
    team = form_team(Team(name="Desk"), members=[administrator, administrator], by=administrator, at=a.NOW)
    assert members(team) == {"administrator"}


def test_an_administrator_manages_teams_and_still_sees_no_private_case(private, administrator, viewer):
    admit_team(private, a.team("Desk", viewer), by=a.a_person_with("analyst"), at=a.NOW)
    assert not can(administrator, "amend_case", private)
    with pytest.raises(PermissionDenied):
        admit_team(private, a.team(), by=administrator, at=a.NOW)


def test_names_of_teams_are_taken_once_and_changed_on_record(administrator):
    team = a.team("Desk")
    with refused("name", saying="There is a team of that name already"):
        a.team("Desk")
    team.name = "Japan desk"
    amend_team(team, by=administrator, at=a.NOW)
    assert told()[-1][1]["changes"] == {"name": ["Desk", "Japan desk"]}


def test_settling_leaves_exactly_those_chosen_and_keeps_who_was_there(administrator, viewer, analyst, resolver):
    team = a.team("Desk", viewer, analyst)
    settle_members(team, {analyst, resolver}, by=administrator, at=a.on_day(80))
    assert members(team) == {"analyst", "resolver"}
    assert TeamMembership.objects.get(user=viewer).ended_at == a.on_day(80)
    settle_members(team, {viewer, analyst, resolver}, by=administrator, at=a.on_day(81))
    assert members(team) == {"viewer", "analyst", "resolver"}


def test_people_and_teams_of_a_case_are_settled_together(private, viewer, resolver):
    by, old, new = a.a_person_with("analyst"), a.team("Old"), a.team("New", resolver)
    admit_team(private, old, by=by, at=a.NOW)
    settle_people(private, {viewer}, {new}, by=by, at=a.NOW)
    assert {each.team.name for each in private.teams.all()} == {"New"}
    assert {each.user.username for each in private.memberships.all()} == {"some-analyst", "viewer"}


def test_a_case_is_opened_to_teams_only_where_it_is_closed_to_the_rest(viewer):
    team = a.team("Desk", viewer)
    assert sees(viewer, a.case(is_private=True, teams=[team]))
    assert not a.case(teams=[team]).teams.exists()


def test_resolvers_of_an_admitted_team_can_be_drawn(private, resolver):
    prediction = a.prediction(private)
    assert resolver not in able_to_judge(prediction)
    admit_team(private, a.team("Desk", resolver), by=a.a_person_with("analyst"), at=a.NOW)
    assert resolver in able_to_judge(prediction)


@pytest.mark.parametrize("teams", [1, 3])
def test_what_one_sees_is_asked_in_one_query_however_many_teams_there_are(
    private, viewer, teams, django_assert_num_queries
):
    for number in range(teams):
        admit_team(private, a.team(f"Desk {number}", viewer), by=a.a_person_with("analyst"), at=a.NOW)
    a.prediction(private)
    assert viewer.roles
    with django_assert_num_queries(1):
        assert len(Prediction.objects.visible_to(viewer)) == 1
