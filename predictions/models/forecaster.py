from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from accounts.models import User
from predictions.models.rows import Row
from predictions.models.team import Team, TeamMembership
from predictions.scoring import consensus

CONSENSUS: dict[consensus.How, tuple[UUID, str]] = {
    "median": (UUID("d3b1f5a0-6c1e-5a39-9b0a-3f1b6f0c7a01"), "Consensus: median"),
    "mean_log_odds": (UUID("d3b1f5a0-6c1e-5a39-9b0a-3f1b6f0c7a02"), "Consensus: mean of log-odds"),
    "recency_weighted": (UUID("d3b1f5a0-6c1e-5a39-9b0a-3f1b6f0c7a03"), "Consensus: recency-weighted"),
}
"""The pooled forecasts that we compute: by method, the identity and name of the forecaster they are scored as."""
CONSENSUS_PREFIX = "consensus:"


class ForecasterQuerySet(models.QuerySet["Forecaster"]):
    def issuing(self) -> "ForecasterQuerySet":
        """Those who issue forecasts; our own consensus does not."""
        return self.exclude(kind=Forecaster.Kind.CONSENSUS)

    def open_to(self, user: User) -> "ForecasterQuerySet":
        """Those in whose name `user` may log forecasts: their own, their teams', and those who are merely quoted."""
        teams = TeamMembership.objects.standing().filter(user=user).values("team")
        return self.issuing().filter(Q(account=None, team=None) | Q(account=user) | Q(team__in=teams))

    def of_consensus(self) -> "dict[consensus.How, Forecaster]":
        """The forecaster of each consensus, by method. Computed, so it stands in no ledger."""
        known = {row.uuid: row for row in self.filter(uuid__in=[uuid for uuid, _ in CONSENSUS.values()])}
        kind = Forecaster.Kind.CONSENSUS
        return {
            method: known.get(uuid) or self.get_or_create(uuid=uuid, defaults={"name": name, "kind": kind})[0]
            for method, (uuid, name) in CONSENSUS.items()
        }


class Forecaster(Row):
    """A person, outlet, crowd or model that issues forecasts; it may have no account."""

    class Kind(models.TextChoices):
        PERSON = "person", "person"
        OUTLET = "outlet", "outlet"
        CROWD = "crowd", "crowd"
        MODEL = "model", "model"
        CONSENSUS = "consensus", "consensus that we compute"

    name = models.CharField(
        max_length=200, unique=True, error_messages={"unique": "There is a forecaster of that name already."}
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    description = models.TextField(blank=True)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forecaster",
        help_text="Only this person may log forecasts in this name. Blank for those we merely quote.",
    )
    team = models.OneToOneField(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="forecaster",
        help_text="Only its members may log forecasts in this name, and none of them judges what it forecast.",
    )

    objects: ClassVar[Any] = ForecasterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def speakers(self) -> models.QuerySet[User]:
        """Who logs forecasts in this name as their own; nobody's where it is merely quoted."""
        if self.team_id is None:
            return User.objects.filter(pk=self.account_id) if self.account_id else User.objects.none()
        standing = TeamMembership.objects.standing().filter(team=self.team_id)
        return User.objects.filter(pk__in=standing.values("user"))

    def clean(self) -> None:
        super().clean()
        is_consensus = self.kind == self.Kind.CONSENSUS
        if not is_consensus and self.name.strip().casefold().startswith(CONSENSUS_PREFIX):
            raise ValidationError({"name": "Names that begin with “Consensus:” are kept for what we compute."})
        if is_consensus and (self.account_id or self.team_id):
            raise ValidationError({"account": "A consensus is computed: it is nobody’s own name."})
        if self.account_id and self.team_id:
            raise ValidationError({"team": "A name is one person’s or a team’s, not both."})
