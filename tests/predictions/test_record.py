"""The ledger's one pen: every verb writes one provable entry with its rows, or nothing."""

import hashlib
import inspect
import json
import pkgutil
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import merkle, operations, record
from predictions.models import LedgerEntry, LedgerPayload, Rationale
from predictions.models.ledger import LARGEST_STEP_BACK
from predictions.models.times import iso_utc
from predictions.operations import coders, ledger, tokens
from predictions.operations.accounts import remove_factors, settle_roles, sign_out_everywhere
from predictions.operations.annotations import import_annotations
from predictions.operations.cases import settle_people
from predictions.operations.evidence import link_passage
from predictions.operations.forecast_imports import import_forecasts
from predictions.operations.kept_replies import answer_once
from predictions.operations.panels import forget_judgements, withdraw
from predictions.operations.quotes import quoted
from predictions.operations.ratings import rate_matrix
from predictions.operations.readings import pose_from_quote
from predictions.operations.resolutions import decide
from predictions.operations.teams import settle_members
from predictions.queries.verification import verify
from tests import builders as a
from tests.predictions.deeds import DEEDS, doer

MANY_ENTRIES = {settle_roles, import_forecasts, import_annotations, link_passage, pose_from_quote, quoted, rate_matrix}
MANY_ENTRIES |= {settle_people, settle_members}
# Done by several verbs under a lock that each holds:
PARTS_OF_VERBS = {coders.dismiss, coders.end, decide, forget_judgements, withdraw}
# What they do outside the database is not undone with a transaction; tests of operations/ledger:
OF_THE_WHOLE_LEDGER = {ledger.resume_ledger, ledger.retire_key, ledger.rotate_key}
# Of sessions, factors and tokens, and of requests sent again; they have tests of their own:
OF_ACCESS = {sign_out_everywhere, remove_factors, tokens.make_token, tokens.revoke_token, tokens.revoke_tokens}
OF_ACCESS |= {answer_once}
OF_A_FORECAST = {  # reference/reliability.md, 3.1
    "prediction",
    "prediction_revision_sha256",
    "actor",
    "on_behalf_of",
    "forecast",
    "p",
    "horizon",
    "rationale_sha256",
    "evidence",
    "supersedes",
    "reason",
    "client_at",
}

pytestmark = pytest.mark.django_db
each_deed = pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: f"{deed.operation.__name__}:{deed.kind}")


def payload_of(entry):
    def refuse(number):
        raise AssertionError(f"{number} is no integer")

    return json.loads(entry.payload.text, parse_float=refuse, parse_constant=refuse)


def row_counts(tables=None):
    models = [*apps.get_app_config("predictions").get_models(), *apps.get_app_config("accounts").get_models()]
    asked = [model for model in models if tables is None or model._meta.db_table in tables]
    return {model._meta.db_table: model._base_manager.count() for model in asked}


@contextmanager
def no_new_row_in(table):
    """Lets the database itself refuse whatever is added to `table`."""
    body = f"BEGIN SELECT RAISE(ABORT, '{table} is full'); END"
    if connection.vendor == "postgresql":
        body = "FOR EACH ROW EXECUTE FUNCTION forsooth_refuse()"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE TRIGGER full_table BEFORE INSERT ON "{table}" {body}')
        yield
        cursor.execute("DROP TRIGGER full_table" + (f' ON "{table}"' if connection.vendor == "postgresql" else ""))


def test_the_table_of_deeds_holds_every_verb():
    modules = [
        import_module(f"{operations.__name__}.{found.name}") for found in pkgutil.iter_modules(operations.__path__)
    ]
    verbs = {
        function
        for module in modules
        for _, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ != "predictions.operations.casebooks"
        and {"by", "at"} <= inspect.signature(function).parameters.keys()
        and not function.__name__.startswith("_")
    }
    assert verbs == {deed.operation for deed in DEEDS} | MANY_ENTRIES | PARTS_OF_VERBS | OF_THE_WHOLE_LEDGER | OF_ACCESS


@each_deed
def test_every_verb_writes_exactly_one_entry_that_can_be_proved_and_tells_truly_what_it_wrote(deed):
    do, by = deed.prepare(a.case()), doer(deed)
    before = LedgerEntry.objects.count()
    do(by=by, at=a.NOW)
    (entry,) = LedgerEntry.objects.filter(seq__gte=before)
    assert (entry.seq, entry.kind, entry.at) == (before, deed.kind, a.NOW)
    text, salt = entry.payload.text.encode(), bytes(entry.payload.salt)
    assert entry.commit == merkle.commitment(text, salt)
    head = {"seq": entry.seq, "at": iso_utc(entry.at), "kind": entry.kind, "commit": entry.commit}
    assert bytes(entry.leaf) == merkle.leaf(**head, log=django_settings.LEDGER_NAME)
    assert bytes(entry.leaf_hash) == merkle.leaf_hash(bytes(entry.leaf))
    assert merkle.canonical(payload_of(entry)) == text
    assert payload_of(entry)["actor"] == str(by.uuid)
    findings = verify()
    assert (dict(findings.told), findings.entries) == ({}, before + 1)


@each_deed
def test_a_verb_that_fails_half_way_leaves_neither_row_nor_entry(deed):
    by = doer(deed)
    with transaction.atomic():
        do, before = deed.prepare(a.case()), row_counts()
        do(by=by, at=a.NOW)
        after = row_counts()
        transaction.set_rollback(True)
    written = [table for table in after if after[table] > before[table]]
    assert LedgerEntry._meta.db_table in written
    for table in set(written) - {LedgerEntry._meta.db_table}:  # the payload follows at once
        with transaction.atomic():
            do, before = deed.prepare(a.case()), row_counts(written)
            with no_new_row_in(table), pytest.raises(DatabaseError):
                do(by=by, at=a.NOW)
            assert row_counts(written) == before, f"refused at {table}"
            transaction.set_rollback(True)


@each_deed
def test_a_clock_more_than_a_minute_behind_the_ledger_stops_every_verb(deed):
    do, by = deed.prepare(a.case()), doer(deed)
    before = row_counts()
    with pytest.raises(ValidationError) as refusal:
        do(by=by, at=a.NOW - timedelta(seconds=60, microseconds=1))
    assert {error.code for error in refusal.value.error_list} == {"clock_behind"}
    assert row_counts() == before


def test_a_clock_just_a_minute_behind_is_lifted_to_the_time_of_the_last_entry():
    a.source()
    entry = record.append(
        "test.made", {}, subject=None, case=None, by=a.a_person_with("analyst"), at=a.NOW - timedelta(seconds=60)
    )
    assert entry.at == a.NOW


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-70_000_000, 70_000_000), min_size=1, max_size=8))
def test_time_in_the_ledger_never_goes_back(steps):
    by, at, latest = a.a_person_with("analyst"), a.NOW, None
    for step in steps:
        at += timedelta(microseconds=step)
        entry = LedgerEntry.objects.first()
        latest = entry and entry.at
        if latest and at < latest - LARGEST_STEP_BACK:
            with pytest.raises(ValidationError):
                record.append("test.made", {}, subject=None, case=None, by=by, at=at)
        else:
            written = record.append("test.made", {}, subject=None, case=None, by=by, at=at)
            assert written.at == max(at, latest or at)
    seqs = list(LedgerEntry.objects.order_by("seq").values_list("seq", flat=True))
    assert seqs == list(range(len(seqs)))


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction"):
        record.append("test.made", {}, subject=None, case=None, by=a.person("someone"), at=a.NOW)
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("payload", [{"p": 0.7}, {"p": [0.0]}, {"n": 2**53}, {"é": 1}])
def test_a_payload_without_one_spelling_is_never_written(payload):
    with pytest.raises(ValueError, match="ledger payload"):
        record.append("test.made", payload, subject=None, case=None, by=a.a_person_with("analyst"), at=a.NOW)
    assert not LedgerEntry.objects.exists()


def test_two_entries_of_the_same_payload_commit_to_different_salts():
    by = a.a_person_with("analyst")
    one, other = (record.append("test.made", {}, subject=None, case=None, by=by, at=a.NOW) for _ in range(2))
    assert one.payload.text == other.payload.text
    assert one.commit != other.commit
    assert len(bytes(one.payload.salt)) == len(bytes(other.payload.salt)) == 32


# --- what the entries say ----------------------------------------------------------------------------------------


def test_a_forecast_is_recorded_with_the_keys_of_format_v1():
    first = a.forecast(words="likely")
    second = a.forecast(first.prediction, "60%", by=first.forecaster, supersedes=first, reason="Misread.")
    said = payload_of(second.entry)
    assert said.keys() >= OF_A_FORECAST
    assert said["forecast"] == str(second.uuid)
    assert said["prediction"] == str(first.prediction.uuid)
    assert said["on_behalf_of"] == str(first.forecaster.uuid)
    assert said["prediction_revision_sha256"] == second.revision.digest(list(second.revision.criteria.all()))
    assert (
        said["prediction_revision_sha256"] == payload_of(first.prediction.revision.entry)["prediction_revision_sha256"]
    )
    assert said["horizon"] == iso_utc(second.revision.closes_at)
    assert (said["supersedes"], said["reason"], said["client_at"], said["evidence"]) == (
        first.entry_id,
        "Misread.",
        None,
        [],
    )
    assert payload_of(first.entry)["supersedes"] is None


@pytest.mark.parametrize(
    ("words", "p"),
    [
        ("70%", "0.7"),
        ("0.50", "0.5"),
        (".5", "0.5"),
        ("7 in 10", "0.7"),
        ("12.3457%", "0.123457"),
        ("1 in 3", "0.333333"),
        ("0.1%", "0.001"),
        ("99.9%", "0.999"),
        ("likely", "0.675"),
    ],
)
def test_the_ledger_holds_the_probability_as_the_decimal_that_was_entered(words, p):
    assert payload_of(a.forecast(words=words).entry)["p"] == p


def test_a_rationale_stands_beside_the_ledger_which_holds_its_hash():
    forecast = a.forecast(rationale="Clouds – dark ones.")
    resolution = a.resolution(forecast.prediction, rationale="It rained.")
    for row, text in ((forecast, "Clouds – dark ones."), (resolution, "It rained.")):
        assert Rationale.objects.get(entry=row.entry).text == text == type(row).objects.get(pk=row.pk).rationale
        assert payload_of(row.entry)["rationale_sha256"] == hashlib.sha256(text.encode()).hexdigest()
    assert not LedgerPayload.objects.filter(text__contains="ained").exists()
    assert not LedgerPayload.objects.filter(text__contains="dark").exists()


def test_without_a_rationale_there_is_none_to_erase():
    forecast = a.forecast()
    assert not Rationale.objects.exists()
    assert payload_of(forecast.entry)["rationale_sha256"] == ""


def test_rows_that_come_together_share_an_entry_that_tells_of_them_all():
    prediction = a.prediction(criteria=("It rains.", "It pours."))
    revision, criteria = prediction.revision, list(prediction.revision.criteria.all())
    assert {criterion.entry_id for criterion in criteria} == {revision.entry_id}
    parts = payload_of(revision.entry)["parts"]
    assert [(part["table"], part["uuid"]) for part in parts] == [
        ("predictionrevision", str(revision.uuid)),
        *(("criterion", str(criterion.uuid)) for criterion in criteria),
    ]
