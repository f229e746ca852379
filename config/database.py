"""Where the record lies, and how it is spoken to, as the environment says it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import dj_database_url

SERVES_PAGES = "FORSOOTH_SERVES_PAGES"
"""Set by what serves pages (wsgi, asgi) before the settings are read; commands and workers take the time they need."""
PATIENCE_SECONDS = "30"


def database(environment: Mapping[str, str], *, default: Path) -> dict[str, Any]:
    """The entry of DATABASES. Idle connections are asked whether they still stand: a restarted server is no error."""
    url = environment.get("DATABASE_URL") or f"sqlite:///{quote(str(default))}"
    told: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    serves_pages = SERVES_PAGES in environment
    if told["ENGINE"].endswith("sqlite3"):
        return _sqlite(told, serves_pages=serves_pages)
    return _postgres(told, environment.get("STATEMENT_SECONDS", PATIENCE_SECONDS) if serves_pages else "")


def folder_of(told: Mapping[str, Any], *, default: Path) -> Path:
    """Where our own disk must have room: that of the SQLite file, or `default`."""
    path = told.get("PATH", ":memory:")
    return default if path == ":memory:" else Path(path).parent


def _sqlite(told: dict[str, Any], *, serves_pages: bool) -> dict[str, Any]:
    # IMMEDIATE: a transaction that reads and then writes must not lose its lock half-way. FULL: an
    # acknowledged commit survives a power cut. recursive_triggers: REPLACE must meet the delete guards.
    kept = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
    }
    name = path = str(told["NAME"])
    if path != ":memory:" and (serves_pages or Path(path).exists()):
        # A file that was moved away is missed, and no empty one put in its place: beside the log of the old one
        # (-wal) that would be taken for it.
        name = f"file:{quote(path)}?mode=rw"
    told |= {"NAME": name, "PATH": path}
    return told | {"OPTIONS": kept | told.get("OPTIONS", {})}


def _postgres(told: dict[str, Any], statement_seconds: str) -> dict[str, Any]:
    options = dict(told.get("OPTIONS", {}))
    # The address may say otherwise. Pages ask short questions of many conditions: PostgreSQL would compile them for
    # longer than they take. And what is looked up here and there lies in memory or on a disk without moving parts,
    # where the default of 4 (a page read in its place to one read in turn) is far off.
    session = ["-c jit=off -c random_page_cost=1.1", options.pop("options", "")]
    if statement_seconds:
        # Last, for they are meant to win. What a page waits for no longer is ended by the server, and a process that
        # hangs cannot hold the ledger's end.
        session += [f"-c statement_timeout={statement_seconds}s", "-c idle_in_transaction_session_timeout=60s"]
    return told | {"OPTIONS": {"connect_timeout": 5, **options, "options": " ".join(filter(None, session))}}
