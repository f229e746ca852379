"""What became of an orphaned quote is decided once, by a person, with a reason."""

import pytest

from predictions.models import LedgerEntry, Quote, QuoteAnchor, QuoteStanding
from predictions.operations.quotes import settle_quote
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.refusals import refused

LATER = "They say that it is very likely to rain, and no more."

pytestmark = pytest.mark.django_db


def decide(quote, standing, *, place=None, reason="So I read it.", snapshot=None):
    newest = snapshot or quote.source.snapshots.first()
    row = QuoteStanding(quote=quote, snapshot=newest, standing=standing, reason=reason)
    return settle_quote(row, place=place, by=a.a_person_with("analyst"), at=a.NOW)


@pytest.fixture
def quote():
    return a.orphaned("it is likely to rain", LATER)


def test_it_stands_where_a_person_says_and_the_words_there_are_kept(quote):
    start = LATER.index("it is")
    row = decide(quote, "moved", place=(start, start + len("it is very likely to rain")))
    place = QuoteAnchor.objects.get(snapshot=row.snapshot)
    assert (place.quote, place.entry, row.words) == (quote, row.entry, "it is very likely to rain")
    assert not Quote.objects.orphaned().exists()
    assert LedgerEntry.objects.first().kind == "quote.settled"


def test_it_is_gone_and_keeps_its_older_place(quote):
    decide(quote, "gone")
    assert QuoteAnchor.objects.count() == 1
    assert not Quote.objects.orphaned().exists()


def test_replacing_it_settles_it_too(quote):
    a.quote(quote.source, "it is very likely to rain", supersedes=quote, reason="The author changed it.")
    assert not Quote.objects.orphaned().exists()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"standing": "gone", "reason": " "}, "reason"),
        ({"standing": "gone", "place": (0, 4)}, "standing"),
        ({"standing": "moved"}, "standing"),
        ({"standing": "orphaned"}, "standing"),
        ({"standing": "lost"}, "standing"),
        ({"standing": "moved", "place": (4, 4)}, "place"),
        ({"standing": "moved", "place": (-1, 4)}, "place"),
        ({"standing": "moved", "place": (0, 10_000)}, "place"),
        ({"standing": "moved", "place": (4, 5)}, "place"),
    ],
    ids=str,
)
def test_a_decision_that_says_nothing_is_refused(quote, fields, field):
    before = LedgerEntry.objects.count()
    with refused(field):
        decide(quote, fields.pop("standing"), **fields)
    assert LedgerEntry.objects.count() == before
    assert Quote.objects.orphaned().exists()


def test_what_was_decided_or_never_lost_is_not_decided(quote):
    decide(quote, "gone")
    with refused(saying="decided already"):
        decide(quote, "gone")
    other = a.quote()
    attach_text(other.source, f"So {other.exact}.", by=a.a_person_with("analyst"), at=a.NOW)
    with refused(saying="decided already"):
        decide(other, "gone")


def test_a_decision_about_an_older_text_comes_too_late(quote):
    older = quote.source.snapshots.first()
    attach_text(quote.source, "A third text.", by=a.a_person_with("analyst"), at=a.NOW)
    with refused(saying="newer text"):
        decide(quote, "gone", snapshot=older)
