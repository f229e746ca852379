from functools import cached_property
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from accounts.roles import Role
from accounts.zones import require_zone


class User(AbstractUser):
    """A person, or a machine, with an account. Rights come from roles alone."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    zone = models.CharField(
        "time zone", max_length=64, blank=True, validators=[require_zone], help_text="Blank: the time zone of the site."
    )

    era = models.PositiveIntegerField(default=0, editable=False)
    """Raised to end every session of this person at once; each bears the era in which it began."""

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session must bear to be this person's, by the secret key and by each of its fallbacks."""
        told = f"{self.password}:{self.era}"
        return salted_hmac("accounts.User.era", told, secret=secret, algorithm="sha256").hexdigest()

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of this person's roles; who was made a superuser from the shell counts as administrator."""
        held = set(self.groups.values_list("name", flat=True)) & set(Role)
        return frozenset(held | {Role.ADMINISTRATOR} if self.is_superuser else held)
