"""What is proposed when words are chosen: they themselves, where they stand, and all that can be read off them."""

import pytest

from predictions.models import Forecast, Forecaster
from predictions.operations.sources import attach_text
from predictions.queries.proposals import LONGEST_PASSAGE, proposal
from tests import builders as a

TEXT = "It is likely that the cabinet will fall. Or it may not.\nNobody minds.\nAgain: Nobody minds.\n"

pytestmark = pytest.mark.django_db


def proposed(words, text=TEXT, *, after="", **fields):
    source = a.source(a.case(zone="Asia/Tokyo"), **fields)
    attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)
    start = text.index(words, text.index(after))
    return proposal(source, source.snapshots.get(), (start, start + len(words)))


def test_words_of_likelihood_become_the_forecast_and_the_rest_the_statement():
    told = proposed("It is likely that the cabinet will fall.")
    assert (told.exact, told.statement) == ("It is likely that the cabinet will fall.", "The cabinet will fall.")
    assert (told.kind, told.words, told.basis) == (Forecast.Kind.PROBABILITY, "likely", "")


def test_words_that_leave_it_open_are_proposed_as_such():
    told = proposed("Or it may not.")
    assert (told.kind, told.words) == (Forecast.Kind.UNQUANTIFIABLE, "may")


def test_where_there_is_no_word_of_likelihood_the_number_is_our_own_reading():
    assert proposed("Nobody minds.").basis == Forecast.Basis.IMPLIED


def test_a_second_word_of_likelihood_is_told():
    told = proposed("It is likely that the cabinet will fall. Or it may not.")
    assert told.words == "likely"
    assert len(told.noticed) == 1
    assert "“may”" in told.noticed[0]


def test_words_that_stand_twice_are_told_apart_by_those_around_them():
    told = proposed("Nobody minds.", after="Again")
    assert told.before.endswith("Again: ")


@pytest.mark.parametrize(
    ("fields", "name", "kind"),
    [
        ({"author": "Ann Writer", "publisher": "The Paper"}, "Ann Writer", "person"),
        ({"publisher": "The Paper"}, "The Paper", "outlet"),
        ({}, "", "outlet"),
    ],
)
def test_the_forecaster_is_the_author_or_else_the_publisher(fields, name, kind):
    told = proposed("Nobody minds.", **fields)
    assert (told.forecaster, told.is_new, told.forecaster_kind) == (name, bool(name), kind)


def test_a_forecaster_on_record_is_not_proposed_as_new():
    a.forecaster("ann writer", kind="model")
    told = proposed("Nobody minds.", author="Ann Writer")
    assert (told.forecaster, told.is_new, told.forecaster_kind) == ("ann writer", False, Forecaster.Kind.MODEL)


def test_it_opens_when_the_source_was_published_in_days_of_the_case():
    day = {"published_at": a.on_day(8.625), "published_precision": "day", "published_until": a.on_day(9.625)}
    assert proposed("Nobody minds.", **day).opens == "2026-01-10"
    assert proposed("Nobody minds.", published_at=a.on_day(8.5)).opens == "2026-01-09 12:00:00"
    assert proposed("Nobody minds.").opens == ""


@pytest.mark.parametrize("place", [None, (0, 0), (5, 4), (0, 10_000), (55, 56)])
def test_a_place_that_is_none_proposes_no_words(place):
    source = a.source(author="Ann Writer")
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    told = proposal(source, source.snapshots.get(), place)
    assert (told.exact, told.statement, told.forecaster) == ("", "", "Ann Writer")


def test_what_is_longer_than_a_passage_is_not_read():
    text = "likely, " * (LONGEST_PASSAGE // 8 + 1)
    assert proposed(text.strip(), text).exact == ""
