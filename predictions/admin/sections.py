"""Sections of a form that are folded away while nobody needs them."""

from typing import Any

from django.contrib.admin.helpers import AdminForm
from django.contrib.admin.utils import flatten
from django.forms import BaseForm


def unfold_used(shown: AdminForm) -> None:
    """Open each folded section of `shown` that holds an error or anything but what an empty form holds.

    Django opens those with an error by itself, but not where fields share a line.
    """
    shown.fieldsets = [(name, _opened(shown.form, told)) for name, told in shown.fieldsets]


def _opened(form: BaseForm, told: dict[str, Any]) -> dict[str, Any]:
    if not any(name in form.errors or _holds_something(form, name) for name in flatten(told["fields"])):
        return told
    return {**told, "classes": [each for each in told.get("classes", ()) if each != "collapse"]}


def _holds_something(form: BaseForm, name: str) -> bool:
    if name not in form.fields:
        return False
    fields = {field.name: field for field in form._meta.model._meta.fields}  # type: ignore[attr-defined]
    empty = fields[name].get_default() if name in fields else form.fields[name].initial
    return str(form[name].value() or "") != str(empty or "")
