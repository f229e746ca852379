"""What the address of an admin page may ask."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict

LONGEST_KEY = 18
"""So many digits always fit into the key of a table."""

LOOKUPS = ("", "__exact", "__isnull", "__id__exact")
"""What Django's filters append to the field that they filter by."""


def is_key(text: str) -> bool:
    """Whether `text` can be the key of a row; `int` reads more, and takes its time over what is long."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_KEY


def require_storable_query(query: QueryDict) -> None:
    """Refuse NUL, which stands in no row and which PostgreSQL cannot even look for."""
    if any("\x00" in text for name, values in query.lists() for text in (name, *values)):
        raise SuspiciousOperation("The address holds a NUL character.")


def offered_lookups(filters: Iterable[Any]) -> set[str]:
    """The parameters of a list's `filters`, each a class that names its own, a field, or a field and a class."""
    return {name for each in filters for name in _parameters(each)}


def _parameters(of: Any) -> list[str]:
    if isinstance(of, type):
        return [of.parameter_name]  # type: ignore[attr-defined]
    field = of if isinstance(of, str) else of[0]
    return [f"{field}{lookup}" for lookup in LOOKUPS]
