"""What an import finds: faults by line, notices, counts; and what a file says against what is recorded."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from predictions.exchange import forecast_import as plain
from predictions.models import Origin, Prediction, Resolution
from predictions.models.times import microseconds

SHOWN = 50
CREATED = ("forecasters", "predictions", "forecasts", "outcomes")

Keep = Callable[[plain.Reject], None]


@dataclass
class Findings:
    """Faults and notices with how many there were in all, of which the first `SHOWN` are kept; and counts of rows.

    `keep` takes the rejects where the rest is to be imported without them; without it one fault stops everything.
    """

    keep: Keep | None = None
    faults: list[plain.Fault] = field(default_factory=list)
    notices: list[plain.Fault] = field(default_factory=list)
    fault_count: int = 0
    notice_count: int = 0
    read: dict[str, int] = field(default_factory=dict)
    rejected: dict[str, int] = field(default_factory=dict)
    created: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CREATED, 0))
    is_written: bool = False
    is_at_most: bool = False
    """Whether some of the forecasts counted as new may be recorded already, and are hidden from who asks."""

    @property
    def is_refused(self) -> bool:
        return bool(self.fault_count) and self.keep is None

    def reject(self, file: str, rejected: plain.Reject) -> None:
        self.fault_count += len(rejected.faults)
        self.faults += rejected.faults[: SHOWN - len(self.faults)]
        self.rejected[file] = self.rejected.get(file, 0) + 1
        if self.keep:
            self.keep(rejected)

    def notice(self, file: str, line: int, column: str, message: str) -> None:
        self.notice_count += 1
        if len(self.notices) < SHOWN:
            self.notices.append(plain.Fault(file, line, column, message))

    def count(self, of: str, more: int) -> None:
        self.created[of] += more

    def each_read(self, file: str, rows: Iterable[Any]) -> Iterator[Any]:
        """`rows`, counted."""
        number = 0
        for number, row in enumerate(rows, 1):  # noqa: B007 -- the last number is the count
            yield row
        self.read[file] = number


def differences(row: plain.PlainPrediction, prediction: Prediction) -> Iterator[tuple[str, str]]:
    """Columns in which a file agrees with neither the first wording nor the newest; what is recorded is kept."""
    wordings = [r for r in prediction.revisions.all() if r.number == 1 or r.pk == prediction.revision_id]
    recorded: dict[str, tuple[set[Any], Any]] = {
        "title": ({r.statement for r in wordings}, row.title),
        "opened_at": ({r.opens_us for r in wordings}, row.opens_us),
        "closed_at": ({r.closes_us for r in wordings}, row.closes_us),
        "category": ({prediction.theme}, row.theme),
    }
    for column, (known, told) in recorded.items():
        if told not in known and not (column == "opened_at" and told is None):
            yield column, "differs from what is recorded, which stays as it is"


def outcome_fault(row: plain.PlainPrediction, recorded: Iterable[Resolution]) -> tuple[str, str] | None:
    """The column in which a decided row contradicts every decision that is recorded, and why that is refused."""
    decisions = list(recorded)
    same = [each for each in decisions if each.outcome == row.outcome]
    if not decisions or any(_known_us(each) == row.known_us for each in same):
        return None
    column = "resolved_at" if same else "outcome"
    return column, "differs from what is recorded: a decision is changed by replacing it, with a reason"


def _known_us(resolution: Resolution) -> int | None:
    return None if resolution.known_at is None else microseconds(resolution.known_at)


def outcome_refusal(prediction: Prediction, *, is_own: bool) -> str | None:
    """Why the outcome of an undecided prediction cannot come from a file; None if it can."""
    if prediction.origin != Origin.IMPORTED:
        return "was posed here, with criteria of its own: resolve it on its page"
    return "is of a prediction that you forecast yourself: somebody else must decide it" if is_own else None
