"""The bytes of a capture, fetched or handed in, and what is read in them."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

from django.conf import settings

from predictions.capture.snapshots import Bytes
from predictions.exchange.documents import read_document
from predictions.exchange.warc import WebExchange, warc_record
from predictions.models import Capture, Original, Way
from predictions.outgoing import Limits, Refused, fetch

LONGEST_NAME, LONGEST_ADDRESS = 200, 2000


@dataclass(frozen=True)
class Material:
    """A document as it came. `address` is where it was found in the end; a pasted text came as nothing but itself."""

    body: bytes
    content_type: str = ""
    address: str = ""
    file_name: str = ""
    warc: bytes | None = None
    is_pasted: bool = False

    def kept_as(self, found: "Read") -> Bytes | None:
        if self.is_pasted:
            return None
        original = Original(
            sha256=hashlib.sha256(self.body).hexdigest(),
            length=len(self.body),
            kind=found.kind,
            media_type=self.content_type[:LONGEST_NAME],
            address=self.address[:LONGEST_ADDRESS],
            file_name=self.file_name,
            has_warc=self.warc is not None,
        )
        return Bytes(original, self.body, self.warc)


@dataclass(frozen=True)
class Read:
    """What a document says, and what it states about itself."""

    text: str
    kind: str = "text"
    stated: dict[str, str] = field(default_factory=dict)
    note: str = ""


def fetched(address: str, *, at: datetime) -> Material:
    """Raises `outgoing.Refused`, with a sentence for the reader."""
    most = settings.CAPTURE_LARGEST_BYTES
    limits = Limits(seconds=settings.CAPTURE_SECONDS, wire_bytes=most, body_bytes=most)
    answer = fetch(address, limits=limits, allow=settings.CAPTURE_ALLOW_ENDPOINTS)
    if answer.status >= HTTPStatus.BAD_REQUEST:
        raise Refused(f"The server answered {answer.status} {answer.reason}.".replace(" .", "."))
    exchange = WebExchange(answer.final_address, at, answer.request_head, answer.response_head, answer.raw_body)
    kept = warc_record(exchange, ip=answer.hops[-1].ip)
    return Material(answer.body, answer.content_type, answer.final_address, warc=kept)


def handed_in(capture: Capture) -> Material:
    body = bytes(capture.content.content)
    return Material(body, file_name=capture.file_name, is_pasted=capture.way == Way.TEXT)


def read(material: Material) -> Read:
    """Raises `documents.Unreadable`, with a sentence for the reader. A pasted text is kept as it is."""
    if material.is_pasted:
        return Read(material.body.decode())
    document = read_document(material.body, content_type=material.content_type, address=material.address)
    stated = {name: getattr(document, name) for name in ("title", "publisher", "author", "published", "language")}
    return Read(document.text, document.kind, stated, document.note)
