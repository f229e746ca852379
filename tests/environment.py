"""Environment of a test run, set before Django reads its settings (loaded by `-p tests.environment`)."""

import gc
import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("CACHE_URL", "locmem:")
for kind in ("CREATE", "CAPTURE", "EXPORT"):  # the tests of the limits set their own
    os.environ.setdefault(f"LIMIT_{kind}", "0")


def pytest_collection_finish():
    """What is loaded by now stays: the collector need not go through it again after every test."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
