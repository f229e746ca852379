"""A choice of one row among many, searched as one types."""

from collections.abc import Sequence
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect

from predictions.admin.addresses import is_key


class RowSearch(AutocompleteSelect):
    """Django's would ask the database for whatever was sent; what is no key is no row, and the field says so."""

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        return super().optgroups(name, [each for each in value if is_key(str(each))], attrs)
