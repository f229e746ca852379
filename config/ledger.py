"""The ledger's name, its keys and its restore guard, as the environment says it."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ImproperlyConfigured

from config.environment import words_of
from config.secrecy import FEWEST_CHARACTERS


class LedgerSettings(NamedTuple):
    """`keys` are private keys in Base64, the newest first; without any they are read from `key_file`."""

    name: str
    keys: list[str]
    key_file: Path
    guard_file: Path


def ledger(environment: Mapping[str, str], folder: Path, database: Mapping[str, Any], is_trial: bool) -> LedgerSettings:
    keys = words_of(environment, "LEDGER_KEY")
    if not is_trial and any(len(set(key)) < FEWEST_CHARACTERS for key in keys):
        raise ImproperlyConfigured("LEDGER_KEY holds a sample. Set 32 random bytes in Base64.")
    key_file = Path(environment.get("LEDGER_KEY_FILE") or folder / "ledger.key")
    return LedgerSettings(_name(environment), keys, key_file, _guard_file(environment, folder, database, is_trial))


def _name(environment: Mapping[str, str]) -> str:
    """It stands in every entry and names the keys in signed notes, which have neither blanks nor plus signs there."""
    name = environment.get("LEDGER_NAME", "forsooth")
    if not name or "+" in name or any(map(str.isspace, name)):
        raise ImproperlyConfigured("LEDGER_NAME is such as example.org/forsooth: no blanks, no plus sign.")
    return name


def _guard_file(environment: Mapping[str, str], folder: Path, database: Mapping[str, Any], is_trial: bool) -> Path:
    """One file for the site; while trying out, one for each database, as there come to be several."""
    if told := environment.get("LEDGER_GUARD_FILE"):
        return Path(told)
    place = {"NAME": database.get("PATH") or database.get("NAME")}  # the name of a file hangs on how it is opened
    named = "-".join(str({**database, **place}.get(part, "")) for part in ("HOST", "PORT", "NAME"))
    return folder / (f"ledger-{hashlib.sha256(named.encode()).hexdigest()[:8]}.guard" if is_trial else "ledger.guard")
