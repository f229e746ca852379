"""The scorecard page: who gets in, in what order it speaks, and that its numbers are those of the JSON."""

import pytest
from django.urls import reverse

from accounts.roles import Role
from predictions.models import Forecaster
from predictions.queries.scorecards import Selection, as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.predictions.views.world import Page, desk, settled

pytestmark = pytest.mark.django_db

PAGES = ["scorecards", "scorecard", "scorecard-csv", "scorecard-json", "comparison", "league"]
ORDER = ["sample", "brier", "peers", "logarithmic", "calibration", "probabilities", "over-time", "advanced"]


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def card(reader, **query):
    return Page(reader.get(reverse("scorecard"), query))


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


def test_the_measures_come_in_the_order_in_which_they_are_to_be_read(reader):
    settled()
    assert [part for part in card(reader).ids if part in ORDER] == ORDER


def test_the_page_shows_the_numbers_of_the_json(reader, viewer, now):
    source = a.source(url="https://example.org/report")
    on = a.prediction(source.case)
    a.evidence(on, source=source, note="It rained all day.", quote=a.quote(source, "rain was seen"))
    settled(on, quote=a.quote(source))
    settled(a.prediction(source.case), "30%")
    plain = as_json(scorecard(Selection(), user=viewer, now=now))
    page = str(card(reader))
    assert f"n = {plain['n']}" in page
    for figure in ("mean_brier", "always_half", "mean_logarithmic", "if_read_low", "if_read_high"):
        assert f"{plain[figure]:.4f}" in page
    for row in plain["rows"]:
        assert f"{row['brier']:.6f}" in page
        assert f"{row['contribution']:.6f}" in page
    for words in (*plain["cautions"], plain["selections"][0]["selection"], "It rained all day.", "rain was seen", "B2"):
        assert words in page


def test_every_figure_says_on_how_many_it_rests_and_in_what_convention(reader):
    desk({"Ada": ["90%"] * 12, "Bob": ["60%"] * 12}, [1.0] * 9 + [0.0] * 3)
    context = reader.get(reverse("scorecard"), {"forecaster": str(Forecaster.objects.get(name="Ada").uuid)}).context
    headline = [tile for name in ("brier", "peers", "logarithmic") for tile in context[name]]
    assert all(tile.n and tile.convention for tile in headline)
    below = [(convention, tile) for _, convention, tiles in context["advanced"] for tile in tiles]
    assert all(tile.n and (convention or tile.convention) for convention, tile in below)


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (4, "no interval: 4 independent events, and it takes five"),
        (5, "(t interval, 5 independent events)"),
        (50, "(cluster bootstrap, 50 independent events)"),
    ],
)
def test_an_interval_says_how_it_was_made(reader, n, words):
    desk({"Ada": ["70%"] * n}, [k % 2 for k in range(n)])
    assert words in str(card(reader))


@pytest.mark.parametrize(("n", "is_few"), [(9, True), (10, False)])
def test_what_rests_on_fewer_than_ten_is_marked(reader, n, is_few):
    desk({"Ada": ["70%"] * n}, [1.0] * n)
    assert ("Mean Brier score few" in str(card(reader))) == is_few


def test_what_cannot_be_computed_says_why(reader):
    settled()
    page = str(card(reader))
    for words in (
        "Nobody else stood on the same prediction at the same time.",
        "It needs outcomes of both kinds, yes and no.",
        "It needs two predictions, and a reference that can be beaten.",
    ):
        assert words in page


def test_what_cannot_be_counted_is_a_dash_with_its_reason_and_not_a_nought(reader):
    settled()
    page = str(card(reader, horizon="90-to-365"))
    for name in ("Annulled", "Unresolved"):
        assert f"{name} – A lead time is known only of what has a score." in page


def test_the_card_of_the_consensus_says_that_it_is_no_peer(reader):
    desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    ours = Forecaster.objects.of_consensus()["median"]
    page = str(card(reader, forecaster=str(ours.uuid)))
    assert "Our own consensus is not one of the peers." in page
    assert "Nobody else" not in page


def test_a_period_says_what_it_means_for_the_ranking(reader):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    key = str(people["Ada"].uuid)
    words = "Which predictions: those scheduled to close in the period."
    assert words not in str(card(reader, forecaster=key))
    assert words in str(card(reader, forecaster=key, until="2026-12-31"))


def test_shares_leave_no_test_of_miscalibration_and_no_band_in_the_drawing(reader):
    on = a.prediction()
    for _ in range(12):
        a.forecast(on)
    a.resolution(on, 0.5, verdict="partly_met", known_at=a.on_day(55))
    rescore_stale()
    page = str(card(reader))
    assert "No test of miscalibration: some outcomes are shares" in page
    assert "no miscalibration detected" not in page
    assert "consistency band" not in page


@pytest.mark.parametrize(("n", "words"), [(9, "Not yet ranked:"), (10, "Ranked:")])
def test_the_ranking_key_says_whether_there_is_enough_of_it(reader, n, words):
    people = desk({"Ada": ["90%"] * n, "Bob": ["60%", "70%"] * 5}, [1.0, 0.0] * (n // 2) + [1.0] * (n % 2))
    page = str(card(reader, forecaster=str(people["Ada"].uuid)))
    assert words in page
    assert "Peer Brier points, shrunken" in page


def test_the_worst_misses_lead_to_their_predictions(reader):
    case = a.case()
    desk({"Ada": ["90%", "5%", "10%", "20%"]}, [1.0] * 4, case=case)
    worst = reader.get(reverse("scorecard")).context["card"].worst
    assert [round(miss.brier, 4) for miss in worst] == [0.9025, 0.81, 0.64]
    links = card(reader).links
    assert all(reverse("admin:predictions_prediction_change", args=[miss.pk]) in links for miss in worst)


def test_the_page_tells_of_what_was_replaced_and_of_what_awaits_its_new_score(reader):
    on, by = a.prediction(), a.forecaster()
    first = a.forecast(on, by=by)
    settled(on, "90%", by=by, supersedes=first, reason="A misprint.")
    page = str(card(reader))
    assert "Replaced 1 forecasts that replaced an earlier entry, with a reason" in page
    assert "awaits its new score" not in page
    a.forecast(on, "80%", by=by, issued_at=a.on_day(5))
    assert "awaits its new score" in str(card(reader))


def test_a_hostile_name_stays_text(reader):
    by = a.forecaster("<script>alert(1)</script>")
    settled(a.prediction(statement="<img src=x onerror=alert(2)>"), by=by)
    content = reader.get(reverse("scorecard"), {"forecaster": str(by.uuid)}).content
    assert b"<script>alert" not in content
    assert b"<img src=x" not in content
    assert "<script>alert(1)</script>" in str(card(reader, forecaster=str(by.uuid)))


def test_an_empty_card_says_what_fills_it(reader):
    by = a.forecaster()
    page = card(reader, forecaster=str(by.uuid))
    assert "Nothing is on record here yet." in str(page)
    assert "clear the filters" in str(page)
    assert "No forecast is on record yet." in str(Page(reader.get(reverse("scorecards"))))
    a.forecast(by=by)
    assert "No prediction here is scored yet" in str(card(reader))


def test_a_long_card_says_that_the_csv_has_the_rest(reader, monkeypatch):
    monkeypatch.setattr("predictions.views.scorecards.SHOWN", 1)
    settled()
    assert "The CSV file has them all." not in str(card(reader))
    settled()
    assert "These are the first 1 rows. The CSV file has them all." in str(card(reader))


def test_on_paper_there_is_no_side_bar_all_is_open_and_conventions_are_notes(reader):
    settled()
    settled(words="30%")
    screen, paper = reader.get(reverse("scorecard")), reader.get(reverse("scorecard"), {"print": "1"})
    assert "Log out" in str(Page(screen))
    assert "Log out" not in str(Page(paper))
    assert b"<script" not in paper.content
    assert paper.content.count(b"<details") == paper.content.count(b"open>")
    notes = paper.context["notes"]
    assert all(str(Page(paper)).count(note) == 1 for note in notes)
    assert len(notes) == len([part for part in Page(paper).ids if part.startswith("note-")])


@pytest.mark.parametrize("page", ["scorecards", "scorecard", "scorecard-json", "league"])
def test_the_queries_of_a_page_do_not_grow_with_rows_or_forecasters(reader, page, django_assert_max_num_queries):
    desk({"Ada": ["70%"], "Bob": ["60%"], "Cyd": ["50%"]}, [1.0])
    with django_assert_max_num_queries(60) as before:
        reader.get(reverse(page))
    desk({f"Forecaster {k:02}": ["70%", "60%", "20%"] for k in range(30)}, [1.0, 0.0, 1.0])
    with django_assert_max_num_queries(len(before)):
        reader.get(reverse(page))
