"""A scorecard as files: what they hold is what the page shows."""

import csv
import io
import zipfile

import pytest
from django.urls import reverse

from tests import builders as a
from tests.predictions.views.world import Page, desk, settled

pytestmark = pytest.mark.django_db

BRIER = "Brier score (0-1, lower is better)"


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.getvalue().decode("utf-8-sig"))))


def test_the_csv_holds_the_rows_of_the_card_to_twelve_decimals(reader):
    by = a.forecaster("Ökonom")
    settled(a.prediction(statement="=cmd|' /C calc'!A0"), by=by)
    a.forecast(by=by)
    response = reader.get(reverse("scorecard-csv"), {"forecaster": str(by.uuid)})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="scorecard-okonom.csv"'
    assert response.getvalue().startswith(b"\xef\xbb\xbf")
    first, second = rows_of(reader.get(reverse("scorecard-csv"), {"forecaster": str(by.uuid)}))
    assert first["statement"] == "'=cmd|' /C calc'!A0"
    assert float(first[BRIER]) == 0.105625
    assert (first["forecaster"], first["outcome"]) == ("Ökonom", "yes")
    assert (second["outcome"], second[BRIER]) == ("", "")


def test_the_csv_has_all_rows_also_those_that_the_page_leaves_out(reader, monkeypatch):
    monkeypatch.setattr("predictions.views.scorecards.SHOWN", 1)
    desk({"Ada": ["70%"] * 3, "Bob": ["60%"] * 3}, [1.0] * 3)
    answer = reader.get(reverse("scorecard-csv"))
    assert answer.streaming
    assert len(rows_of(answer)) == 6


def test_the_workbook_holds_the_same_rows_and_runs_nothing(reader):
    settled(a.prediction(statement="=cmd|' /C calc'!A0"), by=a.forecaster("Ökonom"))
    answer = reader.get(reverse("scorecard-xlsx"))
    assert answer["Content-Disposition"] == 'attachment; filename="scorecard-everything-on-record.xlsx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<t>=cmd|' /C calc'!A0</t>" in sheet
    assert "<v>0.105625</v>" in sheet
    assert "<f>" not in sheet


@pytest.mark.parametrize("filters", [{}, {"theme": "war & peace"}])
def test_csv_json_and_page_agree(reader, filters):
    desk({"Ada": ["70%", "20%"], "Bob": ["60%", "40%"]}, [1.0, 0.0], theme="war & peace")
    settled()
    page = Page(reader.get(reverse("scorecard"), filters))
    plain = reader.get(reverse("scorecard-json"), filters).json()
    rows = rows_of(reader.get(reverse("scorecard-csv"), filters))
    assert [float(row[BRIER]) for row in rows] == [row["brier"] for row in plain["rows"]]
    assert sum(float(row["adds to the mean Brier score"]) for row in rows) == pytest.approx(plain["mean_brier"])
    for value in (plain["mean_brier"], plain["mean_logarithmic"], plain["brier_interval"]["mean"]):
        assert f"{value:.4f}" in str(page)
    assert len(rows) == (4 if filters else 5)


def test_page_csv_and_json_say_how_outcomes_were_decided(reader):
    settled()
    a.forecast()
    page = Page(reader.get(reverse("scorecard")))
    plain = reader.get(reverse("scorecard-json")).json()
    rows = rows_of(reader.get(reverse("scorecard-csv")))
    assert "The prediction was not independently resolved: one person decided the outcome." in str(page)
    assert (plain["not_independent"], plain["provisional"]) == (1, 0)
    assert [row["is_independent"] for row in plain["rows"]] == [False, None]
    assert [row["not independently resolved"] for row in rows] == ["true", "false"]
    assert not {"not_independent", "provisional"} & plain["summary"].keys()


def test_the_json_is_a_file_of_the_card(reader):
    settled()
    answer = reader.get(reverse("scorecard-json"))
    assert answer["Content-Disposition"] == 'attachment; filename="scorecard-everything-on-record.json"'
    assert {"n", "summary", "rows", "conventions"} <= answer.json().keys()
