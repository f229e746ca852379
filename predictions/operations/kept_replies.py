"""A request that is sent again, because its reply was lost, puts nothing on record a second time."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, cast
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions.models import KeptReply

OTHER_REQUEST = "This key came with another request before. Take a new key for each thing to be put on record."


class Made(NamedTuple):
    """What was put on record, by uuid, and the body that tells of it; "" where that is to be read from the row."""

    row: UUID
    body: str


@transaction.atomic
def answer_once(key: str, request_sha256: str, make: Callable[[], Made], *, by: User, at: datetime) -> Made:
    """What `by` was answered to this request under `key`; where that is new, what `make` puts on record now.

    Who asks while the first is at work waits for it. What `make` refuses leaves no trace, so the key can be used again.
    Raises ValidationError, of code "other_request", where the key came with another request.
    """
    KeptReply.objects.filter(user=by, key=key).outdated(at).delete()
    begun = {"request_sha256": request_sha256, "made_at": at}
    # Only one can insert the key: another's insert waits until that transaction is through.
    reply, is_new = KeptReply.objects.get_or_create(user=by, key=key, defaults=begun)
    if reply.request_sha256 != request_sha256:
        raise ValidationError(OTHER_REQUEST, code="other_request")
    if not is_new:
        return Made(cast(UUID, reply.made), reply.body)
    made = make()
    reply.made, reply.body = made
    reply.save(update_fields=["made", "body"])
    return made


def forget_bodies() -> None:
    """What was answered may repeat words that are erased: from now on, each tells its row as it then stands."""
    KeptReply.objects.exclude(body="").update(body="")
