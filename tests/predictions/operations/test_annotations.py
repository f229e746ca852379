"""Quotes from a file of W3C annotations: what was written out comes back, all of it or nothing."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from predictions.exchange.annotation import collection, written
from predictions.models import Quote, QuoteStanding, Source, Standing
from predictions.operations.annotations import import_annotations
from predictions.operations.quotes import anchor_quote, settle_quote
from predictions.operations.sources import attach_text
from predictions.queries.source_exchange import quoted, quotes_of
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db

TEXT = "It is likely to rain. We repeat: it is likely to rain. “It’s certain,” they say."


@pytest.fixture
def source(people):
    source = a.source()
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def file_of(source):
    return written(collection("urn:x", "Quotes", quoted(quotes_of(source), lambda _: "https://x.org/t"))).encode()


def held(source):
    return [
        (quote.exact, quote.prefix, quote.suffix, quote.external_id, [place.start for place in quote.anchors.all()])
        for quote in quotes_of(source)
    ]


def twin(source):
    """Another source with the same text, if any."""
    other = Source.objects.create(case=source.case, title="Copy", url=source.url)
    for snapshot in source.snapshots.all()[:1]:
        attach_text(other, snapshot.body.text, by=a.a_person_with("analyst"), at=a.NOW)
    return other


def test_what_was_written_out_comes_back_the_same(source, analyst):
    a.quote(source, "it is likely to rain", prefix="We repeat: ", external_id="q1")
    a.quote(source, '"It\'s certain,"')
    other = twin(source)
    assert import_annotations(other, file_of(source), by=analyst, at=a.NOW) == (2, 0)
    assert held(other) == held(source)
    assert json.loads(file_of(other))["total"] == 2


def test_what_stands_already_is_left_as_it_is(source, analyst):
    a.quote(source, "certain")
    assert import_annotations(source, file_of(source), by=analyst, at=a.NOW) == (0, 1)
    assert Quote.objects.count() == 1


@pytest.mark.parametrize("is_decided", [False, True])
def test_a_quote_that_a_newer_text_does_not_hold_stands_already_too(people, analyst, is_decided):
    quote = a.orphaned(later="Now they say that it is bound to rain.")
    if is_decided:
        moved = QuoteStanding(
            quote=quote, snapshot=quote.source.snapshots.first(), standing=Standing.MOVED, reason="So it reads now."
        )
        settle_quote(moved, place=(18, 37), by=analyst, at=a.NOW)
    assert import_annotations(quote.source, file_of(quote.source), by=analyst, at=a.NOW) == (0, 1)
    assert Quote.objects.count() == 1


def test_quotes_of_a_source_without_a_text_come_back_too(people, analyst):
    source = a.source()
    a.quote(source, "words kept by quotation only", prefix="some ", suffix=" here")
    other = twin(source)
    assert import_annotations(other, file_of(source), by=analyst, at=a.NOW) == (1, 0)
    assert held(other) == held(source)


def test_words_between_the_same_words_come_back_to_their_place(people, analyst):
    """Thirty-two characters on either side do not tell them apart; the position does, in the same text."""
    line = "This document may contain statements about the future of the company and its plans. "
    source = a.source()
    attach_text(source, "One. " + line * 3 + "End.", by=analyst, at=a.NOW)
    row = Quote(source=source, exact="statements about the future")
    start = len("One. " + line) + line.index("statements")
    anchor_quote(row, start=start, by=analyst, at=a.NOW)
    other = twin(source)
    import_annotations(other, file_of(source), by=analyst, at=a.NOW)
    assert held(other) == held(source)


def test_a_position_counted_in_another_text_decides_nothing(people, analyst):
    source = a.source()
    attach_text(source, "rain and rain", by=analyst, at=a.NOW)
    anchor_quote(Quote(source=source, exact="rain"), start=0, by=analyst, at=a.NOW)
    other = a.source(source.case)
    attach_text(other, "now rain, rain", by=analyst, at=a.NOW)
    with refused("file", "stands 2 times"):
        import_annotations(other, file_of(source), by=analyst, at=a.NOW)


def test_one_fault_and_nothing_is_brought_in(source, analyst):
    a.quote(source, "certain")
    told = json.loads(file_of(source))
    strange = json.loads(json.dumps(told["first"]["items"][0]))
    strange["target"]["selector"][0]["exact"] = "certainly not there"
    told["first"]["items"] += [strange]
    other = twin(source)
    with refused("file", "annotation 2: target.selector.TextQuoteSelector.exact"):
        import_annotations(other, json.dumps(told, indent=1).encode(), by=analyst, at=a.NOW)
    assert not other.quotes.exists()


def test_quotes_of_another_address_are_refused(people, analyst):
    source = a.source(url="https://example.org/a")
    a.quote(source, "some words")
    other = a.source(url="https://example.org/b")
    with refused("file", "target.source"):
        import_annotations(other, file_of(source), by=analyst, at=a.NOW)


def test_a_short_name_that_is_taken_is_told(source, analyst):
    a.quote(source, "certain", external_id="q")
    other = twin(source)
    a.quote(other, "We repeat", external_id="q")
    with refused("file", "short name"):
        import_annotations(other, file_of(source), by=analyst, at=a.NOW)


def test_who_may_not_quote_may_not_import(source, viewer, resolver):
    for who in (viewer, resolver):
        with pytest.raises(PermissionDenied):
            import_annotations(source, file_of(source), by=who, at=a.NOW)


SIGNS = st.text(
    st.one_of(
        st.sampled_from("ab ’'\"“-\u2011\u200b\xade\u0301\u200d👩日本\U0001f1ef\U0001f1f5\n\t<>&"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\x00"),
    ),
    min_size=1,
    max_size=40,
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(SIGNS, st.integers(0, 39), st.integers(1, 40))
def test_any_quote_of_any_text_comes_back_the_same(people, analyst, text, start, length):
    exact = text[start : start + length]
    assume(text.strip() and exact.strip())
    source = a.source()
    attach_text(source, text, by=analyst, at=a.NOW)
    try:
        anchor_quote(Quote(source=source, exact=exact), start=start, by=analyst, at=a.NOW)
    except ValidationError:  # it stands several times, or its ends part a character
        reject()
    other = twin(source)
    import_annotations(other, file_of(source), by=analyst, at=a.NOW)
    assert held(other) == held(source)
