"""What is kept beside the record for speed, and the texts that stand apart: each as it follows from what is logged."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Subquery

from predictions.models import (
    LedgerEntry,
    Original,
    Prediction,
    PredictionRevision,
    Rationale,
    Resolution,
    Snapshot,
    Trigger,
    TriggerOccurrence,
    guards,
)
from predictions.models.erasure import ERASED
from predictions.models.times import MicrosecondsField
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.reading import Microseconds

AT_ONCE = 1000


def compare_derived(findings: Findings) -> None:
    for model in [*guards.guarded_models()]:
        fields = [field for field in model._meta.concrete_fields if isinstance(field, MicrosecondsField)]
        if fields:
            _compare_clocks(model, fields, findings)
    for words, rows in _misled():
        for uuid in rows.values_list("uuid", flat=True).iterator(chunk_size=AT_ONCE):
            findings.add("derived", words.format(uuid=uuid))


def _compare_clocks(model: Any, fields: list[MicrosecondsField], findings: Findings) -> None:
    """The whole microseconds that scores are made from."""
    for field in fields:
        both = {f"{field.name}__isnull": False, f"{field.of}__isnull": False}
        differs = Q(**both) & ~Q(**{field.name: Microseconds(F(field.of))})
        for one, other in ((field.name, field.of), (field.of, field.name)):
            differs |= Q(**{f"{one}__isnull": True, f"{other}__isnull": False})
        found = model._base_manager.filter(differs).order_by("pk").values_list("entry_id", "uuid")
        for seq, uuid in found.iterator(chunk_size=AT_ONCE):
            words = f"of the {model._meta.verbose_name} {uuid} {field.name} is not {field.of} in microseconds"
            findings.add("derived", words, seq)


def _misled() -> Iterator[tuple[str, Any]]:
    """Rows that point at another than the one that stands, or say another time of their beginning."""
    own = {"prediction": OuterRef("pk")}
    newest = PredictionRevision.objects.filter(**own).order_by("-number").values("pk")[:1]
    first = PredictionRevision.objects.filter(**own).order_by("number").values("recorded_at")[:1]
    decided = Resolution.objects.standing().filter(**own).order_by("-pk").values("pk")[:1]
    occurred = TriggerOccurrence.objects.standing().filter(trigger=OuterRef("pk"), is_undone=False)
    yield "the prediction {uuid} does not point at its newest revision", _unlike(Prediction, "revision_id", newest)
    yield (
        "the prediction {uuid} does not point at the resolution that stands",
        _unlike(Prediction, "resolution_id", decided),
    )
    yield "the prediction {uuid} was not created when it was first posed", _unlike(Prediction, "created_at", first)
    yield (
        "the trigger {uuid} does not point at the occurrence that stands",
        _unlike(Trigger, "occurrence_id", occurred.order_by("-pk").values("pk")[:1]),
    )


def _unlike(model: Any, name: str, meant: Any) -> Any:
    rows = model.objects.order_by("pk").annotate(meant=Subquery(meant))
    half = Q(meant__isnull=True, **{f"{name}__isnull": False}) | Q(meant__isnull=False, **{f"{name}__isnull": True})
    return rows.filter(half | (Q(meant__isnull=False) & ~Q(**{name: F("meant")})))


# --- texts that stand apart --------------------------------------------------------------------------------------


def compare_texts(findings: Findings) -> None:
    """Snapshots and what they were read from, by SHA-256 and length: one at a time, for a text may be long."""
    told = ("entry_id", "entry__erasure", "sha256", "length")
    texts = Snapshot.objects.order_by("pk").values_list("body__text", *told)
    for text, seq, erasure, *meant in texts.iterator(chunk_size=1):
        is_gone = text is None or (text == ERASED and erasure is not None)
        found = None if is_gone else [hashlib.sha256(text.encode()).hexdigest(), len(text)]
        _compare_text(findings, f"entry {seq:,}", ("text", found, meant, erasure), seq)
    originals = Original.objects.order_by("pk").values_list("body__content", *told)
    for content, seq, erasure, *meant in originals.iterator(chunk_size=1):
        found = None if content is None else [hashlib.sha256(content).hexdigest(), len(content)]
        _compare_text(findings, f"entry {seq:,}", ("file", found, meant, erasure), seq)
    entries = LedgerEntry.objects.filter(pk=OuterRef("pk"))
    for seq in Rationale.objects.filter(~Exists(entries)).values_list("pk", flat=True).iterator(chunk_size=AT_ONCE):
        findings.add("text", f"a rationale stands for entry {seq:,}, which is not there", seq)


def _compare_text(findings: Findings, entry: str, told: tuple[str, Any, Any, int | None], seq: int) -> None:
    what, found, meant, erasure = told
    if found is None and erasure is None:
        findings.add("text", f"{entry}: the {what} that it recorded is gone, and no erasure is on record", seq)
    if found is not None and erasure is not None:
        findings.add("erasure", f"{entry}: it was erased, and its {what} stands there all the same", seq)
    if found is not None and found != meant:
        findings.add("text", f"{entry}: the {what} is not the one of that SHA-256 and length which it recorded", seq)
