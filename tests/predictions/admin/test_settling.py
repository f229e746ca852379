"""Deciding about a quote that was not found again: the old words, the nearest new ones, and a reason."""

import pytest

from predictions.models import QuoteAnchor, QuoteStanding
from tests import builders as a

pytestmark = pytest.mark.django_db

LATER = "Some say that it is very likely to rain, and no more. It may well rain in May, and it may well rain in June."


@pytest.fixture
def quote():
    return a.orphaned("it is likely to rain", LATER)


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def page(quote):
    return f"/predictions/quote/{quote.pk}/settle/"


def offered(answer):
    return dict(answer.context["form"].fields["choice"].choices)


def test_the_page_shows_the_old_words_and_the_nearest_new_ones(quote, desk):
    answer = desk.get(page(quote))
    assert "They say that <mark>it is likely to rain</mark>, and no more." in answer.content.decode()
    first, *_ = offered(answer).values()
    assert "It stands here, in other words: " in first
    assert "[it is very likely to rain]" in first


def test_exact_words_among_others_are_offered_first(desk):
    quote = a.orphaned("it may well rain", LATER.replace("It may", "So it may"))
    told = list(offered(desk.get(page(quote))).values())
    assert told[0].startswith("It stands here, in the same words: ")
    assert ["[it may well rain] in May" in told[0], "[it may well rain] in June" in told[1]] == [True, True]


def test_the_page_of_a_quote_tells_what_became_of_it(quote, desk):
    shown = f"/predictions/quote/{quote.pk}/change/"
    told = desk.get(shown).content.decode()
    assert "not found again" in told
    assert "orphaned" not in told
    desk.post(page(quote), {"choice": "gone", "reason": "They took it out."})
    assert "stands only in the older text" in desk.get(shown).content.decode()


def test_a_place_is_chosen(quote, desk):
    first, *_ = offered(desk.get(page(quote)))
    answer = desk.post(page(quote), {"choice": first, "reason": "One word more."})
    assert answer.url == f"/predictions/source/{quote.source_id}/change/"
    newest = QuoteAnchor.objects.latest("id")
    assert LATER[newest.start : newest.end] == "it is very likely to rain"
    assert QuoteStanding.objects.latest("id").reason == "One word more."


def test_other_words_are_found_in_the_newer_text(quote, desk):
    desk.post(page(quote), {"choice": "elsewhere", "words": "well rain in May", "reason": "So it reads now."})
    newest = QuoteAnchor.objects.latest("id")
    assert LATER[newest.start : newest.end] == "well rain in May"


@pytest.mark.parametrize(
    ("entered", "field", "saying"),
    [
        ({"choice": "gone"}, "reason", "required"),
        ({"reason": "So."}, "choice", "required"),
        ({"choice": "0-4", "reason": "So."}, "choice", "valid choice"),
        ({"choice": "elsewhere", "reason": "So."}, "words", "empty"),
        ({"choice": "elsewhere", "words": "hail", "reason": "So."}, "words", "does not stand in the text"),
        ({"choice": "elsewhere", "words": "may well rain", "reason": "So."}, "words", "in May, and it may"),
    ],
    ids=str,
)
def test_what_decides_nothing_is_told_at_its_field(quote, desk, entered, field, saying):
    answer = desk.post(page(quote), entered)
    assert saying in str(answer.context["form"].errors[field])
    assert QuoteStanding.objects.count() == 1


def test_it_is_gone(quote, desk):
    desk.post(page(quote), {"choice": "gone", "reason": "It was cut."})
    assert QuoteStanding.objects.latest("id").standing == "gone"
    assert (
        "stands only in the older text" in desk.get(f"/predictions/source/{quote.source_id}/change/").content.decode()
    )


def test_there_is_nothing_to_decide_twice(quote, desk):
    desk.post(page(quote), {"choice": "gone", "reason": "It was cut."})
    answer = desk.get(page(quote), follow=True)
    assert "Nothing is to be decided about this quote" in answer.content.decode()


def test_replacing_it_is_one_click_away(quote, desk):
    text = desk.get(page(quote)).content.decode()
    assert f"/predictions/quote/add/?source={quote.source_id}&amp;supersedes={quote.pk}" in text


def test_only_analysts_who_see_the_case_decide(quote, client, people):
    hidden = a.orphaned(in_case=a.case(is_private=True))
    client.force_login(people["viewer"])
    assert client.get(page(quote)).status_code == 403
    client.force_login(people["analyst"])
    assert client.get(page(quote)).status_code == 200
    assert client.get(page(hidden)).status_code == 404
