"""Nothing moves by itself: a later text finds a quote between the same words, or leaves it to a person."""

import pytest

from predictions.models import LedgerEntry, Quote, QuoteAnchor
from predictions.operations.sources import attach_text
from predictions.queries.histories import history
from tests import builders as a
from tests.predictions.operations.test_settling import decide

NORTH = "Rain is likely in the north of the land, where the hills are high and the rivers are full."
SOUTH = (
    "Far down in the south of the land they say: Snow is possible this year, although nobody has ever seen any there."
)
WIND = "Of the wind nobody knows anything at all, and nobody asks either."
WEST = "Of the west, however, it can be said at length that Hail is not to be feared by anybody, whatever the year."
FIRST = "\n".join((NORTH, SOUTH, WIND, WEST))


pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    """Held, with three quotes: rain, snow, hail."""
    source = a.source()
    attach(source, FIRST)
    for name, words in {"rain": "Rain is likely", "snow": "Snow is possible", "hail": "Hail is not"}.items():
        a.quote(source, words, external_id=name)
    return source


def attach(source, text):
    return attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)


def fate(snapshot):
    """What became of each quote in `snapshot`: where it stands, or the last that is known."""
    places = {row.quote.external_id: snapshot.body.text[row.start : row.end] for row in snapshot.anchors.all()}
    return {row.quote.external_id: row.standing for row in snapshot.standings.order_by("id")} | places


CHANGED = {
    "the same but for a word far off": (FIRST.replace("anything", "nothing"), {}),
    "its words are gone": (FIRST.replace("Snow is possible", "Sun is certain"), {"snow": "orphaned"}),
    "a word of it is another": (FIRST.replace("Rain is likely", "Rain is unlikely"), {"rain": "orphaned"}),
    "the word before it is another": (FIRST.replace("length that Hail", "length, Hail"), {"hail": "orphaned"}),
    "the word after it is another": (FIRST.replace("likely in the", "likely at the"), {"rain": "orphaned"}),
    "its paragraph moved": ("\n".join((WIND, WEST, NORTH, SOUTH)), {}),
    "it stands twice among the same words": (f"{FIRST}\n{FIRST}", dict.fromkeys(("rain", "snow", "hail"), "orphaned")),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_quote_is_found_between_the_same_words_or_orphaned(source, change):
    text, told = CHANGED[change]
    found = fate(attach(source, text))
    assert found == {"rain": "Rain is likely", "snow": "Snow is possible", "hail": "Hail is not"} | told
    assert set(Quote.objects.orphaned()) == {
        quote for quote in source.quotes.all() if found[quote.external_id] == "orphaned"
    }


def test_other_blanks_and_quotation_marks_are_the_same_words(source):
    found = fate(attach(source, FIRST.replace(" ", "\xa0")))
    assert found == {"rain": "Rain\xa0is\xa0likely", "snow": "Snow\xa0is\xa0possible", "hail": "Hail\xa0is\xa0not"}


def test_the_earlier_place_stays(source):
    before = set(QuoteAnchor.objects.values_list("pk", flat=True))
    attach(source, "Something else.")
    assert set(QuoteAnchor.objects.values_list("pk", flat=True)) == before


def test_one_ledger_entry_says_what_became_of_all(source):
    snapshot = attach(source, FIRST.replace("Snow is possible", "Sun is certain"))
    entry = LedgerEntry.objects.first()
    assert entry == snapshot.entry == snapshot.standings.get().entry == snapshot.anchors.first().entry
    assert history([source.uuid], user=a.a_person_with("analyst"))[-1].sentence.endswith("; 1 quote not found again")


def test_a_quote_that_was_replaced_is_not_looked_for(source):
    first = source.quotes.get(external_id="snow")
    a.quote(source, "nobody asks", supersedes=first, reason="Misread.")
    assert "snow" not in fate(attach(source, "Something else."))


def test_what_a_third_text_says_again_is_no_orphan(source):
    attach(source, "Something else.")
    assert Quote.objects.orphaned().count() == 3
    third = attach(source, f"{FIRST} And more.")
    assert set(fate(third)) == {"rain", "snow", "hail"}
    assert not Quote.objects.orphaned().exists()


def test_an_orphan_that_is_not_found_again_stays_one(source):
    for text in ("Something else.", "Something else again."):
        attach(source, text)
    assert Quote.objects.orphaned().count() == 3


def test_what_was_given_up_is_not_asked_about_again_until_its_words_are_back(source):
    attach(source, "Something else.")
    for quote in source.quotes.all():
        decide(quote, "gone")
    attach(source, "Something else again.")
    assert not Quote.objects.orphaned().exists()
    attach(source, "And yet: Rain is likely at sea.")
    assert [quote.external_id for quote in Quote.objects.orphaned()] == ["rain"]


def test_what_stands_twice_is_found_again_by_more_of_the_words_around_it():
    source, refrain = a.source(), "and so they say, year after year: rain is likely here, as it was before, and will be"
    text = f"In the north {refrain}. In the south, far away, {refrain}."
    attach(source, text)
    second = a.quote(source, "rain is likely", prefix=text[text.index("In the south") : text.rindex("rain is likely")])
    attach(source, f"{text} Nobody asks.")
    place = second.anchors.latest("id")
    assert (place.snapshot, place.start) == (source.snapshots.first(), text.rindex("rain is likely"))


def test_where_a_person_put_it_is_where_it_is_looked_for_next(source):
    later = FIRST.replace("Rain is likely", "Rain is very likely")
    attach(source, later)
    decide(source.quotes.get(external_id="rain"), "moved", place=(0, len("Rain is very likely")))
    assert fate(attach(source, f"{later} And more."))["rain"] == "Rain is very likely"


def test_a_quote_from_before_the_first_text_is_held_to_the_words_around_it_there():
    quote = a.quote(a.source(), "Snow is possible")
    attach(quote.source, FIRST)
    attach(quote.source, FIRST.replace("possible this year", "possible next year"))
    assert list(Quote.objects.orphaned()) == [quote]
