"""The rows of a scorecard as a table for a spreadsheet; each heading says how its numbers are to be read."""

from predictions.queries.scorecards import EvidenceLine, ScorecardRow

HEADER = (
    "prediction",
    "statement",
    "theme",
    "case",
    "forecaster",
    "forecast (last that counts)",
    "forecasts that count",
    "quote",
    "basis",
    "issued",
    "state",
    "outcome",
    "outcome (1 yes, 0 no, or share met)",
    "outcome known",
    "Brier score (0-1, lower is better)",
    "Brier score if words are read low",
    "Brier score if words are read high",
    "logarithmic score (nats, lower is better)",
    "time coverage (share of scheduled open time)",
    "adds to the mean Brier score",
    "recorded in hindsight",
    "not independently resolved",
    "provisional (notice period not over, or disputed)",
    "rationale of the resolution",
    "evidence",
)


def line(row: ScorecardRow) -> tuple[object, ...]:
    """One line under HEADER; what has no score leaves the cells of its scores empty."""
    return (
        row.prediction,
        row.statement,
        row.theme,
        row.case,
        row.forecaster,
        row.forecast,
        row.forecast_count,
        row.quote,
        row.basis,
        row.issued,
        row.state_in_words,
        row.outcome,
        row.outcome_share,
        row.known,
        row.brier,
        row.brier_low,
        row.brier_high,
        row.logarithmic,
        row.time_coverage,
        row.contribution,
        row.is_in_hindsight,
        row.is_independent is False,
        row.is_provisional,
        row.rationale,
        "\n".join(map(_in_words, row.evidence)),
    )


def _in_words(item: EvidenceLine) -> str:
    said = f" “{item.quote}”" if item.quote else ""
    return " ".join(f"{item.grade} {item.stance}: {item.note}{said} ({item.source}) {item.url}".split())
