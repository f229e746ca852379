"""Small CSV files to import, and the state that an import leaves, told without what is random."""

import csv
import io

from predictions.exchange.forecast_import import ALL_COLUMNS, COLUMNS, reject_lines
from predictions.models import Forecast, LedgerEntry, Prediction
from predictions.operations.accounts import command_line_account
from predictions.operations.forecast_imports import import_forecasts
from tests import builders as a

RAIN = {
    "external_id": "rain",
    "title": "It rains",
    "opened_at": "2020-01-01T00:00:00Z",
    "closed_at": "2020-02-01T00:00:00Z",
    "resolved_at": "2020-02-02T00:00:00Z",
    "outcome": "1",
    "category": "weather",
}
SAID = {"external_id": "rain", "forecaster": "Ann", "probability": "0.7", "made_at": "2020-01-02T00:00:00Z"}


def rain(**cells):
    return RAIN | cells


def said(**cells):
    return SAID | cells


def sheet(file, rows):
    """`rows`, dicts by column, as the bytes of a CSV file."""
    text = io.StringIO()
    lines = csv.DictWriter(text, COLUMNS[file], lineterminator="\n")
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode("utf-8", "surrogatepass")


def bring_in(predictions=(RAIN,), forecasts=(SAID,), *, by=None, at=a.NOW, **options):
    """Import rows, dicts or the bytes of a file, and return what was found."""
    told, made = (
        io.BytesIO(rows if isinstance(rows, bytes) else sheet(file, rows))
        for file, rows in zip(COLUMNS, (predictions, forecasts), strict=True)
    )
    return import_forecasts(told, made, by=by or command_line_account(at=at), at=at, rescores=False, **options)


def rejects_of(predictions, forecasts, **options):
    """Findings of an import that leaves out what is wrong, and the rejects, dicts by column."""
    kept = []
    findings = bring_in(predictions, forecasts, keep=kept.append, **options)
    return findings, [dict(zip(ALL_COLUMNS, line, strict=True)) for line in reject_lines(kept)]


def state():
    """Everything that an import writes, but for keys and uuids, and in no order of predictions."""
    predictions = Prediction.objects.select_related("revision", "resolution")
    forecasts = Forecast.objects.order_by("prediction__external_id", "forecaster__name", "issued_us", "id")
    return (
        sorted(
            (
                p.external_id,
                p.statement,
                p.theme,
                p.revision.opens_us,
                p.revision.closes_us,
                p.resolution and (p.resolution.outcome, p.resolution.annulled, p.resolution.known_us),
            )
            for p in predictions
        ),
        list(forecasts.values_list("prediction__external_id", "forecaster__name", "issued_us", "probability")),
    )


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def faults(findings):
    return [(fault.file, fault.line, fault.column) for fault in findings.faults]
