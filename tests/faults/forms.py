"""The short form, as in CI, or the long one of `make faults`."""

import os

IS_LONG = os.environ.get("FAULTS") == "long"


def of(short: int, long: int) -> int:
    return long if IS_LONG else short
