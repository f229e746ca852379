"""One refusal, one answer: what an operation, a body or a role check refuses, told in JSON."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from rest_framework.exceptions import ValidationError as BadRequest
from rest_framework.response import Response
from rest_framework.views import exception_handler

from predictions.models.outages import RETRY_AFTER_SECONDS as RETRY_AFTER_OUTAGE
from predictions.models.outages import TOLD, kind_of, outage_of
from predictions.models.rivals import codes_of, refusal_of

ELSEWHERE = "non_field_errors"
UNAVAILABLE = 503
STATUS_BY_CODE = {
    "conflict": 409,
    "other_request": 422,
    **dict.fromkeys(("clock_behind", "restored", "ledger_broken", "ledger_key"), UNAVAILABLE),
}
RETRY_AFTER_SECONDS = 60

log = logging.getLogger(__name__)


def answer(fault: Exception, context: dict[str, Any]) -> Response | None:
    """400 with {field: [messages]}, 409 where the state has moved on, 503 where the ledger is closed; else as DRF does.

    422 where an Idempotency-Key came with another request before. 503 and 507 where the database is out of service or
    full: nothing of the request was written then.
    """
    if outage := outage_of(fault):
        return _unavailable(outage, fault)
    if isinstance(fault, ValidationError | IntegrityError):
        refusal = refusal_of(fault)
        status = _status(refusal)
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == UNAVAILABLE else None
        return Response(_messages(refusal), status=status, headers=headers)
    response = exception_handler(fault, context)
    if response is not None and isinstance(fault, BadRequest):
        response.data = dict(_flat(response.data))
    return response


def _unavailable(outage: int, fault: Exception) -> Response:
    log.warning("The database failed a request of the API: %s", kind_of(fault))
    return Response({"detail": TOLD[outage]}, status=outage, headers={"Retry-After": str(RETRY_AFTER_OUTAGE[outage])})


def _flat(told: Any, at: str = "") -> Iterator[tuple[str, list[str]]]:
    """Messages by field; a field within another by the way to it, such as `comparison.term`."""
    if isinstance(told, dict):
        for name, inner in told.items():
            yield from _flat(inner, f"{at}.{name}" if at else str(name))
    else:
        yield at or ELSEWHERE, told


def renamed(fault: ValidationError, names: Mapping[str, str]) -> ValidationError:
    """The same refusal, each of its fields under the name that the caller knows; codes are kept."""
    if not hasattr(fault, "error_dict"):
        return fault
    by_name: dict[str, list[ValidationError]] = {}
    for field, errors in fault.error_dict.items():
        by_name.setdefault(names.get(field, field), []).extend(errors)
    return ValidationError(by_name)


def _status(fault: ValidationError) -> int:
    codes = codes_of(fault)
    return max((status for code, status in STATUS_BY_CODE.items() if code in codes), default=400)


def _messages(fault: ValidationError) -> dict[str, list[str]]:
    if not hasattr(fault, "error_dict"):
        return {ELSEWHERE: fault.messages}
    return {ELSEWHERE if field == NON_FIELD_ERRORS else field: told for field, told in fault.message_dict.items()}
