from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac
from knox.models import AbstractAuthToken, AuthTokenManager

from accounts.roles import Role
from accounts.scopes import Scope
from accounts.zones import require_zone


class User(AbstractUser):  # type: ignore[django-manager-missing]
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


def require_scopes(text: str) -> None:
    """Refuse anything but the names of scopes, each once, with a space between."""
    if len(names := text.split(" ")) != len(set(names) & set(Scope)):
        raise ValidationError("Choose what the token may do: %(all)s.", params={"all": ", ".join(Scope)})


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def standing(self, now: datetime) -> "ApiTokenQuerySet":
        return self.filter(expiry__gt=now)


class ApiToken(AbstractAuthToken):
    """A secret by which a program acts for a person. Only its digest is kept, which is no secret and is never shown."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, help_text="What it is for, such as: nightly export.")
    scopes = models.CharField(max_length=40, validators=[require_scopes])
    last_used_on = models.DateField(null=True, blank=True)

    objects: ClassVar[Any] = AuthTokenManager.from_queryset(ApiTokenQuerySet)()

    @property
    def scope_names(self) -> list[str]:
        """Without any, as whatever was made elsewhere is, it opens nothing."""
        return self.scopes.split()
