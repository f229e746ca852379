"""Documents as others read them: in a process of its own, which is ended when it takes too much."""

import subprocess
import sys
import time
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.confined import Walls
from predictions.exchange.documents import Document, Unreadable, read_document
from tests.predictions.exchange.files import ARTICLE, PAGE, pdf, pdf_of


def test_a_document_comes_whole_out_of_its_process():
    read = read_document(PAGE.encode(), content_type="text/html; charset=utf-8", address="https://oracle.example/a")
    assert (read.text, read.language) == ("\n\n".join(ARTICLE), "en-GB")
    assert read_document(pdf("Rain is likely.", title="Weather")) == Document("pdf", "Rain is likely.", "Weather")


def test_a_refusal_comes_through_in_its_own_words():
    with pytest.raises(Unreadable, match=r"\AThis is a PNG image: only HTML, PDF and plain text are read\.\Z"):
        read_document(b"\x89PNG\r\n\x1a\n", content_type="text/html")


def test_a_hundred_thousand_nested_tags_are_answered_quickly():
    started = time.monotonic()
    with pytest.raises(Unreadable, match="nested deeper"):
        read_document(b"<html><body>" + b"<div>" * 100_000 + b"deep", content_type="text/html")
    assert time.monotonic() - started < 5


def test_a_bomb_is_answered():
    with pytest.raises(Unreadable, match=r"broken|no text layer|memory"):
        read_document(pdf_of(zlib.compress(b" " * 100_000_000, 1)))


def test_a_reader_that_takes_too_long_is_stopped_and_that_is_said():
    with pytest.raises(Unreadable, match="takes longer than the 1 seconds"):
        read_document(b"<p>" * 10, content_type="text/html", walls=Walls(seconds=0.05, cpu_seconds=1))


def test_a_reader_that_takes_too_much_memory_is_stopped_and_that_is_said():
    with pytest.raises(Unreadable, match=r"more memory than the 300 MB|broke the program"):
        read_document(b"a b " * 30_000_000, content_type="text/plain", walls=Walls(memory=300 * 1024**2))


def test_the_readers_are_not_loaded_here():
    code = "import sys, predictions.exchange.documents, predictions.outgoing\n"
    code += "print({'trafilatura', 'pypdf', 'lxml', 'httpcore', 'httpx'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


@settings(max_examples=3, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_break_the_process(body):
    try:
        assert read_document(body).text
    except Unreadable as refusal:
        told = str(refusal)
    else:
        told = ""
    assert "broke the program" not in told
