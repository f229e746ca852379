"""Whoever erases is told what goes, and where else the same words stand."""

import pytest

from predictions.models import LedgerEntry
from predictions.operations.sources import amend_source
from predictions.queries.erasures import going, words_of
from tests import builders as a

WORDS = "Mrs Smith was seen in the “rain”\nat noon."

pytestmark = pytest.mark.django_db


def entry(row):
    return LedgerEntry.objects.get(pk=row.entry_id)


def test_what_goes_is_listed_by_what_it_is():
    forecast = a.forecast(words="likely", rationale="Clouds.")
    told = "; ".join(going(entry(forecast), a.a_person_with("administrator")).parts)
    assert "payload and the salt" in told
    assert "the rationale" in told
    assert "in the forecast: probability, in numbers or words" in told
    assert "in the coding: words" in told


def test_a_text_goes_with_its_file():
    told = going(entry(a.capture(b"It may rain here.").snapshot), a.a_person_with("administrator")).parts
    assert "the file that the text was read from" in told
    assert any(part.startswith("in the snapshot text: text") for part in told)


def test_other_entries_with_the_same_words_are_listed():
    first = a.evidence(note=WORDS)
    second = a.evidence(first.prediction, note=WORDS, supersedes=first, reason="Graded anew.")
    a.evidence(first.prediction, note="Other words altogether.")
    found = going(entry(first), a.a_person_with("administrator"))
    assert [line.seq for line in found.elsewhere] == [second.entry_id]
    assert not found.is_more


def test_a_change_that_took_the_words_away_holds_them_still():
    source = a.source(title="An article about Mrs Smith")
    recorded = LedgerEntry.objects.get(kind="source.recorded")
    source.title = "An article"
    amend_source(source, by=a.a_person_with("analyst"), at=a.NOW)
    found = going(recorded, a.a_person_with("administrator"))
    assert [line.seq for line in found.elsewhere] == [LedgerEntry.objects.get(kind="source.amended").pk]


def test_of_what_one_does_not_see_nothing_is_told():
    first = a.evidence(note=WORDS)
    private = a.case(is_private=True)
    a.evidence(a.prediction(private), note=WORDS)
    assert going(entry(first), a.person("other", "administrator")).elsewhere == ()


def test_words_of_people_are_told_from_names_of_things():
    evidence = a.evidence(note=WORDS)
    assert words_of(entry(evidence)) == [WORDS]
