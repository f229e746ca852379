import csv
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from predictions.models import Case, Forecast, LedgerEntry, Prediction, Score
from predictions.operations.cases import open_case
from tests import builders as a
from tests.predictions.operations.import_files import RAIN, SAID, rain, said, sheet
from tests.predictions.test_record import row_counts

pytestmark = pytest.mark.django_db

SHARED = Path(__file__).parents[5] / "shared" / "data"


@pytest.fixture
def run(tmp_path, capsys):
    """Runs the command over rows; returns what it says on both channels, and where the files lie."""

    def run(predictions=(RAIN,), forecasts=(SAID,), *options, **named):
        files = []
        for name, rows in (("predictions", predictions), ("forecasts", forecasts)):
            file = tmp_path / f"{name}.csv"
            file.write_bytes(rows if isinstance(rows, bytes) else sheet(name, rows))
            files.append(str(file))
        try:
            call_command("import_forecasts", *files, *options, **named)
        except CommandError as failure:
            return "".join(capsys.readouterr()) + str(failure)
        return "".join(capsys.readouterr())

    return run


def test_what_was_created_is_told_and_scored(run):
    told = run()
    assert "Created: forecasters 1, predictions 1, forecasts 1, outcomes 1. Forecasts recorded already: 0." in told
    assert "Rescored 1 prediction." in told
    assert Score.objects.filter(forecaster__name="Ann").count() == 1
    assert "Created: nothing. Forecasts recorded already: 1." in run()


def test_scores_can_wait(run):
    assert "Rescored" not in run([rain()], [said()], "--no-rescore")
    assert not Score.objects.exists()


def test_a_case_of_another_name(run):
    run([rain()], [said()], "--case", "nfl-2020")
    assert Case.objects.get().external_id == "nfl-2020"
    assert "Nothing was imported." in run([rain()], [said()], "--case", "not a slug")


def test_faults_name_file_line_column_and_stop_everything(run, tmp_path):
    told = run([rain()], [said(), said(probability="x")])
    assert f"{tmp_path / 'forecasts.csv'}, line 3: probability: 'x' is no number" in told
    assert told.endswith("1 fault: nothing was imported.")
    assert not Case.objects.exists()


def test_more_faults_than_fifty_are_counted(run):
    assert "… and 10 more faults." in run([rain()], [said(probability="x")] * 60)


def test_rejects_can_be_mended_and_imported_from_their_file(run, tmp_path):
    rejects = tmp_path / "rejects.csv"
    told = run([rain(outcome="perhaps")], [said(), said(probability="x")], "--skip-invalid", str(rejects))
    assert told.strip().endswith(f"3 faults: 3 rows rejected into {rejects}, the rest imported.")
    rows = list(csv.DictReader(rejects.read_text().splitlines()))
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("predictions", "2", "outcome"),
        ("forecasts", "2", "external_id"),
        ("forecasts", "3", "probability"),
    ]
    mended = tmp_path / "mended.csv"
    mended.write_text(rejects.read_text().replace("perhaps", "1").replace(",x,", ",0.8,"))
    call_command("import_forecasts", str(mended), str(mended))
    assert Forecast.objects.count() == 2
    assert Prediction.objects.get().resolution.outcome == 1.0


def test_rejects_never_take_the_place_of_what_is_imported(run, tmp_path):
    assert "name another for the rejects" in run([rain()], [said()], "--skip-invalid", str(tmp_path / "forecasts.csv"))


def test_rejects_of_a_refused_import_are_not_left_behind(run, tmp_path):
    rejects = tmp_path / "rejects.csv"
    run([rain()], [said()], "--skip-invalid", str(rejects), "--case", "not a slug")
    assert {file.name for file in tmp_path.iterdir()} == {"predictions.csv", "forecasts.csv"}


def test_a_dry_run_writes_nothing(run):
    before = row_counts()
    told = run([rain()], [said()], "--dry-run")
    assert "It would create: forecasters 1, predictions 1, forecasts 1, outcomes 1" in told
    assert row_counts() == before
    assert not LedgerEntry.objects.exists()


def test_a_dry_run_lists_rejects(run, tmp_path):
    told = run([rain()], [said(probability="x")], "--dry-run", "--skip-invalid", str(tmp_path / "rejects.csv"))
    assert "1 fault: 1 row rejected" in told
    assert "the rest is sound" in told
    assert (tmp_path / "rejects.csv").exists()
    assert not LedgerEntry.objects.exists()


def test_bytes_that_are_no_utf_8_and_formulas_go_into_the_rejects_as_they_are(run, tmp_path):
    rejects = tmp_path / "rejects.csv"
    forecasts = [said(forecaster="=An\udcffn"), said(forecaster="Bo")]
    text = sheet("forecasts", forecasts).replace("\udcff".encode("utf-8", "surrogatepass"), b"\xff")
    run([rain()], text, "--skip-invalid", str(rejects))
    assert b",'=An\xffn," in rejects.read_bytes()
    assert Forecast.objects.get().forecaster.name == "Bo"


def test_what_is_skipped_is_no_failure_and_what_is_refused_is_one(tmp_path):
    files = {name: tmp_path / f"{name}.csv" for name in ("predictions", "forecasts")}
    files["predictions"].write_bytes(sheet("predictions", [rain()]))
    files["forecasts"].write_bytes(sheet("forecasts", [said(), said(probability="x")]))
    paths = [str(file) for file in files.values()]
    with pytest.raises(CommandError) as failure:
        call_command("import_forecasts", *paths)
    assert failure.value.returncode == 1
    call_command("import_forecasts", *paths, "--skip-invalid", str(tmp_path / "rejects.csv"))
    assert Forecast.objects.count() == 1


def test_swapped_files_are_told_once_and_earlier_rejects_stay(tmp_path, capsys):
    for name, rows in (("predictions", [rain()]), ("forecasts", [said()])):
        (tmp_path / name).write_bytes(sheet(name, rows))
    (tmp_path / "rejects.csv").write_text("kept")
    swapped = [str(tmp_path / "forecasts"), str(tmp_path / "predictions")]
    with pytest.raises(CommandError, match="1 fault: nothing was imported"):
        call_command("import_forecasts", *swapped, "--skip-invalid", str(tmp_path / "rejects.csv"))
    assert "are the two files swapped?" in capsys.readouterr().err
    assert (tmp_path / "rejects.csv").read_text() == "kept"
    assert len(list(tmp_path.iterdir())) == 3


def test_rejects_are_a_file(run, tmp_path):
    assert "name a file for the rejects" in run([rain()], [said()], "--skip-invalid", str(tmp_path))


def test_a_missing_file_is_told():
    with pytest.raises(CommandError, match=r"nowhere\.csv cannot be read or written"):
        call_command("import_forecasts", "nowhere.csv", "nowhere.csv")


def test_a_private_case_stays_closed_to_the_command_line(run):
    case = Case(external_id="imported", title="S", selection="s", is_private=True)
    open_case(case, by=a.a_person_with("analyst"), at=a.NOW)
    assert "not open to the command line" in run()


def test_text_that_could_steer_a_terminal_is_told_without_it(run):
    assert "\x1b" not in run([rain(opened_at="\x1b[2J")], [])


def test_real_data_is_imported_whole_and_once():
    folder = SHARED / "forecastbench_crowd"
    if not folder.exists():
        pytest.skip("the data sets lie outside the project")
    call_command("import_forecasts", str(folder / "predictions.csv"), str(folder / "forecasts.csv"), "--no-rescore")
    assert (Prediction.objects.count(), Forecast.objects.count()) == (2_574, 5_590)
    before = LedgerEntry.objects.count()
    call_command("import_forecasts", str(folder / "predictions.csv"), str(folder / "forecasts.csv"), "--no-rescore")
    assert LedgerEntry.objects.count() == before
