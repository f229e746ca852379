"""The one place that knows which admin we stand on. Stock `django.contrib.admin.ModelAdmin` would do as well."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from django.contrib import messages
from django.contrib.admin.options import ShowFacets, csrf_protect_m
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.forms import BaseForm, ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget as CheckboxSelectMultiple
from unfold.widgets import UnfoldAdminFileFieldWidget as FileInput
from unfold.widgets import UnfoldAdminPasswordWidget as PasswordInput
from unfold.widgets import UnfoldAdminRadioSelectWidget as RadioSelect
from unfold.widgets import UnfoldAdminSelectWidget as Select
from unfold.widgets import UnfoldAdminTextareaWidget as Textarea
from unfold.widgets import UnfoldAdminTextInputWidget as TextInput

from accounts.models import User
from predictions.admin.addresses import offered_lookups, require_storable_query
from predictions.admin.long_lists import BoundedChangeList as ChangeList
from predictions.admin.long_lists import BoundedPaginator, VisibleFilter, counted
from predictions.admin.once import record_once
from predictions.admin.row_search import RowSearch
from predictions.admin.sections import unfold_used
from predictions.models.rivals import codes_of, refusal_of
from predictions.policy import can, seen_by
from predictions.queries.histories import HistoryLine, history

__all__ = [
    "ChangeList",
    "CheckboxSelectMultiple",
    "FileInput",
    "PasswordInput",
    "RadioSelect",
    "RowAdmin",
    "Select",
    "TextInput",
    "Textarea",
    "VisibleFilter",
    "action",
    "counted",
    "display",
    "page_of",
    "reader",
    "seen_row",
    "sent",
    "show_refusal",
]


class Refused:
    """A form that shows what an operation refused, at the fields it names."""

    refusal: ClassVar[ValidationError]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        show_refusal(self, self.refusal)  # type: ignore[arg-type]


def show_refusal(form: BaseForm, refusal: ValidationError) -> None:
    """Add each message at its field, or above the form where there is no such field."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    names = {**{f"{name}_at": name for name in form.fields}, **{name: name for name in form.fields}}
    for field, errors in by_field.items():
        form.add_error(names.get(field), ValidationError(errors))


def status_of(refusal: ValidationError) -> int:
    """409 where the state has moved on; else the form is shown again as a form with faults is."""
    return 409 if "conflict" in codes_of(refusal) else 200


def reader(request: HttpRequest) -> User:
    """The person who asks; every page of the admin is behind the sign-in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def sent(request: HttpRequest) -> tuple[Any, Any]:
    """What a form was sent with, fields and files; nothing while its page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def seen_row(model: type[models.Model], key: Any, user: User) -> Any:
    """The row that an address names by `key`, if `user` sees it; None for a key that is none."""
    try:
        return seen_by(user, model._default_manager.all()).filter(pk=key).first()
    except (TypeError, ValueError):
        return None


def page_of(row: models.Model) -> str:
    """Address of the admin's page about `row`."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


class RowAdmin(ModelAdmin):
    """Lists and pages of one kind of row: read by policy, written through operations, never deleted.

    A subclass names its verbs and says in `add_row` and `amend_row` which operation a new or changed row ends in.
    """

    add_verb: ClassVar[str] = ""
    change_verb: ClassVar[str] = ""
    read_verb: ClassVar[str] = "read"
    linked_by: ClassVar[tuple[str, ...]] = ()
    """Fields by which other pages open this list, besides its filters."""
    is_long: ClassVar[bool] = False
    """Whether the table may hold millions of rows."""
    indexed_lookups: ClassVar[tuple[str, ...]] = ()
    """Parameters of its address that find few rows of a long table, and quickly."""

    actions = None
    paginator = BoundedPaginator
    show_facets = ShowFacets.NEVER
    show_full_result_count = False
    list_per_page = 50
    list_sections = ()  # Unfold's template asks for them twice in every row
    change_list_template = "admin/row_list.html"
    compressed_fields = True
    formfield_overrides: ClassVar[dict[Any, dict[str, Any]]] = {
        models.TextField: {"widget": Textarea({"rows": 4})},
        models.URLField: {"assume_scheme": "https"},
    }

    def add_row(self, row: Any, form: ModelForm, *, by: Any, at: datetime) -> None:
        raise NotImplementedError

    def amend_row(self, row: Any, form: ModelForm, *, by: Any, at: datetime) -> None:
        raise NotImplementedError

    # --- what one may see and do ---------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return seen_by(request.user, super().get_queryset(request))

    def with_told(self, rows: models.QuerySet[Any], request: HttpRequest) -> models.QuerySet[Any]:
        """Rows of one page of the list, with what only the list tells of them."""
        return rows

    def has_module_permission(self, request: HttpRequest) -> bool:
        return can(request.user, self.read_verb)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return can(request.user, self.read_verb, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(self.add_verb) and can(request.user, self.add_verb)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(self.change_verb) and can(request.user, self.change_verb, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs.setdefault("queryset", seen_by(request.user, db_field.remote_field.model._default_manager.all()))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", RowSearch(db_field, self.admin_site, using=kwargs.get("using")))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Rows that the address names to begin with count only where the reader sees them."""
        related = {field.name: field.related_model for field in self.opts.fields if field.is_relation}
        named = super().get_changeform_initial_data(request).items()
        return {k: v for k, v in named if k not in related or seen_row(related[k], v, reader(request))}

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> NoReturn:
        """What one may not see is not there."""
        raise Http404(f"No such {opts.verbose_name}.")

    def row_for(self, verb: str, request: HttpRequest, object_id: str) -> Any:
        """The row of that key, if the reader sees it (else 404) and may use `verb` on it (else 403)."""
        row = self.get_object(request, unquote(object_id))
        if row is None:
            self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not can(request.user, verb, row):
            raise PermissionDenied
        return row

    # --- what a list may be asked --------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        require_storable_query(request.GET)
        return super().changelist_view(request, extra_context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ChangeList

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Nobody guesses at what is not shown, or searches by patterns, by way of the address."""
        return lookup in offered_lookups((*self.get_list_filter(request), *self.linked_by))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Asked by the autocompletion as well. NUL stands in no row, and PostgreSQL cannot look for it."""
        is_storable = "\x00" not in search_term
        return super().get_search_results(request, queryset, search_term) if is_storable else (queryset.none(), False)

    # --- writing -------------------------------------------------------------------------------------------------

    @csrf_protect_m
    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's; where the operation refuses, nothing is kept and the page is shown again with its words."""
        try:
            return super().changeform_view(request, *args, **kwargs)
        except (ValidationError, IntegrityError) as fault:
            request.refusal = refusal = refusal_of(fault)  # type: ignore[attr-defined]
            response = super().changeform_view(request, *args, **kwargs)
            response.status_code = status_of(refusal)
            return response

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return type(form.__name__, (Refused, form), {"refusal": refusal}) if refusal else form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        unfold_used(context["adminform"])
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        by, at = request.user, timezone.now()
        if change:
            self.amend_row(obj, form, by=by, at=at)
        else:
            record_once(request, obj, lambda: self.add_row(obj, form, by=by, at=at), at=at)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Nothing hangs on a form but through its operation; inlines bring operations of their own."""
        for formset in formsets:
            formset.save()

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> NoReturn:
        self.row_for(self.read_verb, request, object_id)
        raise PermissionDenied("Nothing is ever deleted.")

    def deed_page(
        self,
        request: HttpRequest,
        row: models.Model,
        form: BaseForm,
        deed: Callable[[dict[str, Any], datetime], str],
        **shown: Any,
    ) -> HttpResponse:
        """A page for a verb that is no form of its row. `deed` does it with what was entered and says what was done.

        `shown` goes to the template: `title`, `submit_label`, `subject`, `intro`, `back` (an address).
        """
        shown.setdefault("back", page_of(row))
        status = 200
        if request.method == "POST" and form.is_valid():
            try:
                done = deed(form.cleaned_data, timezone.now())
            except (ValidationError, IntegrityError) as fault:
                show_refusal(form, refusal := refusal_of(fault))
                status = status_of(refusal)
            else:
                self.message_user(request, done, messages.SUCCESS)
                return HttpResponseRedirect(shown["back"])
        context = {**self.admin_site.each_context(request), "row": row, "form": form, "media": form.media, **shown}
        return TemplateResponse(request, "admin/deed.html", context, status=status)

    # --- history: the ledger is ours; Django's own log would repeat values outside it --------------------------

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        row = self.row_for(self.read_verb, request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": f"History of {row}",
            "row": row,
            "back": page_of(row),
            "lines": self.history_of(row, request.user),
        }
        return TemplateResponse(request, "admin/row_history.html", context)

    def history_of(self, row: Any, user: Any) -> list[HistoryLine]:
        return history([row.subject if hasattr(row, "subject") else row.uuid], user=user)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        return None
