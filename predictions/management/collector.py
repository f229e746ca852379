"""Python's collector of cycles, told to rest during a command that makes millions of short-lived values."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

SELDOM = 100_000, 50, 100


@contextmanager
def rested_collector() -> Iterator[None]:
    """What is loaded by now is not gone through again and again, what is made from here on seldom."""
    before, is_frozen = gc.get_threshold(), gc.get_freeze_count() > 0
    gc.freeze()
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        if not is_frozen:
            gc.unfreeze()
