"""The verification passes whatever the verbs wrote, and names what was changed, added or removed behind their back."""

import io
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.utils.timezone import timedelta

from predictions import checkpoints, record
from predictions.management.commands.demo import JUDGES
from predictions.models import (
    CaseMembership,
    Checkpoint,
    Coding,
    CodingRequest,
    Criterion,
    Erasure,
    Evidence,
    Forecast,
    Forecaster,
    League,
    LedgerEntry,
    LedgerKey,
    LedgerPayload,
    LedgerTile,
    LogHead,
    OriginalBytes,
    Prediction,
    PredictionRevision,
    Quote,
    QuoteAnchor,
    Rationale,
    Resolution,
    Snapshot,
    SnapshotText,
    Source,
    Trigger,
    TriggerOccurrence,
    Watch,
    guards,
)
from predictions.models.bulk import as_uuid
from predictions.models.rows import AppendOnly
from predictions.operations.accounts import demo_people, open_account
from predictions.operations.cases import amend_case, open_case
from predictions.operations.forecast_imports import import_forecasts
from predictions.operations.sources import amend_source, attach_text
from predictions.operations.triggers import watch_trigger
from predictions.queries.verification import kinds, reading, verify
from predictions.queries.verification.rows import RowStream, Spelling
from tests import builders as a
from tests.predictions.deeds import DEEDS
from tests.predictions.operations.import_files import rain, said, sheet
from tests.unguarded import lift, unguarded

CASEBOOK = Path(__file__).parents[3] / "predictions" / "casebooks" / "japan-nss-2022.yaml"

pytestmark = pytest.mark.django_db


def told(findings):
    return [fault.words for faults in findings.told.values() for fault in faults]


def imported(count=3):
    rows = [said(made_at=f"2020-01-{day:02}T00:00:00Z", probability=f"0.{day}") for day in range(1, count + 1)]
    files = [io.BytesIO(sheet("predictions", [rain()])), io.BytesIO(sheet("forecasts", rows))]
    by = a.person("importer", "analyst", "resolver", "administrator")
    return import_forecasts(*files, by=by, at=a.NOW)


# --- what was written truly passes ---------------------------------------------------------------------------------


def test_the_demo_passes(django_capture_on_commit_callbacks):
    demo_people(at=a.NOW)
    call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=io.StringIO())
    findings = verify()
    assert told(findings) == []
    assert findings.notes == []
    assert findings.root == LogHead.objects.get().tree.root


def test_an_import_passes_and_its_forecasts_are_compared_letter_by_letter():
    assert imported().is_written
    findings = verify()
    assert told(findings) == []
    spelling, stream = Spelling(Forecast), RowStream(Forecast)
    for row in stream.until(None):
        payload = LedgerPayload.objects.get(entry=row[1])
        spelling.learn([row])
        assert spelling.payload(row, f'"{payload.actor.uuid}"', '""') == payload.text


def test_the_table_of_kinds_knows_every_verb():
    assert {deed.kind for deed in DEEDS} <= kinds.KNOWN


@pytest.mark.parametrize("size", [1, 2, 3])
def test_ledgers_are_read_in_blocks_of_any_size(monkeypatch, size):
    monkeypatch.setattr(reading, "BLOCK", size)
    forecast = a.coded(rationale="Clouds.")
    a.resolution(forecast.prediction)
    findings = verify()
    assert told(findings) == []
    assert findings.rows >= sum(model._base_manager.count() for model in guards.guarded_models() if is_kept(model))


def is_kept(model):
    return issubclass(model, AppendOnly)


def test_what_was_amended_undone_replaced_and_coded_anew_passes():
    source = a.source(title="First")
    source.title = "Second"
    amend_source(source, by=a.a_person_with("analyst"), at=a.NOW)
    first, second = (a.person(f"coder-{k}", "analyst") for k in (1, 2))
    forecast = a.coded()
    requests = a.asked(forecast, first, second)
    a.coding(requests[0])
    a.forecast(forecast.prediction, "60%", by=forecast.forecaster, supersedes=newest(forecast), reason="Misread.")
    assert set(CodingRequest.objects.values_list("closing", flat=True)) == {"coded", "withdrawn"}
    case = open_case(new_case(), members=[first], by=a.a_person_with("administrator"), at=a.NOW)
    case.is_private = False
    amend_case(case, by=a.a_person_with("administrator"), at=a.NOW)
    assert told(verify()) == []


def newest(forecast):
    return Forecast.objects.standing().get(prediction=forecast.prediction, forecaster=forecast.forecaster)


def new_case():
    return a.Case(external_id="private", title="Private", selection="All.", is_private=True, resolvers_asked=0)


def test_an_empty_ledger_passes():
    assert verify().is_sound
    assert verify(fast=True).root == verify().root


# --- what was changed behind the ledger's back is named ------------------------------------------------------------


@pytest.fixture
def world():
    """A few rows of the kinds that the attacks below are made on."""
    demo_people(at=a.NOW)
    members = [a.a_person_with("analyst"), a.a_person_with("resolver")]
    in_case = open_case(new_case(), members=members, by=a.a_person_with("administrator"), at=a.NOW)
    source = a.source(in_case)
    attach_text(source, "They say that it is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
    a.capture(b"It may rain.", case=in_case)
    trigger = a.trigger(in_case)
    watch_trigger(trigger, by=a.a_person_with("analyst"), at=a.NOW)
    prediction = a.prediction(in_case, trigger=trigger, criteria=("It rains.", "It pours."))
    a.forecast(prediction, "likely", quote=a.quote(source), rationale="Clouds.")
    a.evidence(prediction, source=source)
    a.assumption(prediction)
    a.forecast(prediction, "70%")
    return prediction


def change(model, **values):
    return lambda: model._base_manager.filter(pk=model._base_manager.order_by("-pk")[0].pk).update(**values)


def change_first(model, **values):
    return lambda: model._base_manager.filter(pk=model._base_manager.order_by("pk")[0].pk).update(**values)


def remove(model):
    return lambda: model._base_manager.filter(pk=model._base_manager.order_by("-pk")[0].pk)._raw_delete("default")


def copy(model, **values):
    """Adds a row like the last one, by the name of another."""

    def add():
        row = model._base_manager.order_by("-pk")[0]
        row.pk, row.uuid = None, uuid4()
        for name, value in values.items():
            setattr(row, name, value)
        model._base_manager.bulk_create([row])

    return add


def entry_of(kind):
    return LedgerEntry._base_manager.filter(kind=kind).order_by("-seq")


def at_entry(of, /, **values):
    return lambda: entry_of(of).update(**values)


def at_payload(kind, **values):
    return lambda: LedgerPayload._base_manager.filter(entry__kind=kind).update(**values)


def drop_entry(kind):
    def drop():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM predictions_ledgerentry WHERE seq = %s", [entry_of(kind)[0].seq])

    return drop


def drop_guard():
    name, (table, _) = next(iter(guards.triggers(connection).items()))
    with connection.cursor() as cursor:
        guards._drop(cursor, name, table, connection)


def other_person():
    return a.a_person_with("viewer")


def whose():
    change(Forecast, forecaster=a.forecaster())()


LATER = a.NOW + timedelta(days=1)
ATTACKS = {
    "leaf": (at_entry("forecast.created", leaf=b"{}"), {"leaf", "leaf hash", "head"}, "in its leaf at is “null”"),
    "no leaf": (at_entry("forecast.created", leaf=b"\xff"), {"leaf", "leaf hash", "head"}, "no JSON object"),
    "leaf hash": (at_entry("forecast.created", leaf_hash=b"\0" * 32), {"leaf hash"}, "not that of its bytes"),
    "time of an entry": (at_entry("evidence.captured", at=LATER), {"leaf", "order"}, "in its leaf at is"),
    "kind of an entry": (at_entry("forecast.created", kind="forecast.superseded"), {"leaf"}, "in its leaf kind is"),
    "commitment": (at_entry("forecast.created", commit="0" * 64), {"leaf", "commitment"}, "in its leaf commit is"),
    "history of an entry": (at_entry("forecast.created", subject=uuid4()), {"place"}, "another subject"),
    "case of an entry": (at_payload("forecast.created", case=None), {"place"}, "kept with another case"),
    "actor of an entry": (
        lambda: LedgerPayload._base_manager.filter(entry__kind="forecast.created").update(actor=other_person()),
        {"payload"},
        "who made it is not whom its payload names",
    ),
    "salt": (at_payload("forecast.created", salt=b"\0" * 32), {"commitment"}, "not what it committed to"),
    "a payload": (
        at_payload("quote.anchored", text="{}"),
        {"commitment", "payload", "row"},
        "not what it committed to",
    ),
    "a payload gone": (
        lambda: LedgerPayload._base_manager.filter(entry__kind="quote.anchored").delete(),
        {"payload"},
        "no erasure is on record",
    ),
    "an entry gone": (drop_entry("source.recorded"), {"order", "head", "row"}, "is missing: entry"),
    "the last entry gone": (drop_entry("forecast.created"), {"head", "row"}, "does not tell of the forecast"),
    "head": (change(LogHead, next_seq=F("next_seq") + 1), {"head"}, "its head says"),
    "frontier": (change(LogHead, frontier=b""), {"head"}, "another tree"),
    "time of the head": (change(LogHead, last_at=LATER), {"head"}, "another time"),
    "head gone": (remove(LogHead), {"head"}, "where the ledger ends is gone"),
    "a guard": (drop_guard, {"guard"}, "is missing: rows that must stay"),
    "a forecast changed": (change(Forecast, probability=0.9), {"row"}, "p is “0.9”, and the ledger says “0.7”"),
    "whose a forecast is": (whose, {"row"}, "on_behalf_of is"),
    "a forecast removed": (remove(Forecast), {"row"}, "the forecast"),
    "a forecast added": (copy(Forecast), {"row"}, "does not tell of the forecast"),
    "its clock": (change(Forecast, issued_us=1), {"derived"}, "issued_us is not issued_at"),
    "a reading": (change(Coding, point=0.7), {"row"}, "of the coding"),
    "a reading removed": (remove(Coding), {"row"}, "the coding"),
    "a reading added": (copy(Coding), {"row"}, "does not tell of the coding"),
    "a rationale": (change(Rationale, text="Sun."), {"text"}, "its rationale is another"),
    "a rationale removed": (remove(Rationale), {"text"}, "the rationale that it recorded is gone"),
    "a rationale added": (
        lambda: Rationale(entry=entry_of("evidence.captured")[0], text="Because.").save(force_insert=True),
        {"text"},
        "it recorded no rationale",
    ),
    "a criterion": (change(Criterion, text="It snows."), {"row"}, "text is “It snows.”"),
    "a criterion removed": (remove(Criterion), {"row"}, "the criterion"),
    "a statement": (change(PredictionRevision, statement="It snows."), {"row"}, "statement is “It snows.”"),
    "a close": (change(PredictionRevision, closes_us=1), {"derived"}, "closes_us is not closes_at"),
    "evidence": (change(Evidence, note="It was not."), {"row"}, "note is “It was not.”"),
    "evidence removed": (remove(Evidence), {"row"}, "is gone"),
    "a quote": (change(Quote, exact="Other words."), {"row"}, "exact is “Other words.”"),
    "a place": (change(QuoteAnchor, start=0), {"row"}, "start is"),
    "a text": (change_first(SnapshotText, text="Another."), {"text"}, "the text is not the one"),
    "a text removed": (remove(SnapshotText), {"text"}, "the text that it recorded is gone"),
    "a file": (change(OriginalBytes, content=b"Another."), {"text"}, "the file is not the one"),
    "a file removed": (remove(OriginalBytes), {"text"}, "the file that it recorded is gone"),
    "a snapshot": (change(Snapshot, sha256="0" * 64), {"row", "text"}, "sha256 is"),
    "a source": (change(Source, title="Another"), {"row"}, "title is “Another”"),
    "a source added": (copy(Source, external_id=""), {"row"}, "no entry tells of the source"),
    "a trigger": (change(Trigger, statement="Another"), {"row"}, "of the trigger"),
    "a case": (lambda: a.Case.objects.update(is_private=False), {"row"}, "is_private is “false”"),
    "a forecaster": (change(Forecaster, name="Another"), {"row"}, "name is “Another”"),
    "an assumption": (change(a.Assumption, status="unsupported"), {"row"}, "status is “unsupported”"),
    "an assumption removed": (remove(a.Assumption), {"row"}, "the assumption"),
    "a theme": (change(Prediction, theme="Another"), {"row"}, "theme is “Another”"),
    "a beginning": (change(Prediction, created_at=LATER), {"derived"}, "was not created when"),
    "a wording": (change(Prediction, revision=None), {"derived"}, "does not point at its newest revision"),
    "a member added": (
        lambda: CaseMembership.objects.create(case=a.Case.objects.get(), user=other_person()),
        {"people"},
        "which the ledger does not say",
    ),
    "a member removed": (lambda: CaseMembership.objects.all().delete(), {"people"}, "no longer sees the case"),
    "a watch removed": (lambda: Watch.objects.all().delete(), {"people"}, "no longer watches the trigger"),
    "a role": (
        lambda: a.User.objects.get(username="demo-viewer").groups.add(Group.objects.get(name="administrator")),
        {"people"},
        "holds the role administrator; the ledger says otherwise",
    ),
    "a name": (
        lambda: a.User.objects.filter(username="demo-viewer").update(last_name="Other"),
        {"people"},
        "last_name is “Other”",
    ),
    "the league": (lambda: League.objects.create(pk=1, names_staff=True), {"row"}, "names_staff is True"),
}


def done_behind_its_back(attack):
    act, *_ = ATTACKS[attack]
    if attack == "a guard":
        act()
        return
    with unguarded():
        act()


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_was_done_behind_the_ledgers_back_is_named(world, attack):
    _, found, words = ATTACKS[attack]
    done_behind_its_back(attack)
    findings = verify()
    assert set(findings.counts) == found
    assert any(words in each for each in told(findings)), told(findings)
    assert not findings.is_sound


def test_a_decision_and_an_occurrence_are_compared(world):
    a.occurrence(world.trigger)
    a.resolution(world)
    assert told(verify()) == []
    lift()
    for act, words in (
        (change(Resolution, outcome=0.0), "outcome is “0”, and the ledger says “1”"),
        (change(TriggerOccurrence, occurred_us=1), "occurred_us is not occurred_at"),
        (change(Prediction, resolution=None), "does not point at the resolution that stands"),
        (change(Trigger, occurrence=None), "does not point at the occurrence that stands"),
    ):
        act()
        assert any(words in each for each in told(verify()))


def test_the_first_bad_entry_is_told_and_every_kind_counted(world):
    with unguarded():
        change(Forecast, probability=0.9)()
        change(a.Assumption, status="unsupported")()
        change(Evidence, note="Another.")()
    findings = verify()
    assert findings.first.seq == Evidence.objects.get().entry_id
    assert findings.counts == {"row": 3}


def test_a_tile_that_is_not_the_root_over_its_leaves_is_told():
    by = a.a_person_with("analyst")
    record.append_many("test.made", [(as_uuid(UUID(int=k)), "{}") for k in range(512)], case=None, by=by, at=a.NOW)
    lift()
    change(LedgerTile, hash=b"\0" * 32)()
    findings = verify(fast=True)
    assert findings.counts == {"guard": len(guards.missing(connection)), "tree": 1}
    assert "tile over the entries from 256" in findings.told["tree"][0].words


FAST = {"leaf hash", "an entry gone", "the last entry gone", "head", "frontier", "a guard", "leaf"}


@pytest.mark.parametrize("attack", [*sorted(FAST), "a forecast changed", "salt"])
def test_fast_looks_at_hashes_order_root_and_guards_alone(world, attack):
    done_behind_its_back(attack)
    findings = verify(fast=True)
    assert findings.is_sound == (attack not in FAST)


# --- what was signed -----------------------------------------------------------------------------------------------


def signed(world):
    for _ in range(3):
        checkpoints.sign(at=a.NOW)
        a.forecast(world)
    return Checkpoint.objects.order_by("pk")


SIGNED_ATTACKS = {
    "note": ({"note": "no note"}, "cannot be verified"),
    "size": ({"size": 1}, "says something else than its row"),
    "root": ({"root": b"\0" * 32}, "is of another history"),
    "epoch": ({"epoch": 7}, "says something else than its row"),
}


def test_what_was_signed_is_proved_anew(world):
    signed(world)
    for fast in (True, False):
        findings = verify(fast=fast)
        assert (told(findings), findings.checkpoints) == ([], 3)
        assert not any("guard file" in note for note in findings.notes)


@pytest.mark.parametrize("attack", SIGNED_ATTACKS)
def test_a_checkpoint_that_does_not_hold_is_told(world, attack):
    values, words = SIGNED_ATTACKS[attack]
    middle = signed(world)[1]
    with unguarded():
        Checkpoint._base_manager.filter(pk=middle.pk).update(**values)
    findings = verify(fast=True)
    assert findings.counts.keys() == {"checkpoint"}
    assert any(words in each for each in told(findings)), told(findings)


def test_a_key_that_was_never_let_sign_is_told(world):
    signed(world)
    with unguarded():
        LedgerKey._base_manager.all()._raw_delete("default")
    assert verify(fast=True).counts == {"checkpoint": 3}


def test_fewer_entries_than_were_signed_are_told(world):
    checkpoints.sign(at=a.NOW)
    with unguarded():
        drop_entry("forecast.created")()
    findings = verify(fast=True)
    assert findings.counts == {"checkpoint": 2, "head": 1}  # the checkpoint, and what the guard file holds of it
    assert any("the ledger holds" in each for each in told(findings))


# --- erasure -------------------------------------------------------------------------------------------------------


def test_what_was_erased_is_told_as_erased_and_proved_still(world):
    root = LogHead.objects.get().tree
    for model in (Forecast, Quote, Snapshot, Evidence, PredictionRevision):
        a.erasure(model.objects.order_by("pk")[0])
    findings = verify()
    assert told(findings) == []
    assert findings.erased == 5
    assert root.size == LogHead.objects.get().next_seq - 5


def erased_then(act):
    def attack():
        a.erasure(Evidence.objects.get())
        with unguarded():
            act()

    return attack


@pytest.mark.parametrize(
    ("act", "kind", "words"),
    [
        (
            lambda: LedgerPayload(
                entry=entry_of("evidence.captured")[0], text="{}", salt=b"\0" * 32, actor=a.a_person_with("analyst")
            ).save(force_insert=True),
            "erasure",
            "a payload stands there all the same",
        ),
        (change(Evidence, note="Words again."), "erasure", "there stand still note of the evidence"),
        (change(Erasure, reason="Another."), "row", "reason is “Another.”"),
        (remove(Erasure), "payload", "no erasure is on record"),
    ],
)
def test_an_erasure_that_is_not_one_is_told(world, act, kind, words):
    erased_then(act)()
    findings = verify()
    assert kind in findings.counts
    assert any(words in each for each in told(findings)), told(findings)


# --- accounts that no entry opened ---------------------------------------------------------------------------------


def test_accounts_made_from_the_shell_are_told_of_and_no_fault():
    a.person("shell", "administrator")
    row = a.User(username="logged")
    open_account(row, "a long password of 9 words", by=a.User.objects.get(username="shell"), at=a.NOW)
    findings = verify()
    assert told(findings) == []
    assert findings.notes == [
        "1 account was made outside the site, as by createsuperuser: no entry says what they may be."
    ]
