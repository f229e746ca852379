"""Importing a data set: all or nothing, once and not twice, every row provable, nothing lost that can be kept."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from predictions.models import Case, Forecast, Forecaster, LedgerEntry, Prediction, Rationale, Resolution
from predictions.operations import forecast_imports
from predictions.operations.cases import open_case
from tests import builders as a
from tests.predictions.operations.import_files import bring_in, faults, kinds, rain, rejects_of, said, state

pytestmark = pytest.mark.django_db


def probabilities():
    return list(Forecast.objects.order_by("id").values_list("probability", flat=True))


def told(findings):
    return [notice.column for notice in findings.notices]


def analysed():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stats WHERE tablename = 'predictions_forecast'")
        return cursor.fetchone()[0] > 0


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps no such statistics")
@pytest.mark.parametrize(("many", "is_done"), [(2, True), (3, False)])
def test_after_many_rows_the_planner_of_postgresql_knows_them(monkeypatch, many, is_done):
    monkeypatch.setattr(forecast_imports, "MANY", many)
    bring_in([rain()], [said(), said(forecaster="Bo")])
    assert analysed() == is_done


# --- what is written ---------------------------------------------------------------------------------------------


def test_a_data_set_becomes_a_case_its_predictions_forecasts_and_outcomes():
    findings = bring_in([rain(), rain(external_id="snow", outcome="", resolved_at="")], [said(), said(forecaster="Bo")])
    assert findings.created == {"forecasters": 2, "predictions": 2, "forecasts": 2, "outcomes": 1}
    assert findings.read == {"predictions": 2, "forecasts": 2}
    forecast = Forecast.objects.select_related("prediction__resolution", "revision").first()
    assert (forecast.origin, forecast.basis, forecast.words, forecast.recorded_at) == ("imported", "stated", "", a.NOW)
    assert forecast.revision == forecast.prediction.revision
    assert forecast.prediction.theme == "weather"
    assert forecast.prediction.resolution.outcome == 1.0
    assert set(Forecaster.objects.values_list("kind", flat=True)) == {"outlet"}
    assert Case.objects.get().external_id == "imported"


@pytest.mark.parametrize("row", [{"external_id": "snow"}, {}])
def test_forecasts_may_be_of_predictions_that_the_case_holds_already(row):
    bring_in([rain(external_id="snow")], [said(external_id="snow")])
    bring_in([rain(**row)] if row == {} else [], [said(external_id="snow", forecaster="Bo")])
    assert Forecast.objects.filter(prediction__external_id="snow").count() == 2


def test_what_lies_in_the_future_is_taken_and_told():
    later = "2031-01-01T00:00:00Z"
    findings = bring_in([rain(resolved_at=later)], [said(), said(made_at=later)])
    assert told(findings) == ["resolved_at", "made_at"]
    assert findings.created["forecasts"] == 2


def test_rows_of_the_same_instant_stay_in_the_order_of_the_file():
    bring_in(forecasts=[said(probability=p) for p in ("0.9", "0.1", "0.5", "0.1")])
    assert probabilities() == [0.9, 0.1, 0.5, 0.1]
    assert list(Forecast.objects.order_by("entry_id").values_list("probability", flat=True)) == probabilities()


@pytest.mark.parametrize("p", ["0", "1", "0.0", "1.00", "5e-05", "1E-3", ".5", "0.123456789012345678", "1e-25"])
def test_every_decimal_from_0_to_1_is_kept_as_its_float(p):
    bring_in(forecasts=[said(probability=p)])
    assert probabilities() == [float(p)]


@pytest.mark.parametrize(
    "cells",
    [
        {"closed_at": ""},
        {"closed_at": "2019-01-01T00:00:00Z"},
        {"resolved_at": ""},
        {"resolved_at": "2019-12-01T00:00:00Z"},
        {"resolved_at": "2100-01-01T00:00:00Z"},
        {"category": ""},
        {"opened_at": "2019-12-31T19:00:00.000001-05:00"},
        {"title": "Zwei\nZeilen “und” mehr, ☂"},
    ],
)
def test_odd_but_possible_predictions_are_kept(cells):
    findings = bring_in([rain(**cells)], [said(), said(made_at="2021-01-01T00:00:00Z")])
    assert not findings.faults
    assert findings.created["forecasts"] == 2


def test_where_no_opening_is_given_the_first_forecast_opens():
    findings = bring_in([rain(opened_at="")], [said(made_at="2020-01-05T00:00:00Z"), said()])
    assert Prediction.objects.get().revision.opens_at.isoformat() == "2020-01-02T00:00:00+00:00"
    assert told(findings) == ["opened_at"]


def test_an_annulled_prediction_says_that_the_file_gives_no_ground():
    bring_in([rain(outcome="Annulled")], [])
    resolution = Resolution.objects.get()
    assert (resolution.outcome, resolution.annulled) == (None, "unverifiable")
    assert Rationale.objects.get().entry == resolution.entry


def test_a_time_without_an_outcome_is_told_and_left_out():
    findings = bring_in([rain(outcome="")])
    assert told(findings) == ["resolved_at"]
    assert not Resolution.objects.exists()


# --- again -------------------------------------------------------------------------------------------------------


def test_importing_the_same_files_twice_writes_nothing():
    files = [rain(), rain(external_id="snow", opened_at="")], [said(), said(), said(external_id="snow")]
    bring_in(*files)
    before = kinds(), state()
    findings = bring_in(*files)
    assert not any(findings.created.values())
    assert (kinds(), state()) == before


def test_a_longer_file_adds_only_what_is_new():
    bring_in(forecasts=[said(), said()])
    findings = bring_in([rain()], [said(), said(probability="0.8"), said(), said()])
    assert findings.created["forecasts"] == 2
    assert probabilities() == [0.7, 0.7, 0.8, 0.7]


def test_a_filled_blank_decides():
    bring_in([rain(outcome="", resolved_at="")])
    assert bring_in().created == {"forecasters": 0, "predictions": 0, "forecasts": 0, "outcomes": 1}
    assert Prediction.objects.get().resolution.known_us == 1580601600_000000


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"outcome": "0"}, "outcome"),
        ({"outcome": "annulled"}, "outcome"),
        ({"resolved_at": "2020-02-03T00:00:00Z"}, "resolved_at"),
        ({"resolved_at": ""}, "resolved_at"),
    ],
)
def test_a_changed_outcome_is_a_fault(cells, column):
    bring_in()
    before = kinds()
    assert faults(bring_in([rain(**cells)])) == [("predictions", 2, column)]
    assert kinds() == before


def test_an_outcome_replaced_here_does_not_make_its_file_faulty():
    bring_in()
    first = Resolution.objects.get()
    row = {"supersedes": first, "reason": "Misread.", "outcome": 0.0, "known_at": first.known_at}
    a.resolve(Resolution(prediction=first.prediction, **row), verdicts={}, by=a.a_person_with("adjudicator"), at=a.NOW)
    assert not bring_in().faults
    assert Prediction.objects.get().resolution.outcome == 0.0


@pytest.mark.parametrize("column", ["title", "opened_at", "closed_at", "category"])
def test_other_changes_are_told_and_what_is_recorded_stays(column):
    bring_in()
    before = kinds()
    findings = bring_in([rain(**{column: "2020-01-15T00:00:00Z"})])
    assert (told(findings), kinds()) == ([column], before)


# --- faults ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("predictions", "forecasts", "expected"),
    [
        ([rain(), rain()], [], ("predictions", 3, "external_id")),
        ([rain(outcome="yes")], [], ("predictions", 2, "outcome")),
        ([rain(outcome="1.5")], [], ("predictions", 2, "outcome")),
        ([rain(opened_at="2020-01-01")], [], ("predictions", 2, "opened_at")),
        ([rain(closed_at="2020-01-01T00:00:00")], [], ("predictions", 2, "closed_at")),
        ([rain(title="x" * 501)], [], ("predictions", 2, "title")),
        ([rain(external_id="")], [], ("predictions", 2, "external_id")),
        ([rain()], [said(external_id="snow")], ("forecasts", 2, "external_id")),
        ([rain()], [said(), said(forecaster=" ")], ("forecasts", 3, "forecaster")),
        *(
            ([rain()], [said(probability=p)], ("forecasts", 2, "probability"))
            for p in ("", "nan", "inf", "1_0", "0 5", "-0", "+0.5", "1.01", "-0.1", "٠.٥", "1e-26", "1e-400", "0,5")
        ),
        *(
            ([rain()], [said(made_at=at)], ("forecasts", 2, "made_at"))
            for at in ("", "2020-02-30T00:00:00Z", "2020-01-01", "2020-01-01T00:00:00.1234567Z", "0001-01-01T00:00:00Z")
        ),
    ],
)
def test_a_fault_is_told_by_file_line_and_column_and_nothing_is_written(predictions, forecasts, expected):
    findings = bring_in(predictions, forecasts)
    assert faults(findings) == [expected]
    assert findings.is_refused
    assert not Case.objects.exists()


def test_nobody_is_spoken_for_and_no_consensus_is_imported():
    Forecaster.objects.of_consensus()
    a.forecaster("Ann", account=a.person("ann", "analyst"))
    findings = bring_in(forecasts=[said(), said(forecaster="Consensus: median"), said(forecaster="Bo")])
    assert faults(findings) == [("forecasts", 2, "forecaster"), ("forecasts", 3, "forecaster")]


def test_every_fault_is_counted_and_the_first_fifty_are_kept():
    findings = bring_in(forecasts=[said(probability="x", made_at="y")] * 40)
    assert (findings.fault_count, len(findings.faults)) == (80, 50)


def test_what_is_sound_can_be_imported_without_the_rest():
    bad, good = rain(external_id="snow", outcome="maybe"), rain()
    findings, rejects = rejects_of([good, bad], [said(), said(external_id="snow"), said(probability="x")])
    assert findings.created == {"forecasters": 1, "predictions": 1, "forecasts": 1, "outcomes": 1}
    assert [(r["file"], r["line"], r["column"]) for r in rejects] == [
        ("predictions", "3", "outcome"),
        ("forecasts", "3", "external_id"),
        ("forecasts", "4", "probability"),
    ]
    assert findings.rejected == {"predictions": 1, "forecasts": 2}


def test_a_dry_run_tells_what_an_import_would_create_and_writes_nothing():
    files = [rain(), rain(external_id="snow", outcome="")], [said(), said(forecaster="Bo")]
    foretold = bring_in(*files, dry_run=True)
    assert not Case.objects.exists()
    assert foretold.created == bring_in(*files).created


# --- who may -----------------------------------------------------------------------------------------------------


def test_outcomes_want_the_right_to_decide(analyst):
    with pytest.raises(ValidationError) as refusal:
        bring_in(by=analyst)
    assert refusal.value.message_dict.keys() == {"predictions"}
    assert not LedgerEntry.objects.exists()
    assert bring_in([rain(outcome="", resolved_at="")], by=analyst).is_written


def test_nobody_decides_what_they_forecast_in_their_own_name():
    by = a.person("both", "analyst", "resolver")
    bring_in([rain(outcome="", resolved_at="", closed_at="2100-01-01T00:00:00Z")], [], by=by)
    row = Forecast(prediction=Prediction.objects.get(), forecaster=a.forecaster("Me", account=by), words="70%")
    row.issued_at = a.on_day(0)
    a.log_forecast(row, by=by, at=a.NOW)
    assert faults(bring_in(forecasts=[], by=by)) == [("predictions", 2, "outcome")]


def test_what_was_posed_here_is_decided_here():
    case = a.case(external_id="ours")
    a.prediction(case, external_id="rain")
    assert faults(bring_in(forecasts=[], case="ours")) == [("predictions", 2, "outcome")]


def test_a_private_case_is_closed_to_those_outside_it(analyst):
    open_case(Case(external_id="secret", title="S", selection="s", is_private=True), by=analyst, at=a.NOW)
    with pytest.raises(PermissionDenied):
        bring_in(case="secret")


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator", "administrator"])
def test_only_analysts_import(people, role):
    with pytest.raises(PermissionDenied):
        bring_in(by=people[role])
