import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from predictions.admin import imports
from predictions.models import Case, Forecast, LedgerEntry
from predictions.operations.cases import open_case
from tests import builders as a
from tests.predictions.operations.import_files import rain, said, sheet

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


def test_what_waited_too_long_is_swept_out(signed_in, tmp_path, monkeypatch):
    signed_in.post(PAGE, sent())
    monkeypatch.setattr(imports, "KEPT_FOR", -imports.KEPT_FOR)
    imports._folder()
    assert not list(tmp_path.rglob("*.*"))
