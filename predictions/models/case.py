from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.zones import require_zone
from predictions.models.rows import Row
from predictions.models.team import Team, TeamMembership
from predictions.models.worded import worded


def cases_open_to(user: User, path: str = "", *, at: datetime | None = None) -> Q:
    """Condition on rows whose case lies at `path`: it is open to all by now, or `user` is one of its people.

    A person is one of them by name or through a team. Who has no role sees nothing. `at` is now, by this server's
    clock, unless given; an embargo ends at its very microsecond on either engine.
    """
    if not user.is_active or not user.roles:
        return Q(pk__in=[])
    case = f"{path}__" if path else ""
    is_released = Q(**{f"{case}embargoed_until": None}) | Q(**{f"{case}embargoed_until__lte": at or timezone.now()})
    # Sets that depend on no row: the database reads each once, however many rows it compares.
    named, through_teams = worded(_memberships, user, "case"), worded(_admissions_of_teams, user, "case")
    is_theirs = Q(**{f"{case}pk__in": named}) | Q(**{f"{case}pk__in": through_teams})
    return Q(Q(**{f"{case}is_private": False}), is_released) | is_theirs


def _memberships(user: User) -> QuerySet[Any]:
    """In cases that name `user`."""
    return CaseMembership.objects.filter(user=user)


def _admissions_of_teams(user: User) -> QuerySet[Any]:
    """To cases, of teams that `user` belongs to."""
    teams = TeamMembership.objects.standing().filter(user=user).order_by().values("team")
    return CaseTeam.objects.filter(team__in=teams)


class Origin(models.TextChoices):
    ENTERED = "entered", "entered here"
    CASEBOOK = "casebook", "from a casebook"
    IMPORTED = "imported", "imported"


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User, *, at: datetime | None = None) -> "CaseQuerySet":
        return self.filter(cases_open_to(user, at=at))


class Case(Row):
    """What belongs together: sources, triggers, predictions. The unit of privacy and of exchange."""

    external_id = models.SlugField(max_length=80, unique=True, verbose_name="short name", help_text="As in a casebook.")
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    selection = models.TextField(
        "how the sentences were chosen",
        help_text="Readers of a scorecard see this: which sentences became predictions.",
    )
    zone = models.CharField("time zone of dates", max_length=64, default="UTC", validators=[require_zone])
    is_private = models.BooleanField(
        "private", default=False, help_text="Only the people and teams named below see it."
    )
    embargoed_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then as if private; from then on everyone with a role sees it."
    )
    hides_forecasts = models.BooleanField(
        "hides others' forecasts",
        default=True,
        help_text="While a prediction is open, people see others' forecasts and the consensus only once they have "
        "logged their own.",
    )

    resolvers_asked = models.PositiveSmallIntegerField(
        "resolvers to a prediction",
        default=2,
        validators=[MaxValueValidator(9)],
        help_text="How many judge each prediction, blind to each other. An administrator may make it 1, or 0: one "
        "person decides. What rests on fewer than 2 is marked as not independently resolved.",
    )
    notice_hours = models.PositiveSmallIntegerField(
        "notice period, in hours",
        default=48,
        validators=[MaxValueValidator(24 * 90)],
        help_text="Between a decision and its being final; 0 for none.",
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_private=False) | Q(embargoed_until__isnull=True),
                name="case_private_or_embargoed",
                violation_error_message="No time opens a private case. Untick private, or leave the embargo blank.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def dossier(self) -> Any:
        return self

    def is_closed(self, at: datetime) -> bool:
        """Whether only its people see it then."""
        return self.is_private or (self.embargoed_until is not None and at < self.embargoed_until)

    def its_people(self) -> QuerySet[User]:
        """Who sees it while it is closed to others, if they have a role: those named, and those of its teams."""
        teams = TeamMembership.objects.standing().filter(team__in=self.teams.values("team")).order_by()
        return User.objects.filter(Q(pk__in=self.memberships.values("user")) | Q(pk__in=teams.values("user")))


class CaseMembership(models.Model):
    """One person who may see a private case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="case_memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="casemembership_once")]

    def __str__(self) -> str:
        return str(self.user)


class CaseTeam(models.Model):
    """One team whose members may see a private case."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="teams")
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "team"], name="caseteam_once")]

    def __str__(self) -> str:
        return str(self.team)


class CasePart(Row):
    """A row that belongs to a case directly and is named in its casebook by `external_id`."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="%(class)ss")
    external_id = models.CharField("short name", max_length=200, blank=True, help_text="As in a casebook.")

    class Meta:
        abstract = True
        constraints = [
            models.UniqueConstraint(
                fields=["case", "external_id"],
                condition=~Q(external_id=""),
                name="%(class)s_external_id_once_per_case",
                violation_error_message="This case already has an entry of that short name.",
            )
        ]

    def clean(self) -> None:
        super().clean()
        if not self._state.adding and not type(self)._default_manager.filter(pk=self.pk, case=self.case_id).exists():
            raise ValidationError({"case": "What belongs to a case stays in it."})
