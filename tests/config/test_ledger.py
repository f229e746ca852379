"""What the ledger is called, and where its key and guard lie."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.ledger import ledger

VAR = Path("/srv/var")
KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
SQLITE, POSTGRES = {"NAME": "/srv/var/one.sqlite3"}, {"NAME": "forsooth", "HOST": "db"}


def told(environment=None, database=POSTGRES, is_trial=False):
    return ledger(environment or {}, VAR, database, is_trial)


def test_a_site_has_one_guard_file_whatever_its_database_is_called():
    """A backup is often restored under another name: the guard must know it all the same."""
    assert told().guard_file == told(database=SQLITE).guard_file == VAR / "ledger.guard"


def test_while_trying_out_each_database_has_its_own():
    assert (
        told(is_trial=True).guard_file
        == told(is_trial=True).guard_file
        != told(database=SQLITE, is_trial=True).guard_file
    )


def test_files_and_keys_can_be_named():
    files = {"LEDGER_GUARD_FILE": "/safe/guard", "LEDGER_KEY_FILE": "/safe/key"}
    named = told({**files, "LEDGER_KEY": f" {KEY} , {KEY[::-1]} ,"})
    assert (named.guard_file, named.key_file) == (Path("/safe/guard"), Path("/safe/key"))
    assert named.keys == [KEY, KEY[::-1]]
    assert (told().key_file, told().keys) == (VAR / "ledger.key", [])


def test_a_key_that_is_a_sample_is_refused_but_while_trying_out():
    zeros = {"LEDGER_KEY": f"{KEY},{'A' * 43}="}
    with pytest.raises(ImproperlyConfigured, match="LEDGER_KEY holds a sample"):
        told(zeros)
    assert len(told(zeros, is_trial=True).keys) == 2


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2003b"])
def test_a_name_that_no_note_can_bear_is_refused(name):
    with pytest.raises(ImproperlyConfigured, match="LEDGER_NAME"):
        told({"LEDGER_NAME": name})
