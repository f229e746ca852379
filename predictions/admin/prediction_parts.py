"""What is added to a prediction (forecasts, evidence, resolutions): its page opens beside the prediction."""

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.forms import Form, ModelChoiceField, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from predictions.admin.addresses import is_key
from predictions.admin.base import RowAdmin, display, page_of
from predictions.admin.prediction_page import card, page_url
from predictions.admin.receipt_links import receipt_links
from predictions.models import Prediction
from predictions.policy import can, demand

REPLACING = ("Replaces an earlier entry", {"fields": ("supersedes", "reason")})


class PredictionPartAdmin(RowAdmin):
    """The add page opens on one prediction, `?prediction=`, and asks for it where none is named. What is added stays.

    `?supersedes=` names the earlier entry of that prediction which the new one is to replace.
    """

    add_form_template = "admin/predictions/add_part.html"
    change_form_template = "admin/predictions/part.html"
    replace_verb: ClassVar[str] = ""
    add_title: ClassVar[str] = ""
    save_label: ClassVar[str] = ""
    tab: ClassVar[str] = ""

    class Media:
        css: ClassVar = {"all": ("predictions/predictions.css",)}

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        prediction = _named_prediction(request)
        if prediction is None:
            return self.choose_prediction(request)
        demand(request.user, self.add_verb, prediction)
        request.prediction = prediction  # type: ignore[attr-defined]
        shown = {"title": self.add_title, "save_label": self.save_label, "tab": self.tab, **(extra_context or {})}
        elsewhere = self.newest_instead(request) or self.open_on(request, prediction)
        return elsewhere or super().add_view(request, form_url, {**shown, **self.beside(prediction)})

    def newest_instead(self, request: HttpRequest) -> HttpResponse | None:
        """The page of the entry that stands, where `?supersedes=` names one that was already replaced."""
        key = request.GET.get("supersedes", "")
        if request.method == "POST" or not is_key(key):
            return None
        rows: Any = self.get_queryset(request).filter(prediction=request.prediction)  # type: ignore[attr-defined]
        named = newest = rows.filter(pk=key).first()
        while newest is not None and newest.is_superseded and (later := rows.filter(supersedes=newest).first()):
            newest = later
        if newest is named:
            return None
        self.message_user(request, "That entry was already replaced; this is the newest.", messages.WARNING)
        return HttpResponseRedirect(page_of(newest))

    def open_on(self, request: HttpRequest, prediction: Prediction) -> HttpResponse | None:
        """Another answer than the form, where this prediction is in no state for it."""
        return None

    def beside(self, prediction: Prediction) -> dict[str, Any]:
        """What the add page shows of the prediction beside the form."""
        return {"card": card(prediction, now=timezone.now())}

    def choose_prediction(self, request: HttpRequest) -> HttpResponse:
        """The first step where no prediction is named yet."""
        form = self._choice(request)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": self.add_title, "form": form}
        context["media"] = self.media + form.media
        return TemplateResponse(request, "admin/predictions/choose_prediction.html", context)

    def _choice(self, request: HttpRequest) -> Form:
        class Choice(Form):
            prediction = ModelChoiceField(
                Prediction.objects.visible_to(request.user),  # type: ignore[arg-type]
                widget=AutocompleteSelect(self.model._meta.get_field("prediction"), self.admin_site),
            )

        return Choice()

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        told = super().get_fieldsets(request, obj)
        if obj is not None:
            return (*told, ("Replaces", {"fields": ("supersedes_shown", "reason")})) if obj.supersedes_id else told
        return (REPLACING, *told) if "supersedes" in {*request.GET, *request.POST} else told

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change=change, **{"form": ModelForm, **kwargs})
        form = super().get_form(request, obj, change=change, **kwargs)
        form.user, form.prediction = request.user, request.prediction  # type: ignore[attr-defined]
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        earlier = self.replaced(request)
        return {**(self.as_entered(earlier) if earlier else {}), **super().get_changeform_initial_data(request)}

    def replaced(self, request: HttpRequest) -> Any:
        """The standing entry that `?supersedes=` names, if any."""
        key = request.GET.get("supersedes", "")
        if not is_key(key):
            return None
        rows: Any = self.get_queryset(request).filter(prediction=request.prediction)  # type: ignore[attr-defined]
        return rows.standing().filter(pk=key).first()

    def as_entered(self, row: Any) -> dict[str, Any]:
        """What the form would have held for `row`."""
        raise NotImplementedError

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        """What was entered stays, so there is one way on: to the prediction."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, f"The {self.opts.verbose_name} is on record.", messages.SUCCESS)
        return self.response_post_save_add(request, obj)

    def response_post_save_add(self, request: HttpRequest, obj: Any) -> HttpResponseRedirect:
        return HttpResponseRedirect(page_url(obj.prediction_id, self.tab))

    @display(description="prediction")
    def prediction_link(self, row: Any) -> SafeString:
        url = page_url(row.prediction_id, self.tab)
        return format_html('<a class="text-link" href="{}">{}</a>', url, row.prediction)

    @display(description="replaces")
    def supersedes_shown(self, row: Any) -> SafeString:
        return format_html('<a class="text-link" href="{}">{}</a>', page_of(row.supersedes), row.supersedes)

    @display(description="receipt")
    def receipt(self, row: Any) -> SafeString:
        return receipt_links(row.entry_id)

    @display(description="stands", label={"yes": "", "replaced": "danger"})
    def stands(self, row: Any) -> str:
        return "replaced" if row.is_superseded else "yes"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        prediction = row.prediction if row else request.prediction  # type: ignore[attr-defined]
        context["back"] = page_url(prediction.pk, self.tab)
        if row and row.is_superseded:
            is_seen = self.get_queryset(request).filter(supersedes=row).exists()
            context["replaced_by"] = page_of(row.superseded_by) if is_seen else ""
        elif row and can(request.user, self.replace_verb or self.add_verb, prediction):
            add = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_add")
            context["replace_url"] = f"{add}?prediction={prediction.pk}&supersedes={row.pk}"
        return super().render_change_form(request, context, *args, **kwargs)


def _named_prediction(request: HttpRequest) -> Prediction | None:
    """The prediction that the request names; a hidden one answers as one that does not exist."""
    key = request.POST.get("prediction") or request.GET.get("prediction")
    if not key:
        return None
    if not is_key(key):
        raise Http404("There is no such prediction.")
    rows = Prediction.objects.visible_to(request.user).for_show()  # type: ignore[arg-type]
    return get_object_or_404(rows.prefetch_related("revision__criteria__quote__source"), pk=key)
