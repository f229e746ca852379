"""What a process that serves tells as it starts. It starts all the same: `/readyz` says that it should get no work."""

import logging

from django.core.checks import Tags, run_checks
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection

GUARD_IS_MISSING = "predictions.W001"
"""The check's own name: asked for by that, the models need not be loaded before this module is."""

logger = logging.getLogger(__name__)


def tell_of_missing_guards() -> None:
    """Log each database trigger that should refuse changes to the record and does not stand."""
    try:
        told = run_checks(tags=[Tags.database], databases=[DEFAULT_DB_ALIAS])
    except DatabaseError as fault:
        logger.critical("Whether the guards of the record stand could not be asked: %s", fault)
        return
    finally:
        if not connection.in_atomic_block:
            connection.close()  # a server that forks from here on must not share it with its children
    for warning in told:
        if warning.id == GUARD_IS_MISSING:
            logger.critical("%s %s", warning.msg, warning.hint)
