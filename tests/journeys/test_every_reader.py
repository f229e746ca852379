"""Everything that reads what strangers send gives, whatever it is given, a value or its own refusal.

`tests/corpora/NAME/` keeps files for the reader of that name: lawful ones, which are changed at random here, and those
that once broke it, which are read again each time. Add a file there for whatever breaks one.
`FUZZ_EXAMPLES=5000` makes a night of it.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions.api.parsing import TooLong, read_json
from predictions.exchange.annotation import AnnotationFaults, read_annotations
from predictions.exchange.casebook import parse_casebook
from predictions.exchange.casebook_faults import CasebookFaults
from predictions.exchange.document import Unreadable as UnreadableDocument
from predictions.exchange.document_reading import read_here
from predictions.exchange.forecast_import import read_forecasts, read_predictions
from predictions.exchange.forecast_import_records import Unreadable as UnreadableTable
from predictions.exchange.moments import read_day, read_moment, read_typed
from predictions.exchange.warc import NotAWarc, read_warc
from predictions.language import house_terms, outcome_tables, scales, terms
from predictions.language.claims import find_claims
from predictions.language.criteria import read_criteria
from predictions.language.likelihood import likelihood_mentions
from predictions.language.stated import UnreadableProbability
from predictions.outgoing.answers import Refused
from predictions.outgoing.targets import read_target

CORPORA = Path(__file__).parents[1] / "corpora"
TOKYO, EACH = ZoneInfo("Asia/Tokyo"), int(os.environ.get("FUZZ_EXAMPLES", "40"))


@dataclass(frozen=True)
class Reader:
    read: Callable[[bytes], object]
    refuses: tuple[type[Exception], ...] = ()


def of_text(read: Callable[[str], object], *refuses: type[Exception]) -> Reader:
    """Of text that is sound by then: doors refuse NUL and half pairs before it comes here."""
    return Reader(lambda content: read(content.decode(errors="replace").replace("\x00", "")), refuses)


READERS = {
    "annotation": Reader(read_annotations, (AnnotationFaults,)),
    "body": Reader(read_json, (ValidationError, TooLong)),
    "casebook": Reader(parse_casebook, (CasebookFaults,)),
    "claims-en": of_text(find_claims),
    "claims-ja": of_text(lambda text: find_claims(text, "ja")),
    "criteria": of_text(read_criteria),
    "day": of_text(read_day, ValueError),
    "document": Reader(lambda content: read_here(content, "", "https://example.org/a"), (UnreadableDocument,)),
    "forecasts": Reader(lambda content: list(read_forecasts(io.BytesIO(content))), (UnreadableTable,)),
    "likelihood": of_text(likelihood_mentions),
    "moment": of_text(lambda text: read_moment(text, TOKYO), ValueError),
    "moment-typed": of_text(lambda text: read_typed(text, TOKYO, TOKYO), ValueError),
    "outcome-table": of_text(outcome_tables.read, ValueError),
    "predictions": Reader(lambda content: list(read_predictions(io.BytesIO(content))), (UnreadableTable,)),
    "probability": of_text(scales.read, UnreadableProbability),
    "scale": of_text(house_terms.read_terms, house_terms.FaultyTerms),
    "target": of_text(read_target, Refused),
    "terms": of_text(terms.read_terms, ValueError),
    "warc": Reader(read_warc, (NotAWarc,)),
}


def corpus(name: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted((CORPORA / name).iterdir())]


def take(reader: Reader, content: bytes) -> None:
    """Read it, or be refused in words for people."""
    refusal = refusal_of(reader, content)
    assert refusal is None or str(refusal)
    assert not isinstance(refusal, UnicodeError)


def refusal_of(reader: Reader, content: bytes) -> Exception | None:
    try:
        reader.read(content)
    except reader.refuses as refusal:
        return refusal
    return None


@st.composite
def changed(draw: st.DrawFn, contents: list[bytes]) -> bytes:
    """One of `contents` with some pieces cut, doubled, taken from another, or replaced by junk."""
    content = draw(st.sampled_from(contents))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(content)))
        end = draw(st.integers(start, min(len(content), start + 40)))
        piece = draw(st.sampled_from(JUNK) | st.binary(max_size=8) | st.just(content[start:end] * 2))
        content = content[:start] + piece + content[end:]
    return content


JUNK = [
    b"",
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b'"',
    b"'",
    b"\n",
    b"\r",
    b"\t",
    b"{",
    b"[",
    b"]",
    b":",
    b",",
    b"-",
    b"0",
]
JUNK += [
    b"9" * 400,
    b"1e999",
    b"NaN",
    b"null",
    b"\xe2\x80\xae",
    b"\xef\xbb\xbf",
    b"\xf0\x9f\x98\x80",
    b"&x",
    b"*x",
    b"!!a",
]
JUNK += [
    "½ ５ ٣ 〇 ⅷ ² ₂ ªß İ ŉ".encode(),
    b"0000-00-00",
    b"9999-12-31T23:59:59Z",
    b"0001-01-01T00:00+23:59",
    b"%",
    b"\\u0000",
]


@pytest.mark.parametrize("name", READERS)
def test_what_is_kept_is_read_or_refused(name):
    for content in corpus(name):
        take(READERS[name], content)


@pytest.mark.parametrize("name", READERS)
@settings(max_examples=EACH, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_whatever_it_is_given_is_read_or_refused(name, data):
    take(READERS[name], data.draw(changed(corpus(name)) | st.binary(max_size=60)))


def test_every_reader_has_lawful_files_and_no_file_is_without_a_reader():
    assert {path.name for path in CORPORA.iterdir()} == set(READERS)
    for name, reader in READERS.items():
        assert any(refusal_of(reader, content) is None for content in corpus(name)), name
