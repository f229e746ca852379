"""The evidence matrix of a case: one's own ratings to edit, everybody's to read, and what they come to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import IntegrityError
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from predictions.admin.addresses import require_storable_query
from predictions.admin.base import RowAdmin, action, page_of, reader, show_refusal, status_of
from predictions.admin.forms_matrix import MatrixForm
from predictions.models import Case, Consistency
from predictions.models.rivals import refusal_of
from predictions.operations.ratings import rate_matrix
from predictions.policy import can
from predictions.queries.matrix import (
    CONVENTION,
    NEVER_OVERRULES,
    WITHOUT_DOUBTED,
    Cell,
    EvidenceMatrix,
    Line,
    evidence_matrix,
)

LINES_PER_PAGE = 20
"""With twelve predictions that makes 960 fields; Django reads 1,000 of a form."""
UNCHANGED = "Nothing was changed."


@dataclass(frozen=True)
class ShownCell:
    """A cell as it is read or, where it has fields, edited."""

    cell: Cell
    choice: BoundField | None
    note: BoundField | None


@dataclass(frozen=True)
class ShownLine:
    line: Line
    cells: Sequence[ShownCell]


class MatrixPage(RowAdmin):
    """Adds to the pages of a case its evidence matrix. `?show=all`: everybody's ratings; `?theme=`: of one theme."""

    actions_detail = ("matrix",)

    def has_matrix_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "read")

    @action(description="Evidence matrix", url_path="matrix", permissions=["matrix"], icon="grid_on")
    def matrix(self, request: HttpRequest, object_id: str) -> HttpResponse:
        require_storable_query(request.GET)
        case, user = self.row_for("read", request, object_id), reader(request)
        may_rate = can(user, "rate_evidence")
        is_own = may_rate and request.GET.get("show") != "all"
        if request.method == "POST":
            self.row_for("rate_evidence", request, object_id)  # refused to who only reads
            is_own = True
        theme = request.GET.get("theme", "")
        shown = evidence_matrix(case, user=user, is_own=is_own, theme=theme)
        page = Paginator(shown.lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
        form = MatrixForm(shown, list(page), request.POST or None) if is_own else None
        if request.method == "POST" and form is not None and form.is_valid() and self._saved(request, form):
            return HttpResponseRedirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            **_context(case, shown, form, page, theme, may_rate=may_rate),
        }
        status = status_of(ValidationError(form.errors.as_data())) if form else 200
        return TemplateResponse(request, "admin/matrix.html", context, status=status)

    def _saved(self, request: HttpRequest, form: MatrixForm) -> bool:
        try:
            rows = rate_matrix(form.ratings(), by=reader(request), at=timezone.now())
        except (ValidationError, IntegrityError) as fault:
            show_refusal(form, refusal_of(fault))
            return False
        told = f"Saved: {len(rows)} rating{'s' if len(rows) > 1 else ''}." if rows else UNCHANGED
        self.message_user(request, told, messages.SUCCESS if rows else messages.INFO)
        return True


def _context(
    case: Case, shown: EvidenceMatrix, form: MatrixForm | None, page: Any, theme: str, *, may_rate: bool
) -> dict[str, Any]:
    address = reverse("admin:predictions_case_matrix", args=[case.pk])
    kept = {"theme": theme} if theme else {}
    return {
        "title": f"Evidence matrix: {case}",
        "case": case,
        "back": page_of(case),
        "matrix": shown,
        "lines": [_shown_line(line, form, shown) for line in page],
        "page": page,
        "form": form,
        "may_rate": may_rate,
        "theme": theme,
        "themes": [(each, f"{address}?{urlencode({'theme': each})}") for each in shown.themes],
        "address": address,
        "own_url": f"{address}?{urlencode(kept)}" if kept else address,
        "all_url": f"{address}?{urlencode({'show': 'all', **kept})}",
        "page_url": f"?{urlencode({**kept, **({} if shown.is_own else {'show': 'all'})})}&page=",
        "scale": [(each.sign, each.label) for each in Consistency],
        "convention": CONVENTION,
        "never_overrules": NEVER_OVERRULES,
        "without_doubted": WITHOUT_DOUBTED,
    }


def _shown_line(line: Line, form: MatrixForm | None, shown: EvidenceMatrix) -> ShownLine:
    return ShownLine(line, list(_shown_cells(line, form, shown)))


def _shown_cells(line: Line, form: MatrixForm | None, shown: EvidenceMatrix) -> Iterator[ShownCell]:
    for column, cell in zip(shown.columns, line.cells, strict=True):
        key = f"{line.evidence.pk}-{column.prediction.pk}"
        choice, note = (_field(form, f"{kind}-{key}") for kind in ("cell", "note"))
        yield ShownCell(cell, choice, note)


def _field(form: MatrixForm | None, name: str) -> BoundField | None:
    return form[name] if form is not None and name in form.fields else None
