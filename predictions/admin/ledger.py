import json
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST

from accounts.models import User
from predictions import checkpoints
from predictions.admin.addresses import is_key
from predictions.admin.base import ChangeList, VisibleFilter, display, page_of, reader
from predictions.admin.erasing import Erasing, erase_url, may_be_erased
from predictions.admin.receipt_links import receipt_links
from predictions.models import Case, LedgerEntry, Prediction
from predictions.models.case import cases_open_to
from predictions.models.coding_request import predictions_asked_of
from predictions.models.forecast import predictions_hiding_from
from predictions.models.ledger import ABOUT_ASSESSMENTS
from predictions.policy import can, demand
from predictions.queries.checkpoints import newest_signed
from predictions.queries.histories import ERASED, HistoryLine, display_name, history, tell, visible_entries

KINDS = {
    "case.": "cases",
    "source.": "sources",
    "capture.": "captures",
    "snapshot.": "texts",
    "quote.": "quotes",
    "forecaster.": "forecasters",
    "trigger.": "triggers",
    "prediction.": "predictions",
    "forecast.": "forecasts",
    "coding.": "requests to code",
    "evidence.": "evidence",
    "rating.": "ratings of evidence",
    "assumption.": "assumptions",
    "indicator.": "indicators",
    "assignment.": "assignments",
    "assessment.": "assessments",
    "resolution.": "resolutions",
    "dispute.": "disputes",
    "payload.": "erasures",
    "league.": "the league table",
    "scale.": "scales of words",
    "ledger.": "the ledger itself",
    "checkpoint.": "time stamps of checkpoints",
}
ABOUT_PEOPLE = {"account.": "accounts", "role.": "roles", "team.": "teams"}
HIDDEN_FORECASTS = "others’ forecasts on predictions that are open or that you are asked to judge"
HIDDEN_READINGS = "ratings, assumptions and indicators on predictions that you are asked to judge"
HIDDEN_FROM_CODERS = "predictions on which you are asked to code"
WHOSE = {"actor", "resolver", "assignment"}
ERASE = "Erase what it recorded …"
UNTOLD = "(not told: resolvers stay unnamed)"


def _untold(entry: LedgerEntry, user: User) -> set[str]:
    """What the page of an entry leaves out: whose an assessment is, but for one's own."""
    return WHOSE if entry.names_another_than(user) else set()


def hidden_from(user: User) -> str:
    """What the entries that `user` does not see are about; empty for whoever sees all there are."""
    people = LedgerEntry.objects.filter(subject__in=User.objects.values("uuid"))
    accounts = not can(user, "manage_people") and people.exists()
    cases = Case.objects.exclude(pk__in=Case.objects.visible_to(user).values("pk")).exists()
    forecasts = predictions_hiding_from(user).filter(cases_open_to(user, "case")).exists()
    readings = Prediction.objects.to_be_judged_by(user).filter(cases_open_to(user, "case")).exists()
    hidden = {
        "accounts": accounts,
        "private cases": cases,
        HIDDEN_FORECASTS: forecasts,
        HIDDEN_READINGS: readings,
    }
    hidden |= {HIDDEN_FROM_CODERS: predictions_asked_of(user).exists()}
    *most, last = [name for name, is_hidden in hidden.items() if is_hidden] or [""]
    return f"{', '.join(most)} and {last}" if most else last


class KindFilter(admin.SimpleListFilter):
    title, parameter_name = "kind", "about"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        people = ABOUT_PEOPLE if can(request.user, "manage_people") else {}
        return [*KINDS.items(), *people.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        kind = self.value()
        return queryset.filter(kind__startswith=kind) if kind else queryset


class CaseFilter(VisibleFilter):
    """By a condition that no index answers: the entries of a large case would all be sorted to show the newest."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[LedgerEntry]) -> QuerySet[LedgerEntry]:
        keys = [key for key in self.lookup_val or () if is_key(str(key))]
        return (
            queryset.alias(of_case=Coalesce("payload__case", "erasure__case", 0)).filter(of_case__in=keys)
            if keys
            else queryset
        )


class ToldChangeList(ChangeList):
    """Tells the entries of one page in words, all at once."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        entries: list[Any] = list(self.result_list)
        for entry, line in zip(entries, tell(entries, user=reader(request)), strict=True):
            entry.line = line
        self.result_list = entries


@admin.register(LedgerEntry)
class LedgerEntryAdmin(Erasing):
    """The ledger as it stands: nobody adds to it or changes it. An administrator may erase, for good."""

    change_list_template = "admin/ledger_list.html"
    list_display = ("seq", "when", "kind", "sentence", "who", "about")
    list_filter = (KindFilter, ("payload__case", CaseFilter))
    search_fields = ("kind", "payload__text")
    list_display_links = ("seq",)
    sortable_by = ("seq",)
    is_long = True

    fieldsets = (
        (None, {"fields": ("seq", "when", "kind", "sentence", "who", "about", "receipt")}),
        ("The entry itself", {"fields": ("subject", "commit", "leaf_digest", "recorded", "erasing")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[LedgerEntry]:
        return visible_entries(reader(request)).order_by("-seq")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        user = reader(request)
        signed = {"checkpoint": newest_signed(), "may_sign": can(user, "keep_ledger")}
        return super().changelist_view(request, {"hidden": hidden_from(user), **signed, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        sign = self.admin_site.admin_view(require_POST(self.sign_view))
        return [path("sign/", sign, name="predictions_ledgerentry_sign"), *super().get_urls()]

    def sign_view(self, request: HttpRequest) -> HttpResponse:
        """Sign the ledger as it stands; the list then shows the checkpoint, or why there is none."""
        demand(request.user, "keep_ledger")
        try:
            size = checkpoints.sign(timezone.now()).size
        except ValidationError as refusal:
            for told in refusal.messages:
                self.message_user(request, told, messages.ERROR)
        else:
            self.message_user(request, f"Signed: the checkpoint covers {size:,} entries.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:predictions_ledgerentry_changelist"))

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ToldChangeList

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        """Of another's assessment only the kind is searched: a match within would tell whose it is."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, may_repeat
        anothers = Q(kind__startswith=ABOUT_ASSESSMENTS) & ~Q(payload__actor=reader(request))
        return found.exclude(anothers & ~Q(kind__icontains=search_term.strip())), may_repeat

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry = super().get_object(request, object_id, from_field)
        if entry is not None:
            entry.line = tell([entry], user=reader(request))[0]
            entry.untold = _untold(entry, reader(request))
            entry.erase_url = erase_url(entry) if may_be_erased(entry, reader(request)) else ""
        return entry

    def history_of(self, row: LedgerEntry, user: Any) -> list[HistoryLine]:
        return history([row.subject] if row.subject else [], user=user)

    @display(description="when", ordering="at")
    def when(self, entry: LedgerEntry) -> str:
        return format_html('<span class="fs-when">{}</span>', f"{localtime(entry.at):%-d %b %Y, %H:%M}")

    @display(description="who")
    def who(self, entry: Any) -> str:
        return entry.line.who or "–"

    @display(description="what happened")
    def sentence(self, entry: Any) -> str:
        return entry.line.sentence

    @display(description="about")
    def about(self, entry: Any) -> str:
        about = entry.line.about
        return format_html('<a class="text-link" href="{}">{}</a>', page_of(about), about) if about else "–"

    @display(description="receipt")
    def receipt(self, entry: LedgerEntry) -> SafeString:
        return receipt_links(entry.pk)

    @display(description="leaf hash")
    def leaf_digest(self, entry: LedgerEntry) -> str:
        return bytes(entry.leaf_hash).hex()

    @display(description="legal erasure")
    def erasing(self, entry: Any) -> str:
        erasure = getattr(entry, "erasure", None)
        if erasure is not None:
            who = display_name(erasure.erased_by)
            return f"erased by {who} on {localtime(erasure.erased_at):%-d %B %Y}: {erasure.reason}"
        return format_html('<a class="text-link" href="{}">{}</a>', entry.erase_url, ERASE) if entry.erase_url else "–"

    @display(description="as recorded")
    def recorded(self, entry: Any) -> str:
        payload = getattr(entry, "payload", None)
        if payload is None:
            return ERASED
        told = json.loads(payload.text)
        told |= dict.fromkeys(entry.untold & told.keys(), UNTOLD)
        text = json.dumps(told, ensure_ascii=False, indent=2)
        return format_html('<pre class="fs-record">{}</pre>', text)
