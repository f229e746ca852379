import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from predictions import scorekeeping
from predictions.exchange import forecast_import as plain
from predictions.management.collector import rested_collector
from predictions.management.terminal import printable
from predictions.models import Prediction
from predictions.operations.accounts import COMMAND_LINE, command_line_account
from predictions.operations.forecast_import_checks import Findings
from predictions.operations.forecast_imports import DEFAULT_CASE, import_forecasts


class Command(BaseCommand):
    help = "Import predictions and forecasts from two CSV files: all of them, or nothing. Importing twice adds nothing."
    requires_system_checks: list[str] = []  # they take a second and look at the code, which an import does not change

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("predictions", type=Path, help=f"CSV in UTF-8: {', '.join(plain.COLUMNS[plain.PREDICTIONS])}.")
        add("forecasts", type=Path, help=f"CSV in UTF-8: {', '.join(plain.COLUMNS[plain.FORECASTS])}.")
        add("--dry-run", action="store_true", help="Check everything, record nothing; rejects are listed all the same.")
        add("--skip-invalid", type=Path, metavar="REJECTS.csv", help="Import what is sound, write the rest here.")
        add("--case", default=DEFAULT_CASE, metavar="NAME", help="Short name of the case; opened if there is none.")
        add("--no-rescore", action="store_true", help="Leave the scores to `rescore`.")

    def handle(self, *args: Any, **options: Any) -> None:
        self._files = {plain.PREDICTIONS: options["predictions"], plain.FORECASTS: options["forecasts"]}
        with rested_collector():
            findings = self._import(options["skip_invalid"], case=options["case"], dry_run=options["dry_run"])
        self._tell(findings)
        if findings.is_written and not options["no_rescore"]:
            changed = Prediction.objects.filter(case__external_id=options["case"]).stale()
            count = scorekeeping.rescore(changed, at=timezone.now(), progress=self._tell_rescored)
            self.stdout.write(self.style.SUCCESS(f"Rescored {count:,} prediction{'' if count == 1 else 's'}."))
        if findings.is_refused:
            raise CommandError(f"{_faults(findings)}: nothing was imported.")
        if findings.fault_count:
            self.stderr.write(self.style.WARNING(self._verdict(findings, options["skip_invalid"])))

    def _import(self, rejects: Path | None, *, case: str, dry_run: bool) -> Findings:
        at = timezone.now()
        predictions, forecasts = self._files.values()
        wanted: dict[str, Any] = {"case": case, "dry_run": dry_run, "rescores": False, "sees_all": True}
        try:
            with predictions.open("rb") as told, forecasts.open("rb") as made, self._kept(rejects) as kept:
                with _command_line(at, dry_run=dry_run) as shell:
                    wanted |= {"keep": kept and kept.keep, "clock": timezone.now, "progress": self._tell_progress}
                    findings = import_forecasts(told, made, by=shell, at=at, **wanted)
                if kept and not findings.is_refused:
                    kept.take_place()
                return findings
        except OSError as fault:
            raise CommandError(f"{fault.filename or 'A file'} cannot be read or written: {fault.strerror}.") from fault
        except ValidationError as refusal:
            raise CommandError("Nothing was imported. " + " ".join(refusal.messages)) from refusal
        except PermissionDenied as refusal:
            raise CommandError("Nothing was imported: the case is not open to the command line.") from refusal

    def _kept(self, rejects: Path | None) -> Any:
        if rejects is None:
            return nullcontext()
        if rejects.is_dir():
            raise CommandError(f"{rejects} is a directory: name a file for the rejects.")
        if any(rejects.exists() and file.exists() and rejects.samefile(file) for file in self._files.values()):
            raise CommandError(f"{rejects} is one of the files to import: name another for the rejects.")
        return rejects_file(rejects)

    # --- what is told --------------------------------------------------------------------------------------------

    def _tell_progress(self, step: str, count: int) -> None:
        self.stdout.write(f"  {step}: {count:,}")

    def _tell_rescored(self, done: int, of: int) -> None:
        self.stdout.write(f"  predictions rescored: {done:,} of {of:,}")

    def _tell(self, findings: Findings) -> None:
        for notice in findings.notices:
            self.stdout.write(self.style.WARNING(self._line(notice)))
        if findings.notice_count > len(findings.notices):
            self.stdout.write(
                self.style.WARNING(f"… and {findings.notice_count - len(findings.notices):,} more notices.")
            )
        for fault in findings.faults:
            self.stderr.write(self._line(fault))
        if findings.fault_count > len(findings.faults):
            self.stderr.write(f"… and {findings.fault_count - len(findings.faults):,} more faults.")
        if not findings.is_refused:
            self.stdout.write(self.style.SUCCESS(_created(findings)))

    def _line(self, fault: plain.Fault) -> str:
        return printable(str(fault._replace(file=str(self._files[fault.file]))))

    def _verdict(self, findings: Findings, rejects: Path) -> str:
        rows = sum(findings.rejected.values())
        rest = "the rest imported" if findings.is_written else "the rest is sound"
        return f"{_faults(findings)}: {rows:,} row{'' if rows == 1 else 's'} rejected into {rejects}, {rest}."


def _faults(findings: Findings) -> str:
    return f"{findings.fault_count:,} fault{'' if findings.fault_count == 1 else 's'}"


@contextmanager
def _command_line(at: datetime, *, dry_run: bool) -> Iterator[User]:
    """The account of the command line; where a dry run must make it first, it is gone again afterwards."""
    if not dry_run or User.objects.filter(username=COMMAND_LINE).exists():
        yield command_line_account(at=at)
        return
    with transaction.atomic():
        yield command_line_account(at=at)
        transaction.set_rollback(True)


def _created(findings: Findings) -> str:
    made = ", ".join(f"{what} {count:,}" for what, count in findings.created.items() if count) or "nothing"
    told = "Created" if findings.is_written else "Dry run, nothing was written. It would create"
    known = findings.read[plain.FORECASTS] - findings.rejected.get(plain.FORECASTS, 0) - findings.created["forecasts"]
    return f"{told}: {made}. Forecasts recorded already: {known:,}."


class Rejects:
    """Where rejects go: a file beside `path`, which takes its place only once the import is through."""

    def __init__(self, path: Path, file: Any) -> None:
        self._path, self._file, self._lines = path, file, csv.writer(file)
        self._lines.writerow(plain.ALL_COLUMNS)

    def keep(self, rejected: plain.Reject) -> None:
        self._lines.writerows(plain.reject_lines([rejected]))

    def take_place(self) -> None:
        os.replace(self._file.name, self._path)


@contextmanager
def rejects_file(path: Path) -> Iterator[Rejects]:
    # Line by line, so that a full disk is told while rows are read, before anything is imported. Bytes that are no
    # UTF-8 go out as they came in.
    how = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "", "buffering": 1}
    with NamedTemporaryFile("w", dir=path.parent, delete=False, **how) as file:  # type: ignore[call-overload]
        try:
            yield Rejects(path, file)
        finally:
            with suppress(FileNotFoundError):
                os.unlink(file.name)
