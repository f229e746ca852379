"""What `logged()` says of a row, made for many rows at once: by name, the canonical JSON of each value."""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any

from django.db import models

from predictions.models import (
    Capture,
    Case,
    CheckpointAnchor,
    DocumentComparison,
    Erasure,
    Forecast,
    Prediction,
    PredictionRevision,
    Trigger,
)
from predictions.models.forecast import LOGGED_AS
from predictions.models.rows import UNLOGGED, AppendOnly, Reasoned, Row, plain
from predictions.models.times import MicrosecondsField
from predictions.queries.verification.reading import (
    NULL,
    Known,
    spelled,
    spelled_number,
    spelled_text,
    spelled_time,
    spelled_uuid,
    stored,
    uuids_of,
)

LOGGED_OF: dict[type[Row], set[str]] = {
    Prediction: {"uuid", "case", "external_id", "theme", "trigger", "origin"},
    Capture: set(Capture.LOGGED),
    CheckpointAnchor: {"uuid", "authority", "stamped_at"},
    Erasure: {"uuid", "erased", "reason", "erased_at", "erased_by"},
}
"""Where a model logs some of its fields alone."""
RATIONALE = "rationale_sha256"
UNKNOWN = '"(erased)"'
"""The digest of a wording that was erased: nobody can make it any more."""
Stored = tuple[Any, ...]
"""A row as it was read: its key, the position of its entry, what is logged of it, what it is part of."""


class Spelling:
    """How the rows of one model are read and spelled. A row begins with its key and the position of its entry."""

    def __init__(self, model: type[Row]) -> None:
        self.model, self.columns = model, dict[str, tuple[int, Callable[[Any], str]]]()
        self.name_of_uuid = "forecast" if model is Forecast else "uuid"
        self._sources: list[Any] = ["pk", "entry_id" if issubclass(model, AppendOnly) else "pk"]
        self._learned: list[tuple[int, Known]] = []
        self.is_reasoned = issubclass(model, Reasoned)
        self._fields = {field.name: field for field in model._meta.concrete_fields}
        for field in self._fields.values():
            if _is_logged(model, field):
                self._read(field)
        self._read_what_follows()
        self._find_whole()
        self.rows = model._base_manager.values_list(*self._sources)
        self._prepare_form()

    def _read(self, field: Any) -> None:
        name = LOGGED_AS.get(field.name, field.name) if self.model is Forecast else field.name
        match field:
            case models.ForeignKey() if (self.model, name) == (Erasure, "erased"):
                self._add(name, field.attname, str)
            case models.ForeignKey():
                known = uuids_of(field.remote_field.model)
                self._add(name, field.attname, known.__getitem__, known)
            case models.UUIDField():
                self._add(name, stored(field.name), spelled_uuid)
            case models.DateTimeField():
                self._add(name, stored(field.name), spelled_time)
            case models.DateField():
                self._add(name, stored(field.name), lambda day: NULL if day is None else f'"{day}"')
            case models.FloatField() | models.BooleanField():
                self._add(name, field.name, spelled_number)
            case _:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.null
                self._add(name, field.name, spelled_text if is_text else spelled)

    def _add(self, name: str, source: Any, spell: Callable[[Any], str], known: Known | None = None) -> None:
        self.columns[name] = len(self._sources), spell
        if known is not None:
            self._learned.append((len(self._sources), known))
        self._sources.append(source)

    def _read_what_follows(self) -> None:
        """What `logged()` of a model adds to its own fields."""
        self.constants: dict[str, str] = {}
        if self.model is Forecast:
            wordings, places = Known(_wordings, of_nothing=(NULL, NULL)), Known(_places)
            self._add("prediction_revision_sha256", "revision_id", lambda key: wordings[key][0], wordings)
            self._add("horizon", "revision_id", lambda key: wordings[key][1], wordings)
            self._add("supersedes", "supersedes_id", places.__getitem__, places)
            self.constants = {"client_at": NULL, "evidence": "[]"}
        if self.model is CheckpointAnchor:
            self._add("size", "checkpoint__size", str)
            self._add("note_sha256", "checkpoint__note", lambda note: _digest(note.encode()))
            self._add("token_sha256", "token", _digest)
        if self.model is DocumentComparison:
            for name in ("reference", "revised"):
                self._add(f"{name}_sha256", f"{name}__sha256", spelled)

    def _find_whole(self) -> None:
        """Where a row tells whose history it belongs to, and of which case it is."""
        first, _, rest = self.model.part_of.partition(".")
        holder: Any = self.model._meta.get_field(first).related_model if first else self.model
        self._wholes = Known(_wholes(holder, rest), of_nothing=(None, None))
        self._whole = len(self._sources)
        self._sources.append(f"{first}_id" if first else "pk")
        self._learned.append((self._whole, self._wholes))

    def _prepare_form(self) -> None:
        """The whole payload of an entry that records one such row and nothing else, with its blanks."""
        end = len(self._sources)  # where `payload` puts what the row does not hold itself
        blanks: dict[str, tuple[int, Callable[[Any], str]]] = {"actor": (end, str)}
        blanks |= {RATIONALE: (end + 1, str)} if self.is_reasoned else {}
        blanks |= self.columns
        members = {name: text.replace("%", "%%") for name, text in self.constants.items()} | dict.fromkeys(blanks, "%s")
        self._form = "{" + ",".join(f'"{name}":{members[name]}' for name in sorted(members)) + "}"
        self._blanks = [blanks[name] for name in sorted(blanks)]

    def payload(self, row: Stored, actor: str, rationale: str) -> str:
        """What the ledger says where it records this row alone; `actor` and the digest of its rationale as JSON."""
        row = (*row, actor, rationale)
        return self._form % tuple([spell(row[place]) for place, spell in self._blanks])

    def texts(self, row: Stored) -> dict[str, str]:
        """By the name in the ledger, what the row holds."""
        return {name: spell(row[place]) for name, (place, spell) in self.columns.items()} | self.constants

    def has_actor(self, row: Stored, actor: str) -> bool:
        """Whether `actor` is whom the row names as the one who wrote it down, if it names one."""
        place, spell = self.columns.get("actor", (0, None))
        return spell is None or spell(row[place]) == actor

    def default_of(self, name: str) -> Any:
        """What an entry means that was written before the model had this field."""
        field = self._fields.get(name)
        return None if field is None else plain(field.get_default())

    def learn(self, rows: Sequence[Stored]) -> None:
        """Look up, at once, what is needed to spell these rows."""
        for place, known in self._learned:
            known.learn({row[place] for row in rows})

    def uuid(self, row: Stored) -> str:
        place, spell = self.columns[self.name_of_uuid]
        return spell(row[place])

    def whole(self, row: Stored) -> tuple[str | None, int | None]:
        """Subject, as it is stored, and case of a row."""
        found: tuple[str | None, int | None] = self._wholes[row[self._whole]]
        return found


def _digest(content: bytes) -> str:
    return f'"{sha256(content).hexdigest()}"'


def _is_logged(model: type[Row], field: Any) -> bool:
    if field.name in UNLOGGED or isinstance(field, MicrosecondsField):
        return False
    if (model, field.name) in {(Trigger, "occurrence"), (Forecast, "revision"), (Forecast, "supersedes")}:
        return False
    return field.name in LOGGED_OF.get(model, {field.name})


def _wholes(model: type[models.Model], rest: str) -> Callable[[set[Any]], dict[Any, tuple[str | None, int | None]]]:
    """By the key of the row that a row is part of at first: the subject of its history and its case."""
    whole = f"{rest}__" if rest else ""
    has_case = bool(rest) or any(field.name == "case" for field in model._meta.concrete_fields)
    case = f"{whole}case_id" if has_case else "pk"
    subject = stored("erased__subject" if model is Erasure else f"{whole}uuid")

    def load(keys: set[Any]) -> dict[Any, tuple[str | None, int | None]]:
        found = model._base_manager.filter(pk__in=keys).values_list("pk", subject, case)
        is_of_case = has_case or model is Case
        return {key: (uuid, of_case if is_of_case else None) for key, uuid, of_case in found}

    return load


def _wordings(keys: set[int]) -> dict[int, tuple[str, str]]:
    """Digest and scheduled close of revisions, by key."""
    found = PredictionRevision.objects.filter(pk__in=keys).select_related("entry__erasure").prefetch_related("criteria")
    return {row.pk: (_digest_of(row), spelled(plain(row.closes_at))) for row in found}


def _digest_of(row: PredictionRevision) -> str:
    return UNKNOWN if hasattr(row.entry, "erasure") else f'"{row.sha256}"'


def _places(keys: set[int]) -> dict[int, str]:
    return {key: str(seq) for key, seq in Forecast.objects.filter(pk__in=keys).values_list("pk", "entry_id")}
