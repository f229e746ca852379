"""What a page states about itself: title, publisher, author, date and language, and nothing that it does not."""

import json
import re
from collections.abc import Iterator
from copy import copy
from datetime import datetime
from typing import Any, NamedTuple

from lxml.html import HtmlElement
from trafilatura.metadata import extract_metadata

_LONGEST = 500
_DEEPEST = 20
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*", re.IGNORECASE | re.ASCII)
_DAY, _CLOCK = r"(\d{4})[-/](\d\d)[-/](\d\d)", r"(\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?"
_MOMENT = re.compile(f"{_DAY}(?:[T ]{_CLOCK})?", re.ASCII)
_DATE_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "parsely-pub-date",
    "dcterms.issued",
    "dc.date.issued",
    "dcterms.date",
    "dc.date",
    "citation_publication_date",
    "publishdate",
    "pubdate",
    "date",
)


class Statements(NamedTuple):
    """What the page says of itself; "" where it says nothing. `published` is an ISO day or time as it stands there."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""


def statements(tree: HtmlElement, address: str = "") -> Statements:
    """What a page says about itself, a date in its address included; the tree is left as it was."""
    found = extract_metadata(copy(tree), address or None, {"original_date": True, "extensive_search": False})
    publisher = _line(found.sitename)
    # Where a page names no publisher, the library takes the name of its machine for one.
    if publisher and re.match(rf"https?://(?:www\.)?{re.escape(publisher)}/?", found.url or ""):
        publisher = ""
    return Statements(
        title=_line(found.title),
        publisher=publisher,
        author=_line(found.author),
        published=_published(tree) or _line(found.date),
        language=_language(tree),
    )


def _line(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST]


def _published(tree: HtmlElement) -> str:
    """The first date that the page gives for its publication; the day alone where it gives no more."""
    for text in _dates(tree):
        if moment := _moment(text):
            return moment
    return ""


def _dates(tree: HtmlElement) -> Iterator[str]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        yield from _stated(_json(script.text or ""), _DEEPEST)
    metas = [(_name(meta), meta.get("content", "")) for meta in tree.iterfind(".//meta")]
    for wanted in _DATE_NAMES:
        yield from (content for name, content in metas if name == wanted)
    yield from tree.xpath(".//time[@pubdate or @itemprop='datePublished']/@datetime")


def _name(meta: HtmlElement) -> str:
    return (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()


def _json(text: str) -> Any:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _stated(data: Any, depth: int) -> Iterator[str]:
    """Every datePublished in linked data, the outermost first."""
    if depth and isinstance(data, dict):
        if isinstance(data.get("datePublished"), str):
            yield data["datePublished"]
        data = list(data.values())
    if depth and isinstance(data, list):
        for part in data:
            yield from _stated(part, depth - 1)


def _moment(text: str) -> str:
    found = _MOMENT.match(text.strip())
    if not found:
        return ""
    year, month, day, clock, offset = found.groups()
    written = f"{year}-{month}-{day}" + (f"T{clock}{offset or ''}" if clock else "")
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return ""
    return written


def _language(tree: HtmlElement) -> str:
    root = tree.getroottree().getroot()
    spoken = [root.get("lang") or root.get("xml:lang") or ""]
    for meta in tree.iterfind(".//meta"):
        if _name(meta) == "og:locale" or (meta.get("http-equiv") or "").lower() == "content-language":
            spoken.append(meta.get("content") or "")
    tags = (text.strip().replace("_", "-") for text in spoken)
    return next((tag[:35] for tag in tags if _LANGUAGE.fullmatch(tag)), "")
