import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from predictions.admin import imports
from predictions.models import Case, Forecast, LedgerEntry
from predictions.operations.cases import open_case
from tests import builders as a
from tests.predictions.operations.import_files import bring_in, rain, said, sheet

pytestmark = pytest.mark.django_db

PAGE = "/import/"


def sent(predictions=None, forecasts=None, case="imported"):
    predictions = [rain(outcome="", resolved_at="")] if predictions is None else predictions
    rows = {"predictions": predictions, "forecasts": [said()] if forecasts is None else forecasts}
    return {"case": case} | {name: SimpleUploadedFile(f"{name}.csv", sheet(name, each)) for name, each in rows.items()}


def token_in(answer):
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


@pytest.fixture
def signed_in(client, analyst, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    client.force_login(analyst)
    return client


def test_what_the_files_would_create_is_shown_before_anything_is_written(signed_in):
    answer = signed_in.post(PAGE, sent())
    assert "predictions 1, forecasts 1" in answer.content.decode()
    assert "It rains" in answer.content.decode()
    assert not LedgerEntry.objects.exists()


def test_confirming_imports_exactly_what_was_shown_and_once(signed_in, tmp_path):
    token = token_in(signed_in.post(PAGE, sent()))
    assert signed_in.post(PAGE, {"token": token}).status_code == 302
    assert Forecast.objects.get().probability == 0.7
    entries = LedgerEntry.objects.count()
    again = signed_in.post(PAGE, {"token": token}, follow=True)
    assert imports.GONE in again.content.decode()
    assert LedgerEntry.objects.count() == entries
    assert not list(tmp_path.rglob("*.*"))


def test_the_page_and_the_preview_open(signed_in):
    assert b"Check the files" in signed_in.get(PAGE).content


def test_faults_are_told_by_file_line_and_column(signed_in):
    answer = signed_in.post(PAGE, sent(forecasts=[said(probability="seventy")])).content.decode()
    assert "forecasts, line 2: probability: &#x27;seventy&#x27; is no number" in answer
    assert 'name="token"' not in answer


def test_outcomes_are_refused_at_the_file_that_holds_them_to_who_may_not_decide(signed_in):
    answer = signed_in.post(PAGE, sent([rain()]))
    assert "predictions" in answer.context["form"].errors
    assert not Case.objects.exists()


def test_who_also_decides_may_import_outcomes(signed_in, client):
    client.force_login(a.person("both", "analyst", "resolver"))
    client.post(PAGE, {"token": token_in(client.post(PAGE, sent([rain()])))})
    assert Forecast.objects.get().prediction.resolution.outcome == 1.0


@pytest.mark.parametrize(
    ("change", "field"),
    [({"case": "not a slug"}, "case"), ({"predictions": ""}, "predictions"), ({"forecasts": ""}, "forecasts")],
)
def test_what_is_missing_or_unsound_is_told_at_its_field(signed_in, change, field):
    assert field in signed_in.post(PAGE, sent() | change).context["form"].errors


def test_large_files_are_sent_to_the_command(signed_in, monkeypatch):
    monkeypatch.setattr(imports, "LARGEST_BYTES", 10)
    assert "import_forecasts" in str(signed_in.post(PAGE, sent()).context["form"].errors["forecasts"])
    monkeypatch.setattr(imports, "LARGEST_BYTES", 10_000)
    monkeypatch.setattr(imports, "MOST_ROWS", 1)
    assert "import_forecasts" in str(signed_in.post(PAGE, sent()).context["form"].non_field_errors())


def test_another_persons_private_case_is_not_told_from_none(signed_in):
    open_case(
        Case(external_id="secret", title="S", selection="s", is_private=True), by=a.a_person_with("analyst"), at=a.NOW
    )
    assert "case" in signed_in.post(PAGE, sent(case="secret")).context["form"].errors


def test_nobody_confirms_what_another_uploaded(signed_in, client):
    token = token_in(signed_in.post(PAGE, sent()))
    client.force_login(a.a_person_with("analyst"))
    assert imports.GONE in client.post(PAGE, {"token": token}, follow=True).content.decode()
    assert imports.GONE in client.post(PAGE, {"token": "forged"}, follow=True).content.decode()
    assert not LedgerEntry.objects.exists()


def test_one_person_leaves_one_upload_behind(signed_in, tmp_path):
    first = token_in(signed_in.post(PAGE, sent()))
    signed_in.post(PAGE, sent())
    assert len(list(tmp_path.rglob("*.*"))) == 2
    assert imports.GONE in signed_in.post(PAGE, {"token": first}, follow=True).content.decode()


def test_files_that_became_faulty_meanwhile_are_told_and_swept_out(signed_in, tmp_path):
    token = token_in(signed_in.post(PAGE, sent()))
    a.forecaster("Ann", account=a.person("ann", "analyst"))
    answer = signed_in.post(PAGE, {"token": token}).content.decode()
    assert "forecasts, line 2: forecaster: has an account here" in answer
    assert not Forecast.objects.exists()
    assert not list(tmp_path.rglob("*.*"))


def test_uploads_are_put_nowhere_that_others_look(signed_in, tmp_path):
    folder = imports._folder()
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    assert signed_in.post(PAGE, sent()).status_code == 403
    folder.chmod(0o700)
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    assert signed_in.post(PAGE, sent()).status_code == 403
    assert not list(tmp_path.rglob("*.*"))


def test_the_preview_confirms_no_guess_at_what_is_hidden(signed_in):
    bring_in([rain(outcome="", resolved_at="", closed_at="2900-01-01T00:00:00Z")], [said()])
    answer = signed_in.post(PAGE, sent([], [said(), said(probability="0.6")])).content.decode()
    assert "forecasts 2, forecasts that are recorded already and hidden from you counted in" in answer


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"PK\x03\x04", b"\xff\xfee\x00", b'"', b"a;b\n", b"," * 70_000])
def test_whatever_is_uploaded_is_told_and_never_a_crash(signed_in, content):
    answer = signed_in.post(PAGE, sent() | {"forecasts": SimpleUploadedFile("f.csv", content)})
    assert answer.status_code == 200
    assert not LedgerEntry.objects.exists()


def test_only_a_page_of_ours_may_send_files(analyst):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(analyst)
    assert strict.post(PAGE, sent()).status_code == 403


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator", "administrator"])
def test_who_records_nothing_has_no_such_page(client, people, role):
    client.force_login(people[role])
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, sent()).status_code == 403


def test_a_file_without_rows_is_shown_as_such(signed_in):
    assert "This file holds no rows." in signed_in.post(PAGE, sent(forecasts=[])).content.decode()


def test_what_waited_too_long_is_swept_out(signed_in, tmp_path, monkeypatch):
    signed_in.post(PAGE, sent())
    monkeypatch.setattr(imports, "KEPT_FOR", -imports.KEPT_FOR)
    imports._folder()
    assert not list(tmp_path.rglob("*.*"))
