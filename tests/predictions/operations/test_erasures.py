"""What the law wants gone goes, and everything that proves the record stays."""

import json

import pytest
from django.core.exceptions import ValidationError

from predictions.models import (
    Erasure,
    Evidence,
    LedgerEntry,
    LedgerPayload,
    OriginalBytes,
    PredictionRevision,
    Quote,
    Rationale,
    Snapshot,
    SnapshotText,
)
from predictions.models.erasure import ERASED
from predictions.operations.evidence import link_evidence
from tests import builders as a
from tests.unguarded import unguarded

WHY = "The court of the town ordered it."

pytestmark = pytest.mark.django_db


def seen_by(user):
    return set(LedgerEntry.objects.visible_to(user).values_list("pk", flat=True))


def test_an_erased_entry_keeps_its_place_and_its_hashes_and_nothing_that_was_said():
    forecast = a.forecast(words="likely", rationale="Clouds, dark ones.")
    entry = LedgerEntry.objects.get(pk=forecast.entry_id)
    a.erasure(forecast, WHY)
    kept = LedgerEntry.objects.get(pk=entry.pk)
    for name in ("seq", "at", "kind", "commit", "leaf", "leaf_hash", "subject"):
        assert getattr(kept, name) == getattr(entry, name)
    assert not LedgerPayload.objects.filter(entry=entry).exists()
    assert not Rationale.objects.filter(entry=entry).exists()
    forecast.refresh_from_db()
    assert (forecast.words, forecast.probability, forecast.reason) == (ERASED, 0.675, "")
    assert forecast.codings.get().words == ERASED


def test_the_text_of_a_source_goes_with_the_file_it_was_read_from():
    snapshot = a.capture(b"They say that it may rain.").snapshot
    a.erasure(snapshot, WHY)
    assert SnapshotText.objects.get(snapshot=snapshot).text == ERASED
    assert not OriginalBytes.objects.exists()
    kept = Snapshot.objects.get(pk=snapshot.pk)
    assert (kept.sha256, kept.length) == (snapshot.sha256, snapshot.length)


def test_the_entry_of_an_erasure_names_the_position_and_the_reason_and_never_the_content():
    evidence = a.evidence(note="Mrs Smith was seen in the rain.")
    erasure = a.erasure(evidence, WHY)
    said = json.loads(erasure.entry.payload.text)
    assert (said["erased"], said["reason"]) == (evidence.entry_id, WHY)
    assert "Smith" not in erasure.entry.payload.text
    assert erasure.entry.subject == evidence.entry.subject
    assert erasure.entry.payload.case == evidence.prediction.case


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("", "This field cannot be blank"),
        (" ", "Say why"),
        ("mrs smith WAS SEEN in the rain.", "repeats what is to be"),
    ],
)
def test_an_erasure_wants_a_reason_that_does_not_repeat_what_goes(reason, words):
    evidence = a.evidence(note="Mrs Smith was seen in the rain.")
    with pytest.raises(ValidationError, match=words):
        a.erasure(evidence, reason)
    assert LedgerPayload.objects.filter(entry=evidence.entry_id).exists()


def test_nothing_is_erased_twice():
    evidence = a.evidence()
    a.erasure(evidence)
    with pytest.raises(ValidationError, match="erased already") as refusal:
        a.erasure(evidence)
    assert refusal.value.code == "conflict"


def test_what_is_on_record_about_an_erasure_is_not_erased():
    erasure = a.erasure(a.evidence())
    with pytest.raises(ValidationError, match="of the ledger itself"):
        a.erasure(erasure)


def test_words_in_rows_that_no_erasure_names_stand():
    kept, gone = a.evidence(note="Kept."), a.evidence(note="Gone.")
    a.erasure(gone)
    assert set(Evidence.objects.values_list("note", flat=True)) == {"Kept.", ERASED}
    assert LedgerPayload.objects.filter(entry=kept.entry_id).exists()


def test_a_wording_goes_with_its_criteria():
    prediction = a.prediction(criteria=("It rains.", "It pours."))
    a.erasure(prediction.revision)
    assert PredictionRevision.objects.get().statement == ERASED
    assert {criterion.text for criterion in prediction.revision.criteria.all()} == {ERASED}


def test_what_replaces_erased_evidence_is_written_as_ever():
    first = a.evidence()
    a.erasure(first)
    row = Evidence(prediction=first.prediction, stance="context", note="New.", credibility=2, source=first.source)
    row.supersedes, row.reason = Evidence.objects.get(pk=first.pk), "Said otherwise."
    link_evidence(row, by=a.a_person_with("analyst"), at=a.NOW)
    assert Evidence.objects.standing().get().note == "New."


# --- who sees what was erased --------------------------------------------------------------------------------------


def test_what_was_private_stays_private_once_it_is_erased():
    outside = a.person("outside", "viewer", "analyst", "resolver", "adjudicator", "administrator")
    inside = a.a_person_with("administrator")
    private = a.case(is_private=True, members=[inside])
    quote = a.quote(a.source(private))
    before = seen_by(outside)
    erasure = a.erasure(quote)
    assert seen_by(outside) == before
    assert {quote.entry_id, erasure.entry_id} <= seen_by(inside)
    assert not Erasure.objects.visible_to(outside).exists()


def test_an_open_entry_is_seen_by_everybody_once_it_is_erased():
    quote = a.quote()
    a.erasure(quote)
    assert quote.entry_id in seen_by(a.person("viewer", "viewer"))
    assert Quote.objects.get(pk=quote.pk).exact == ERASED


def test_an_entry_whose_payload_was_taken_away_unrecorded_is_seen_by_nobody():
    quote = a.quote()
    with unguarded():
        LedgerPayload._base_manager.filter(entry=quote.entry_id).delete()
    everything = a.person("all", "viewer", "analyst", "resolver", "adjudicator", "administrator")
    assert quote.entry_id not in seen_by(everything)
