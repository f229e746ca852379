"""Works out the figures of a comparison that evidence rests on, from the texts themselves."""

from django.core.exceptions import ValidationError

from accounts.models import User
from predictions import merkle
from predictions.language.comparison import METHOD, VERSION, Occurrences, parameters
from predictions.language.terms import Term, UnreadableTerm
from predictions.models import DocumentComparison, Evidence
from predictions.policy import demand
from predictions.queries.document_comparison import compared

PLACES = 6
"""Decimal places of the measures that are kept."""


def measured(row: DocumentComparison, evidence: Evidence, by: User) -> DocumentComparison:
    """`row`, of which the texts and the term are given, with every figure, found sound."""
    row.evidence = evidence
    for snapshot in (row.reference, row.revised):
        demand(by, "read", snapshot)
    try:
        term = Term(row.term)
    except UnreadableTerm as fault:
        raise ValidationError({"term": str(fault)}) from fault
    found = compared(row.reference, row.revised, [term])
    [line] = found.lines
    row.unit, row.method, row.version = found.unit, METHOD, VERSION
    row.parameters = merkle.canonical(parameters(found.unit)).decode()
    row.reference_total, row.revised_total = found.reference_total, found.revised_total
    row.reference_count, row.reference_first, row.reference_headings = _figures(line.reference)
    row.revised_count, row.revised_first, row.revised_headings = _figures(line.revised)
    ratio = line.ratio
    row.log_likelihood, row.log_ratio = _kept(line.g2), _kept(ratio.value)
    row.log_ratio_low, row.log_ratio_high = _kept(ratio.low), _kept(ratio.high)
    row.full_clean(exclude=["evidence"])
    return row


def _kept(measure: float | None) -> float | None:
    return None if measure is None else round(measure, PLACES)


def _figures(found: Occurrences) -> tuple[int, int | None, int]:
    return found.count, found.first.start if found.first else None, len(found.headings)
