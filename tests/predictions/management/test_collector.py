import gc

import pytest

from predictions.management.collector import SELDOM, rested_collector


@pytest.mark.parametrize("fails", [False, True])
def test_the_collector_is_as_before_once_the_command_is_through(fails):
    before = gc.get_threshold(), gc.get_freeze_count() > 0
    try:
        with rested_collector():
            assert gc.get_threshold() == SELDOM
            assert gc.get_freeze_count() > 0
            if fails:
                raise ValueError
    except ValueError:
        assert fails
    assert (gc.get_threshold(), gc.get_freeze_count() > 0) == before
