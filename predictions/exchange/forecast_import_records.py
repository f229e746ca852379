"""Records of a CSV file, with the line each begins on; what is no record is told, not raised."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import BinaryIO, NamedTuple, TextIO

from predictions.exchange.casebook_faults import shown
from predictions.exchange.forecast_import_headers import odd_beginning, odd_header
from predictions.exchange.forecast_table import guarded, unguarded

PREDICTIONS, FORECASTS = "predictions", "forecasts"
COLUMNS = {
    PREDICTIONS: ("external_id", "title", "opened_at", "closed_at", "resolved_at", "outcome", "category"),
    FORECASTS: ("external_id", "forecaster", "probability", "made_at"),
}
# Rejects of both files stand in one, which can be given in place of either.
OF_REJECTS = ("file", "line", "column", "fault")
ALL_COLUMNS = (*dict.fromkeys([*COLUMNS[PREDICTIONS], *COLUMNS[FORECASTS]]), *OF_REJECTS)
LONGEST_RAW = 1_000
LONGEST_LINE = 1_000_000
LINES_AT_ONCE = 1_000


class Fault(NamedTuple):
    """One thing to mend in `file`, predictions or forecasts; `line` is the first of its record, from 1."""

    file: str
    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f"{self.column}: " if self.column else ""
        return f"{self.file}, line {self.line}: {where}{self.message}"


class Reject(NamedTuple):
    """A record that cannot be taken: its cells in the order of its file's columns, and why."""

    cells: Sequence[str]
    faults: Sequence[Fault]


class Unreadable(ValueError):  # noqa: N818 -- it tells what is wrong with a file, like CasebookFaults
    """Raised for a file whose header is not what it must be; `faults` says why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


Record = tuple[int, Sequence[str]]


class Records(NamedTuple):
    """Records one after another, a line each, from `line` on."""

    line: int
    rows: Sequence[Sequence[str]]


class _Lines:
    """The lines of a file, counted; those of a broken record can be gone back to, all but its first."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._again: list[str] = []
        self.count = 0
        self.of_record: list[str] = []
        self.is_cut = False
        """Whether the record holds a line of which only the beginning was kept."""

    def __iter__(self) -> Iterator[str]:
        while line := self._again.pop() if self._again else self._next():
            self.count += 1
            self.of_record.append(line)
            self.is_cut |= _is_cut(line)
            yield line

    def _next(self) -> str:
        """The next line, or the beginning of one that is too long: its rest is passed over."""
        line = rest = self._text.readline(LONGEST_LINE)
        while _is_cut(rest):
            rest = self._text.readline(LONGEST_LINE)
        return line

    def plain(self, width: int) -> Sequence[Sequence[str]]:
        """The cells of the next lines, if each is a record of its own, and so wide; else none, and no line is read."""
        if self._again:
            return ()
        lines, length = list[str](), 0
        while len(lines) < LINES_AT_ONCE and length < LONGEST_LINE and (line := self._next()):
            lines.append(line)
            length += len(line)
        try:
            rows = list(csv.reader(lines, strict=True))
        except csv.Error:
            rows = []
        if len(rows) == len(lines) and set(map(len, rows)) == {width} and max(map(len, lines)) < LONGEST_LINE:
            self.count += len(lines)
            return rows
        self._again = lines[::-1]
        return ()

    def begin(self) -> int:
        """The number of the line on which the next record begins."""
        self.of_record.clear()
        self.is_cut = False
        return self.count + 1

    def go_back(self) -> None:
        """Let the second line of the record be the next: a quote that is not closed swallows what is sound."""
        self._again += reversed(self.of_record[1:])
        self.count -= len(self.of_record) - 1


def _is_cut(line: str) -> bool:
    return len(line) == LONGEST_LINE and line[-1] not in "\r\n"


def records(file: str, content: BinaryIO) -> Iterator[Records | Reject]:
    """The records of `content`, their cells in the order of COLUMNS[file]; blank ones are left out.

    Raises Unreadable for a header that is not these columns, in any order.
    """
    # Undecodable bytes become lone surrogates, which the cells' readers refuse where they stand.
    text = io.TextIOWrapper(content, "utf-8-sig", errors="surrogateescape", newline="")
    try:
        yield from _records(file, _Lines(text))
    finally:
        text.detach()


def _records(file: str, lines: _Lines) -> Iterator[Records | Reject]:
    numbered = _numbered(file, lines)
    header = next((each for each in numbered if isinstance(each, Reject) or any(map(str.strip, each[1]))), None)
    table = _table(file, header)
    while True:
        line = lines.count + 1
        if table.is_plain and (rows := lines.plain(table.width)):
            yield Records(line, list(map(table.takes, rows)))
            continue
        each = next(numbered, None)
        if each is None:
            return
        if isinstance(each, Reject):
            yield each
            continue
        line, cells = each
        if table.fits(cells):
            if table.is_ours(cells):
                yield Records(line, [table.takes(cells)])
        elif any(cells):
            lines.go_back()
            yield table.misfit(line, cells)


def _numbered(file: str, lines: _Lines) -> Iterator[Record | Reject]:
    """Every record with its first line; after a broken one, reading goes on with the next line."""
    reader = csv.reader(lines, strict=True)
    while True:
        line = lines.begin()
        try:
            cells = next(reader)
            if lines.is_cut:
                raise csv.Error(f"it has a line of more than {LONGEST_LINE:,} characters")
        except StopIteration:
            return
        except csv.Error as fault:
            broken = _broken(file, line, lines.of_record, fault)
            lines.go_back()
            reader = csv.reader(lines, strict=True)
            yield broken
            continue
        yield line, cells


def _broken(file: str, line: int, of_record: Sequence[str], fault: csv.Error) -> Reject:
    why = "a quotation mark is opened and not closed" if len(of_record) > 1 else str(fault)
    return Reject((of_record[0][:LONGEST_RAW].rstrip("\r\n"),), [Fault(file, line, "", f"is no CSV record: {why}")])


class _Table(NamedTuple):
    """How the records under a header are to be read."""

    file: str
    width: int
    named: int
    takes: Callable[[Sequence[str]], Sequence[str]]
    of_file: int | None
    """Where rejects of both files stand in one: the cell that says of which."""

    @property
    def is_plain(self) -> bool:
        """Whether every cell is one of ours, just as it stands."""
        return self.of_file is None and self.named == self.width

    def fits(self, cells: Sequence[str]) -> bool:
        return len(cells) == self.width and (self.named == self.width or not any(cells[self.named :]))

    def is_ours(self, cells: Sequence[str]) -> bool:
        return self.of_file is None or cells[self.of_file] == self.file

    def misfit(self, line: int, cells: Sequence[str]) -> Reject:
        """A record of another length; its first cells stand where they stood."""
        over = cells[self.named :]
        told = f"has {len(cells)} cells under {self.named} headings"
        told += f", too many: {shown(','.join(over))}" if any(over) else ""
        whole = [*cells, *[""] * (self.width - len(cells))]
        return Reject(self.takes(whole), [Fault(self.file, line, "", told)])


def _table(file: str, header: Record | Reject | None) -> _Table:
    """Raises Unreadable where there is no header, or not that of `file`."""
    if header is None or isinstance(header, Reject):
        hint = odd_beginning(header.cells[0]) if header else "is empty: it has no header"
        raise Unreadable([Fault(file, 1, "", hint)] if hint or not header else header.faults)
    line, names = header[0], [cell.strip() for cell in header[1]]
    if hint := odd_beginning(header[1][0]) or odd_header(file, COLUMNS, names):
        raise Unreadable([Fault(file, line, "", hint)])
    width = len(names)
    while not names[-1]:  # the empty columns that a spreadsheet writes beside its last one
        names.pop()
    takes, is_of_rejects = _columns_of(file, line, names), "file" in names
    plainly = (lambda cells: [unguarded(cell) for cell in takes(cells)]) if is_of_rejects else takes
    return _Table(file, width, len(names), plainly, names.index("file") if is_of_rejects else None)


def _columns_of(file: str, line: int, names: Sequence[str]) -> Callable[[Sequence[str]], Sequence[str]]:
    """What puts the cells of a record in order. Raises Unreadable for missing, unknown and doubled columns."""
    wanted = COLUMNS[file]
    known = ALL_COLUMNS if "file" in names else wanted
    faults = [Fault(file, line, name, "is missing from the header") for name in wanted if name not in names]
    faults += [Fault(file, line, shown(name), "is no column of this file") for name in names if name not in known]
    faults += [Fault(file, line, name, "stands twice in the header") for name in known if names.count(name) > 1]
    if faults:
        raise Unreadable(faults)
    return itemgetter(*map(names.index, wanted))


def reject_lines(rejects: Iterable[Reject]) -> Iterator[list[str]]:
    """Rejects as records under ALL_COLUMNS, each cell as it stood: what is mended there can be imported from there.

    What a spreadsheet would take for a formula has an apostrophe before it, which reading takes away.
    """
    for reject in rejects:
        first = reject.faults[0]
        cells = dict(zip(COLUMNS[first.file], map(guarded, reject.cells), strict=False))
        told = "; ".join(dict.fromkeys(fault.message for fault in reject.faults))
        columns = " ".join(dict.fromkeys(fault.column for fault in reject.faults if fault.column))
        cells |= {"file": first.file, "line": str(first.line), "column": columns, "fault": told}
        yield [cells.get(name, "") for name in ALL_COLUMNS]
