"""Laws of imports: every entry can be proved and says what a single one would, dirt is told, mending heals."""

import json
from itertools import pairwise
from uuid import RFC_4122, UUID

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions import merkle, record
from predictions.models import (
    Case,
    Criterion,
    Forecast,
    Forecaster,
    LedgerEntry,
    Prediction,
    PredictionRevision,
    Resolution,
)
from predictions.models.bulk import as_uuid
from predictions.models.times import iso_utc, microseconds
from predictions.operations import forecast_import_forecasts, forecast_import_reading, forecast_import_writing
from predictions.operations.accounts import command_line_account
from predictions.operations.forecast_import_forecasts import OrderedUuids
from predictions.operations.predictions import amend_prediction
from tests import builders as a
from tests.predictions.operations.import_files import bring_in, kinds, rain, rejects_of, said, state
from tests.predictions.test_record import no_new_row_in, row_counts

pytestmark = pytest.mark.django_db

MANY = [rain(external_id=f"rain-{k}", outcome=("1", "", "annulled", "0.5")[k % 4]) for k in range(7)]
MADE = [
    said(
        external_id=f"rain-{k % 7}",
        forecaster=f"F{k % 3}",
        probability=str(k / 40),
        made_at=f"2020-01-{k % 9 + 1:02}T00:00Z",
    )
    for k in range(40)
]


@pytest.fixture
def small_blocks(monkeypatch):
    """Blocks so small that every loop over them runs."""
    monkeypatch.setattr("predictions.operations.forecast_import_staging.BLOCK", 6)
    monkeypatch.setattr("predictions.operations.forecast_import_recorded.AT_ONCE", 2)
    monkeypatch.setattr(forecast_import_reading, "BLOCK", 2)
    monkeypatch.setattr(forecast_import_writing, "BLOCK", 2)
    monkeypatch.setattr(forecast_import_forecasts, "AT_ONCE", 2)


def test_every_row_has_one_entry_and_every_entry_can_be_proved(small_blocks):
    findings = bring_in(MANY, MADE)
    assert LedgerEntry.objects.filter(kind__regex="posed|created|made|named").count() == sum(findings.created.values())
    entries = LedgerEntry.objects.select_related("payload").order_by("seq")
    for seq, entry in enumerate(entries):
        text, salt = entry.payload.text.encode(), bytes(entry.payload.salt)
        head = {"seq": seq, "at": iso_utc(entry.at), "kind": entry.kind, "commit": merkle.commitment(text, salt)}
        assert bytes(entry.leaf) == merkle.leaf(**head, log=django_settings.LEDGER_NAME)
        assert bytes(entry.leaf_hash) == merkle.leaf_hash(bytes(entry.leaf))
        assert merkle.canonical(json.loads(text)) == text
    assert len({bytes(entry.payload.salt) for entry in entries}) == len(entries)


@pytest.mark.parametrize("model", [Forecast, Resolution, PredictionRevision, Prediction, Forecaster])
def test_an_entry_says_of_its_row_what_keep_would_say(model, small_blocks):
    bring_in([*MANY, rain(closed_at="")], [*MADE, said(probability="5e-05")])
    by, subjects = command_line_account(at=a.NOW), set()
    entry_of = {"prediction": "prediction.posed", "forecaster": "forecaster.named"}
    for row in model.objects.all():
        if model is PredictionRevision:
            entry = row.entry
            told = json.loads(entry.payload.text)["parts"]
            assert told == [{"table": "predictionrevision", **json.loads(merkle.canonical(row.logged()))}]
        elif model in {Prediction, Forecaster}:
            entry = LedgerEntry.objects.get(kind=entry_of[model._meta.model_name], subject=row.uuid)
            more = {"prediction_revision_sha256": row.revision.digest([])} if model is Prediction else {}
            parts = [row.revision] if model is Prediction else []
            assert entry.payload.text == record.spelled(row, by=by, parts=parts, **more)[1]
        else:
            entry = row.entry
            assert (as_uuid(entry.subject), entry.payload.text) == record.spelled(row, by=by)
        subjects.add(entry.subject)
    assert subjects


names = st.text(st.characters(codec="ascii"), min_size=1, max_size=4)
values = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**53) + 1, 2**53 - 1), st.text(st.characters(codec="utf-8"))
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(names, st.one_of(values, st.lists(values, max_size=2)), min_size=1), st.data())
def test_a_filled_form_is_the_canonical_payload(payload, data):
    blanks = data.draw(st.sets(st.sampled_from(sorted(payload))))
    form = record.form({k: v for k, v in payload.items() if k not in blanks}, blanks)
    filled = form % tuple(merkle.canonical(payload[name]).decode() for name in sorted(blanks))
    assert filled.encode() == merkle.canonical(payload)


def test_uuids_are_new_and_in_order():
    uuids = OrderedUuids(a.NOW)
    (first, written), (more, written_later) = uuids.more(1_000), uuids.more(1_000)
    made = [UUID(each) for each in [*written, *written_later]]
    assert [as_uuid(each) for each in made] == [*first, *more]
    assert [str(each) for each in made] == [*written, *written_later]
    assert len(set(made)) == 2_000
    assert all(one < other for one, other in pairwise(made))
    assert {(each.version, each.variant, each.int >> 80) for each in made} == {
        (7, RFC_4122, microseconds(a.NOW) // 1000)
    }


@pytest.mark.parametrize("table", ["forecast", "resolution", "predictionrevision", "ledgerpayload", "rationale"])
def test_an_import_that_fails_half_way_leaves_nothing(table, small_blocks):
    command_line_account(at=a.NOW)
    before = row_counts()
    with transaction.atomic():
        with no_new_row_in(f"predictions_{table}"), pytest.raises(DatabaseError):
            bring_in(MANY, MADE)
        assert row_counts() == before
        transaction.set_rollback(True)


def test_what_is_recorded_while_the_files_are_read_stops_the_import():
    bring_in()

    def meanwhile(step, count):
        if step == "forecasts read":
            a.forecaster("Bo")

    with pytest.raises(ValidationError) as refusal:
        bring_in(forecasts=[said(forecaster="Cy")], progress=meanwhile)
    assert refusal.value.code == "conflict"
    assert not Forecaster.objects.filter(name="Cy").exists()


def test_forecasts_are_about_the_wording_of_their_time():
    bring_in([rain(outcome="", resolved_at="", closed_at="2100-01-01T00:00:00Z")])
    prediction, analyst = Prediction.objects.get(), a.a_person_with("analyst")
    changed = PredictionRevision(prediction=prediction, statement="It pours", kind="material", reason="More.")
    changed.opens_at, changed.closes_at = a.on_day(0), a.on_day(1000)

    amend_prediction(changed, [Criterion(label="a", text="It pours.")], by=analyst, at=a.NOW)
    later = iso_utc(a.on_day(90))
    bring_in([], [said(forecaster="Bo"), said(forecaster="Bo", made_at=later)], at=a.on_day(99))
    told = Forecast.objects.order_by("id").select_related("revision")
    assert [row.revision.number for row in told] == [1, 1, 2]


# --- dirt --------------------------------------------------------------------------------------------------------

DIRT = [
    "",
    " ",
    "nan",
    "1.5",
    "0",
    "1",
    "-0",
    "5e-05",
    "annulled",
    "x" * 600,
    "\x00",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "“",
]
dirty_predictions = st.lists(st.tuples(st.sampled_from(list(rain())), st.sampled_from(DIRT)), max_size=3)
dirty_forecasts = st.lists(st.tuples(st.sampled_from(list(said())), st.sampled_from(DIRT)), max_size=3)
in_a_case = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def soiled(rows, dirt):
    """`rows`, of which the first few hold a wrong cell each."""
    return [row | dict(dirt[k : k + 1]) for k, row in enumerate(rows)]


@in_a_case
@given(dirty_predictions, dirty_forecasts)
def test_whatever_stands_in_the_files_all_is_written_or_nothing(predictions, forecasts):
    with transaction.atomic():
        findings = bring_in(soiled(MANY, predictions), soiled(MADE, forecasts))
        assert findings.is_written != bool(findings.fault_count)
        assert findings.is_written == Case.objects.exists()
        assert sum(findings.created.values()) == len(
            [k for k in kinds() if k.split(".")[0] not in {"case", "account", "role"}]
        )
        transaction.set_rollback(True)


@in_a_case
@given(dirty_predictions, dirty_forecasts)
def test_rejects_that_are_mended_give_what_clean_files_give(predictions, forecasts):
    with transaction.atomic():
        bring_in(MANY, MADE)
        clean = state()
        transaction.set_rollback(True)
    with transaction.atomic():
        soil = [dirt for dirt in predictions if dirt[0] == "outcome" and dirt[1] in {"nan", "1.5", "-0", "x" * 600}]
        spoilt = [
            dirt
            for dirt in forecasts
            if dirt[0] in {"probability", "made_at"} and dirt[1] in {"", "nan", "1.5", "\x00"}
        ]
        findings, rejects = rejects_of(soiled(MANY, soil), soiled(MADE, spoilt))
        lines = {
            file: [int(r["line"]) - 2 for r in rejects if r["file"] == file] for file in ("predictions", "forecasts")
        }
        assert {file: len(found) for file, found in lines.items() if found} == findings.rejected
        bring_in([MANY[k] for k in lines["predictions"]], [MADE[k] for k in lines["forecasts"]])
        assert sorted(map(repr, state()[1])) == sorted(map(repr, clean[1]))
        assert state()[0] == clean[0]
        transaction.set_rollback(True)
