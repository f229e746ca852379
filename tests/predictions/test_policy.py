"""Who may do what: every verb for every role, the privacy of a case, and independence."""

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.roles import Role
from predictions.models import Forecast, LedgerEntry, LedgerPayload, Resolution, Score
from predictions.operations.cases import admit, dismiss
from predictions.operations.forecasts import log_forecast
from predictions.operations.resolutions import resolve
from predictions.operations.sources import attach_text
from predictions.policy import ROLES_BY_VERB, can, demand, seen_by
from tests import builders as a
from tests.predictions.deeds import DEEDS, IN_A_CASE, TEXT

pytestmark = pytest.mark.django_db

# verb: viewer, analyst, resolver, adjudicator, administrator
MATRIX = {
    "read": "y y y y y",
    "open_case": "- y - - y",
    "amend_case": "- y - - y",
    "record_source": "- y - - -",
    "amend_source": "- y - - -",
    "attach_text": "- y - - -",
    "capture_source": "- y - - -",
    "anchor_quote": "- y - - -",
    "settle_quote": "- y - - -",
    "name_forecaster": "- y - - -",
    "amend_forecaster": "- y - - -",
    "pose_trigger": "- y - - -",
    "amend_trigger": "- y - - -",
    "record_occurrence": "- y y y -",
    "undo_occurrence": "- - y y -",
    "watch": "y y y y y",
    "pose_prediction": "- y - - -",
    "amend_prediction": "- y - - -",
    "log_forecast": "- y - - -",
    "import_forecasts": "- y - - -",
    "ask_coder": "- y - - -",
    "withdraw_coding": "- y - - -",
    "submit_coding": "- y - - -",
    "decline_coding": "- y - - -",
    "link_evidence": "- y y y -",
    "rate_evidence": "- y - - -",
    "note_assumption": "- y - - -",
    "amend_assumption": "- y - - -",
    "note_indicator": "- y - - -",
    "amend_indicator": "- y - - -",
    "draw_resolvers": "- y - y y",
    "assign_resolver": "- - - y y",
    "withdraw_assignment": "- - - y y",
    "assess": "- - y - -",
    "confirm": "- - y y -",
    "adjudicate": "- - - y -",
    "resolve": "- - y y -",
    "replace_resolution": "- - - y -",
    "dispute": "y y y y y",
    "answer_dispute": "- - - y -",
    "waive_independence": "- - - - y",
    "manage_people": "- - - - y",
    "manage_teams": "- - - - y",
    "amend_league": "- - - - y",
    "keep_ledger": "- - - - y",
    "erase": "- - - - y",
    "add_scale": "- y - - y",
    "switch_scale": "- y - - y",
}
ROLES = ("viewer", "analyst", "resolver", "adjudicator", "administrator")
each_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.operation.__name__}:{deed.kind}")
each_deed_in_a_case = pytest.mark.parametrize(
    "deed", IN_A_CASE, ids=lambda deed: f"{deed.operation.__name__}:{deed.kind}"
)


def those_who_may(verb):
    return {role for role, sign in zip(ROLES, MATRIX[verb].split(), strict=True) if sign == "y"}


@pytest.fixture
def private_case():
    """A private case among whose people is one of each role, `some-…`."""
    return a.case(is_private=True, members=[a.a_person_with(role) for role in ROLES])


def test_the_matrix_names_every_verb():
    assert MATRIX.keys() == ROLES_BY_VERB.keys()


@pytest.mark.parametrize("verb", MATRIX)
def test_each_verb_is_for_the_roles_of_the_matrix_and_nobody_else(people, verb):
    assert {name for name, person in people.items() if can(person, verb)} == those_who_may(verb)


def test_roles_add_up():
    both = a.person("both", "viewer", "resolver")
    assert {verb for verb in MATRIX if can(both, verb)} == {v for v in MATRIX if "resolver" in those_who_may(v)}


@pytest.mark.parametrize("verb", MATRIX)
def test_whoever_is_no_person_with_an_active_account_and_a_role_may_nothing(verb):
    inactive = a.person("inactive", *ROLES)
    inactive.is_active = False
    assert not any(can(someone, verb) for someone in (inactive, AnonymousUser(), None, a.person("nobody")))


@pytest.mark.parametrize("row", [None, "case"])
def test_a_verb_that_nobody_knows_is_nobodys(administrator, row):
    case = row and a.case(by=administrator)
    assert can(administrator, "amend_case", case)
    assert not can(administrator, "amend_cases", case)
    with pytest.raises(PermissionDenied):
        demand(administrator, "", case)


def test_of_a_table_that_says_nothing_of_readers_nobody_sees_or_does_anything(administrator):
    entry = a.case(by=administrator) and LedgerEntry.objects.get()
    for row in (entry.payload, LedgerPayload(), Permission.objects.first(), Permission()):
        assert not can(administrator, "read", row)
        assert not seen_by(administrator, type(row)._default_manager.all()).exists()
    assert can(administrator, "read", entry)


@pytest.mark.parametrize("verb", MATRIX)
def test_a_superuser_is_an_administrator_and_no_more(verb):
    superuser = a.person("root")
    superuser.is_superuser = True
    assert can(superuser, verb) == ("administrator" in those_who_may(verb))


@each_deed
def test_no_operation_works_for_a_role_without_its_verb(deed):
    do = deed.prepare(a.case())
    for role in set(ROLES) - those_who_may(deed.verb):
        someone = a.person(f"another-{role}", role)
        before = LedgerEntry.objects.count()
        with pytest.raises(PermissionDenied):
            do(by=someone, at=a.NOW)
        assert LedgerEntry.objects.count() == before
    with pytest.raises(PermissionDenied):
        do(by=a.person("nobody"), at=a.NOW)


# --- privacy -----------------------------------------------------------------------------------------------------


@each_deed_in_a_case
def test_nothing_can_be_done_in_a_private_case_by_those_outside(deed, private_case):
    do = deed.prepare(private_case)
    for role in those_who_may(deed.verb):
        before = LedgerEntry.objects.count()
        with pytest.raises(PermissionDenied):
            do(by=a.person(f"another-{role}", role), at=a.NOW)
        assert LedgerEntry.objects.count() == before


@each_deed_in_a_case
def test_everything_can_be_done_in_a_private_case_by_those_inside(deed, private_case):
    those = those_who_may(deed.verb)
    role = min(those & {"analyst", "resolver", "adjudicator"} or those)
    deed.prepare(private_case)(by=a.a_person_with(role), at=a.NOW)


@pytest.fixture
def rows_of_a_private_case(private_case, django_capture_on_commit_callbacks):
    source = a.source(private_case)
    snapshot = attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    prediction = a.prediction(private_case)
    rows = [private_case, source, snapshot, a.quote(source), a.trigger(private_case), prediction]
    rows += [a.rating(a.evidence(prediction)), a.assumption(prediction), a.indicator(prediction)]
    with django_capture_on_commit_callbacks(execute=True):
        rows += [a.forecast(prediction), a.evidence(prediction), a.resolution(prediction)]
    return [*rows, Score.objects.get(), LedgerEntry.objects.filter(payload__case=private_case).first()]


def test_a_private_case_and_all_in_it_is_hidden_from_all_but_its_people(rows_of_a_private_case):
    outsiders = [a.person(f"another-{role}", role) for role in ROLES]
    insider, without_role = a.a_person_with("viewer"), a.person("nobody")
    admit(rows_of_a_private_case[0], without_role, by=a.a_person_with("analyst"), at=a.NOW)
    for row in rows_of_a_private_case:
        model = type(row)
        assert model.objects.visible_to(insider).filter(pk=row.pk).exists(), model
        assert can(insider, "read", row)
        for outsider in [*outsiders, without_role]:
            assert not model.objects.visible_to(outsider).filter(pk=row.pk).exists(), (model, outsider)
            assert not can(outsider, "read", row)


def test_every_model_is_hidden_by_its_case_or_named_here_as_standing_outside():
    models = {model.__name__: model for model in apps.get_app_config("predictions").get_models()}
    seen = {name for name, model in models.items() if hasattr(model.objects, "visible_to")}
    assert seen == {
        "Capture", "Case", "Source", "Snapshot", "Original", "Quote", "Trigger", "Prediction", "Forecast", "Evidence",
        "Assignment", "Assessment", "Resolution", "Dispute", "Score", "LedgerEntry", "Rating", "Assumption",
        "Indicator", "Notice", "Coding", "CodingRequest", "Criterion", "Team", "Erasure",
    }  # fmt: skip
    insider = a.a_person_with("administrator")
    open_to_all = {name for name in models.keys() - seen if can(insider, "read", models[name](pk=1))}
    assert open_to_all == {"Forecaster", "HouseScale", "League", "ScoringRun"}


def test_who_leaves_a_private_case_or_loses_their_last_role_sees_it_no_more(private_case):
    viewer, analyst = a.a_person_with("viewer"), a.a_person_with("analyst")
    dismiss(private_case, viewer, by=analyst, at=a.NOW)
    assert not can(viewer, "read", private_case)
    analyst.groups.clear()
    del analyst.roles
    assert not can(analyst, "read", private_case)


def test_a_case_that_is_not_private_is_for_everyone_with_a_role(people):
    case = a.case()
    assert {name for name, person in people.items() if can(person, "read", case)} == set(Role)


def test_entries_outside_every_case_are_for_everyone_with_a_role(people):
    a.forecaster()
    seen = {name for name, person in people.items() if LedgerEntry.objects.visible_to(person).exists()}
    assert seen == set(Role)


ABOUT_PEOPLE = [deed for deed in DEEDS if deed.verb in {"manage_people", "manage_teams"}]


@pytest.mark.parametrize("deed", ABOUT_PEOPLE, ids=lambda deed: deed.kind)
def test_entries_about_people_are_for_administrators(people, deed):
    deed.prepare(a.case())(by=people["administrator"], at=a.NOW)
    entry = LedgerEntry.objects.first()
    assert {name for name, person in people.items() if can(person, "read", entry)} == {"administrator"}


# --- nothing reaches from one case into another ------------------------------------------------------------------


def refused_at(field):
    return pytest.raises(ValidationError, match=f"'{field}'")


@pytest.mark.parametrize("secret", [False, True], ids=["open", "hidden"])
def test_what_belongs_to_another_case_cannot_be_linked(secret):
    other = a.case(is_private=secret)
    quote, trigger, source = a.quote(a.source(other)), a.trigger(other), a.source(other)
    prediction = a.prediction()
    links = [
        ("quote", lambda: a.forecast(prediction, quote=quote)),
        ("trigger", lambda: a.prediction(trigger=trigger)),
        ("source", lambda: a.occurrence(a.trigger(), source=source)),
        ("source", lambda: a.evidence(prediction, source=source)),
        ("quote", lambda: a.evidence(prediction, quote=quote, source=a.source(prediction.case))),
        ("criterion", lambda: a.evidence(prediction, criterion=a.prediction(other).revision.criteria.get())),
        ("evidence", lambda: a.rating(a.evidence(a.prediction(a.case())), prediction)),
        ("relied_on", lambda: a.resolution(prediction, relied_on=[a.evidence(a.prediction(other))])),
    ]
    for field, link in links:
        with refused_at(field):
            link()


@pytest.mark.parametrize("build", [a.source, a.trigger], ids=["source", "trigger"])
def test_what_belongs_to_a_case_stays_in_it(build):
    row = build()
    verb = {"source": "amend_source", "trigger": "amend_trigger"}[row._meta.model_name]
    (amend,) = (deed.operation for deed in DEEDS if deed.verb == verb)
    row.case = a.case()
    with refused_at("case"):
        amend(row, by=a.a_person_with("analyst"), at=a.NOW)


def test_a_correction_stays_with_what_it_corrects():
    prediction, other, mend = a.prediction(), a.prediction(), {"reason": "Misread."}
    first = a.forecast(other)
    strays = [
        lambda: a.evidence(prediction, supersedes=a.evidence(other), **mend),
        lambda: a.rating(a.evidence(other), supersedes=a.rating(a.evidence(other)), **mend),
        lambda: a.forecast(prediction, by=first.forecaster, supersedes=first, **mend),
        lambda: a.forecast(other, supersedes=first, **mend),
        lambda: a.quote(a.source(), supersedes=a.quote(), **mend),
        lambda: a.occurrence(a.trigger(), supersedes=a.occurrence(a.trigger()), **mend),
    ]
    for stray in strays:
        with refused_at("supersedes"):
            stray()


# --- independence ------------------------------------------------------------------------------------------------


@pytest.fixture
def forecasting_judge():
    return a.person("judge", "analyst", "resolver", "adjudicator")


@pytest.mark.parametrize("kind", Forecast.Kind.values)
def test_nobody_resolves_what_they_forecast_in_their_own_name(forecasting_judge, kind):
    own, prediction = a.forecaster(account=forecasting_judge), a.prediction()
    assert can(forecasting_judge, "resolve", prediction)
    row = Forecast(prediction=prediction, forecaster=own, kind=kind, issued_at=a.on_day(1))
    row.words = "70%" if kind == "probability" else ""
    log_forecast(row, by=forecasting_judge, at=a.NOW)
    assert not can(forecasting_judge, "resolve", prediction)
    assert not can(forecasting_judge, "replace_resolution", prediction)
    assert can(forecasting_judge, "resolve", a.prediction())
    with pytest.raises(PermissionDenied):
        resolve(Resolution(prediction=prediction), verdicts={}, by=forecasting_judge, at=a.NOW)


def test_nobody_forecasts_in_their_own_name_what_they_resolved(forecasting_judge):
    own, prediction = a.forecaster(account=forecasting_judge), a.prediction()
    row = Resolution(prediction=prediction, outcome=1.0, known_at=a.on_day(50))
    resolve(row, verdicts={"a": "met"}, by=forecasting_judge, at=a.NOW)
    row = Forecast(prediction=prediction, forecaster=own, words="99%", issued_at=a.on_day(1))
    with refused_at("forecaster"):
        log_forecast(row, by=forecasting_judge, at=a.NOW)
    row.forecaster = a.forecaster()
    log_forecast(row, by=forecasting_judge, at=a.NOW)


def test_coding_what_others_said_does_not_bar_from_resolving(forecasting_judge):
    prediction = a.prediction()
    row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="70%", issued_at=a.on_day(1))
    log_forecast(row, by=forecasting_judge, at=a.NOW)
    assert can(forecasting_judge, "resolve", prediction)


def test_demand_tells_what_is_not_allowed(viewer):
    with pytest.raises(PermissionDenied, match="log forecast"):
        demand(viewer, "log_forecast")


@pytest.mark.parametrize("verb", ["record_occurrence", "undo_occurrence"])
def test_nobody_says_whether_the_event_came_that_their_own_forecast_waits_for(verb):
    judge = a.person("judge", "analyst", "resolver")
    trigger = a.trigger()
    assert can(judge, verb, trigger)
    a.forecast(a.prediction(trigger.case, trigger=trigger), by=a.forecaster())
    assert can(judge, verb, trigger)
    own = Forecast(prediction=a.prediction(trigger.case, trigger=trigger), forecaster=a.forecaster(account=judge))
    own.words, own.issued_at = "70%", a.on_day(0)
    log_forecast(own, by=judge, at=a.NOW)
    assert not can(judge, verb, trigger)
