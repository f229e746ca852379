"""The words of a quote stand in the source's text where we hold it, in the source's own characters."""

import pytest

from predictions.models import Quote, QuoteAnchor
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.refusals import refused

TEXT = "It is “likely” that Japan’s strategy will change.\nSubscribe now.\nI am sure that the rest stays; not the rest."

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    return a.source()


@pytest.fixture
def held(source):
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def test_without_a_text_the_words_are_kept_as_given_and_have_no_place(source):
    quote = a.quote(source, "it is 'likely'")
    assert (quote.exact, quote.prefix, quote.suffix) == ("it is 'likely'", "", "")
    assert not quote.anchors.exists()


@pytest.mark.parametrize("typed", ["“likely” that Japan’s strategy", '"likely" that Japan\'s strategy'])
def test_a_quote_takes_on_the_characters_of_the_text_and_its_exact_place(held, typed):
    quote = a.quote(held, typed)
    place = quote.anchors.get()
    assert TEXT[place.start : place.end] == quote.exact == "“likely” that Japan’s strategy"
    assert (quote.prefix, quote.suffix[:5]) == ("It is ", " will")
    assert place.entry == quote.entry


def test_a_quote_that_is_not_there_is_named_with_the_closest_passage(held):
    with refused("exact", "closest passage"):
        a.quote(held, "it is unlikely that Japan's strategy will change", external_id="q7")
    with refused("exact", "Quote q7"):
        a.quote(held, "it is unlikely that Japan's strategy will change", external_id="q7")
    with refused("exact", "does not stand in the text"):
        a.quote(held, "zzz qqq xxx")


def test_words_that_stand_twice_need_their_context(held):
    with refused("exact", "2 times"):
        a.quote(held, "the rest")
    quote = a.quote(held, "the rest", prefix="sure that")
    assert TEXT[: quote.anchors.get().start].endswith("sure that ")


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("exact", {"exact": ""}),
        ("exact", {"exact": "  \n"}),
        ("exact", {"exact": "x" * 501}),
    ],
    ids=["empty", "blank", "too long"],
)
@pytest.mark.parametrize("with_text", [True, False])
def test_bad_input_is_refused_at_its_field(source, with_text, field, given):
    if with_text:
        attach_text(source, TEXT + "x" * 501, by=a.a_person_with("analyst"), at=a.NOW)
    with refused(field):
        a.quote(source, **given)


@pytest.mark.parametrize("field", ["prefix", "suffix"])
def test_context_typed_is_bounded_and_gives_way_to_that_of_the_text(source, field):
    with refused(field):
        a.quote(source, **{field: "x" * 201})
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    assert len(getattr(a.quote(source, "Subscribe now", **{field: "x" * 201}), field)) == 32


def test_a_quote_is_mended_by_one_that_replaces_it(source):
    first = a.quote(source, "rain is likely", external_id="q1")
    with refused("reason"):
        a.quote(source, "snow is likely", supersedes=first)
    second = a.quote(source, "snow is likely", supersedes=first, reason="Misread.")
    assert list(Quote.objects.standing()) == [second]
    with refused(saying="already has a quote of that short name"):
        a.quote(source, "rain is likely", external_id="q1")


def test_a_quote_stands_in_the_newest_text_only(held):
    attach_text(held, "Another text says that it is likely.", by=a.a_person_with("analyst"), at=a.NOW)
    with refused("exact"):
        a.quote(held, "Subscribe now")
    a.quote(held, "it is likely")
    assert QuoteAnchor.objects.get().snapshot == held.snapshots.first()
