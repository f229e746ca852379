"""`manage.py attach_text`."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions.management import text_files
from predictions.models import Snapshot
from tests import builders as a

pytestmark = pytest.mark.django_db

TEXT = "Forecast\r\nWe think it is likely to rain – says the author’s note.\n"


@pytest.fixture
def source():
    source = a.source(external_id="note")
    a.quote(source, "it is likely to rain", external_id="q1")
    return source


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "note.txt"
    path.write_bytes(TEXT.encode())
    return path


def told(*args) -> str:
    out = StringIO()
    call_command("attach_text", *map(str, args), stdout=out)
    return out.getvalue()


def test_the_text_is_kept_byte_for_byte_and_its_quotes_are_placed(source, file):
    text = told("note", file)
    snapshot = Snapshot.objects.get()
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert (snapshot.source, snapshot.sha256, snapshot.body.text) == (source, digest, TEXT)
    for line in (f"SHA-256  {digest}", f"Length   {len(TEXT)} characters", "q1: “it is likely to rain”"):
        assert line in text
    anchor = snapshot.anchors.get()
    assert f"{anchor.start}–{anchor.end}" in text
    assert TEXT[anchor.start : anchor.end] == "it is likely to rain"


def test_a_text_attached_already_is_told_of_and_kept_once(source, file):
    told(source.uuid, file)
    text = told("note", file)
    assert text.startswith("This text is attached already; nothing was changed.\nSHA-256")
    assert "q1: “it is likely to rain”" in text
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("digest", "words"),
    [
        (hashlib.sha256(TEXT.encode()).hexdigest(), "It is the text whose SHA-256 is on record."),
        ("0" * 64, f"The record speaks of another text, of SHA-256 {'0' * 64}."),
        ("", "Attached to"),
    ],
)
def test_it_says_how_the_text_stands_to_the_recorded_digest(file, digest, words):
    a.source(external_id="known", text_sha256=digest)
    assert told("known", file).startswith(words)


def test_a_missing_quote_is_named_with_the_closest_passage_and_nothing_is_kept(source, file):
    a.quote(source, "it is likely to snow", external_id="q2")
    with pytest.raises(CommandError, match=r"(?s)Nothing was attached.*q2.*it is likely to snow.*it is likely to rain"):
        told("note", file)
    assert not Snapshot.objects.exists()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"ab\ncaf\xe9", r"is not UTF-8: byte 0xE9 at position 6 \(line 2\)"),
        (b"\xff\xfea\x00", r"is not UTF-8: byte 0xFF at position 0 \(line 1\)"),
        (b"it is likely to rain \x00", "NUL"),
        (b" \n", "The text is empty."),
        (b"it is likely to rain" * 20, "is too large"),
    ],
)
def test_a_file_that_is_no_text_is_refused(source, file, monkeypatch, content, message):
    monkeypatch.setattr(text_files, "LARGEST_FILE", 100)
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        told("note", file)
    assert not Snapshot.objects.exists()


def test_a_file_or_source_that_is_not_there_is_refused(source, file, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        told("note", tmp_path / "absent.txt")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        told("note", tmp_path)
    with pytest.raises(CommandError, match=r"There is no source “not”. Did you mean: note\?"):
        told("not", file)


def test_a_later_text_tells_which_quotes_were_not_found_again(source, file):
    told("note", file)
    file.write_text("We think it is unlikely to rain.")
    text = told("note", file)
    assert "not found again: q1: “it is likely to rain”" in text
    assert "Quotes   0" in text
    assert Snapshot.objects.count() == 2
