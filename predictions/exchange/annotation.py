"""Quotes as W3C Web Annotations (Recommendation of 23 February 2017), there and back.

A quote is a TextQuoteSelector, with a TextPositionSelector in code points and a TimeState where its source's text is
held. The text is named by its SHA-256 as RFC 6920 does (`ni:///sha-256;…`), so that a position is trusted only in it.
"""

import base64
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from predictions.exchange.json_lines import JsonFault, Placed, read_json

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
MEDIA_TYPE = f'application/ld+json; profile="{CONTEXT}"'
MOST_ANNOTATIONS = 1000
MOST_FAULTS = 100
LONGEST = {"exact": 500, "prefix": 200, "suffix": 200, "name": 80}
LARGEST_POSITION = 2**53 - 1

_NI = "ni:///sha-256;"
_NI_PATTERN = re.compile(re.escape(_NI) + "[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Quoted:
    """A quote to write out. `source` and `id` are IRIs; where no text is held, all from `start` on are None."""

    id: str
    source: str
    created: datetime
    exact: str
    prefix: str = ""
    suffix: str = ""
    name: str = ""
    start: int | None = None
    end: int | None = None
    taken: datetime | None = None
    sha256: str | None = None
    cached: str | None = None


@dataclass(frozen=True)
class Read:
    """A quote as a file has it; `item` counts from 1, `line` is where it begins. `start` goes with `sha256`."""

    item: int
    line: int
    source: str
    exact: str
    prefix: str
    suffix: str
    name: str
    start: int | None
    sha256: str | None

    def fault(self, where: str, message: str) -> str:
        return f"line {self.line}: annotation {self.item}: {where}: {message}"


class AnnotationFaults(ValueError):  # noqa: N818 - it is the list of them
    """Everything that is wrong with a file of annotations, in its order."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults[:MOST_FAULTS])
        super().__init__("\n".join(self.faults))


def annotation(quote: Quoted) -> dict[str, Any]:
    """One quote as an Annotation."""
    return {"@context": CONTEXT, **_annotation(quote)}


def collection(iri: str, label: str, quotes: Iterable[Quoted]) -> dict[str, Any]:
    """Quotes as an AnnotationCollection of one page."""
    items = [_annotation(quote) for quote in quotes]
    page = {"id": f"{iri}#page-1", "type": "AnnotationPage", "partOf": iri, "startIndex": 0, "items": items}
    head = {"@context": CONTEXT, "id": iri, "type": "AnnotationCollection", "label": label, "total": len(items)}
    return {**head, "first": page} if items else head


def written(value: dict[str, Any] | list[Any]) -> str:
    """JSON that also a page could hold: the signs of markup are spelled as escapes."""
    text = json.dumps(value, ensure_ascii=False, indent=2)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text + "\n"


def name_of_text(sha256: str) -> str:
    """The IRI of a text by its SHA-256 (RFC 6920)."""
    return _NI + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


def _annotation(quote: Quoted) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": quote.id,
        "type": "Annotation",
        "motivation": "highlighting",
        "created": _utc(quote.created),
    }
    if quote.name:
        told["body"] = {"type": "TextualBody", "purpose": "tagging", "value": quote.name, "format": "text/plain"}
    told["target"] = {"type": "SpecificResource", "source": quote.source, "selector": _selectors(quote)}
    if quote.taken is not None and quote.sha256 is not None:
        copies = [*([quote.cached] if quote.cached else []), name_of_text(quote.sha256)]
        told["target"]["state"] = {"type": "TimeState", "sourceDate": _utc(quote.taken), "cached": copies}
    return told


def _selectors(quote: Quoted) -> list[dict[str, Any]]:
    words = {"type": "TextQuoteSelector", "exact": quote.exact}
    words |= {name: text for name, text in (("prefix", quote.prefix), ("suffix", quote.suffix)) if text}
    if quote.start is None or quote.end is None:
        return [words]
    return [words, {"type": "TextPositionSelector", "start": quote.start, "end": quote.end}]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- and back ------------------------------------------------------------------------------------------------------


def read_annotations(content: bytes) -> list[Read]:
    """The quotes of a file: an Annotation, a list of them, an AnnotationPage or an AnnotationCollection of one page.

    What a quote does not need is passed over. Raises AnnotationFaults, with line and field of each fault.
    """
    try:
        items = _items(read_json(content))
    except (JsonFault, _Fault) as fault:
        raise AnnotationFaults([str(fault)]) from fault
    if len(items) > MOST_ANNOTATIONS:
        raise AnnotationFaults([f"{len(items):,} annotations are too many at once; at most {MOST_ANNOTATIONS:,}."])
    found, faults = [], []
    for number, item in enumerate(items, 1):
        line = item.line if isinstance(item, Placed) else 1
        try:
            found.append(replace(_read(item), item=number, line=line))
        except _Fault as fault:
            faults.append(f"line {line}: annotation {number}: {fault}")
    if faults:
        raise AnnotationFaults(faults)
    return found


class _Fault(ValueError):  # noqa: N818
    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")


def _items(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    kinds = _kinds(value)
    if "Annotation" in kinds:
        return [value]
    where = "items"
    if "AnnotationCollection" in kinds:
        value, where = value.get("first", {"items": []}), "first.items"
    if not isinstance(value, dict) or not (kinds & {"AnnotationCollection", "AnnotationPage"}):
        raise _Fault("type", "expected an Annotation, an AnnotationPage or an AnnotationCollection")
    if "next" in value:
        raise _Fault("next", "the file goes on in another one; import a file that holds all")
    if not isinstance(value.get("items"), list):
        raise _Fault(where, "expected a list of annotations")
    items: list[Any] = value["items"]
    return items


def _read(item: Any) -> Read:
    if "Annotation" not in _kinds(item):
        raise _Fault("type", "expected Annotation")
    target = item.get("target")
    if not isinstance(target, dict):
        raise _Fault("target", "expected an object with a source and a selector")
    words = _one_selector(target, "TextQuoteSelector")
    if words is None:
        raise _Fault("target.selector", "expected a TextQuoteSelector")
    where = "target.selector.TextQuoteSelector"
    return Read(
        0,
        0,
        source=_text(target, "source", "target", 2000),
        exact=_text(words, "exact", where, LONGEST["exact"]),
        prefix=_text(words, "prefix", where, LONGEST["prefix"], is_needed=False),
        suffix=_text(words, "suffix", where, LONGEST["suffix"], is_needed=False),
        name=_name(item.get("body")),
        start=_start(_one_selector(target, "TextPositionSelector")),
        sha256=_sha256(target.get("state")),
    )


def _kinds(value: Any) -> set[str]:
    """What an object says it is: one name or a list of them."""
    told = value.get("type") if isinstance(value, dict) else None
    return {kind for kind in _listed(told) if isinstance(kind, str)}


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _one_selector(target: dict[str, Any], kind: str) -> dict[str, Any] | None:
    found = [each for each in _listed(target.get("selector")) if kind in _kinds(each)]
    if len(found) > 1:
        raise _Fault("target.selector", f"expected one {kind}, not {len(found)}")
    return found[0] if found else None


def _text(value: dict[str, Any], name: str, where: str, longest: int, *, is_needed: bool = True) -> str:
    text = value.get(name, None if is_needed else "")
    if not isinstance(text, str) or (is_needed and not text.strip()):
        raise _Fault(f"{where}.{name}", "expected text")
    if len(text) > longest:
        raise _Fault(f"{where}.{name}", f"has {len(text):,} characters; at most {longest} fit")
    if "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise _Fault(f"{where}.{name}", "holds a NUL or half a surrogate pair, which cannot be kept")
    return text


def _name(body: Any) -> str:
    """The short name of a quote, which is its first tag."""
    tags = [each for each in _listed(body) if isinstance(each, dict) and each.get("purpose") == "tagging"]
    return _text(tags[0], "value", "body", LONGEST["name"], is_needed=False) if tags else ""


def _start(position: dict[str, Any] | None) -> int | None:
    if position is None:
        return None
    start, end = position.get("start"), position.get("end")
    if not all(type(each) is int and 0 <= each <= LARGEST_POSITION for each in (start, end)) or not start < end:  # type: ignore[operator]
        where = "target.selector.TextPositionSelector"
        raise _Fault(where, "expected whole numbers, start from 0 on and end after it")
    return start


def _sha256(state: Any) -> str | None:
    """The SHA-256 of the text that the quote was taken from, where the file names it."""
    states = [each for each in _listed(state) if "TimeState" in _kinds(each)]
    names = [iri for each in states for iri in _listed(each.get("cached")) if isinstance(iri, str)]
    for iri in names:
        if _NI_PATTERN.fullmatch(iri):
            return base64.urlsafe_b64decode(iri.removeprefix(_NI) + "=").hex()
    return None
