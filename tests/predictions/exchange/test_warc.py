import gzip
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from predictions.exchange.warc import NotAWarc, WebExchange, read_warc, warc_record

AT = datetime(2026, 11, 30, 5, 47, 23, 150698, tzinfo=UTC)
REQUEST = b"GET /a HTTP/1.1\r\nHost: news.example\r\n\r\n"
HEAD = b"HTTP/1.1 200 OK\r\nX-Odd:spelling \r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
PACKED = gzip.compress(b"<p>Rain is likely.", mtime=0)
CHUNKS = b"%x\r\n%s\r\n0\r\n\r\n" % (len(PACKED), PACKED)


def exchange(**other):
    parts = {"request_head": REQUEST, "response_head": HEAD, "raw_body": CHUNKS} | other
    return WebExchange("https://news.example/a", AT, **parts)


def test_what_was_kept_comes_back_to_the_byte():
    assert read_warc(warc_record(exchange())) == exchange()
    assert read_warc(warc_record(exchange(), ip="93.184.216.34")) == exchange()


@given(st.binary(max_size=200))
def test_any_body_comes_back(body):
    assert read_warc(warc_record(exchange(raw_body=body))).raw_body == body


def test_the_instant_is_kept_in_utc():
    tokyo = timezone(timedelta(hours=9))
    kept = WebExchange("https://news.example/a", AT.astimezone(tokyo), REQUEST, HEAD, CHUNKS)
    assert read_warc(warc_record(kept)).at == AT


def test_tools_of_the_trade_read_the_record_and_find_its_digests_sound():
    records = ArchiveIterator(BytesIO(warc_record(exchange(), ip="93.184.216.34")), check_digests="raise")
    response = next(records)
    assert response.rec_headers.get_header("WARC-IP-Address") == "93.184.216.34"
    assert response.http_headers.get_statuscode() == "200"
    assert response.content_stream().read() == b"<p>Rain is likely."
    assert response.digest_checker.passed
    request = next(records)
    assert request.rec_type == "request"
    assert request.rec_headers.get_header("WARC-Concurrent-To") == response.rec_headers.get_header("WARC-Record-ID")


def test_digests_are_sha256():
    text = gzip.decompress(warc_record(exchange())).decode("latin-1")
    assert text.count("-Digest: sha256:") == 4
    assert "sha1" not in text


def test_a_record_that_was_changed_is_refused():
    changed = gzip.decompress(warc_record(exchange(raw_body=b"It will rain."))).replace(b"will", b"wont")
    with pytest.raises(NotAWarc, match="its WARC-Block-Digest does not hold"):
        read_warc(changed)


@pytest.mark.parametrize(
    "kept", [b"", b"words", b"\x1f\x8b\x08junk", b"WARC/1.1\r\n\r\n", warc_record(exchange())[:-300]]
)
def test_what_is_no_record_is_refused(kept):
    with pytest.raises(NotAWarc):
        read_warc(kept)


@given(st.binary(max_size=80))
def test_no_bytes_break_the_reading(junk):
    for kept in (junk, b"WARC/1.1\r\n" + junk, gzip.compress(junk)):
        with pytest.raises(NotAWarc):
            read_warc(kept)
