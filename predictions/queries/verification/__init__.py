"""Whether the ledger is whole, and every row as it was logged: read from the first entry to the last."""

from collections.abc import Callable

from django.db import connection

from predictions.models import guards
from predictions.queries.verification.changes import compare_changeable
from predictions.queries.verification.derived import compare_derived, compare_texts
from predictions.queries.verification.findings import Fault, Findings
from predictions.queries.verification.groups import compare_groups
from predictions.queries.verification.leaves import Leaves
from predictions.queries.verification.people import compare_people
from predictions.queries.verification.reading import steady_view
from predictions.queries.verification.rows import Rows
from predictions.queries.verification.tree import Tree

__all__ = ["Fault", "Findings", "verify"]

Progress = Callable[[str, int], None]


def verify(*, fast: bool = False, progress: Progress = lambda _step, _count: None) -> Findings:
    """Go through the whole ledger; `fast` looks at hashes, order, root, checkpoints and guards alone.

    Memory does not depend on the size. `progress` is told the step and how many entries are done.
    """
    findings = Findings()
    for name in guards.missing(connection):
        findings.add("guard", f"the guard {name} is missing: rows that must stay could be changed")
    with steady_view():
        if fast:
            _follow_hashes(findings, progress)
        else:
            _follow_entries(findings, progress)
    return findings


def _follow_hashes(findings: Findings, progress: Progress) -> None:
    tree = Tree(findings)
    for hashes in Leaves(findings).hashes():
        tree.grow(hashes)
        progress("hashes", findings.entries)
    tree.finish()


def _follow_entries(findings: Findings, progress: Progress) -> None:
    tree, leaves, rows = Tree(findings), Leaves(findings), Rows(findings)
    for entries, hashes in leaves.entries():
        tree.grow(hashes)
        rows.compare(entries)
        progress("entries", findings.entries)
    tree.finish()
    leaves.finish()
    rows.finish()
    steps = {"rows that may change": compare_changeable, "groups": compare_groups, "people": compare_people}
    steps |= {"what follows from the record": compare_derived, "texts": compare_texts}
    for step, compare in steps.items():
        compare(findings)
        progress(step, findings.entries)
