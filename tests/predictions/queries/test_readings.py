"""What a reader is shown of a source, and what is kept from them."""

from itertools import pairwise

import pytest

from predictions.operations.sources import attach_text
from predictions.queries import readings
from predictions.queries.readings import claims_of, cuts_of, reading
from tests import builders as a

TEXT = "It is likely that the cabinet will fall. Nobody minds.\nPrices will rise.\n"
WORDS = "the cabinet will fall"

pytestmark = pytest.mark.django_db


def held(text=TEXT, in_case=None, **fields):
    source = a.source(in_case or a.case(), **fields)
    attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def read(source, user=None, **asked):
    user = user or a.a_person_with("viewer")
    return reading(source, user, snapshot=source.snapshots.first(), now=a.NOW, **asked)


def test_quotes_are_numbered_as_they_stand_with_what_was_made_of_them():
    source = held()
    later, first = a.quote(source, "Prices will rise"), a.quote(source, WORDS)
    forecast = a.forecast(a.prediction(source.case), quote=first)
    told = read(source)
    assert [(note.number, note.quote) for note in told.quotes] == [(1, first), (2, later)]
    assert [made.prediction for made in told.quotes[0].made] == [forecast.prediction]
    assert told.quotes[0].made[0].forecasts == (forecast,)
    assert told.quotes[1].made == ()
    assert TEXT[slice(*told.quotes[0].place)] == WORDS


def test_a_forecast_that_is_hidden_is_not_there_nor_anything_that_tells_of_it():
    source = held(in_case=a.case(hides_forecasts=True))
    quote = a.quote(source, WORDS)
    prediction = a.prediction(source.case, closes_at=a.on_day(30_000))
    a.forecast(prediction, quote=quote)
    assert read(source, a.person("other", "analyst")).quotes[0].made == ()
    assert read(source, a.a_person_with("analyst")).quotes[0].made[0].forecasts


def test_a_prediction_whose_criteria_the_words_gave_is_named_even_where_forecasts_are_hidden():
    source = held(in_case=a.case(hides_forecasts=True))
    prediction = a.posed_from(a.quote(source, WORDS), closes_at=a.on_day(30_000))
    (made,) = read(source, a.person("other", "analyst")).quotes[0].made
    assert (made.prediction, made.forecasts, made.is_hidden) == (prediction, (), True)


def test_who_is_asked_to_judge_sees_no_forecast():
    source = held(in_case=a.case(resolvers_asked=2))
    quote, judge = a.quote(source, WORDS), a.person("judge", "resolver")
    prediction = a.posed_from(quote)
    a.assigned(prediction, judge)
    (made,) = read(source, judge).quotes[0].made
    assert (made.forecasts, made.is_hidden) == ((), True)


def test_quotes_of_an_earlier_text_stand_elsewhere():
    source = held()
    quote = a.quote(source, WORDS)
    attach_text(source, f"Reviewed.\n{TEXT}", by=a.a_person_with("analyst"), at=a.NOW.replace(second=30))
    older = source.snapshots.last()
    later = a.quote(source, "Reviewed")
    told = reading(source, a.a_person_with("viewer"), snapshot=older, now=a.NOW)
    assert ([note.quote for note in told.quotes], [note.quote for note in told.elsewhere]) == ([quote], [later])
    assert not told.is_newest
    assert read(source).is_newest


def test_a_source_without_a_text_has_its_quotes_alone():
    source = a.source()
    quote = a.quote(source, WORDS)
    told = read(source)
    assert (told.snapshot, told.text, [note.quote for note in told.elsewhere]) == (None, "", [quote])


@pytest.mark.parametrize(("language", "count"), [("en", 2), ("", 2), ("en-GB", 2), ("EN", 2)])
def test_claims_are_found_by_the_rules_of_the_language(language, count):
    assert len(claims_of(TEXT, language)) == count


def test_a_language_without_rules_has_no_claims_and_says_so():
    assert claims_of(TEXT, "tlh") is None


def test_a_long_text_is_cut_after_lines_and_no_sign_is_lost(monkeypatch):
    monkeypatch.setattr(readings, "PART", 30)
    for text in (TEXT, "x" * 100, "x\n" * 50, ""):
        cuts = cuts_of(text)
        assert cuts == sorted(cuts)
        assert "".join(text[at:until] for at, until in pairwise(cuts)) == text
        assert all(until - at <= 30 for at, until in pairwise(cuts))


def test_the_part_is_shown_in_which_a_quote_stands(monkeypatch):
    monkeypatch.setattr(readings, "PART", 30)
    source = held()
    quote = a.quote(source, "Prices will rise")
    told = read(source, quote=quote.uuid)
    (note,) = told.quotes
    assert told.text[slice(*note.place)] == "Prices will rise"
    assert told.part > 1
    assert told.paragraphs_before == len([line for line in TEXT[: told.offset].splitlines() if line])
    assert read(source).quotes == ()
    assert read(source, part=99).part == told.parts
