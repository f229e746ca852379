from typing import Any

from django.core import signing
from django.db.models import QuerySet
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.utils.urls import replace_query_param


class Pages(CursorPagination):
    """Pages that neither skip nor repeat a row while others are added.

    Each list is ordered by one unique, public field, so that a cursor betrays no integer key. It is signed for its
    list: an altered one is refused instead of being read.
    """

    request: Request
    page_size = 100
    template = None

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return (view.ordering,)

    def encode_cursor(self, cursor: Cursor) -> str:
        text = signing.dumps(list(cursor), salt=self.request.path)
        return replace_query_param(str(self.base_url), self.cursor_query_param, text)

    def decode_cursor(self, request: Request) -> Cursor | None:
        text = request.query_params.get(self.cursor_query_param)
        if text is None:
            return None
        try:
            return Cursor(*signing.loads(text, salt=request.path))
        except signing.BadSignature as fault:
            raise ValidationError(
                {self.cursor_query_param: ["Take the cursor from a list's next or previous."]}
            ) from fault


class PagesByKey(Pages):
    """Newest first by key, for a long table that keeps no index on its public order; the two orders are the same.

    The cursor names the row by uuid, so that it betrays no integer key.
    """

    rows: QuerySet[Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> Any:
        self.rows = queryset.model._base_manager.all()
        return super().paginate_queryset(queryset, request, view)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        return ("-pk",)

    def encode_cursor(self, cursor: Cursor) -> str:
        return super().encode_cursor(self._told(cursor, "pk", "uuid"))

    def decode_cursor(self, request: Request) -> Cursor | None:
        cursor = super().decode_cursor(request)
        return cursor and self._told(cursor, "uuid", "pk")

    def _told(self, cursor: Cursor, known: str, wanted: str) -> Cursor:
        if cursor.position is None:
            return cursor
        position = self.rows.filter(**{known: cursor.position}).values_list(wanted, flat=True).get()
        return Cursor(cursor.offset, cursor.reverse, str(position))  # type: ignore[arg-type]
