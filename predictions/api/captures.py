from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers

from predictions.api.bodies import Given, Shown
from predictions.api.doors import Recording, Shelf
from predictions.api.fields import SeenRow, Text, UuidOf
from predictions.models import Capture, Case, Source, Way
from predictions.operations.captures import capture_source

ONE_OF_TWO = "Give an address or a text."


class CaptureShown(Shown):
    """How far a capture has come. Once it is done it names its source and the snapshot of its text."""

    source = UuidOf(read_only=True, allow_null=True)  # type: ignore[assignment]
    snapshot = UuidOf(read_only=True, allow_null=True, help_text="The text it gave, or found unchanged.")

    class Meta:
        model = Capture
        fields = (
            "uuid",
            "case",
            "source",
            "way",
            "address",
            "file_name",
            "title",
            "stage",
            "failure",
            "note",
            "asked_at",
            "ended_at",
            "snapshot",
            "is_unchanged",
        )


class CaptureGiven(Given):
    """An address to fetch, or a text, for a new source of a case or for a source on record.

    With both, the text is kept and the address says where it was published.
    """

    case = SeenRow(Case, required=False)
    source = SeenRow(Source, required=False)  # type: ignore[assignment]
    address = Text(max_length=1000, required=False)
    text = Text(required=False, trim_whitespace=False)
    title = Text(max_length=300, required=False)

    def validate(self, attrs: Any) -> Any:
        if not {"case", "source"} & attrs.keys():
            raise serializers.ValidationError({"case": ["Name a case or a source."]})
        if not {"address", "text"} & attrs.keys():
            raise serializers.ValidationError({"address": [ONE_OF_TWO]})
        return attrs

    def row(self) -> Any:
        told = {name: value for name, value in self.validated_data.items() if name != "text"}
        return Capture(way=Way.TEXT if "text" in self.validated_data else Way.ADDRESS, **told)

    def beside(self) -> dict[str, bytes]:
        return {"content": self.validated_data.get("text", "").encode()}


class CaptureFilters(filters.FilterSet):
    case = filters.UUIDFilter("case__uuid")
    source = filters.UUIDFilter("source__uuid")


@extend_schema_view(create=extend_schema(request=CaptureGiven, responses={201: CaptureShown}))
class Captures(Recording, Shelf):
    """Texts that were asked for, by address or handed in. Ask again at its uuid how far one has come."""

    queryset = Capture.objects.select_related("case", "source", "snapshot")
    serializer_class = CaptureShown
    filterset_class = CaptureFilters
    verb = "capture_source"
    given = CaptureGiven
    operation = capture_source
