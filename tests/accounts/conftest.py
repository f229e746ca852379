import json
import logging

import pytest

from accounts.events import LOGGER
from config.logs import JsonLines


@pytest.fixture
def told():
    """Every security event from now on, as it would be logged."""
    lines, level = [], LOGGER.level
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(JsonLines().format(record))
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in lines]
    LOGGER.removeHandler(handler)
    LOGGER.setLevel(level)
