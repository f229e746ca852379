"""What the ledger is called, and where its key and guard lie."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.ledger import ledger

VAR = Path("/srv/var")
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
    named = told({"LEDGER_GUARD_FILE": "/safe/guard", "LEDGER_KEY_FILE": "/safe/key", "LEDGER_KEY": " a , b ,"})
    assert (named.guard_file, named.key_file, named.keys) == (Path("/safe/guard"), Path("/safe/key"), ["a", "b"])
    assert (told().key_file, told().keys) == (VAR / "ledger.key", [])


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\tb", "a\u2003b"])
def test_a_name_that_no_note_can_bear_is_refused(name):
    with pytest.raises(ImproperlyConfigured, match="LEDGER_NAME"):
        told({"LEDGER_NAME": name})
