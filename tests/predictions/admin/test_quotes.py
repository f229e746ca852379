import pytest

from predictions.models import LedgerEntry, Quote
from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/quote/add/"
TEXT = "We think it is likely to rain in May. They say it is likely to rain in June."


def source_with_text(case=None):
    source = a.source(case)
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def test_adding_anchors_the_quote_in_the_text(client, analyst):
    source = source_with_text()
    client.force_login(analyst)
    assert client.post(ADD, {"source": source.pk, "exact": "rain in May"}).status_code == 302
    assert LedgerEntry.objects.latest("seq").kind == "quote.anchored"
    quote = Quote.objects.get()
    assert str(quote.anchors.get()) == "characters 25–36"
    assert quote.prefix.endswith("likely to ")


@pytest.mark.parametrize(
    ("exact", "words"),
    [
        ("it is likely to snow in May", "The closest passage"),
        ("it is likely to rain", "words before or after it"),
        ("", "required"),
    ],
)
def test_words_that_do_not_stand_there_once_are_refused_at_the_field(client, analyst, exact, words):
    source = source_with_text()
    client.force_login(analyst)
    answer = client.post(ADD, {"source": source.pk, "exact": exact})
    assert words in str(answer.context["adminform"].form.errors["exact"])
    assert not Quote.objects.exists()


def test_words_before_decide_between_two_places(client, analyst):
    source = source_with_text()
    client.force_login(analyst)
    client.post(ADD, {"source": source.pk, "exact": "it is likely to rain", "prefix": "They say"})
    assert Quote.objects.get().anchors.get().start == TEXT.index("it is", 20)


def test_from_the_page_of_a_source_one_sees_its_text_and_comes_back(client, analyst):
    source = source_with_text()
    client.force_login(analyst)
    sent_to = client.get(f"/predictions/source/{source.pk}/quote/").url
    assert TEXT in client.get(sent_to).content.decode()
    answer = client.post(sent_to, {"source": source.pk, "exact": "rain in May"})
    assert answer.url == f"/predictions/source/{source.pk}/change/"


@pytest.mark.parametrize("named", ["", "x", "0", "9" * 40, "²"])
def test_add_page_opens_without_a_sensible_source(client, analyst, named):
    client.force_login(analyst)
    assert client.get(ADD, {"source": named}).status_code == 200


def test_text_of_a_hidden_source_is_not_shown(client, analyst):
    source = source_with_text(a.case(is_private=True))
    client.force_login(analyst)
    assert "likely to rain" not in client.get(ADD, {"source": source.pk}).content.decode()


def test_quote_is_read_only_afterwards(client, analyst):
    quote = a.quote()
    client.force_login(analyst)
    address = f"/predictions/quote/{quote.pk}/change/"
    assert client.post(address, {"exact": "it is certain to rain"}).status_code == 403
    assert 'name="exact"' not in client.get(address).content.decode()


def test_replacement_needs_a_reason_and_the_same_source(client, analyst):
    first, elsewhere = a.quote(), a.quote()
    client.force_login(analyst)
    asked = {"source": first.source.pk, "exact": "likely to rain"}
    answer = client.post(ADD, asked | {"supersedes": elsewhere.pk, "reason": "Too long."})
    assert "supersedes" in answer.context["adminform"].form.errors
    assert "reason" in client.post(ADD, asked | {"supersedes": first.pk}).context["adminform"].form.errors
    assert client.post(ADD, asked | {"supersedes": first.pk, "reason": "Too long."}).status_code == 302
    first.refresh_from_db()
    assert first.is_superseded


def test_only_standing_quotes_are_offered_to_choose(client, analyst):
    first = a.quote()
    second = a.quote(first.source, "likely to rain", supersedes=first, reason="Too long.")
    client.force_login(analyst)
    asked = {"app_label": "predictions", "model_name": "forecast", "field_name": "quote"}
    offered = client.get("/autocomplete/", asked).json()["results"]
    assert [each["id"] for each in offered] == [str(second.pk)]


def test_search_finds_words(client, viewer):
    a.quote(exact="it is likely to rain")
    a.quote(exact="it may snow")
    client.force_login(viewer)
    found = client.get("/predictions/quote/", {"q": "snow"}).context["cl"].result_list
    assert [quote.exact for quote in found] == ["it may snow"]
