"""The two kinds of bodies: what a row shows of itself, and what a caller may say of a new one."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from rest_framework import serializers

from predictions.api.fields import Instant, UuidOf


class Shown(serializers.ModelSerializer[Any]):
    """A row as it is read: related rows by uuid, instants in UTC, integer keys nowhere."""

    serializer_related_field = UuidOf
    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Instant,
        models.URLField: serializers.CharField,  # an address may be blank, which is none
    }

    def get_extra_kwargs(self) -> dict[str, Any]:
        return {name: {"read_only": True} for name in self.Meta.fields}

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        if model_field.choices:
            told = {
                "choices": model_field.flatchoices,
                "allow_blank": model_field.blank,
                "allow_null": model_field.null,
            }
            return serializers.ChoiceField, told
        return super().build_standard_field(field_name, model_field)

    def include_extra_kwargs(self, kwargs: Any, extra_kwargs: Any) -> Any:
        """A choice that was not made is shown as such, and described so."""
        blank = {"allow_blank": True} if "choices" in kwargs and kwargs.get("allow_blank") else {}
        return {**super().include_extra_kwargs(kwargs, extra_kwargs), **blank}


class ShownRecord(Shown):
    """A row of the ledger: `seq` is its entry."""

    seq = serializers.IntegerField(source="entry_id", read_only=True, help_text="The ledger entry that recorded it.")
    receipt = serializers.HyperlinkedIdentityField(
        view_name="api:receipt",
        lookup_field="entry_id",
        lookup_url_kwarg="seq",
        help_text="Where to get what proves offline that this stands on record unaltered.",
    )


class ShownCorrectable(ShownRecord):
    """A row that another may have replaced."""

    superseded_by = UuidOf(read_only=True, allow_null=True)


class Given(serializers.Serializer[Any]):
    """What a caller may say of a new row, and not a key more. It ends in the unsaved row that an operation takes."""

    names: ClassVar[Mapping[str, str]] = {}
    """Fields of the row that the caller knows by another name."""

    def to_internal_value(self, data: Any) -> Any:
        unknown = set(data) - set(self.fields) if isinstance(data, dict) else set()
        if unknown:
            raise serializers.ValidationError({key: ["There is no such field here."] for key in sorted(unknown)})
        return super().to_internal_value(data)

    def row(self) -> models.Model:
        """The unsaved row; call it on a valid body."""
        raise NotImplementedError

    def beside(self) -> Mapping[str, Any]:
        """What the operation takes beside the row, by name."""
        return {}

    def caller_names(self) -> Mapping[str, str]:
        return self.names
