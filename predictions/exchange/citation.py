"""A source as a reference manager reads it: CSL-JSON (schema 1.0.2) and BibTeX (with the fields of biblatex)."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

CSL_MEDIA_TYPE = "application/vnd.citationstyles.csl+json"
BIBTEX_MEDIA_TYPE = "application/x-bibtex; charset=utf-8"

DAY, MONTH = "day", "month"

_SPECIAL = {sign: f"\\{sign}" for sign in "#$%&_"} | {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_ESCAPED = str.maketrans(_SPECIAL)
_NOT_IN_KEY = re.compile("[^a-z0-9]+")
_FIRST_WORDS = {"a", "an", "the", "how", "what", "why", "on", "in", "of", "der", "die", "das", "le", "la", "les", "el"}


@dataclass(frozen=True)
class Work:
    """What is cited. `issued` is one day, or the first and last (included) of an estimate; `precision` day or month.

    `accessed` is the day on which the text was taken, `sha256` names that text. `id` is an IRI, unique.
    """

    id: str
    title: str
    author: str = ""
    publisher: str = ""
    url: str = ""
    language: str = ""
    issued: tuple[date, ...] = ()
    precision: str = DAY
    accessed: date | None = None
    sha256: str = ""

    @property
    def key(self) -> str:
        """Who, when and what of, and the beginning of the id: `thediplomat-2022-russias-1a2b3c4d`."""
        who = _in_key(self.author or self.publisher)[:24] or "anonymous"
        when = str(self.issued[0].year) if self.issued else "undated"
        words = [_in_key(word) for word in self.title.split() if word.casefold() not in _FIRST_WORDS]
        what = next((word for word in words if word), "untitled")[:24]
        return "-".join((who, when, what, self.id.rpartition(":")[2].replace("-", "")[:8]))

    @property
    def authors(self) -> list[str]:
        return [name for each in self.author.split(";") if (name := _single(each))]

    @property
    def note(self) -> str:
        return f"SHA-256 of the text: {self.sha256}" if self.sha256 else ""


def csl(work: Work) -> dict[str, Any]:
    """The work as one item of CSL-JSON. Names stand as they are given: which is the family's, nobody told."""
    given: dict[str, Any] = {
        "id": work.key,
        "type": "webpage" if work.url else "document",
        "title": _single(work.title),
        "author": [{"literal": name} for name in work.authors],
        "container-title": work.publisher if work.url else "",
        "publisher": work.publisher,
        "issued": {"date-parts": [_parts(day, work.precision) for day in work.issued]} if work.issued else {},
        "accessed": {"date-parts": [_parts(work.accessed, DAY)]} if work.accessed else {},
        "URL": work.url,
        "language": work.language,
        "note": work.note,
    }
    if len(work.issued) > 1:
        given["issued"]["circa"] = True
    return {name: value for name, value in given.items() if value}


def bibtex(work: Work) -> str:
    """The work as one entry: @online with an address, else @misc. Fields hold no sign that TeX would act on."""
    fields = {
        "title": f"{{{_escaped(work.title)}}}",  # a second pair of braces keeps its capitals
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in work.authors),
        "organization": _escaped(work.publisher),
        "date": "/".join(_iso(day, work.precision) for day in work.issued),
        "year": str(work.issued[0].year) if work.issued else "",
        "url": _verbatim(work.url),
        "urldate": work.accessed.isoformat() if work.accessed else "",
        "langid": _NOT_IN_KEY.sub("", work.language.casefold()),
        "note": _escaped(work.note),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{'online' if work.url else 'misc'}{{{work.key},\n{lines}}}\n"


def _parts(day: date, precision: str) -> list[int]:
    return [day.year, day.month] if precision == MONTH else [day.year, day.month, day.day]


def _iso(day: date, precision: str) -> str:
    return f"{day:%Y-%m}" if precision == MONTH else day.isoformat()


def _single(text: str) -> str:
    """On one line, without signs that are not seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _escaped(text: str) -> str:
    return _single(text).translate(_ESCAPED)


def _verbatim(url: str) -> str:
    """The address as biblatex reads it: as it stands, but for what would end the field or escape from it."""
    return re.sub(r"[\\{}\s]", lambda found: f"%{ord(found[0]):02X}", _single(url))


def _in_key(text: str) -> str:
    plain = normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_IN_KEY.sub("", plain.casefold())
