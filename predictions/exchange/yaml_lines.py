"""YAML as plain nodes that remember their lines, and nothing of YAML's dangerous part.

Scalars stay the text they were written as (`0.70` is no float, `2022-12-16` no date, `no` no boolean). Anchors,
aliases and tags are refused while the events go by, before anything is built, so an alias bomb costs nothing; the
nesting is capped and nothing here recurses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeAlias

import yaml

from predictions.exchange.casebook_faults import CasebookFaults, Fault, FaultList, shown

MAX_DEPTH = 10

# libyaml reads twenty times faster than the Python loader; where PyYAML was built without it, the latter serves.
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

# What YAML forbids raw, and the three separators it takes for line breaks while editors do not (lines would differ).
_FORBIDDEN = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as written; `plain` means without quotation marks or block sign."""

    line: int
    text: str
    plain: bool = True


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    line: int
    items: "list[Node]" = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a key of a mapping; `line` is the key's."""

    line: int
    node: "Node"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Entries by key, in the order of the file."""

    line: int
    entries: dict[str, Entry] = field(default_factory=dict)


Node: TypeAlias = Scalar | Sequence | Mapping


def read_nodes(text: str, faults: FaultList) -> Node:
    """Return the root node of the one document in `text`; raises CasebookFaults when its YAML is at fault."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_forbidden_characters(text, faults)
    builder = _Builder(faults)
    for event in _events(text, faults):
        builder.take(event)
    faults.raise_if_any()
    if builder.root is None:
        raise CasebookFaults([Fault(1, "file", "is empty")])
    return builder.root


def _refuse_forbidden_characters(text: str, faults: FaultList) -> None:
    for match in _FORBIDDEN.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        faults.note(line, "YAML", f"the character U+{ord(match[0]):04X} may not stand in a file as it is")
    faults.raise_if_any()


def _events(text: str, faults: FaultList) -> Iterator[yaml.Event]:
    """Yield the parser's events; a syntax error becomes a fault and ends them."""
    try:
        yield from yaml.parse(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        faults.note(*_syntax_fault(error, text))
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the Python loader lets chr(0x110000) fail
        faults.note(1, "YAML", f"cannot be read: {error}")


def _syntax_fault(error: yaml.MarkedYAMLError, text: str) -> tuple[int, str, str]:
    mark, start = error.problem_mark, error.context_mark
    line = min(mark.line, text.count("\n")) + 1 if mark is not None else 1  # the mark may lie behind the last line
    context = f", {error.context} that begins on line {start.line + 1}" if start is not None else ""
    return line, "YAML", f"cannot be read: {error.problem}{context}"


@dataclass(slots=True)
class _Open:
    """A container still being filled, and the key that waits for its value."""

    node: Sequence | Mapping
    key: Scalar | None = None


class _Builder:
    """Puts nodes together from the parser's events, keeping the open containers on a stack of its own."""

    def __init__(self, faults: FaultList) -> None:
        self.faults = faults
        self.root: Node | None = None
        self.stack: list[_Open] = []

    def take(self, event: yaml.Event) -> None:
        """Take the next event in."""
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.NodeEvent):
            self._refuse_marks(event, line)
        match event:
            case yaml.AliasEvent():
                self._add(Scalar(line, ""))
            case yaml.ScalarEvent():
                self._add(Scalar(line, event.value, plain=event.implicit[0]))
            case yaml.SequenceStartEvent():
                self._open(Sequence(line))
            case yaml.MappingStartEvent():
                self._open(Mapping(line))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                self.stack.pop()
            case yaml.DocumentStartEvent() if self.root is not None:
                self._give_up(line, "a second document begins here: a casebook is one")

    def _refuse_marks(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self.faults.note(line, "YAML", f"anchors and aliases are not allowed: write {shown(event.anchor)} out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.faults.note(line, "YAML", f"tags are not allowed: take {shown(tag)} away")

    def _open(self, node: Sequence | Mapping) -> None:
        if len(self.stack) >= MAX_DEPTH:
            self._give_up(node.line, f"is nested more than {MAX_DEPTH} deep")
        self._add(node)
        self.stack.append(_Open(node))

    def _add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        holder = self.stack[-1]
        if isinstance(holder.node, Sequence):
            holder.node.items.append(node)
        elif holder.key is None:
            holder.key = self._key(node)
        else:
            holder.node.entries.setdefault(holder.key.text, Entry(holder.key.line, node))
            holder.key = None

    def _key(self, node: Node) -> Scalar:
        holder = self.stack[-1].node
        if not isinstance(node, Scalar):
            self.faults.note(node.line, "YAML", "a key must be a single word, not a list or a mapping")
            return Scalar(node.line, "")
        if isinstance(holder, Mapping) and node.text in holder.entries:
            first = holder.entries[node.text].line
            self.faults.note(node.line, "YAML", f"the key {shown(node.text)} stands here twice: first on line {first}")
        return node

    def _give_up(self, line: int, message: str) -> NoReturn:
        raise CasebookFaults([*self.faults.faults, Fault(line, "YAML", message)])
