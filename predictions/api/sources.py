import re
from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from predictions.api.bodies import Shown
from predictions.api.doors import Shelf
from predictions.api.fields import Told
from predictions.api.quotes import SHOWN_QUOTES, QuoteShown
from predictions.api.snapshots import SHOWN_SNAPSHOTS, SnapshotShown, SnapshotTextShown
from predictions.models import Source

SHA256 = OpenApiParameter("sha256", str, description="Which of the texts, by its SHA-256; left out: the newest.")


class SourceShown(Shown):
    """Something published, its quotes, and the texts of it that we hold."""

    published = Told("published")
    snapshots = SnapshotShown(many=True, read_only=True)
    quotes = QuoteShown(many=True, read_only=True)

    class Meta:
        model = Source
        fields = (
            "uuid",
            "case",
            "external_id",
            "title",
            "publisher",
            "author",
            "url",
            "language",
            "published",
            "reliability",
            "note",
            "text_sha256",
            "text_length",
            "snapshots",
            "quotes",
        )


class SourceFilters(filters.FilterSet):
    case = filters.UUIDFilter("case__uuid")


class Sources(Shelf):
    """Articles, papers and statements, each with its quotes."""

    queryset = Source.objects.select_related("case").prefetch_related(
        Prefetch("snapshots", SHOWN_SNAPSHOTS), Prefetch("quotes", SHOWN_QUOTES)
    )
    serializer_class = SourceShown
    filterset_class = SourceFilters

    @extend_schema(responses=SnapshotTextShown, parameters=[SHA256])
    @action(detail=True, filterset_class=None, also_takes=("sha256",))
    def text(self, request: Request, uuid: Any) -> Response:
        """The text of that SHA-256, or the newest that we hold of this source; 404 where we hold none."""
        texts, digest = self.get_object().snapshots.select_related("body"), request.query_params.get("sha256")
        if digest is not None and not re.fullmatch("[0-9a-f]{64}", digest):
            raise Http404
        snapshot = (texts.filter(sha256=digest) if digest else texts).first()
        if snapshot is None:
            raise Http404
        return Response(SnapshotTextShown(snapshot).data)
