"""What a process that serves tells as it starts. It starts all the same: `/readyz` says that it should get no work."""

import logging

from django.db import DEFAULT_DB_ALIAS, DatabaseError

from predictions.models.checks import guards_stand

logger = logging.getLogger(__name__)


def tell_of_missing_guards() -> None:
    """Log each database trigger that should refuse changes to the record and does not stand."""
    try:
        missing = guards_stand(databases=[DEFAULT_DB_ALIAS])
    except DatabaseError as fault:
        logger.critical("Whether the guards of the record stand could not be asked: %s", fault)
        return
    for warning in missing:
        logger.critical("%s %s", warning.msg, warning.hint)
