from django_filters import rest_framework as filters
from rest_framework import serializers

from predictions.api.bodies import Shown, ShownCorrectable
from predictions.api.doors import Shelf
from predictions.models import Quote, QuoteAnchor

SHOWN_QUOTES = Quote.objects.select_related("source", "supersedes", "superseded_by").prefetch_related(
    "anchors__snapshot"
)


class AnchorShown(Shown):
    """Where the quote stands in a text: code points, start inclusive, end exclusive."""

    sha256 = serializers.CharField(source="snapshot.sha256", read_only=True)

    class Meta:
        model = QuoteAnchor
        fields = ("sha256", "start", "end")


class QuoteShown(ShownCorrectable):
    """The exact words of a source, with the words around them."""

    anchors = AnchorShown(many=True, read_only=True)

    class Meta:
        model = Quote
        fields = (
            "uuid",
            "source",
            "external_id",
            "exact",
            "prefix",
            "suffix",
            "anchors",
            "supersedes",
            "superseded_by",
            "reason",
            "seq",
        )


class QuoteFilters(filters.FilterSet):
    case = filters.UUIDFilter("source__case__uuid")
    source = filters.UUIDFilter("source__uuid")


class Quotes(Shelf):
    """Exact words of sources, newest first."""

    queryset = SHOWN_QUOTES
    serializer_class = QuoteShown
    filterset_class = QuoteFilters
    ordering = "-entry_id"
