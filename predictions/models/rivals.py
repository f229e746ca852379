"""Two people who write at once: what the one is told whose row the database refused for the other's."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError

TOLD = "Somebody else has just recorded that. Look at it and try again."
POSTGRES_UNIQUE = "23505"
SQLITE_UNIQUE = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}


def refusal_of(fault: ValidationError | IntegrityError) -> ValidationError:
    """How to tell what kept an operation from writing: its own refusal, or that a rival's row came first.

    Whatever else a database refuses is a fault of ours: it is raised again.
    """
    if isinstance(fault, ValidationError):
        return fault
    if not _is_lost_race(fault):
        raise fault
    return ValidationError(TOLD, code="conflict")


def codes_of(refusal: ValidationError) -> set[str | None]:
    """The codes of all its messages; "conflict" says that the state has moved on under who asked."""
    lists = refusal.error_dict.values() if hasattr(refusal, "error_dict") else [refusal.error_list]
    return {error.code for errors in lists for error in errors}


def _is_lost_race(fault: IntegrityError) -> bool:
    # Checks looked for such a row under no lock: one that was not committed yet they could not see.
    cause = fault.__cause__
    is_in_postgres = getattr(cause, "sqlstate", None) == POSTGRES_UNIQUE
    return is_in_postgres or getattr(cause, "sqlite_errorname", None) in SQLITE_UNIQUE
