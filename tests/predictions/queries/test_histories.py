import re
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from predictions import operations, record
from predictions.models import (
    Criterion,
    Dispute,
    DisputeAnswer,
    LedgerEntry,
    PredictionRevision,
    Resolution,
)
from predictions.operations.accounts import amend_account, grant_role, revoke_role, set_zone
from predictions.operations.assessments import draw_resolvers, withdraw_assignment
from predictions.operations.cases import admit, amend_case, dismiss
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.operations.forecasters import amend_forecaster
from predictions.operations.predictions import amend_prediction
from predictions.operations.resolutions import confirm
from predictions.operations.sources import amend_source, attach_text
from predictions.operations.triggers import undo_occurrence
from predictions.queries.histories import ERASED, display_name, history, prediction_history, tell
from predictions.queries.history_sentences import SENTENCES
from tests import builders as a

pytestmark = pytest.mark.django_db


def sentences(*rows, user):
    return [line.sentence for line in history([row.subject for row in rows], user=user)]


@pytest.fixture
def ana(db):
    """The analyst who makes the rows of these tests; Rob resolves them."""
    for role, name in {"resolver": "Rob", "analyst": "Ana"}.items():
        person = a.a_person_with(role)
        person.first_name = name
        person.save()
    return person


def test_prediction_is_told_from_posing_to_resolution_with_its_trigger(ana):
    case = a.case(zone="Asia/Tokyo")
    trigger = a.trigger(case, statement="The strategy is adopted", zone="Asia/Tokyo")
    prediction = a.prediction(case, statement="It criticises China", trigger=trigger, zone="Asia/Tokyo")
    a.forecast(prediction, "likely", by=a.forecaster("The Diplomat"))
    a.evidence(prediction)
    day = {"known_precision": "day", "known_until": a.on_day(51)}
    a.resolution(prediction, **{"known_at": a.on_day(50), **day})
    lines = prediction_history(prediction, user=ana)
    assert [line.sentence for line in lines] == [
        "Ana posed the trigger “The strategy is adopted”",
        "Ana posed the prediction “It criticises China”",
        "Ana logged likely (55–80%), taken as 67.5% (ICD 203) for The Diplomat",
        "Ana added evidence for (B2): It was seen.",
        "The prediction was resolved: yes, known since 20 February 2026; decided by one person "
        "(not independently resolved)",
    ]
    assert [line.seq for line in lines] == sorted(line.seq for line in lines)
    assert lines[-1].who == "Rob"
    assert lines[-1].about == prediction


@pytest.mark.parametrize(
    ("words", "fields", "told"),
    [
        ("70%", {}, "Ana logged 70% for X"),
        (
            "70%",
            {"basis": "implied", "low": 0.5, "high": 0.9},
            "Ana logged “70%” (50–90%), taken as 70% (our reading) for X",
        ),
        ("", {"kind": "withdrawn"}, "Ana recorded that X withdrew the forecast"),
        ("may", {"kind": "unquantifiable"}, "Ana logged words without a probability for X"),
    ],
)
def test_forecast_is_told_as_it_was_put(ana, words, fields, told):
    forecast = a.forecast(words=words, by=a.forecaster("X"), **fields)
    assert sentences(forecast, user=ana)[-1] == told


def test_replacement_gives_its_reason(ana):
    first = a.forecast(words="70%", by=a.forecaster("X"))
    a.forecast(first.prediction, "60%", by=first.forecaster, supersedes=first, reason="Misread.")
    assert sentences(first, user=ana)[-1] == "Ana replaced a forecast by 60% for X: Misread."


def test_annulment_and_its_replacement_are_told(ana):
    prediction = a.prediction()
    first = a.resolution(prediction, None, annulled="ambiguous")
    assert sentences(first, user=ana)[-1].startswith("The prediction was annulled: ambiguous, known since 20 February")


@pytest.fixture
def judged(ana, people):
    """A prediction that Rita judged and judged anew; she was drawn with Rob, who is asked no longer."""
    rita, ada = people["resolver"], people["adjudicator"]
    for person, name in ((rita, "Rita"), (ada, "Ada"), (people["administrator"], "Adi")):
        person.first_name = name
        person.save()
    prediction, by = a.prediction(a.case(resolvers_asked=2)), {"by": people["administrator"], "at": a.NOW}
    (other,) = (row for row in draw_resolvers(prediction, **by) if row.resolver != rita)
    withdraw_assignment(other, reason="On leave.", **by)
    first = a.assessment(prediction, "not_met", by=rita)
    a.assessment(prediction, by=rita, supersedes=first, reason="It was met after all.")
    return prediction


def told_of(prediction, user):
    return history([prediction.uuid], user=user)[1:]


def test_judging_is_told_without_saying_who_found_what(judged, people, ana):
    asked = ["Adi asked a resolver to judge it (drawn by lot)"] * 2
    asked += ["Adi no longer asks one of the resolvers: On leave."]
    own = ["A resolver submitted an assessment", "A resolver replaced the assessment they had submitted"]
    assert [line.sentence for line in told_of(judged, ana)] == asked
    assert [line.sentence for line in told_of(judged, people["resolver"])] == asked + own
    a.panel(judged, "met")
    confirm(Resolution(prediction=judged, known_at=a.on_day(50)), by=people["adjudicator"], at=a.NOW)
    lines = told_of(judged, ana)
    assert [line.sentence for line in lines[3:]] == [
        *own,
        "some-administrator asked a resolver to judge it (named)",
        own[0],
        "The prediction was resolved: yes, known since 20 February 2026, 00:00 UTC; the resolvers agreed, 2 resolvers",
    ]
    assert {line.who for line in lines if "assessment" in line.sentence} == {"A resolver"}


@pytest.mark.parametrize(("upheld", "answer"), [(False, "Ada did not uphold"), (True, "Ada upheld")])
def test_dispute_is_told_with_its_answer(ana, adjudicator, upheld, answer):
    adjudicator.first_name = "Ada"
    adjudicator.save()
    prediction = a.prediction()
    a.resolution(prediction)
    held = {"criterion": prediction.revision.criteria.get(), "evidence": a.evidence(prediction)}
    dispute = Dispute(prediction=prediction, text="It was dry.", **held)
    raise_dispute(dispute, by=ana, at=a.NOW)
    row = DisputeAnswer(dispute=dispute, is_upheld=upheld, text="We looked.")
    anew = Resolution(outcome=0.0, known_at=a.on_day(50)) if upheld else None
    answer_dispute(row, resolution=anew, verdicts={"a": "not_met"}, by=adjudicator, at=a.NOW)
    told = [line.sentence for line in told_of(prediction, ana)]
    assert told[2:4] == ["Ana disputed how criterion (a) was judged: It was dry.", f"{answer} the dispute: We looked."]
    assert ["A dispute was upheld: We looked." in line for line in told[4:]] == [True] * upheld


def test_decisions_made_elsewhere_or_recorded_before_that_was_kept_do_not_say_what_they_rest_on(ana):
    prediction = a.prediction()
    imported = {"outcome": "1", "annulled": "", "known_at": None, "origin": "imported", "basis": "direct"}
    older = {**imported, "origin": "entered"}
    older.pop("basis")
    for payload in (imported, older):
        with transaction.atomic():
            subject = {"subject": prediction.uuid, "case": prediction.case}
            record.append("resolution.made", payload, **subject, by=ana, at=a.NOW)
        told = "The prediction was resolved: yes, since when that was known is not stated"
        assert told_of(prediction, ana)[-1].sentence == told


def test_amendment_gives_its_kind_and_reason(ana):
    prediction = a.prediction()
    a.forecast(prediction)
    again = {name: getattr(prediction.revision, name) for name in ("opens_at", "closes_at", "zone")}
    revision = PredictionRevision(
        prediction=prediction, statement="Rain", kind="clarifying", reason="Asked by a reader.", **again
    )
    amend_prediction(revision, [Criterion(label="a", text="It rains.")], by=ana, at=a.NOW)
    told = "Ana wrote revision 2 (clarified: forecasts stand on): Asked by a reader."
    assert sentences(revision, user=ana)[-1] == told


def test_trigger_is_told_with_its_undoing(ana, resolver):
    trigger = a.trigger(zone="Asia/Tokyo")
    a.occurrence(trigger, a.on_day(50))
    undo_occurrence(trigger, reason="It was a draft.", by=resolver, at=a.NOW)
    assert sentences(trigger, user=ana)[1:] == [
        "Ana recorded that the trigger occurred: 20 February 2026, 00:00 UTC",
        "resolver took back that the trigger occurred: It was a draft.",
    ]


def test_source_is_told_with_its_text_quotes_and_changes(ana):
    source = a.source(title="Rain")
    attach_text(source, "It is likely to rain.", by=ana, at=a.NOW)
    a.quote(source, "likely to rain")
    source.title, source.published_at, source.note = "Rain in May", a.on_day(0), "x" * 100
    amend_source(source, by=ana, at=a.NOW)
    assert sentences(source, user=ana)[1:] == [
        "Ana attached its text: 21 characters, SHA-256 " + source.snapshots.get().sha256[:12] + "…",
        "Ana quoted “likely to rain”",
        f"Ana changed note from nothing to “{'x' * 80}…”; published; title from “Rain” to “Rain in May”",
    ]


def test_case_is_told_with_its_people(ana, viewer):
    case = a.case(by=ana)
    case.is_private = True
    amend_case(case, by=ana, at=a.NOW)
    admit(case, viewer, by=ana, at=a.NOW)
    dismiss(case, viewer, by=ana, at=a.NOW)
    assert sentences(case, user=ana)[1:] == [
        "Ana changed private from no to yes",
        "Ana let viewer see the case",
        "Ana no longer lets viewer see the case",
    ]


def test_names_stand_for_rows_in_changes(ana):
    forecaster = a.forecaster("X")
    forecaster.account = ana
    amend_forecaster(forecaster, by=ana, at=a.NOW)
    assert sentences(forecaster, user=ana)[-1] == "Ana changed account from nothing to “Ana”"


def test_what_was_written_by_people_is_never_read_as_a_template(ana):
    assert sentences(a.source(title="{who.password} {0}"), user=ana) == ["Ana recorded the source “{who.password} {0}”"]


def test_private_case_and_people_are_told_to_those_who_may_see_them(people):
    secret = a.trigger(a.case(is_private=True, members=[people["viewer"]]))
    grant_role(people["nobody"], Role.VIEWER, by=people["administrator"], at=a.NOW)
    revoke_role(people["nobody"], Role.VIEWER, by=people["administrator"], at=a.NOW)
    uuids = [secret.uuid, people["nobody"].uuid]
    told = {role: len(history(uuids, user=people[role])) for role in (*Role, "nobody")}
    assert told == {"viewer": 1, "analyst": 0, "resolver": 0, "adjudicator": 0, "administrator": 2, "nobody": 0}


def test_accounts_are_told_to_administrators(administrator, viewer):
    set_zone(viewer, "Asia/Tokyo", at=a.NOW)
    viewer.first_name = "Vic"
    amend_account(viewer, by=administrator, at=a.NOW)
    assert [line.sentence for line in history([viewer.uuid], user=administrator)] == [
        "Vic changed zone from nothing to “Asia/Tokyo”",
        "administrator changed first name from nothing to “Vic”",
    ]


def test_erased_payload_says_so_and_names_nobody(ana):
    source = a.source()
    a.erasure(LedgerEntry.objects.get(subject=source.uuid))
    line = next(each for each in history([source.uuid], user=ana) if each.seq == 1)
    assert (line.sentence, line.who) == (ERASED, "")


def test_row_of_another_private_case_is_not_named(ana, viewer):
    """A payload may name rows that the reader of its own case does not see."""
    secret = a.source(a.case(is_private=True), title="Veiled affair")
    open_case = a.case()
    with transaction.atomic():
        payload = {"user": str(secret.uuid)}
        record.append("case.member_admitted", payload, subject=open_case.uuid, case=open_case, by=ana, at=a.NOW)
    assert sentences(open_case, user=viewer)[-1] == "Ana let a person see the case"


def test_kind_without_a_sentence_is_told_by_its_name(ana):
    with transaction.atomic():
        record.append("source.fetched", {}, subject=ana.uuid, case=None, by=ana, at=a.NOW)
    assert [line.sentence for line in history([ana.uuid], user=ana)] == ["Ana recorded source.fetched"]


def test_every_kind_that_operations_write_has_a_sentence():
    modules = Path(operations.__path__[0]).glob("*.py")
    written = {kind for module in modules for kind in re.findall(r'"([a-z]+\.[a-z_]+)"', module.read_text())}
    assert len(written) > 20
    assert written - {"import.done", "casebook.loaded"} <= set(SENTENCES)  # those two are events of security


def test_number_of_queries_does_not_grow_with_entries(ana):
    tell([], user=ana)
    asked = []
    for more in (1, 2):
        for _ in range(more):
            a.forecast(words="likely")
        with CaptureQueriesContext(connection) as queries:
            tell(LedgerEntry.objects.select_related("payload__actor"), user=ana)
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_person_is_named_by_name_or_username(ana, viewer):
    assert (display_name(ana), display_name(viewer)) == ("Ana", "viewer")
