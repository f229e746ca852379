"""Filters by allow-list. A mistyped filter is refused, lest everything look like an answer."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.db.models import QuerySet
from django_filters import Filter
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from predictions.api.pages import Pages


def require_known(request: Request, known: Collection[str]) -> None:
    """Refuse query parameters that do not exist here, come twice, or are left empty."""
    faults = {}
    for name, values in request.query_params.lists():
        if name not in known:
            faults[name] = [f"There is no such filter here. There is: {', '.join(sorted(known)) or 'none'}."]
        elif len(values) > 1 or not values[0].strip():
            faults[name] = ["Give one value, or leave the filter out."]
    if faults:
        raise ValidationError(faults)


class TrueOrFalse(forms.Field):
    """`true` or `false`; left out: None."""

    def to_python(self, value: Any) -> bool | None:
        if value not in (None, "", "true", "false"):
            raise forms.ValidationError("Write true or false.")
        return value == "true" if value else None


@extend_schema_field(OpenApiTypes.BOOL)
class Is(Filter):
    """A filter by what is so or is not."""

    field_class = TrueOrFalse


class StrictFilters(filters.DjangoFilterBackend):
    """The filters of a list; what stands at an address of its own takes none but those that it names itself."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any], view: Any) -> QuerySet[Any]:
        filterset = None if view.detail else self.get_filterset_class(view, queryset)
        known = set(filterset.base_filters) if filterset else set()
        require_known(request, set(view.also_takes) if view.detail else known | {Pages.cursor_query_param})
        return super().filter_queryset(request, queryset, view) if filterset else queryset
