"""Receipts of a real ledger: signed when asked for, for whoever sees the entry, and true."""

from dataclasses import replace

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from predictions import checkpoints
from predictions.exchange.signed_note import parse_checkpoint, read_note
from predictions.models import Checkpoint, LedgerEntry, Resolution, guards
from predictions.operations.receipts import issue_receipt
from predictions.operations.resolutions import confirm
from tests import builders as a
from tests.predictions.exchange.receipt_files import verified

pytestmark = pytest.mark.django_db

LATER = a.on_day(70)


def without_guards(statement, *values):
    connection.check_constraints()
    guards.lift(connection)  # the test's own transaction puts them back
    connection.cursor().execute(statement, values)


def size_of(note):
    return parse_checkpoint(read_note(note).text).size


def kinds_of_all():
    return LedgerEntry.objects.order_by("seq").values_list("seq", "kind")


def test_the_receipt_of_every_entry_is_true(administrator):
    a.resolution(a.forecast().prediction)
    for seq, kind in kinds_of_all():
        status, told = verified(issue_receipt(seq, to=administrator, at=LATER))
        assert status == 0, told
        assert f"this is entry {seq}, counted from 0, of the log forsooth: {kind}" in told


def test_the_receipt_of_a_forecast_holds_what_was_said(viewer):
    forecast = a.forecast(words="70%")
    told = verified(issue_receipt(forecast.entry_id, to=viewer, at=LATER))[1]
    assert '"p": "0.7"' in told
    assert str(forecast.uuid) in told


def test_asking_signs_a_checkpoint_that_covers_the_entry_and_only_where_none_does(viewer):
    first = a.forecast().entry_id
    receipt = issue_receipt(first, to=viewer, at=LATER)
    assert Checkpoint.objects.count() == 1
    assert issue_receipt(0, to=viewer, at=LATER).checkpoint == receipt.checkpoint
    second = a.forecast().entry_id
    assert issue_receipt(first, to=viewer, at=LATER).checkpoint == receipt.checkpoint
    assert Checkpoint.objects.count() == 1
    later = issue_receipt(second, to=viewer, at=LATER)
    assert Checkpoint.objects.count() == 2
    assert size_of(later.checkpoint) == second + 1


def test_a_receipt_leads_from_the_checkpoint_before_or_from_the_one_that_is_named(viewer):
    sizes = []
    for _ in range(3):
        sizes.append(a.forecast().entry_id + 1)
        checkpoints.sign(LATER)
    last = issue_receipt(0, to=viewer, at=LATER)
    assert [size_of(note) for note in (last.older_checkpoint, last.checkpoint)] == sizes[1:]
    named = issue_receipt(0, to=viewer, at=LATER, older_size=sizes[0])
    assert size_of(named.older_checkpoint) == sizes[0]
    assert verified(last)[0] == verified(named, older=named.older_checkpoint)[0] == 0


@pytest.mark.parametrize("size", [0, 1, 10_000])
def test_a_checkpoint_that_was_never_signed_or_is_not_older_is_refused(viewer, size):
    a.forecast()
    checkpoints.sign(LATER)
    with pytest.raises(ValidationError, match="No checkpoint of that size"):
        issue_receipt(0, to=viewer, at=LATER, older_size=size)


def test_the_first_receipt_there_is_has_no_older_checkpoint(viewer):
    receipt = issue_receipt(a.forecast().entry_id, to=viewer, at=LATER)
    assert (receipt.older_checkpoint, list(receipt.consistency)) == ("", [])
    assert verified(receipt)[0] == 0


def test_a_receipt_names_the_keys_that_signed(viewer):
    receipt = issue_receipt(a.forecast().entry_id, to=viewer, at=LATER)
    assert receipt.keys == [str(key) for key in checkpoints.verifier_keys()]
    assert "--key" not in verified(receipt, "--key", receipt.keys[0])[1]


def test_what_is_hidden_has_no_receipt(viewer):
    hidden = a.forecast(a.prediction(a.case(is_private=True)))
    for seq in (hidden.entry_id, hidden.entry_id + 1000, 2**63, -1):
        with pytest.raises(LedgerEntry.DoesNotExist):
            issue_receipt(seq, to=viewer, at=LATER)
    assert not Checkpoint.objects.exists()


def test_whose_an_assessment_is_no_receipt_tells_another(resolver, viewer):
    case = a.case(resolvers_asked=1, members=[resolver])
    prediction = a.prediction(case)
    a.assigned(prediction, resolver)
    assessment = a.assessment(prediction, by=resolver)
    confirm(Resolution(prediction=prediction, known_at=a.on_day(50)), by=resolver, at=a.NOW)
    assert issue_receipt(assessment.entry_id, to=resolver, at=LATER).payload
    others = issue_receipt(assessment.entry_id, to=viewer, at=LATER)
    assert (others.payload, others.salt) == (b"", b"")
    status, told = verified(others)
    assert status == 0
    assert str(resolver.uuid) not in told
    assert "is not shown" in told


def test_of_what_is_erased_a_receipt_shows_that_it_stood_and_no_more(viewer):
    a.forecaster()
    entry = LedgerEntry.objects.get(kind="forecaster.named")
    a.erasure(entry)
    receipt = issue_receipt(entry.seq, to=viewer, at=LATER)
    assert (receipt.payload, receipt.salt) == (b"", b"")
    status, told = verified(receipt)
    assert status == 0
    assert "it was erased, or is not shown" in told


def test_of_a_ledger_that_was_changed_behind_its_back_no_receipt_is_made(viewer):
    seq = a.forecast().entry_id
    checkpoints.sign(LATER)
    without_guards("UPDATE predictions_ledgerentry SET leaf = %s WHERE seq = %s", b"{}", seq)
    with pytest.raises(ValidationError, match="does not bear this entry out"):
        issue_receipt(seq, to=viewer, at=LATER)


def test_a_receipt_asks_the_database_no_more_of_a_longer_ledger(viewer):
    counts, on = [], a.prediction()
    for more in (2, 4):
        for _ in range(more):
            seq = a.forecast(on).entry_id
            checkpoints.sign(LATER)
        with CaptureQueriesContext(connection) as queries:
            issue_receipt(seq, to=User.objects.get(pk=viewer.pk), at=LATER)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_receipt_kept_through_a_forgery_finds_it(viewer):
    seq = a.forecast(words="70%").entry_id
    kept = issue_receipt(seq, to=viewer, at=LATER)
    forged = replace(kept, payload=kept.payload.replace(b'"0.7"', b'"0.9"'))
    assert verified(kept)[0] == 0
    assert verified(forged)[0] == 1
