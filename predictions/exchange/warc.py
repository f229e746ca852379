"""What was sent and what came back, kept as the web's archives keep it (WARC 1.1, ISO 28500), and read again.

Bytes stand as they went over the wire. Both digests are SHA-256; the library would take SHA-1.
"""

import base64
import hashlib
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

Message = tuple[bytes, bytes]
_HEAD_END = re.compile(rb"\r?\n\r?\n")


class NotAWarc(ValueError):  # noqa: N818 - it says what happened, in the words of the reader
    """The bytes are no WARC of ours, or they were changed since: a digest does not hold."""


@dataclass(frozen=True, slots=True)
class WebExchange:
    """One request and its answer: the heads as sent, the body as it came, packed or in chunks if it was."""

    address: str
    at: datetime
    request_head: bytes
    response_head: bytes
    raw_body: bytes


def warc_record(exchange: WebExchange, *, ip: str = "") -> bytes:
    """A gzipped WARC of one exchange: the response, and the request that asked for it. `ip` is who answered."""
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    headers = {"WARC-Date": exchange.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    if ip:
        headers["WARC-IP-Address"] = ip
    response = _record(writer, "response", exchange.address, (exchange.response_head, exchange.raw_body), headers)
    headers["WARC-Concurrent-To"] = response.rec_headers.get_header("WARC-Record-ID")
    request = _record(writer, "request", exchange.address, (exchange.request_head, b""), headers)
    writer.write_record(response)
    writer.write_record(request)
    return out.getvalue()


def read_warc(kept: bytes) -> WebExchange:
    """The exchange that `warc_record` wrote. Raises NotAWarc if the bytes are none, or a digest does not hold."""
    try:
        found = {record.rec_type: (record.rec_headers, *_parts(record)) for record in _records(kept)}
        headers, response_head, raw_body = found["response"]
        _, request_head, _ = found["request"]
        at = datetime.fromisoformat(headers.get_header("WARC-Date"))
        return WebExchange(headers.get_header("WARC-Target-URI"), at, request_head, response_head, raw_body)
    except (ArchiveLoadFailed, KeyError, TypeError, ValueError, EOFError, zlib.error) as fault:
        raise NotAWarc(f"This WARC cannot be read: {fault}") from fault


def _records(kept: bytes) -> Iterator[ArcWarcRecord]:
    # Unparsed: the library would give the HTTP head back in its own spelling.
    return iter(ArchiveIterator(BytesIO(kept), no_record_parse=True))


def _parts(record: ArcWarcRecord) -> Message:
    """Head and body of the message in a record, once both of its digests hold."""
    block = record.raw_stream.read()
    end = _HEAD_END.search(block)
    head, body = (block[: end.end()], block[end.end() :]) if end else (block, b"")
    for name, data in (("WARC-Block-Digest", block), ("WARC-Payload-Digest", body)):
        if record.rec_headers.get_header(name) != _digest(data):
            raise NotAWarc(f"This WARC was changed: its {name} does not hold.")
    return head, body


def _record(writer: WARCWriter, kind: str, address: str, message: Message, headers: dict[str, str]) -> ArcWarcRecord:
    block = b"".join(message)
    digests = {"WARC-Payload-Digest": _digest(message[1]), "WARC-Block-Digest": _digest(block)}
    made = writer.create_warc_record(
        address,
        kind,
        payload=BytesIO(),
        length=0,
        warc_content_type=f"application/http; msgtype={kind}",
        warc_headers_dict=headers | digests,
    )
    # Put in afterwards: given at once, the library would take the HTTP head apart and write it in its own spelling.
    made.http_headers, made.raw_stream, made.length, made.payload_length = None, BytesIO(block), len(block), len(block)
    return made


def _digest(data: bytes) -> str:
    return "sha256:" + base64.b32encode(hashlib.sha256(data).digest()).decode()
