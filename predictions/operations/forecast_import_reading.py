"""The first pass of an import: each row against its file and against what is recorded; what is sound is staged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, BinaryIO

from django.db.models import Prefetch

from accounts.models import User
from predictions.exchange import forecast_import as plain
from predictions.models import Case, Forecast, Forecaster, Origin, Prediction, Resolution
from predictions.models.forecaster import CONSENSUS_PREFIX
from predictions.models.team import forecast_by
from predictions.operations.forecast_import_checks import Findings, differences, outcome_fault, outcome_refusal
from predictions.operations.forecast_import_staging import Stage
from predictions.policy import selves

BLOCK = 500
REJECTED, UNKNOWN = -1, -2
FORBIDDEN = {
    REJECTED: "its prediction was rejected",
    UNKNOWN: "is no prediction of the other file or of the case",
}
OF_AN_ACCOUNT = "has an account here: what this person says is logged by themselves, not imported"
OF_A_TEAM = "is a team's name here: what it says is logged by its members, not imported"
OF_CONSENSUS = "is a consensus that we compute: it issues no forecasts"


@dataclass
class Reading:
    """What both files say, as far as they have been read: predictions and forecasters by number, in order."""

    case: Case | None
    by: User
    stage: Stage
    findings: Findings
    now_us: int
    numbers: dict[str, int] = field(default_factory=dict)
    """By short name: the number of a prediction, or REJECTED."""
    keys: list[int | None] = field(default_factory=list)
    """By number: the key of a prediction that is recorded already."""
    lines: list[int] = field(default_factory=list)
    people: dict[str, int] = field(default_factory=dict)
    """By name: the number of a forecaster, in the order of their first sound forecasts."""
    undecided: int = 0
    """How many predictions the files decide that no decision is recorded for."""

    def __post_init__(self) -> None:
        self._recorded: dict[str, int] = dict(self._recorded_predictions())
        self._forbidden = dict(_forbidden_names())

    def _recorded_predictions(self) -> Iterator[tuple[str, int]]:
        if self.case is not None:
            named = self.case.predictions.exclude(external_id="")
            yield from named.values_list("external_id", "pk").iterator()

    # --- predictions ---------------------------------------------------------------------------------------------

    def read_predictions(self, content: BinaryIO) -> None:
        rows = self.findings.each_read(plain.PREDICTIONS, plain.read_predictions(content))
        while block := list(islice(rows, BLOCK)):
            recorded = self._rows_recorded(block)
            for row in block:
                if isinstance(row, plain.Reject):
                    self._reject_prediction(row)
                else:
                    self._take_prediction(row, recorded.get(row.external_id))

    def _rows_recorded(self, block: Sequence[Any]) -> dict[str, Prediction]:
        keys = [self._recorded[row.external_id] for row in block if getattr(row, "external_id", "") in self._recorded]
        if not keys:
            return {}
        resolutions = Prefetch("resolutions", Resolution.objects.order_by("pk"))
        rows = Prediction.objects.filter(pk__in=keys).prefetch_related("revisions", resolutions)
        return {row.external_id: row for row in rows}

    def _take_prediction(self, row: Any, recorded: Prediction | None) -> None:
        fault = self._fault_of(row, recorded)
        if fault is not None:
            self._reject_prediction(plain.Reject(row.cells, [plain.Fault(plain.PREDICTIONS, row.line, *fault)]))
            return
        self._notice_of(row, recorded)
        is_to_decide = row.is_decided and (recorded is None or recorded.resolution_id is None)
        self.undecided += is_to_decide
        self.numbers[row.external_id] = len(self.keys)
        key = recorded.pk if recorded else None
        self.keys.append(key)
        self.lines.append(row.line)
        self.stage.put_prediction(row._replace(is_decided=is_to_decide), key)

    def _fault_of(self, row: Any, recorded: Prediction | None) -> tuple[str, str] | None:
        number = self.numbers.get(row.external_id)
        if number is not None:
            first = f": first in line {self.lines[number]}" if number >= 0 else ""
            return "external_id", f"stands twice in this file{first}"
        if recorded is None or not row.is_decided:
            return None
        if recorded.resolution_id is None:
            refusal = outcome_refusal(recorded, is_own=recorded.pk in self._own)
            return ("outcome", refusal) if refusal else None
        decisions = recorded.resolutions.all()
        counting = [each for each in decisions if each.origin == Origin.IMPORTED or each.pk == recorded.resolution_id]
        return outcome_fault(row, counting)

    @cached_property
    def _own(self) -> set[int]:
        """Keys of the predictions that whoever imports, or a team of theirs, forecast in their own name."""
        return set(Forecast.objects.filter(forecast_by(selves(self.by))).values_list("prediction", flat=True))

    def _notice_of(self, row: Any, recorded: Prediction | None) -> None:
        told: list[tuple[str, str]] = []
        if row.known_us is not None and not row.is_decided:
            told.append(("resolved_at", "is left out: there is no outcome beside it"))
        if row.is_decided and row.known_us is not None and row.known_us > self.now_us:
            told.append(("resolved_at", "lies in the future: the outcome is taken as known from then on"))
        if recorded is None and row.opens_us is None:
            told.append(("opened_at", "is empty: the time of the first forecast stands in for it"))
        if recorded is not None:
            told += differences(row, recorded)
            if recorded.resolution_id is not None and not row.is_decided:
                told.append(("outcome", "is empty: the recorded one stays"))
        for column, message in told:
            self.findings.notice(plain.PREDICTIONS, row.line, column, message)

    def _reject_prediction(self, rejected: plain.Reject) -> None:
        if rejected.cells:
            self.numbers.setdefault(rejected.cells[0].strip(), REJECTED)
        self.findings.reject(plain.PREDICTIONS, rejected)

    # --- forecasts -----------------------------------------------------------------------------------------------

    def read_forecasts(self, content: BinaryIO) -> None:
        rows = self.findings.each_read(plain.FORECASTS, plain.read_forecasts(content))
        self.stage.put_forecasts(self._sound_forecasts(rows))

    def _sound_forecasts(self, rows: Iterable[Any]) -> Iterator[tuple[int, int, int, float]]:
        for row in rows:
            if isinstance(row, plain.Reject):
                self.findings.reject(plain.FORECASTS, row)
                continue
            number = self.numbers.get(row.external_id)
            if number is None:
                number = self._number_of_recorded(row.external_id)
            if number < 0 or row.forecaster in self._forbidden:
                self._reject_forecast(row, number)
                continue
            person = self.people.get(row.forecaster)
            if person is None:
                if row.forecaster.casefold().startswith(CONSENSUS_PREFIX):
                    self._forbidden[row.forecaster] = OF_CONSENSUS
                    self._reject_forecast(row, number)
                    continue
                person = self.people[row.forecaster] = len(self.people)
            if row.made_us > self.now_us:
                self.findings.notice(plain.FORECASTS, row.line, "made_at", "lies in the future: taken as it stands")
            yield number, person, row.made_us, row.probability

    def _number_of_recorded(self, external_id: str) -> int:
        """The number of a prediction that only the case knows, given with its first forecast."""
        key = self._recorded.get(external_id)
        if key is None:
            return UNKNOWN
        self.numbers[external_id] = len(self.keys)
        self.keys.append(key)
        return self.numbers[external_id]

    def _reject_forecast(self, row: plain.PlainForecast, number: int) -> None:
        """Where nothing is wrong but its prediction, only if rejects are kept: else one fault were told many times."""
        why = self._forbidden.get(row.forecaster)
        faults = [("external_id", FORBIDDEN[number])] if number < 0 else []
        faults += [("forecaster", why)] if why else []
        if number != REJECTED or why or self.findings.keep:
            told = [plain.Fault(plain.FORECASTS, row.line, *fault) for fault in faults]
            self.findings.reject(plain.FORECASTS, plain.Reject(row.cells, told))


def _forbidden_names() -> Iterator[tuple[str, str]]:
    for name in Forecaster.objects.filter(account__isnull=False).values_list("name", flat=True):
        yield name, OF_AN_ACCOUNT
    for name in Forecaster.objects.filter(team__isnull=False).values_list("name", flat=True):
        yield name, OF_A_TEAM
    for name in Forecaster.objects.filter(kind=Forecaster.Kind.CONSENSUS).values_list("name", flat=True):
        yield name, OF_CONSENSUS
