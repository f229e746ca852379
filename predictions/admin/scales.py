"""Scales of words: all of them with their terms on one page, put in and out of use there; house scales are added."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from predictions.admin.addresses import is_key, require_storable_query
from predictions.admin.base import RowAdmin, display, reader
from predictions.admin.forms_scales import HouseScaleForm
from predictions.language.scales import DEFAULT_SCALE, SCALES, Scale, Term, percent, span
from predictions.models import HouseScale
from predictions.models.scale import enabled_scales, known_scales
from predictions.models.times import in_words
from predictions.operations.scales import add_scale, switch_scale
from predictions.policy import can
from predictions.queries.histories import display_name

PAGE = "admin:predictions_housescale_changelist"


@dataclass(frozen=True)
class TermLine:
    """A term as its table shows it."""

    words: str
    low: str
    point: str
    high: str
    published: str


@dataclass(frozen=True)
class ScaleLine:
    """A scale as the page shows it; `house` is its row where it was entered here."""

    scale: Scale
    is_enabled: bool
    is_default: bool
    house: HouseScale | None
    is_replaced: bool
    terms: tuple[TermLine, ...]

    @property
    def has_published(self) -> bool:
        return any(term.published for term in self.terms)


@admin.register(HouseScale)
class HouseScaleAdmin(RowAdmin):
    add_verb = "add_scale"
    form = HouseScaleForm
    fields = ("name", "version", "key", "terms", "source", "note", "supersedes", "reason", "recorded")
    readonly_fields = ("key", "recorded")

    class Media:
        css: ClassVar = {"all": ("predictions/predictions.css",)}

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else HouseScaleForm.Meta.fields

    def add_row(self, row: HouseScale, form: ModelForm, *, by: Any, at: datetime) -> None:
        add_scale(row, by=by, at=at)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        told = super().get_changeform_initial_data(request)
        return {name: value for name, value in told.items() if name != "supersedes" or is_key(str(value))}

    @display(description="recorded")
    def recorded(self, row: HouseScale) -> str:
        return f"{in_words(row.recorded_at)} by {display_name(row.recorded_by)}"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.switch_view)
        return [path("switch/", view, name="predictions_scale_switch"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Not a list of rows: most scales come with Forsooth."""
        require_storable_query(request.GET)
        if not self.has_view_permission(request):
            raise PermissionDenied
        user = reader(request)
        context = {
            **self.admin_site.each_context(request),
            "title": "Scales of words",
            "lines": scale_lines(),
            "can_add": can(user, self.add_verb),
            "can_switch": can(user, "switch_scale"),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/scales.html", context)

    def switch_view(self, request: HttpRequest) -> HttpResponse:
        if not can(reader(request), "switch_scale"):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        key, is_enabled = request.POST.get("key", ""), request.POST.get("is_enabled") == "1"
        try:
            switch_scale(key, is_enabled=is_enabled, by=reader(request), at=timezone.now())
        except ValidationError as fault:
            self.message_user(request, " ".join(fault.messages), messages.ERROR)
        else:
            told = "in use again" if is_enabled else "no longer in use"
            self.message_user(request, f"{known_scales()[key].name} is {told}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse(PAGE))


def scale_lines() -> list[ScaleLine]:
    """Every scale, those in use first."""
    rows: Any = HouseScale.objects.select_related("superseded_by")
    enabled, house = enabled_scales(), {row.key: row for row in rows}
    known = {**SCALES, **{key: row.scale() for key, row in house.items()}}
    lines = [
        ScaleLine(
            scale=scale,
            is_enabled=key in enabled,
            is_default=key == DEFAULT_SCALE,
            house=house.get(key),
            is_replaced=key in house and house[key].is_superseded,
            terms=tuple(map(_term, scale.terms)),
        )
        for key, scale in known.items()
    ]
    return sorted(lines, key=lambda line: not line.is_enabled)


def _term(term: Term) -> TermLine:
    low, point, high = (f"{percent(share)}%" for share in (term.low, term.point, term.high))
    return TermLine(", ".join(term.spellings), low, point, high, span(*term.published) if term.published else "")
