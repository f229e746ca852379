"""JSON as it was sent: no key twice, numbers in their own digits, nothing too long, too deep or unstorable."""

import json
from typing import IO, Any, NoReturn

from django.core.exceptions import ValidationError
from rest_framework.exceptions import APIException
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from predictions.models.rows import require_storable

LONGEST = 1024 * 1024
DEEPEST = 32


class Number(str):
    """A JSON number in the digits it was sent in, so that -0 and 0.70 arrive as such and 1e999 costs nothing."""

    __slots__ = ()


class TooLong(APIException):
    status_code = 413
    default_detail = "The body is longer than 1 MB. Send less."
    default_code = "too_long"


class StrictJSONParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: Any = None, parser_context: Any = None) -> Any:
        return read_json(stream.read(LONGEST + 1))


def body_of(request: Request) -> bytes:
    """The bytes of a body that is not read yet; it can still be parsed afterwards. Raises TooLong."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length[:20]) > LONGEST:
        raise TooLong
    return bytes(request._request.body)


def read_json(body: bytes) -> Any:
    """The value that `body` writes; numbers as `Number`.

    Raises TooLong above LONGEST bytes, and ValidationError for what is no JSON in UTF-8, names a key twice, holds
    NaN, Infinity, NUL or half a surrogate pair, or nests deeper than DEEPEST.
    """
    if len(body) > LONGEST:
        raise TooLong
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_object, parse_int=Number, parse_float=Number, parse_constant=_refuse
        )
    except UnicodeDecodeError as fault:
        raise ValidationError(f"The body is not UTF-8: see byte {fault.start}.") from fault
    except json.JSONDecodeError as fault:
        raise ValidationError(f"The body is no JSON: see line {fault.lineno}, column {fault.colno}.") from fault
    except RecursionError as fault:
        raise _too_deep() from fault
    _require_sound(value, depth=1)
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for key, value in pairs:
        if key in seen:
            raise ValidationError(f"The body names {key[:80]!a} twice. Name each key once.")
        seen[key] = value
    return seen


def _refuse(constant: str) -> NoReturn:
    raise ValidationError(f"{constant} is no JSON number.")


def _require_sound(value: Any, *, depth: int) -> None:
    if isinstance(value, str):
        require_storable(value)
    if isinstance(value, dict | list):
        if depth > DEEPEST:
            raise _too_deep()
        for item in [*value, *value.values()] if isinstance(value, dict) else value:
            _require_sound(item, depth=depth + 1)


def _too_deep() -> ValidationError:
    return ValidationError(f"The body nests deeper than {DEEPEST} levels.")
