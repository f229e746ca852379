"""How a test says that something is refused."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from predictions.models import LedgerEntry


@contextmanager
def refused(field: str = NON_FIELD_ERRORS, saying: str = "", code: str = "") -> Iterator[None]:
    """What is done within is refused at `field` alone, in words that hold `saying`; nothing is on record of it."""
    before = LedgerEntry.objects.count()
    with pytest.raises(ValidationError) as caught:
        yield
    fault = caught.value
    by_field = fault.error_dict if hasattr(fault, "error_dict") else {NON_FIELD_ERRORS: fault.error_list}
    assert list(by_field) == [field], by_field
    assert saying in " ".join(message for error in by_field[field] for message in error.messages)
    assert not code or {error.code for error in by_field[field]} == {code}
    assert LedgerEntry.objects.count() == before
