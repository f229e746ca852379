"""Environment of a test run, set before Django reads its settings (loaded by `-p tests.environment`)."""

import os

os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("SECRET_KEY", "tests-only")
