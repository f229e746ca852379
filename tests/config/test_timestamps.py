"""Nobody is asked for a time stamp unless the operator names an authority and whom it is believed by."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.timestamps import TimeStamping, time_stamping

NAMED = {"TIMESTAMP_URL": "https://tsa.example.org/", "TIMESTAMP_ROOTS": "/safe/root.pem"}


def test_it_is_off_by_default():
    assert time_stamping({}, frozenset()) is None


def test_it_is_done_daily_unless_told_otherwise():
    told = time_stamping(NAMED, frozenset())
    assert told == TimeStamping(NAMED["TIMESTAMP_URL"], Path("/safe/root.pem"), timedelta(hours=24), frozenset())
    assert time_stamping(NAMED | {"TIMESTAMP_HOURS": "1.5"}, frozenset()).every == timedelta(minutes=90)


@pytest.mark.parametrize("wrong", [{"TIMESTAMP_ROOTS": ""}, {"TIMESTAMP_HOURS": "daily"}, {"TIMESTAMP_HOURS": "nan"}])
def test_what_cannot_be_meant_is_refused_at_start(wrong):
    with pytest.raises(ImproperlyConfigured, match=next(iter(wrong))):
        time_stamping(NAMED | wrong, frozenset())
