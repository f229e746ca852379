"""A load under way: what was found or made so far, what differs, and refusals told by their line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models

from accounts.models import User
from predictions.exchange import casebook as plain

Write = Callable[..., Any]


@dataclass(frozen=True)
class Judges:
    """Whose accounts judge: the resolvers by their names in the file, and who asks them and decides."""

    resolvers: Mapping[str, User] = field(default_factory=dict)
    adjudicator: User | None = None

    @property
    def people(self) -> list[User]:
        return [*self.resolvers.values(), *([self.adjudicator] if self.adjudicator else [])]


@dataclass
class Loading:
    """One load under way: who loads, the rows found or made so far by section and id, and what was noticed."""

    by: User
    at: datetime
    admit: Sequence[User] = ()
    judges: Judges = field(default_factory=Judges)
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def row(self, section: str, name: str | None) -> Any:
        return None if name is None else self.rows[section][name]

    def enter(
        self,
        section: str,
        item: Any,
        old: Any,
        given: Mapping[str, Any],
        write: Write,
        *,
        judge: User | None = None,
        **extra: Any,
    ) -> None:
        """Keep the row that is recorded already, or write the new one; remember it under the item's id.

        It is written in the name of who loads, or of `judge`.
        """
        if old is None:
            with told_at(item.line, f"{section}.{item.id}", judge):
                old = write(by=judge or self.by, at=self.at, **extra)
            self.count(section)
        else:
            self.compare(item.line, f"{section}.{item.id}", {name: getattr(old, name) for name in given}, given)
        self.rows.setdefault(section, {})[item.id] = old

    def count(self, section: str) -> None:
        """One more was created."""
        self.created[section] = self.created.get(section, 0) + 1

    def compare(self, line: int, where: str, recorded: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Note each value of the file that differs from what is recorded."""
        for name, value in given.items():
            if recorded[name] != (float(value) if isinstance(value, Decimal) else value):
                told = f"line {line}: {where}.{name}: differs from what is recorded, which was left as it is"
                self.notices.append(told)


@contextmanager
def told_at(line: int, where: str, judge: User | None = None) -> Iterator[None]:
    """Tell what an operation refuses, if only to this `judge`, by the line of the file that asked for it."""
    try:
        yield
    except PermissionDenied as refusal:
        if judge is None:
            raise
        raise plain.CasebookFaults([plain.Fault(line, where, f"as {judge.username}: {refusal}")]) from refusal
    except ValidationError as refusal:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        faults = [
            plain.Fault(line, f"{where}.{name}" if name not in {"", "__all__"} else where, message)
            for name, messages in by_field.items()
            for message in messages
        ]
        raise plain.CasebookFaults(faults) from refusal


def given_of(**fields: Any) -> dict[str, Any]:
    """Those that the file gives."""
    return {name: value for name, value in fields.items() if value is not None}


def moment_of(stem: str, moment: plain.Moment | None) -> dict[str, Any]:
    """The fields that hold a time and how precisely it is known."""
    if moment is None:
        return {}
    return {f"{stem}_at": moment.at, f"{stem}_precision": moment.precision, f"{stem}_until": moment.until}


def by_name(rows: models.QuerySet[Any], name: str) -> Any:
    """The row that the file's short name stands for, if it is recorded."""
    return rows.filter(external_id=name).first()
