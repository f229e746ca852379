"""A checkpoint is stamped by somebody else's clock; an answer that does not hold is not kept."""

import hashlib
import json
from datetime import timedelta

import pytest
from cryptography import x509
from django.core.exceptions import ValidationError
from django.utils import timezone

from config.timestamps import TimeStamping
from predictions import checkpoints, record
from predictions.exchange import time_stamp
from predictions.exchange.time_stamp import StampFault
from predictions.models import CheckpointAnchor, LedgerEntry
from tests import builders as a
from tests import time_stamping

REPLY = "application/timestamp-reply"

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _authority(tmp_path_factory):
    with time_stamping.at_work(time_stamping.made(tmp_path_factory.mktemp("tsa") / "a")) as authority:
        yield authority


@pytest.fixture
def authority(_authority, settings):
    _authority.answer = None
    _authority.queries.clear()
    settings.TIMESTAMPS = TimeStamping(_authority.url, _authority.roots, timedelta(hours=24), _authority.allow)
    return _authority


def write():
    record.append("test.made", {}, subject=None, case=None, by=a.a_person_with("analyst"), at=a.NOW)


def signed():
    write()
    return checkpoints.sign(a.NOW)


def refused(checkpoint):
    with pytest.raises(ValidationError) as refusal:
        checkpoints.anchor(checkpoint, at=a.NOW)
    assert refusal.value.code == "time_stamp"
    assert not CheckpointAnchor.objects.exists()
    return refusal.value.messages[0]


def test_the_authority_sees_a_hash_and_its_answer_is_kept_and_recorded(authority):
    checkpoint = signed()
    before = timezone.now() - timedelta(seconds=2)
    made = checkpoints.anchor(checkpoint, at=a.NOW)
    assert before <= made.stamped_at <= timezone.now()
    digest = hashlib.sha256(checkpoint.note.encode()).digest()
    [query] = authority.queries
    assert digest in query
    assert len(query) < 100
    kind, told = made.entry.kind, json.loads(made.entry.payload.text)
    assert (kind, told["size"], told["note_sha256"]) == ("checkpoint.anchored", checkpoint.size, digest.hex())
    assert told["token_sha256"] == hashlib.sha256(bytes(made.token)).hexdigest()
    assert not made.entry.payload.actor.has_usable_password()


def test_what_is_kept_proves_itself_later(authority):
    made = checkpoints.anchor(checkpoint := signed(), at=a.NOW)
    roots = time_stamp.roots_of(authority.roots.read_bytes())
    assert time_stamp.stamped_at(bytes(made.token), checkpoint.note.encode(), roots, None) == made.stamped_at
    with pytest.raises(StampFault):
        time_stamp.stamped_at(bytes(made.token), checkpoint.note.encode() + b"x", roots, None)


def test_it_is_done_once_a_day_and_not_for_its_own_entry(authority):
    assert checkpoints.anchor_due(at=a.NOW) is None  # nothing is signed
    signed()
    assert checkpoints.anchor_due(at=a.NOW) is not None
    checkpoints.sign(a.NOW)
    assert checkpoints.anchor_due(at=a.NOW + timedelta(days=3)) is None
    signed()
    assert checkpoints.anchor_due(at=a.NOW + timedelta(hours=23)) is None
    assert checkpoints.anchor_due(at=a.NOW + timedelta(hours=24)).checkpoint.size == LedgerEntry.objects.count() - 1
    assert len(authority.queries) == 2


def test_without_the_setting_nothing_is_sent(settings):
    signed()
    assert settings.TIMESTAMPS is None
    assert checkpoints.anchor_due(at=a.NOW) is None


ANSWERS = {
    "another message": lambda authority, query: authority.stamped(time_stamp.question(b"another").as_bytes()),
    "an answer of before": lambda authority, query: authority.stamped(_asked_before(authority)),
    "a bit turned over": lambda authority, query: _flipped(authority.stamped(query)),
    "cut short": lambda authority, query: authority.stamped(query)[:-20],
    "nothing": lambda authority, query: b"",
    "not granted": lambda authority, query: bytes.fromhex("30053003020102"),
    "no token": lambda authority, query: bytes.fromhex("30053003020100"),
    "something else": lambda authority, query: b"<html>",
}


def _asked_before(authority):
    """The same message, asked with another nonce."""
    note = checkpoints.sign(a.NOW).note
    return time_stamp.question(note.encode()).as_bytes()


def _flipped(token):
    return token[:-10] + bytes([token[-10] ^ 1]) + token[-9:]


@pytest.mark.parametrize("lie", ANSWERS)
def test_an_answer_that_does_not_hold_is_not_kept(authority, lie):
    checkpoint = signed()
    query = time_stamp.question(checkpoint.note.encode())
    # Made here, as the server's thread has no part in this test's transaction.
    prepared = ANSWERS[lie](authority, query.as_bytes())
    if lie in {"a bit turned over", "cut short"}:
        authority.answer = lambda asked: (200, REPLY, ANSWERS[lie](authority, asked))
    else:
        authority.answer = lambda asked: (200, REPLY, prepared)
    refused(checkpoint)


@pytest.mark.parametrize(("status", "kind"), [(500, REPLY), (200, "text/html"), (302, REPLY), (204, REPLY)])
def test_what_is_no_answer_is_refused(authority, status, kind):
    authority.answer = lambda asked: (status, kind, authority.stamped(asked))
    refused(signed())


def test_an_authority_that_we_do_not_trust_is_refused(authority, settings, tmp_path):
    other = time_stamping.made(tmp_path / "other")
    settings.TIMESTAMPS = TimeStamping(authority.url, other.roots, timedelta(hours=24), authority.allow)
    refused(signed())


def test_a_certificate_for_something_else_does_not_stamp_the_time(settings, tmp_path):
    server = time_stamping.made(tmp_path / "server", "serving")
    with pytest.raises(time_stamping.subprocess.CalledProcessError):  # nor does openssl let it
        server.stamped(time_stamp.question(b"x").as_bytes())


def test_an_authority_inside_is_asked_only_if_it_is_allowed(authority, settings):
    settings.TIMESTAMPS = TimeStamping(authority.url, authority.roots, timedelta(hours=24), frozenset())
    assert "Only public addresses" in refused(signed())
    assert authority.queries == []


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----"])
def test_without_a_root_certificate_nothing_is_asked(authority, settings, tmp_path, content):
    roots = tmp_path / "roots.pem"
    if content is not None:
        roots.write_bytes(content)
    settings.TIMESTAMPS = TimeStamping(authority.url, roots, timedelta(hours=24), authority.allow)
    refused(signed())
    assert authority.queries == []


def test_the_root_is_that_of_the_file(authority):
    [root] = time_stamp.roots_of(authority.roots.read_bytes())
    assert root.subject == x509.Name.from_rfc4514_string("CN=Our root")
