"""The scorecard pages: who gets in, what an address opens, and that page, CSV and JSON agree."""

import csv
import io
import re
from html.parser import HTMLParser
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.roles import Role
from predictions.queries.scorecards import Selection, as_json, scorecard
from predictions.tasks import rescore_stale
from predictions.views.scorecards import SHOWN
from tests import builders as a

pytestmark = pytest.mark.django_db

PAGES = ["scorecards", "scorecard", "scorecard-csv"]


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def settled(on=None, words="likely", **fields):
    on = on or a.prediction()
    a.forecast(on, words, **fields)
    a.resolution(on)
    rescore_stale()
    return on


class Text(HTMLParser):
    """The words of a page."""

    def __init__(self, content: bytes):
        super().__init__()
        self.words: list[str] = []
        self.feed(content.decode())

    def handle_data(self, data):
        self.words += data.split()

    def __str__(self):
        return " ".join(self.words)


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(client, page):
    response = client.get(reverse(page))
    assert (response.status_code, response["Location"]) == (302, f"{reverse('admin:login')}?next={reverse(page)}")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", [*Role, "nobody"])
def test_every_role_may_read_and_nobody_else(client, people, page, role):
    client.force_login(people[role])
    assert client.get(reverse(page)).status_code == (403 if role == "nobody" else 200)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_read_never_written_and_never_kept_by_a_cache(reader, page):
    assert reader.post(reverse(page)).status_code == 405
    assert "no-store" in reader.get(reverse(page))["Cache-Control"]


@pytest.mark.parametrize("page", ["scorecard", "scorecard-csv"])
@pytest.mark.parametrize(
    "query",
    [
        {"forecaster": str(uuid4())},
        {"source": str(uuid4())},
        {"forecaster": "1"},
        {"source": "' OR 1=1"},
        {"theme": "unheard of"},
        {"theme": "weather\x00"},
    ],
)
def test_an_address_that_names_nothing_is_not_found(reader, page, query):
    settled()
    assert reader.get(reverse(page), query).status_code == 404


@pytest.mark.parametrize("page", ["scorecard", "scorecard-csv"])
def test_what_is_hidden_is_not_found(reader, page):
    private = a.case(is_private=True, members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    source = a.source(private)
    settled(a.prediction(private, theme="secret"), quote=a.quote(source))
    for query in ({"source": str(source.uuid)}, {"theme": "secret"}):
        assert reader.get(reverse(page), query).status_code == 404
    reader.force_login(a.a_person_with("analyst"))
    for query in ({"source": str(source.uuid)}, {"theme": "secret"}):
        assert reader.get(reverse(page), query).status_code == 200


def test_the_index_leads_to_every_card(reader):
    source, by = a.source(), a.forecaster("R & D <desk>")
    settled(a.prediction(source.case, theme="war & peace?"), by=by, quote=a.quote(source))
    page = reader.get(reverse("scorecards")).content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(rf'href="({reverse("scorecard")}[^"]*)"', page)]
    titles = [reader.get(link).context["card"].title for link in links]
    assert titles == ["Everything on record", "R & D <desk>", str(source), "Theme: war & peace?"]
    assert "<desk>" not in page


def test_the_page_shows_the_numbers_of_the_json(reader, viewer, now):
    source = a.source(url="https://example.org/report")
    on = a.prediction(source.case)
    a.evidence(on, source=source, note="It rained all day.", quote=a.quote(source, "rain was seen"))
    settled(on, quote=a.quote(source))
    settled(a.prediction(source.case), "30%")
    plain = as_json(scorecard(Selection(), user=viewer, now=now))
    page = str(Text(reader.get(reverse("scorecard")).content))
    assert f"n = {plain['n']}" in page
    for figure in ("mean_brier", "always_half", "mean_logarithmic", "if_read_low", "if_read_high"):
        assert f"{plain[figure]:.4f}" in page
    for row in plain["rows"]:
        assert f"{row['brier']:.6f}" in page
        assert f"{row['contribution']:.6f}" in page
    for words in (*plain["cautions"], plain["selections"][0]["selection"], "It rained all day.", "rain was seen", "B2"):
        assert words in page


def test_the_page_tells_of_what_was_replaced_and_of_what_awaits_its_new_score(reader):
    on, by = a.prediction(), a.forecaster()
    first = a.forecast(on, by=by)
    settled(on, "90%", by=by, supersedes=first, reason="A misprint.")
    page = str(Text(reader.get(reverse("scorecard")).content))
    assert "Replaced 1 forecasts that replaced an earlier entry, with a reason" in page
    assert "awaits its new score" not in page
    a.forecast(on, "80%", by=by, issued_at=a.on_day(5))
    assert "awaits its new score" in str(Text(reader.get(reverse("scorecard")).content))


def test_a_hostile_name_stays_text(reader):
    by = a.forecaster("<script>alert(1)</script>")
    settled(a.prediction(statement="<img src=x onerror=alert(2)>"), by=by)
    content = reader.get(reverse("scorecard"), {"forecaster": str(by.uuid)}).content
    assert b"<script>alert" not in content
    assert b"<img src=x" not in content
    assert "<script>alert(1)</script>" in str(Text(content))


def test_an_empty_card_says_what_fills_it(reader):
    by = a.forecaster()
    assert "Nothing is on record here yet." in str(
        Text(reader.get(reverse("scorecard"), {"forecaster": str(by.uuid)}).content)
    )
    assert "No forecast is on record yet." in str(Text(reader.get(reverse("scorecards")).content))
    a.forecast(by=by)
    assert "No prediction here is scored yet" in str(Text(reader.get(reverse("scorecard")).content))


def test_the_csv_holds_the_rows_of_the_card_to_twelve_decimals(reader):
    by = a.forecaster("Ökonom")
    settled(a.prediction(statement="=cmd|' /C calc'!A0"), by=by)
    a.forecast(by=by)
    response = reader.get(reverse("scorecard-csv"), {"forecaster": str(by.uuid)})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="scorecard-okonom.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    first, second = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    assert first["statement"] == "'=cmd|' /C calc'!A0"
    assert float(first["Brier score (0-1, lower is better)"]) == 0.105625
    assert (first["forecaster"], first["outcome"]) == ("Ökonom", "yes")
    assert (second["outcome"], second["Brier score (0-1, lower is better)"]) == ("", "")


def test_the_download_is_of_what_the_page_shows(reader):
    settled(a.prediction(theme="war & peace"))
    page = reader.get(reverse("scorecard"), {"theme": "war & peace"})
    link = re.search(rf'href="({reverse("scorecard-csv")}[^"]*)"', page.content.decode())[1].replace("&amp;", "&")
    assert reader.get(link).content.decode("utf-8-sig").count("\r\n") == 2


@pytest.mark.parametrize("page", PAGES)
def test_the_queries_of_a_page_do_not_grow_with_its_rows(reader, page, django_assert_max_num_queries):
    settled()
    with django_assert_max_num_queries(40) as before:
        reader.get(reverse(page))
    settled()
    settled()
    with django_assert_max_num_queries(len(before)):
        reader.get(reverse(page))


def test_a_long_card_says_that_the_csv_has_the_rest(reader, monkeypatch):
    monkeypatch.setattr("predictions.views.scorecards.SHOWN", 1)
    assert SHOWN > 1
    settled()
    settled()
    assert "The first 1 of 2 rows. The CSV file has them all." in str(Text(reader.get(reverse("scorecard")).content))
