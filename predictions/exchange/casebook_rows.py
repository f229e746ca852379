"""Rows of a casebook: a dataclass is the schema of a mapping, and one reader serves them all.

A field names a key; its type says how the value is read (`Annotated[str, value(prose)]`, a Literal, another Row, a
tuple of Rows); its default, if any, that it may be left out. References are checked while reading, against sections
read before; rules between several values are `breaches`.
"""

import difflib
import re
from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

from predictions.exchange.casebook_faults import CasebookFaults, FaultList, shown
from predictions.exchange.casebook_values import identifier, one_of, prose, zone_name
from predictions.exchange.moments import Moment, estimated, read_day, read_moment
from predictions.exchange.yaml_lines import Entry, Mapping, Node, Scalar, Sequence

MAX_ITEMS = 1000  # of a list inside a row; the sections themselves are bounded by the size of the file

Way = tuple[str | int, ...]  # from a row to a value inside it; a list's items count from 1
Breach = tuple[Way, str]  # where, and what to mend


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known so far: the faults, the line of every id, and the sound rows, by section and id."""

    faults: FaultList = field(default_factory=FaultList)
    ids: dict[str, dict[str, int]] = field(default_factory=dict)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the file a value stands, and the zone in which its dates are meant."""

    reading: Reading
    zone: ZoneInfo
    where: str = ""

    def inside(self, step: str | int) -> "Place":
        """Return the place of a key, or of a list's item counted from 1."""
        if isinstance(step, int):
            return replace(self, where=f"{self.where}[{step}]")
        name = step if re.fullmatch(r"[\w.-]{1,40}", step) else shown(step)
        return replace(self, where=f"{self.where}.{name}" if self.where else name)

    def note(self, line: int, message: str) -> None:
        """Add a fault here."""
        self.reading.faults.note(line, self.where or "casebook", message)


Reader = Callable[[Node, Place], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mapping of the file; `line` (from 1) is where it begins."""

    line: int

    def breaches(self, _reading: Reading) -> Iterator[Breach]:
        """Yield what is wrong between values that are each sound alone."""
        yield from ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Named(Row):
    """A row that others in the file may refer to."""

    id: Annotated[str, lambda node, _place: identifier(node)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Between(Row):
    """The two days, both included, between which something happened."""

    earliest: Annotated[date, lambda node, _place: read_day(prose(node))]
    latest: Annotated[date, lambda node, _place: read_day(prose(node))]


@dataclass(frozen=True, slots=True)
class Column:
    """A key of a row: how its value is read, and whether it must be there."""

    read: Reader
    required: bool


def value(read: Callable[[Node], Any]) -> Reader:
    """Lift the reader of a single value, which need not know its place."""
    return lambda node, _place: read(node)


def take(read: Reader, node: Node, place: Place) -> Any:
    """Return the value of `node`, or None after noting why it has none."""
    try:
        return read(node, place)
    except CasebookFaults:
        raise
    except ValueError as refusal:
        place.note(node.line, str(refusal))
        return None


def _columns_of(row: type[Row]) -> dict[str, Column]:
    """Return the keys of a row in the order of its dataclass."""
    hints = get_type_hints(row, include_extras=True)
    return {
        column.name: Column(_reader_for(hints[column.name]), _has_no_default(column))
        for column in fields(row)
        if column.name != "line"
    }


def _has_no_default(column: Field[Any]) -> bool:
    return column.default is MISSING and column.default_factory is MISSING


def _reader_for(hint: Any) -> Reader:
    """Return the reader a field's type stands for."""
    kind, inner = get_origin(hint), get_args(hint)
    if kind is Annotated:
        return cast(Reader, inner[1])
    if kind is Literal:
        return value(one_of(*inner))
    if kind is UnionType or kind is Union:  # `X | None`: left out or an X
        return _reader_for(inner[0])
    if kind is tuple:
        named = isinstance(inner[0], type) and issubclass(inner[0], Named)
        return section(inner[0]) if named else many(_reader_for(inner[0]))
    if kind is abc.Mapping:
        return by_label(_reader_for(inner[1]))
    return record(hint)


def record(row: type[Row]) -> Reader:
    """Reader of a mapping as a `row`; gives None, the faults noted, unless every part of it is sound."""

    columns = _columns_of(row)

    def read(node: Node, place: Place) -> Row | None:
        entries = _entries(node)
        place = replace(place, zone=zone_within(node, place.zone))
        faults = place.reading.faults
        sound_before = len(faults)
        _refuse_unknown(entries, columns, place)
        _require(columns, entries, node.line, place)
        values = {
            name: take(column.read, entries[name].node, place.inside(name))
            for name, column in columns.items()  # in the order of the dataclass, so that references look back
            if name in entries
        }
        return _lawful(row(line=node.line, **values), node, place) if len(faults) == sound_before else None

    return read


_BETWEEN = record(Between)


def section(row: type[Named]) -> Reader:
    """Reader of a top-level list of rows with ids; enters each into `Reading` for those that refer to it."""
    read_row = record(row)

    def read(node: Node, place: Place) -> tuple[Named, ...]:
        found = place.reading.rows.setdefault(place.where, {})
        for number, item in enumerate(_items(node), start=1):
            _enter_id(item, place.where, place.inside(number))
            sound = take(read_row, item, place.inside(number))
            if sound is not None:
                found.setdefault(sound.id, sound)
        return tuple(found.values())

    return read


def many(read_item: Reader) -> Reader:
    """Reader of a list inside a row, as a tuple."""

    def read(node: Node, place: Place) -> tuple[Any, ...]:
        items = _items(node)
        if len(items) > MAX_ITEMS:
            raise ValueError(f"holds {len(items)} items: at most {MAX_ITEMS} are read")
        return tuple(take(read_item, item, place.inside(number)) for number, item in enumerate(items, start=1))

    return read


def by_label(read_value: Reader) -> Reader:
    """Reader of a mapping from labels of the writer's own to values."""

    def read(node: Node, place: Place) -> dict[str, Any]:
        entries = _entries(node)
        return {label: take(read_value, entry.node, place.inside(label)) for label, entry in entries.items()}

    return read


def reference(to: str) -> Reader:
    """Reader of the id of a row in the section `to`, which is read before."""

    def read(node: Node, place: Place) -> str:
        name = identifier(node)
        if name not in place.reading.ids.get(to, {}):
            raise ValueError(f"nothing under {to} has the id {shown(name)}")
        return name

    return read


def moment(node: Node, place: Place) -> Moment | None:
    """Read an instant, a day, a month, or {earliest: day, latest: day}; days are those of the place's zone."""
    if isinstance(node, Scalar):
        return read_moment(prose(node), place.zone)
    between = _BETWEEN(node, place)
    return between and estimated(between.earliest, between.latest, place.zone)


def zone_within(node: Node, otherwise: ZoneInfo) -> ZoneInfo:
    """Return the zone a mapping names for its own dates, or `otherwise` if it names none that is known."""
    try:
        return ZoneInfo(zone_name(_entries(node)["zone"].node))
    except (KeyError, ValueError):
        return otherwise


def _entries(node: Node) -> dict[str, Entry]:
    if not isinstance(node, Mapping):
        raise ValueError("must be a mapping of keys to values")
    return node.entries


def _items(node: Node) -> list[Node]:
    if not isinstance(node, Sequence):
        raise ValueError("must be a list: one item after each hyphen")
    return node.items


def _refuse_unknown(entries: dict[str, Entry], columns: dict[str, Column], place: Place) -> None:
    for name, entry in entries.items():
        if name not in columns:
            near = difflib.get_close_matches(name[:40], columns, n=1)
            hint = f": did you mean {near[0]}?" if near else ""
            place.note(entry.line, f"unknown key {shown(name)}{hint}")


def _require(columns: dict[str, Column], entries: dict[str, Entry], line: int, place: Place) -> None:
    for name, column in columns.items():
        if column.required and name not in entries:
            place.note(line, f"the key {name} is missing")


def _enter_id(item: Node, section_name: str, place: Place) -> None:
    """Remember an id even if its row is unsound, so that references to it raise no second fault."""
    ids = place.reading.ids.setdefault(section_name, {})
    entry = item.entries.get("id") if isinstance(item, Mapping) else None
    if entry is None or not isinstance(entry.node, Scalar):
        return
    name = entry.node.text.strip()
    if name in ids:
        place.inside("id").note(entry.line, f"{shown(name)} is taken: it stands on line {ids[name]} already")
    ids.setdefault(name, entry.line)


def _lawful(row: Row, node: Node, place: Place) -> Row:
    for way, message in row.breaches(place.reading):
        _note_breach(way, message, node, place)
    return row


def _note_breach(way: Way, message: str, node: Node, place: Place) -> None:
    for step in way:
        node = _child(node, step) or node
        place = place.inside(step)
    place.note(node.line, message)


def _child(node: Node, step: str | int) -> Node | None:
    if isinstance(node, Sequence) and isinstance(step, int):
        return node.items[step - 1]
    if isinstance(node, Mapping) and step in node.entries:
        return node.entries[str(step)].node
    return None
