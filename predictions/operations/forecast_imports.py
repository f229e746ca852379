"""Import predictions and forecasts of a data set: all of it or nothing, whatever its size."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import Q

from accounts.events import Outcome, tell
from accounts.models import User
from predictions.exchange import forecast_import as plain
from predictions.models import (
    Case,
    Forecast,
    Forecaster,
    LedgerEntry,
    LedgerPayload,
    LogHead,
    Prediction,
    PredictionRevision,
    Resolution,
)
from predictions.models.bulk import fire_constraints_at_once, renew_statistics, room_to_write
from predictions.models.coding_request import predictions_asked_of
from predictions.models.forecast import predictions_hiding_from
from predictions.models.times import microseconds
from predictions.operations.cases import open_case
from predictions.operations.forecast_import_checks import Findings, Keep
from predictions.operations.forecast_import_forecasts import write_forecasts
from predictions.operations.forecast_import_holding import CONFLICT, conflict_of, hold
from predictions.operations.forecast_import_reading import Reading
from predictions.operations.forecast_import_recorded import unrecorded
from predictions.operations.forecast_import_staging import Stage
from predictions.operations.forecast_import_writing import Writing, unnamed
from predictions.policy import can, demand
from predictions.tasks import rescore_stale_later

DEFAULT_CASE = "imported"
MANY = 50_000
"""From so many new forecasts on, the database looks at its tables anew: its plans are those of a smaller one."""
SELECTION = "Every row of the data files, as whoever made them chose and worded it."

Progress = Callable[[str, int], None]


def in_silence(step: str, count: int) -> None:
    """The progress report of an import that nobody watches."""


def import_forecasts(
    predictions: BinaryIO,
    forecasts: BinaryIO,
    *,
    by: User,
    at: datetime,
    case: str = DEFAULT_CASE,
    dry_run: bool = False,
    keep: Keep | None = None,
    rescores: bool = True,
    sees_all: bool = False,
    clock: Callable[[], datetime] | None = None,
    progress: Progress = in_silence,
) -> Findings:
    """Import two CSV files into the case of short name `case`, which is opened if there is none.

    Where the files have a fault nothing is written, unless `keep` takes the rejects: then the rest is. What is
    recorded already stays as it is and is not written again. `rescores` asks for new scores once all is written.
    A dry run counts as new what is recorded and hidden from `by`, unless they see all there is anyhow. Where reading
    may take long, `clock` tells the time when it is done.
    """
    demand(by, "import_forecasts")
    position, into, findings = _position(), _case_named(case, by), Findings(keep=keep)
    with Stage() as stage:
        reading = Reading(into, by, stage, findings, microseconds(at))
        _read(reading, predictions, forecasts, progress)
        if findings.is_refused:
            return findings
        _require_judge(reading)
        _compare(reading, sees_all=sees_all or not dry_run)
        if dry_run:
            _foretell(reading)
        elif _has_news(reading):
            with room_to_write(), _rivals_told():
                _write(reading, case, clock=clock or (lambda: at), since=position, progress=progress)
        findings.is_written = not dry_run
    if findings.is_written:
        count = sum(findings.created.values())
        transaction.on_commit(lambda: tell("import.done", Outcome.OK, actor=by.uuid, rows=count), robust=True)
    if findings.is_written and rescores:
        rescore_stale_later()
    return findings


def _case_named(name: str, by: User) -> Case | None:
    """The case, if `by` may import into it; None where it is still to be opened."""
    found = Case.objects.filter(external_id=name).first()
    if found is None:
        demand(by, "open_case")
        _new_case(name).full_clean()
    else:
        demand(by, "import_forecasts", found)
        _require_no_coder(by, found)
    return found


def _require_no_coder(by: User, case: Case) -> None:
    """Whoever is asked to code here would learn from what is refused, or is not new, what they must not see yet."""
    if predictions_asked_of(by).filter(prediction__case=case).exists():
        raise ValidationError({"case": "You are asked to code a forecast of this case. Code it, or decline, first."})


def _new_case(name: str) -> Case:
    title = name.replace("-", " ").capitalize()
    return Case(external_id=name, title=title, selection=SELECTION, description="Opened by an import of forecasts.")


def _position() -> int:
    head = LogHead.objects.filter(pk=1).first()
    return head.next_seq if head else 0


def _read(reading: Reading, predictions: BinaryIO, forecasts: BinaryIO, progress: Progress) -> None:
    try:
        reading.read_predictions(predictions)
        progress("predictions read", reading.findings.read[plain.PREDICTIONS])
        reading.read_forecasts(forecasts)
        progress("forecasts read", reading.findings.read[plain.FORECASTS])
    except plain.Unreadable as fault:
        # Without its header nothing of a file can be taken, and nothing be kept apart.
        reading.findings.keep = None
        reading.findings.reject(fault.faults[0].file, plain.Reject((), fault.faults))


def _require_judge(reading: Reading) -> None:
    """Whoever imports outcomes decides predictions, which not everybody may who records forecasts."""
    if reading.undecided and not can(reading.by, "resolve"):
        told = (
            f"These files decide {reading.undecided:,} predictions, and only a resolver or an adjudicator decides. "
            "Empty the column “outcome”, or ask one who records forecasts too."
        )
        raise ValidationError({"predictions": told})


def _compare(reading: Reading, *, sees_all: bool) -> None:
    """Find out which forecasts are new; for the eyes of who imports, only beside what they see."""
    stage, by = reading.stage, reading.by
    recorded = Forecast.objects.all() if sees_all else Forecast.objects.visible_to(by)
    stage.is_new = unrecorded(stage.forecasts(), reading.keys, list(reading.people), among=recorded)
    if stage.is_new is not None and not sees_all:
        reading.findings.is_at_most = predictions_hiding_from(by).filter(case=reading.case).exists()


def _has_news(reading: Reading) -> bool:
    stage = reading.stage
    posed = any(key is None for _, key in stage.predictions())
    return posed or bool(reading.undecided) or next(stage.new_forecasts(), None) is not None


@contextmanager
def _rivals_told() -> Iterator[None]:
    try:
        yield
    except OperationalError as fault:
        raise conflict_of(fault) from fault


def _foretell(reading: Reading) -> None:
    """Count what an import would create."""
    stage, created = reading.stage, reading.findings.created
    new = [row.external_id for row, key in stage.predictions() if key is None]
    created["predictions"] = len(new)
    created["forecasts"] = sum(map(len, stage.new_forecasts()))
    created["outcomes"] = reading.undecided
    created["forecasters"] = len(unnamed(reading.people))


@transaction.atomic
def _write(reading: Reading, name: str, *, clock: Callable[[], datetime], since: int, progress: Progress) -> None:
    hold(reading)
    _require_unmoved(name, reading.by, since)
    fire_constraints_at_once()
    findings, by, at = reading.findings, reading.by, clock()
    case = reading.case or open_case(_new_case(name), by=by, at=at)
    writing = Writing(case, by, at, reading.stage)
    findings.count("forecasters", writing.name_forecasters(reading.people))
    findings.count("predictions", writing.pose_predictions())
    progress("predictions written", findings.created["predictions"])
    for count in write_forecasts(writing, _keys(reading, case), list(reading.people)):
        findings.count("forecasts", count)
        progress("forecasts written", findings.created["forecasts"])
    findings.count("outcomes", writing.resolve_predictions())
    if findings.created["forecasts"] >= MANY:
        renew_statistics(Forecast, Prediction, PredictionRevision, Resolution, Forecaster, LedgerEntry, LedgerPayload)


def _require_unmoved(name: str, by: User, since: int) -> None:
    """What was checked outside this transaction must still hold in it."""
    since_then = LedgerEntry.objects.filter(seq__gte=since)
    of_case = Q(payload__case__external_id=name) | Q(kind__startswith="forecaster.") | Q(subject=by.uuid)
    if since_then.filter(of_case).exists():
        raise ValidationError(CONFLICT, code="conflict")


def _keys(reading: Reading, case: Case) -> list[int]:
    """Keys of the numbered predictions, now that all of them are recorded."""
    numbered = Prediction.objects.filter(case=case).exclude(external_id="")
    known = dict(numbered.values_list("external_id", "pk").iterator())
    names = sorted((number, name) for name, number in reading.numbers.items() if number >= 0)
    return [known[name] for _, name in names]
