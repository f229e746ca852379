"""What whoever guards the site needs to hear of, as one line of JSON each; see `docs` of the fields in the README.

A line tells what happened, to which account by which, and with what outcome. It never holds text that people wrote:
`tell` takes uuids, numbers and short codes and refuses anything else.
"""

import logging
import re
from enum import StrEnum
from typing import Any
from uuid import UUID

from accounts.requests import actor_of, network_of, request_at_hand, request_id

LOGGER = logging.getLogger("forsooth.security")
CODE = re.compile(r"[a-z0-9][a-z0-9_.:/-]{0,79}")


class Outcome(StrEnum):
    OK = "ok"
    REFUSED = "refused"
    FAILED = "failed"


LEVELS = {Outcome.OK: logging.INFO, Outcome.REFUSED: logging.WARNING, Outcome.FAILED: logging.ERROR}


def tell(event: str, outcome: Outcome, *, actor: UUID | None = None, **told: UUID | int | str | None) -> None:
    """Log `event`, a code such as "role.granted". The actor is who makes the request at hand, unless one is given.

    Raises ValueError for what could be somebody's words.
    """
    request = request_at_hand()
    fields: dict[str, Any] = {name: _plain(name, value) for name, value in told.items() if value is not None}
    fields |= {"event": _plain("event", event), "outcome": str(outcome), "request": request_id()}
    fields |= {"actor": _plain("actor", actor or actor_of(request)), "network": network_of(request)}
    LOGGER.log(LEVELS[outcome], event, extra={"told": {k: v for k, v in fields.items() if v is not None}})


def _plain(name: str, value: UUID | int | str | None) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, UUID):
        return str(value)
    if not CODE.fullmatch(value):
        raise ValueError(f"“{name}” of a security event is no code, number or uuid.")
    return str(value)
