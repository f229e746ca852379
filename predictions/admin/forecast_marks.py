"""The marks that a forecast carries wherever it is listed."""

from predictions.models import Forecast


def is_after_close(row: Forecast) -> bool:
    """Issued when the prediction had closed: left out of scoring."""
    closing = row.prediction.closing_at
    return closing is not None and row.issued_at >= closing


def marks_of(row: Forecast) -> list[tuple[str, str]]:
    """Each mark with its tone, the gravest first; none for a forecast that simply stands."""
    marks = [
        (row.is_superseded, "replaced", "danger"),
        (is_after_close(row), "left out: after the close", "warning"),
        (row.is_order_uncertain, "order uncertain", "warning"),
        (row.is_in_hindsight, "recorded in hindsight", "warning"),
    ]
    return [(mark, tone) for applies, mark, tone in marks if applies]
