"""What every page about one's own sign-in has in common: the admin's dress, for a person and for allauth's forms."""

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse, reverse_lazy

from predictions.admin.base import PasswordInput, TextInput

WORN: dict[type, Any] = {forms.TextInput: TextInput, forms.PasswordInput: PasswordInput}
Own = Callable[..., HttpResponseBase]


def own(view: Own) -> Own:
    """Behind the sign-in like every page of the admin, and never kept by a browser."""
    return admin.site.admin_view(view)


def dress(form: Any) -> Any:
    """Give the plain fields of a form of allauth's the look of ours."""
    for field in form.fields.values():
        if worn := WORN.get(type(field.widget)):
            kept = {name: value for name, value in field.widget.attrs.items() if name not in {"placeholder", "class"}}
            field.widget = worn(attrs=kept)
            field.help_text = ""
    return form


def require_proof(request: HttpRequest) -> None:
    """Have a person say anew who they are, unless they have just done so."""
    raise_if_reauthentication_required(request, app="allauth.mfa")


class OwnPage:
    """A page of allauth's in the admin's dress; a form is laid out as every page for one deed is."""

    title: ClassVar[str] = ""
    submit_label: ClassVar[str] = "Save"
    intro: ClassVar[str] = ""
    told: ClassVar[str] = ""
    """A template shown between introduction and form."""
    template_name: Any = "admin/deed.html"
    success_url: Any = reverse_lazy("mfa_index")

    def get_form(self, form_class: Any = None) -> Any:
        return dress(super().get_form(form_class))  # type: ignore[misc]

    def get_success_url(self) -> str:
        return str(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        request: HttpRequest = self.request  # type: ignore[attr-defined]
        shown = {name: getattr(self, name) for name in ("title", "submit_label", "intro", "told")}
        given = super().get_context_data(**kwargs)  # type: ignore[misc]
        return admin.site.each_context(request) | given | shown | {"back": reverse("mfa_index")}
