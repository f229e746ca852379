from typing import Any

from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from predictions.api.bodies import Shown, ShownRecord
from predictions.api.doors import Shelf
from predictions.models import Original, Snapshot

SHOWN_SNAPSHOTS = Snapshot.objects.select_related("source", "original").order_by("-captured_at", "-id")


class OriginalShown(Shown):
    """What a text was read from; its length is in bytes, its address the one after redirects."""

    class Meta:
        model = Original
        fields = ("sha256", "length", "kind", "media_type", "address", "file_name", "has_warc")


class SnapshotShown(ShownRecord):
    """That we hold the text of a source as it stood then; lengths are code points."""

    original = OriginalShown(read_only=True, allow_null=True)

    class Meta:
        model = Snapshot
        fields = ("uuid", "source", "sha256", "length", "captured_at", "original", "seq")


class SnapshotTextShown(SnapshotShown):
    """The text of a source as it stood when we took it."""

    text = serializers.CharField(source="body.text", read_only=True)

    class Meta(SnapshotShown.Meta):
        fields = (*SnapshotShown.Meta.fields, "text")  # type: ignore[assignment]


class SnapshotFilters(filters.FilterSet):
    case = filters.UUIDFilter("source__case__uuid")
    source = filters.UUIDFilter("source__uuid")


class Snapshots(Shelf):
    """The texts that we hold, newest first; each stays as it was taken."""

    queryset = SHOWN_SNAPSHOTS
    serializer_class = SnapshotShown
    filterset_class = SnapshotFilters
    ordering = "-entry_id"

    @extend_schema(responses=SnapshotTextShown)
    @action(detail=True, filterset_class=None)
    def text(self, request: Request, uuid: Any) -> Response:
        """The text itself."""
        snapshot = self.get_object()
        if not hasattr(snapshot, "body"):
            raise Http404
        return Response(SnapshotTextShown(snapshot).data)
