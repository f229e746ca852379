from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models

KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 128


class KeptReplyQuerySet(models.QuerySet["KeptReply"]):
    def outdated(self, now: datetime) -> "KeptReplyQuerySet":
        return self.filter(made_at__lte=now - KEPT_FOR)


class KeptReply(models.Model):
    """What a program was answered when it put something on record, so that it is answered the same if it asks again.

    Shown to its `user` alone, and no longer than a day. `made` is the uuid of what was put on record; until that
    stands, in the same transaction, there is none.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    key = models.CharField(max_length=LONGEST_KEY)
    request_sha256 = models.CharField(max_length=64)
    made = models.UUIDField(null=True)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField(db_index=True)

    objects: ClassVar[Any] = KeptReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "kept replies"
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="keptreply_once")]
