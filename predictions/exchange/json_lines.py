"""JSON read strictly: no key twice, no NaN, nothing too long or too deep; objects remember the line they begin on."""

import json
from bisect import bisect_right
from collections import Counter
from json.decoder import JSONArray, JSONObject  # type: ignore[attr-defined]
from json.scanner import py_make_scanner  # type: ignore[attr-defined]
from typing import Any, NoReturn

LARGEST_BYTES = 2_000_000
DEEPEST = 16
LONGEST_NUMBER = 20


class JsonFault(ValueError):  # noqa: N818 - it says what to mend, and where
    """What is wrong with a JSON file, and on which line, counted from 1."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(f"line {line}: {message}")


class Placed(dict[str, Any]):
    """A JSON object and the line it begins on."""

    line: int = 1


def read_json(content: bytes) -> Any:
    """The value that `content` writes, its objects as `Placed`. Raises JsonFault for what is no strict JSON."""
    if len(content) > LARGEST_BYTES:
        raise JsonFault(1, f"the file has {len(content):,} bytes; at most {LARGEST_BYTES:,} are read")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise JsonFault(line, f"this is not UTF-8: see byte {fault.start}") from fault
    try:
        return _Decoder(text).decode(text)
    except json.JSONDecodeError as fault:
        raise JsonFault(fault.lineno, f"this is no JSON: {fault.msg.lower()}, column {fault.colno}") from fault


class _Decoder(json.JSONDecoder):
    """The standard library's decoder in its Python form, which tells where an object begins."""

    def __init__(self, text: str) -> None:
        super().__init__(object_pairs_hook=list, parse_constant=self._refuse, parse_int=self._integer)
        self._line_ends = [at for at, sign in enumerate(text) if sign == "\n"]
        self._at = self._depth = 0
        self.parse_object, self.parse_array = self._object, self._array
        self.scan_once = py_make_scanner(self)

    def _object(self, text_and_at: tuple[str, int], *scanning: Any) -> tuple[Placed, int]:
        line = self._enter(text_and_at[1])
        pairs, end = JSONObject(text_and_at, *scanning)
        self._depth -= 1
        found = Placed(pairs)
        found.line = line
        if len(found) < len(pairs):
            [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
            raise JsonFault(line, f"this object names {twice[:80]!a} twice")
        return found, end

    def _array(self, text_and_at: tuple[str, int], *scanning: Any) -> tuple[list[Any], int]:
        self._enter(text_and_at[1])
        found, end = JSONArray(text_and_at, *scanning)
        self._depth -= 1
        return found, end

    def _enter(self, at: int) -> int:
        self._at, self._depth = at, self._depth + 1
        line = self._line()
        if self._depth > DEEPEST:
            raise JsonFault(line, f"this nests deeper than {DEEPEST} levels")
        return line

    def _line(self) -> int:
        """Where the innermost object or list that was begun last begins."""
        return bisect_right(self._line_ends, self._at - 1) + 1

    def _integer(self, digits: str) -> int:
        if len(digits) > LONGEST_NUMBER:
            raise JsonFault(self._line(), f"a number has {len(digits):,} digits")
        return int(digits)

    def _refuse(self, constant: str) -> NoReturn:
        raise JsonFault(self._line(), f"{constant} is no JSON number")
