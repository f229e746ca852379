"""What a document states about itself goes into the blanks of its source; what a person entered stays."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import record
from predictions.capture.material import Read
from predictions.exchange.moments import Moment, read_moment
from predictions.models import Capture, Source

STATED = ("publisher", "author", "language")


def source_for(capture: Capture, found: Read, *, by: User, at: datetime) -> Source:
    """The source that the capture is of, held: the one it names, the one of its address in its case, or a new one."""
    existing = _held(capture)
    if existing is not None:
        fill_blanks(existing, capture, found)
        existing.full_clean()
        record.amend(existing, "source.amended", by=by, at=at)
        return existing
    source = Source(case=capture.case, title=_title(capture, found), zone=capture.case.zone)
    fill_blanks(source, capture, found)
    source.full_clean()
    record.keep(source, "source.recorded", by=by, at=at)
    return source


def _held(capture: Capture) -> Source | None:
    rows = Source.objects.select_for_update().order_by("id")
    if capture.source is not None:
        return rows.get(pk=capture.source.pk)
    return rows.filter(case=capture.case, url=capture.address).first() if capture.address else None


def fill_blanks(source: Source, capture: Capture, found: Read) -> None:
    source.url = source.url or capture.address
    for name in STATED:
        if not getattr(source, name):
            setattr(source, name, _fitting(source, name, found.stated.get(name, "")))
    moment = _moment(found.stated.get("published", ""), source.zone)
    if source.published_at is None and moment is not None:
        source.published_at, source.published_precision = moment.at, moment.precision
        source.published_until = moment.until


def _moment(stated: str, zone: str) -> Moment | None:
    """The time that a page states; a clock time without its zone tells the day alone."""
    for text in (stated, stated[: len("2022-03-24")]):
        with suppress(ValueError):
            return read_moment(text, ZoneInfo(zone))
    return None


def _title(capture: Capture, found: Read) -> str:
    beginning = next((line for line in found.text.splitlines() if line.strip()), "")
    stated = found.stated.get("title", "")
    told = capture.title or stated or capture.file_name or _place(capture.address) or beginning
    return _fitting(Source(), "title", told) or "Without a title"


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.hostname or ''}{parts.path}".rstrip("/")


def _fitting(source: Source, name: str, told: str) -> str:
    """What a page states, as far as the field takes it: on one line, cut to its length; nothing where it is unfit."""
    field: Any = source._meta.get_field(name)
    words = " ".join(told.replace("\x00", " ").split())
    words = words if len(words) <= field.max_length else f"{words[: field.max_length - 1].rstrip()}…"
    try:
        return str(field.clean(words, source)) if words else ""
    except ValidationError:
        return ""
