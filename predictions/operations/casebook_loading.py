"""A load under way: what was found or made so far, what differs, and refusals told by their line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions.exchange import casebook as plain

Write = Callable[..., Any]


@dataclass
class Loading:
    """One load under way: who loads, the rows found or made so far by section and id, and what was noticed."""

    by: User
    at: datetime
    admit: Sequence[User] = ()
    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    def row(self, section: str, name: str | None) -> Any:
        return None if name is None else self.rows[section][name]

    def enter(self, section: str, item: Any, old: Any, given: Mapping[str, Any], write: Write, **extra: Any) -> Any:
        """Keep the row that is recorded already, or write the new one; remember it under the item's id."""
        if old is None:
            with told_at(item.line, f"{section}.{item.id}"):
                old = write(by=self.by, at=self.at, **extra)
            self.created[section] = self.created.get(section, 0) + 1
        else:
            self.compare(item.line, f"{section}.{item.id}", {name: getattr(old, name) for name in given}, given)
        self.rows.setdefault(section, {})[item.id] = old

    def compare(self, line: int, where: str, recorded: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Note each value of the file that differs from what is recorded."""
        for name, value in given.items():
            if recorded[name] != (float(value) if isinstance(value, Decimal) else value):
                told = f"line {line}: {where}.{name}: differs from what is recorded, which was left as it is"
                self.notices.append(told)


@contextmanager
def told_at(line: int, where: str) -> Iterator[None]:
    """Tell what an operation refuses by the line of the file that asked for it."""
    try:
        yield
    except ValidationError as refusal:
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {"": refusal.messages}
        faults = [
            plain.Fault(line, f"{where}.{name}" if name not in {"", "__all__"} else where, message)
            for name, messages in by_field.items()
            for message in messages
        ]
        raise plain.CasebookFaults(faults) from refusal
