from typing import Any

from django.core import signing
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
