from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from predictions.models.rows import Row
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

    objects: ClassVar[Any] = ForecasterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        is_consensus = self.kind == self.Kind.CONSENSUS
        if not is_consensus and self.name.strip().casefold().startswith(CONSENSUS_PREFIX):
            raise ValidationError({"name": "Names that begin with “Consensus:” are kept for what we compute."})
        if is_consensus and self.account_id is not None:
            raise ValidationError({"account": "A consensus is computed: it is nobody’s own name."})
