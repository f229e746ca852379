"""A form that is sent twice, by a double click or from the browser's memory, puts its row on record once."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest

from accounts.models import User
from predictions.operations.kept_replies import Made, answer_once

TOKEN = "csrfmiddlewaretoken"  # noqa: S105 - the name of a field


def record_once(request: HttpRequest, row: Any, write: Callable[[], None], *, at: datetime) -> None:
    """`write` the row; where this very form did so before, `row` becomes what it wrote then.

    Each page that is opened bears another token, so that the same form with the same entries is the same deed. Who
    opens the page again and enters the same means it.
    """
    is_new = False

    def make() -> Made:
        nonlocal is_new
        write()
        is_new = True
        return Made(row.uuid, "")

    sent = _digest(request)
    if sent is None:
        write()
        return
    made = answer_once(f"form:{sent}", sent, make, by=cast(User, request.user), at=at)
    if not is_new:
        row.__dict__.update(type(row)._base_manager.get(uuid=made.row).__dict__)


def _digest(request: HttpRequest) -> str | None:
    """Of the form's own token, all that was entered, and where to; None for what bears no token."""
    if TOKEN not in request.POST:
        return None
    told = [request.get_full_path(), *(f"{name}={request.POST.getlist(name)}" for name in sorted(request.POST))]
    sent: list[tuple[str, Any]] = list(request.FILES.items())
    files = [f"{name}={file.name}:{file.size}" for name, file in sent]
    return hashlib.sha256("\n".join([*told, *files]).encode()).hexdigest()
