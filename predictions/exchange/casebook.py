"""The casebook: a case as one YAML file, read into plain rows (format `forsooth-casebook: 1`).

`casebook_sections` and `casebook_judgements` say what each section holds; this page reads the whole. Nothing of a file
is believed before all of it is sound.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo

from predictions.exchange.casebook_faults import CasebookFaults, Fault, FaultList
from predictions.exchange.casebook_judgements import Assessment, Resolution
from predictions.exchange.casebook_rows import Breach, Place, Reading, Row, record, take, zone_within
from predictions.exchange.casebook_sections import (
    Case,
    Criterion,
    Evidence,
    Forecast,
    Forecaster,
    Occurrence,
    Prediction,
    Quote,
    Source,
    Trigger,
)
from predictions.exchange.moments import Moment
from predictions.exchange.yaml_lines import Mapping, Node, Scalar, read_nodes

__all__ = [
    "MAX_BYTES",
    "Assessment",
    "Case",
    "Casebook",
    "CasebookFaults",
    "Criterion",
    "Evidence",
    "Fault",
    "Forecast",
    "Forecaster",
    "Moment",
    "Occurrence",
    "Prediction",
    "Quote",
    "Resolution",
    "Source",
    "Trigger",
    "parse_casebook",
]

FORMAT_KEY, FORMAT = "forsooth-casebook", "1"
MAX_BYTES = 1024 * 1024

Told = TypeVar("Told", bound=Row)


@dataclass(frozen=True, slots=True, kw_only=True)
class Casebook(Row):
    """A case with all that belongs to it; sections refer only to sections above them."""

    case: Case
    sources: tuple[Source, ...] = ()
    quotes: tuple[Quote, ...] = ()
    forecasters: tuple[Forecaster, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    predictions: tuple[Prediction, ...] = ()
    forecasts: tuple[Forecast, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    resolutions: tuple[Resolution, ...] = ()

    def breaches(self, _reading: Reading) -> Iterator[Breach]:
        """Nothing is resolved twice, nor assessed twice by one resolver; the case says whether resolvers are asked."""
        for number, told, line in _repeated(self.resolutions, lambda row: row.prediction):
            yield ("resolutions", number, "prediction"), f"{told.prediction} is resolved on line {line} already"
        for number, found, line in _repeated(self.assessments, lambda row: (row.prediction, row.resolver)):
            message = f"{found.resolver} assessed {found.prediction} on line {line} already"
            yield ("assessments", number, "resolver"), message
        yield from self._breaches_of_basis() if self.case.resolvers else self._breaches_of_none_asked()

    def _breaches_of_basis(self) -> Iterator[Breach]:
        for number, resolution in enumerate(self.resolutions, start=1):
            if resolution.basis is None:
                yield ("resolutions", number), "needs a basis, agreed or adjudicated, for the case asks for resolvers"

    def _breaches_of_none_asked(self) -> Iterator[Breach]:
        message = "goes only with a case that asks for resolvers: give case.resolvers, or leave it out"
        for number, _ in enumerate(self.assessments, start=1):
            yield ("assessments", number), message
        for number, resolution in enumerate(self.resolutions, start=1):
            if resolution.basis is not None:
                yield ("resolutions", number, "basis"), message


def _repeated(rows: Sequence[Told], key: Callable[[Told], Hashable]) -> Iterator[tuple[int, Told, int]]:
    """Each row whose key an earlier one has, with its number and the earlier one's line."""
    lines: dict[Hashable, int] = {}
    for number, row in enumerate(rows, start=1):
        if key(row) in lines:
            yield number, row, lines[key(row)]
        lines.setdefault(key(row), row.line)


_CASEBOOK = record(Casebook)


def parse_casebook(data: bytes) -> Casebook:
    """Return the case in the bytes of a file (UTF-8, at most `MAX_BYTES`).

    Raises CasebookFaults, and nothing else, for what is no casebook: every fault with its line, not only the first.
    """
    faults = FaultList()
    body = _body(read_nodes(_decoded(data), faults))
    place = Place(Reading(faults), _zone_of_case(body))
    casebook: Casebook = take(_CASEBOOK, body, place)
    faults.raise_if_any()
    return casebook


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise CasebookFaults([Fault(1, "file", f"is larger than {MAX_BYTES:,} bytes, the most a casebook may have")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CasebookFaults([Fault(line, "file", "is not in UTF-8: save it in that encoding")]) from None


def _body(root: Node) -> Mapping:
    """Return what stands beside the version key; by another version's rules nothing here can be judged."""
    entries = root.entries if isinstance(root, Mapping) else {}
    version = entries.get(FORMAT_KEY)
    if version is None:
        raise CasebookFaults(
            [Fault(root.line, "file", f"is no casebook: its first line must be {FORMAT_KEY}: {FORMAT}")]
        )
    if not isinstance(version.node, Scalar) or version.node.text != FORMAT:
        raise CasebookFaults([Fault(version.line, FORMAT_KEY, f"this version cannot be read here, only {FORMAT}")])
    return Mapping(root.line, {name: entry for name, entry in entries.items() if name != FORMAT_KEY})


def _zone_of_case(body: Mapping) -> ZoneInfo:
    utc = ZoneInfo("UTC")
    return zone_within(body.entries["case"].node, utc) if "case" in body.entries else utc
