from functools import cached_property
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models

from accounts.roles import Role
from accounts.zones import require_zone


class User(AbstractUser):
    """A person, or a machine, with an account. Rights come from roles alone."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    zone = models.CharField(
        "time zone", max_length=64, blank=True, validators=[require_zone], help_text="Blank: the time zone of the site."
    )

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of this person's roles; who was made a superuser from the shell counts as administrator."""
        held = set(self.groups.values_list("name", flat=True)) & set(Role)
        return frozenset(held | {Role.ADMINISTRATOR} if self.is_superuser else held)
