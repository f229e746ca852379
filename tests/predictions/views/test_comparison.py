"""The comparison page: only what both forecast, the same from either side, and honest about what it cannot tell."""

import pytest
from django.urls import reverse

from predictions.models import Forecaster
from tests import builders as a
from tests.predictions.views.world import Page, desk, settled

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


def compare(reader, first, second, **filters):
    query = {"first": str(first.uuid), "second": str(second.uuid)} | filters
    return reader.get(reverse("comparison"), query)


def test_without_two_forecasters_it_asks_for_them(reader):
    by = a.forecaster("Ada")
    settled(by=by)
    assert "Choose two forecasters." in str(Page(reader.get(reverse("comparison"))))
    assert "Choose two forecasters." in str(Page(reader.get(reverse("comparison"), {"first": str(by.uuid)})))
    assert "Choose two different forecasters" in str(Page(compare(reader, by, by)))


def test_the_consensus_cannot_be_chosen(reader):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    ours = Forecaster.objects.of_consensus()["median"]
    assert "Our consensus cannot be chosen here" in str(Page(compare(reader, people["Ada"], ours)))
    assert ours.name not in str(Page(reader.get(reverse("comparison"))))


def test_those_who_share_nothing_are_not_compared(reader):
    first, second = a.forecaster("Ada"), a.forecaster("Bob")
    settled(by=first)
    settled(by=second)
    assert "Nothing to compare: they never had a forecast up at the same time" in str(
        Page(compare(reader, first, second))
    )


def test_it_says_how_the_common_outcomes_were_decided(reader):
    people = desk({"Ada": ["90%", "20%"], "Bob": ["60%", "40%"]}, [1.0, 0.0])
    settled(by=people["Ada"])
    page = str(Page(compare(reader, people["Ada"], people["Bob"])))
    assert "Two of two predictions were not independently resolved" in page


def test_swapping_the_two_negates_the_difference_and_nothing_else(reader):
    people = desk({"Ada": ["90%", "20%", "70%"], "Bob": ["60%", "40%", "80%"]}, [1.0, 0.0, 1.0])
    there, back = (compare(reader, people[x], people[y]).context for x, y in (("Ada", "Bob"), ("Bob", "Ada")))
    assert there["found"].brier.mean == pytest.approx(-back["found"].brier.mean)
    assert there["found"].logarithmic.mean == pytest.approx(-back["found"].logarithmic.mean)
    assert [line.first - line.second for line in there["lines"]] == pytest.approx(
        [line.second - line.first for line in back["lines"]]
    )
    assert there["p_value"] == back["p_value"]
    assert (there["found"].better, there["found"].worse) == (back["found"].worse, back["found"].better)


def test_the_page_shows_both_scores_on_each_common_prediction_and_leads_to_it(reader):
    people = desk({"Ada": ["90%", "20%"], "Bob": ["60%", "40%"]}, [1.0, 0.0])
    settled(by=people["Ada"])
    answer = compare(reader, people["Ada"], people["Bob"])
    page = Page(answer)
    assert "n = 2" in str(page)
    assert sorted(line.shown[:2] for line in answer.context["lines"]) == [
        ("0.010000", "0.160000"),
        ("0.040000", "0.160000"),
    ]
    links = {reverse("admin:predictions_prediction_change", args=[line.pk]) for line in answer.context["lines"]}
    assert links <= set(page.links)


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (["91%", "21%", "89%", "19%"] * 3, "No detectable difference in skill between them."),
        (["20%", "90%"] * 6, "Ada did better."),
    ],
)
def test_the_verdict_follows_the_interval_and_p_is_told_once(reader, second, words):
    first = ["90%", "20%"] * 6
    people = desk({"Ada": first, "Bob": second}, [1.0, 0.0] * 6)
    page = str(Page(compare(reader, people["Ada"], people["Bob"])))
    assert words in page
    assert page.count("p = ") + page.count("p < ") == 1
    assert "about 590 common predictions" in page


def test_a_period_is_one_of_scheduled_closes(reader):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    spring = {"since": "2026-02-01", "until": "2026-03-31"}
    answer = compare(reader, people["Ada"], people["Bob"], **spring)
    assert answer.context["found"].n == 0
    assert "Scheduled close since" in str(Page(answer))
    assert compare(reader, people["Ada"], people["Bob"], since="2026-04-01").context["found"].n == 1


def test_on_paper_the_conventions_are_notes(reader):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    paper = compare(reader, people["Ada"], people["Bob"], print="1")
    assert len(paper.context["notes"]) == 3
    assert all(str(Page(paper)).count(note) == 1 for note in paper.context["notes"])
    assert b"<script" not in paper.content


def test_filters_narrow_the_comparison_and_stay_in_its_links(reader):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0], theme="war")
    on = a.prediction(theme="peace")
    a.forecast(on, by=people["Ada"])
    settled(on, by=people["Bob"])
    answer = compare(reader, people["Ada"], people["Bob"], theme="war")
    assert answer.context["found"].n == len(answer.context["lines"]) == 1
    kept = [link for link in Page(answer).links if "theme=war" in link]
    for name in ("league", "scorecard", "comparison"):
        assert any(link.startswith(reverse(name)) for link in kept)


def test_the_queries_do_not_grow_with_what_is_common(reader, django_assert_max_num_queries):
    people = desk({"Ada": ["90%"], "Bob": ["60%"]}, [1.0])
    with django_assert_max_num_queries(60) as before:
        compare(reader, people["Ada"], people["Bob"])
    for _ in range(3):
        on = a.prediction()
        a.forecast(on, by=people["Ada"])
        settled(on, by=people["Bob"])
    with django_assert_max_num_queries(len(before)):
        compare(reader, people["Ada"], people["Bob"])
