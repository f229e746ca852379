"""Single values of a casebook: each reader turns a YAML node into a value, or says by ValueError what to write."""

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from predictions.exchange.casebook_faults import shown
from predictions.exchange.yaml_lines import Node, Scalar

_NULLS = {"", "~", "null", "Null", "NULL"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_ZONE = re.compile(r"[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


def verbatim(node: Node) -> str:
    """Return text as it stands, to the last space; refuse nothingness, control characters and lone surrogates."""
    if not isinstance(node, Scalar):
        raise ValueError("must be text, not a list or a mapping")
    if not node.text.strip() or (node.plain and node.text in _NULLS):
        raise ValueError("is empty: give it a value or leave the key out")
    if found := _CONTROL.search(node.text):
        raise ValueError(f"holds the control character U+{ord(found[0]):04X}: take it out")
    return node.text


def quotation(limit: int) -> Callable[[Node], str]:
    """Reader of verbatim text of at most `limit` code points."""

    def read(node: Node) -> str:
        value = verbatim(node)
        if len(value) > limit:
            raise ValueError(f"is {len(value)} characters long: quote at most {limit}")
        return value

    return read


def prose(node: Node) -> str:
    """Return text of any number of lines; outer white space (a block's last line break) goes."""
    return verbatim(node).strip()


def one_line(node: Node) -> str:
    """Return text that does not run over a line break."""
    value = prose(node)
    if "\n" in value or "\t" in value:
        raise ValueError("must be one line, without tabs")
    return value


def matching(pattern: str, meaning: str) -> Callable[[Node], str]:
    """Reader of text that `pattern` matches as a whole; `meaning` ends the sentence "must be …"."""
    compiled = re.compile(pattern)

    def read(node: Node) -> str:
        value = prose(node)
        if not compiled.fullmatch(value):
            raise ValueError(f"{shown(value)} must be {meaning}")
        return value

    return read


def one_of(*choices: str) -> Callable[[Node], str]:
    """Reader of one word out of `choices`."""
    return matching("|".join(map(re.escape, choices)), f"one of: {', '.join(choices)}")


identifier = matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", "an id of letters, digits, dots and hyphens, at most 64")
language_tag = matching(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", "a language tag such as en or ja")
sha256_digest = matching(r"[0-9a-f]{64}", "64 hexadecimal digits in small letters")


def flag(node: Node) -> bool:
    """Return the truth of `true` or `false`."""
    return one_of("true", "false")(node) == "true"


def decimal(low: str, high: str) -> Callable[[Node], Decimal]:
    """Reader of a plain decimal from `low` to `high`, kept digit for digit as written."""

    def read(node: Node) -> Decimal:
        value = prose(node)
        plain = re.fullmatch(r"(0|[1-9][0-9]{0,5})(\.[0-9]{1,25})?", value)
        if not plain or not Decimal(low) <= Decimal(value) <= Decimal(high):
            raise ValueError(f"{shown(value)} must be a plain decimal from {low} to {high}, such as 0.7")
        return Decimal(value)

    return read


def whole(low: int, high: int) -> Callable[[Node], int]:
    """Reader of a whole number from `low` to `high`."""

    def read(node: Node) -> int:
        value = prose(node)
        if not re.fullmatch(r"0|[1-9][0-9]{0,8}", value) or not low <= int(value) <= high:
            raise ValueError(f"{shown(value)} must be a whole number from {low} to {high}")
        return int(value)

    return read


def web_address(node: Node) -> str:
    """Return an http or https address that names a host and carries no user name or password."""
    value = one_line(node)
    try:
        parts = urlsplit(value)
        sound = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc
    except ValueError:
        sound = False
    if not sound or " " in value:
        raise ValueError(f"{shown(value)} must be an https or http address without a user name")
    return value


def zone_name(node: Node) -> str:
    """Return the name of a time zone that the system's IANA tables know."""
    value = prose(node)
    try:
        # The pattern keeps out paths and what is local to one machine (`localtime`, `posixrules`).
        known = _ZONE.fullmatch(value) and ZoneInfo(value)
    except (ValueError, KeyError, OSError):  # OSError: the name of a folder, such as Europe
        known = None
    if not known:
        raise ValueError(f"{shown(value)} must be an IANA time zone such as Asia/Tokyo or UTC")
    return value
