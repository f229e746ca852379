"""Figures are computed once for each state of the record, and remembered until something in it changes."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import TypeVar, cast

from django.core.cache import cache
from django.db.models import Value

from accounts.models import User
from predictions.models import Case, LedgerEntry, ScoringRun
from predictions.models.coding_request import predictions_asked_of
from predictions.models.forecast import predictions_hiding_from
from predictions.queries.scorecard_selection import Selection
from predictions.scoring import KERNEL_VERSION

RUNS = 100
KEPT_SECONDS = 24 * 3600
MISSING = object()

Made = TypeVar("Made")


@dataclass(frozen=True)
class Version:
    """The state of the record, by name: `shared` by all who may see the same, and each reader's `own`."""

    shared: str
    reader: User = field(repr=False)

    @cached_property
    def own(self) -> str:
        """For what depends on whose forecasts are hidden from the reader, too; one query, asked once.

        That differs on open predictions, for some time: until they close, or the reader has put their own.
        """
        hiding = predictions_hiding_from(self.reader).order_by("pk").values_list("pk", flat=True)
        return sha256(repr((self.shared, self.reader.pk, list(hiding))).encode()).hexdigest()


def version(user: User) -> Version:
    """A name for all that figures shown to `user` depend on, besides the selection; three small queries.

    - The ledger: whatever people record appends an entry, and the hash of the newest stands for it and all before it
      (after a restore from a backup too, where numbers begin again).
    - The scores: they change only by a scoring run, which counts what it has replaced in the same transaction. A run
      may go on while a newer one is done, so the counts of the last hundred runs are added up; with the newest run
      named, that sum only grows.
    - The cases that `user` must not see, and the predictions on which they are asked to code. All else about a person
      is the same to a scorecard, so readers share figures.

    It is read before the figures are computed: what changes meanwhile may enter figures kept under the old name, which
    nobody asks for again, and never old figures under the new name.
    """
    head = LedgerEntry.objects.order_by("-seq").values_list("seq", "leaf_hash").first()
    runs = list(ScoringRun.objects.order_by("-pk").values_list("pk", "started_at", "replaced_count")[:RUNS])
    replaced = sum(count for _, _, count in runs)
    told = (
        KERNEL_VERSION,
        head and (head[0], bytes(head[1]).hex()),
        runs and runs[0][:2],
        replaced,
        _hidden_from(user),
    )
    return Version(sha256(repr(told).encode()).hexdigest(), user)


def _hidden_from(user: User) -> list[tuple[str, int]]:
    """The cases that `user` must not see, and the predictions on which they are asked to code; one query."""
    cases = Case.objects.exclude(pk__in=Case.objects.visible_to(user).values("pk")).order_by()
    asked = predictions_asked_of(user).annotate(what=Value("asked")).values_list("what", "prediction")
    return sorted(cases.annotate(what=Value("case")).values_list("what", "pk").union(asked))


def remembered(name: str, selection: Selection, of: str, make: Callable[[], Made]) -> Made:
    """What `make` gives for this selection in the version of that name; made once."""
    asked = sha256(repr((name, selection.key(), of)).encode()).hexdigest()
    key = f"scorecard-{asked}"
    kept = cache.get(key, MISSING)
    if kept is MISSING:
        kept = make()
        cache.set(key, kept, KEPT_SECONDS)
    return cast(Made, kept)
