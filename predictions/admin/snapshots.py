"""The texts of a source: what changed between two of them, and the original that one was read from, to download."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from predictions.admin.base import RowAdmin, page_of, reader
from predictions.models import Original, Source
from predictions.queries.text_changes import text_changes, two_texts

ENDINGS = {"html": "html", "pdf": "pdf", "text": "txt"}
KEPT_AWAY = {
    # What others wrote never acts in our name: it is no page of ours, whatever a browser makes of it.
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class TextsAdmin(RowAdmin):
    """Adds the pages about its texts to those of a source."""

    def get_urls(self) -> list[URLPattern]:
        pages = {"changes": self.changes_view, "original": self.original_view, "warc": self.warc_view}
        shown = {name: self.admin_site.admin_view(require_safe(view)) for name, view in pages.items()}
        named = [path(f"<path:object_id>/{each}/", shown[each], name=f"predictions_source_{each}") for each in shown]
        return [*named, *super().get_urls()]

    def changes_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The two newest texts, or those that `?older=` and `?newer=` name."""
        source = self.row_for("read", request, object_id)
        named = request.GET.get("older", ""), request.GET.get("newer", "")
        pair = two_texts(source, *named)
        if pair is None and any(named):
            raise Http404("There are no two such texts.")
        context = {
            **self.admin_site.each_context(request),
            "title": f"What changed in {source}",
            "source": source,
            "back": page_of(source),
            "snapshots": list(source.snapshots.all()),
            "changes": text_changes(*pair) if pair else None,
        }
        return TemplateResponse(request, "admin/source_changes.html", context)

    def original_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        original = self._original(request, object_id)
        name = f"{original.sha256[:16]}.{ENDINGS.get(original.kind, 'bin')}"
        return as_download(original.body.content, name)

    def warc_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        original = self._original(request, object_id)
        if original.body.warc is None:
            raise Http404("It did not come from the web.")
        return as_download(original.body.warc, f"{original.sha256[:16]}.warc.gz")

    def _original(self, request: HttpRequest, object_id: str) -> Original:
        """What the text named by `?snapshot=` was read from; the newest there is, where none is named."""
        source: Source = self.row_for("read", request, object_id)
        seen = Original.objects.visible_to(reader(request)).filter(snapshot__source=source)
        rows: Any = seen.filter(body__isnull=False)  # what was erased is gone
        named = request.GET.get("snapshot", "")
        keys = {str(uuid): key for key, uuid in rows.order_by("id").values_list("pk", "snapshot__uuid")}
        key = keys.get(named) if named else next(reversed(keys.values()), None)
        if key is None:
            raise Http404("No original is kept of that text.")
        return Original.objects.select_related("body").get(pk=key)


def as_download(content: Any, name: str) -> HttpResponse:
    answer = HttpResponse(bytes(content), content_type="application/octet-stream", headers=KEPT_AWAY)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
