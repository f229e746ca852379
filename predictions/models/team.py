"""Named groups of people, who are admitted to a case together. Roles are another matter: see `accounts.roles`."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, QuerySet

from accounts.models import User
from accounts.roles import Role
from predictions.models.rows import Row

SEE_TEAMS = {Role.ANALYST, Role.ADMINISTRATOR}
"""Who admits teams to cases, and who says who is of them."""


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, user: User) -> "TeamQuerySet":
        return self if user.is_active and user.roles & SEE_TEAMS else self.none()


class Team(Row):
    """Such as the Japan desk. Who is of it is read anew each time: whoever leaves sees its private cases no more."""

    name = models.CharField(
        max_length=80, unique=True, error_messages={"unique": "There is a team of that name already."}
    )

    objects: ClassVar[Any] = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TeamMembershipQuerySet(models.QuerySet["TeamMembership"]):
    def standing(self) -> "TeamMembershipQuerySet":
        return self.filter(ended_at__isnull=True)


class TeamMembership(models.Model):
    """That a person is of a team, or was: what the team forecast meanwhile stays partly theirs."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="team_memberships")
    joined_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = TeamMembershipQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["team", "user"], condition=Q(ended_at__isnull=True), name="teammembership_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


def forecast_by(accounts: QuerySet[User] | list[User]) -> Q:
    """Condition on forecasts: made in the name of one of `accounts`, or of a team that one of them is of.

    Who left a team before it forecast has no part in that; who joined it later has.
    """
    ended = "forecaster__team__memberships__ended_at"
    had_a_part = Q(**{f"{ended}__isnull": True}) | Q(**{f"{ended}__gte": F("recorded_at")})
    return Q(forecaster__account__in=accounts) | Q(had_a_part, forecaster__team__memberships__user__in=accounts)
