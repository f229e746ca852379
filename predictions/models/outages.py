"""What keeps the database from working, told from our own faults: it is gone, busy for too long, or full."""

from django.db import DatabaseError, InterfaceError, OperationalError

OUT_OF_SERVICE, FULL = 503, 507
RETRY_AFTER_SECONDS = {OUT_OF_SERVICE: 10, FULL: 600}
TOLD = {
    # A connection can be lost while the last word, "committed", is on its way.
    OUT_OF_SERVICE: "The record cannot be reached just now. Nothing was half-written: what you sent is on record whole "
    "or not at all. Come back shortly, and look before you send it again.",
    FULL: "There is no room left to write. Nothing of what you sent is on record; what was before can still be read.",
}
POSTGRES_FULL = {"53100"}
# Connections that break or are refused, a server that starts, stops, or only reads, what waited too long or was in
# the way of another: all of it passes by itself, or once the operator has seen to it.
POSTGRES_OUT = {"25006", "25P03", "25P04", "40001", "40P01", "53200", "53300", "55P03", "57014", "58030"}
POSTGRES_OUT_CLASSES = {"08", "57"}
SQLITE_FULL = {"SQLITE_FULL"}
SQLITE_OUT = {"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PROTOCOL"}


def outage_of(fault: BaseException | None) -> int | None:
    """503 or 507 where the database is out of service or full; None for every other fault."""
    if not isinstance(fault, DatabaseError | InterfaceError):
        return None
    cause = fault.__cause__
    if name := getattr(cause, "sqlite_errorname", None):
        return _of_sqlite(name)
    return _of_postgres(getattr(cause, "sqlstate", None), fault)


def _of_sqlite(name: str) -> int | None:
    """Extended names, such as SQLITE_IOERR_WRITE, say more than we ask."""
    plain = "_".join(name.split("_")[:2])
    return FULL if plain in SQLITE_FULL else OUT_OF_SERVICE if plain in SQLITE_OUT else None


def _of_postgres(state: str | None, fault: BaseException) -> int | None:
    if state in POSTGRES_FULL:
        return FULL
    if state is not None:
        return OUT_OF_SERVICE if state in POSTGRES_OUT or state[:2] in POSTGRES_OUT_CLASSES else None
    # A connection that never came about, or was cut: there is no server to name a state.
    return OUT_OF_SERVICE if isinstance(fault, OperationalError | InterfaceError) else None


def kind_of(fault: BaseException | None) -> str:
    """For the log: what the driver calls it. Its own words may hold a host, a name or a value."""
    cause = getattr(fault, "__cause__", None) or fault
    return getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__
