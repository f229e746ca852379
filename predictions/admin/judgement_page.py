"""The deeds of judging that have pages of their own: drawing, naming, withdrawing, confirming, disputing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone

from accounts.models import User
from predictions.admin.accounts import PersonField, people_where
from predictions.admin.addresses import is_key
from predictions.admin.base import RowAdmin, Select, TextInput, reader, sent
from predictions.admin.forms_disputes import DisputeForm
from predictions.admin.forms_resolutions import Seen, occurrence_as_typed, zone_of
from predictions.admin.moments import MomentField, moment_of, take_moment
from predictions.admin.prediction_page import page_url
from predictions.models import Assessment, Assignment, Dispute, Prediction, Resolution, Status, version_of
from predictions.operations.assessments import assign_resolver, draw_resolvers, eligible_resolvers, withdraw_assignment
from predictions.operations.disputes import raise_dispute
from predictions.operations.resolutions import confirm, take_findings
from predictions.policy import demand_time_to, is_time_to
from predictions.queries.histories import display_name

TAB = "judgement"
Deed = Callable[[dict[str, Any], datetime], str]

DRAW_INTRO = (
    "As many as are still missing are drawn by lot from the resolvers who see this case, did not forecast on the "
    "prediction, did not turn words about it into a probability and did not write what foretold it."
)
ASSIGN_INTRO = "Offered are the resolvers who may judge this prediction and are not asked yet."
WITHDRAW_INTRO = "What they may have submitted stays on record and does not count. The reason stays in the ledger."
CONFIRM_INTRO = (
    "What the resolvers agree on becomes the decision; where they cannot tell, the prediction is annulled. "
    "Say only since when the outcome could be known."
)
DISPUTE_INTRO = (
    "Somebody who did not decide will answer. If the dispute is upheld, the decision is replaced; both stay on record."
)


class DrawForm(forms.Form):
    """Asks nothing: who is drawn is left to the lot."""


class AssignForm(forms.Form):
    resolver = PersonField(User.objects.none(), widget=Select)

    def __init__(self, prediction: Prediction, *args: Any) -> None:
        super().__init__(*args)
        asked = set(prediction.assignments.standing().values_list("resolver", flat=True))
        able = [user.pk for user in eligible_resolvers(prediction, asked)]
        self.fields["resolver"].queryset = people_where(Q(pk__in=able))  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    reason = forms.CharField(max_length=500, widget=TextInput, help_text="Why this person is no longer asked.")


class ConfirmForm(forms.Form):
    seen = Seen()
    known = MomentField(label="Outcome could be known from")

    def __init__(self, prediction: Prediction, *args: Any) -> None:
        super().__init__(*args)
        self.initial = {"seen": version_of(prediction), "known": occurrence_as_typed(prediction)}
        self.zone = zone_of(prediction)

    def clean_known(self) -> Any:
        return moment_of(self.cleaned_data["known"], self.zone)


class JudgementPages(RowAdmin):
    """Adds to the pages of a prediction those on which it is judged, each for one verb."""

    def get_urls(self) -> list[URLPattern]:
        views = {
            "draw": self.draw_view,
            "assign": self.assign_view,
            "withdraw": self.withdraw_view,
            "confirm": self.confirm_view,
            "dispute": self.dispute_view,
        }
        own = [
            path(f"<path:object_id>/{deed}/", self.admin_site.admin_view(view), name=f"predictions_prediction_{deed}")
            for deed, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def draw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        prediction = self.row_for("draw_resolvers", request, object_id)

        def draw(_: dict[str, Any], at: datetime) -> str:
            return _asked(draw_resolvers(prediction, by=reader(request), at=at))

        shown = {"title": "Draw resolvers", "submit_label": "Draw", "intro": DRAW_INTRO}
        return self._judge(request, prediction, "draw_resolvers", DrawForm(*sent(request)), draw, **shown)

    def assign_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        prediction = self.row_for("assign_resolver", request, object_id)

        def assign(entered: dict[str, Any], at: datetime) -> str:
            row = Assignment(prediction=prediction, resolver=entered["resolver"])
            return _asked([assign_resolver(row, by=reader(request), at=at)])

        shown = {"title": "Name a resolver", "submit_label": "Ask this person", "intro": ASSIGN_INTRO}
        form = AssignForm(prediction, *sent(request))
        return self._judge(request, prediction, "assign_resolver", form, assign, **shown)

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """`?assignment=` names whom to ask no longer."""
        prediction = self.row_for("withdraw_assignment", request, object_id)
        if not is_key(key := request.GET.get("assignment", "")):
            raise Http404("There is no such assignment.")
        assignment = get_object_or_404(prediction.assignments.select_related("resolver"), pk=key)

        def withdraw(entered: dict[str, Any], at: datetime) -> str:
            withdraw_assignment(assignment, reason=entered["reason"], by=reader(request), at=at)
            return f"{display_name(assignment.resolver)} is no longer asked."

        title = f"No longer ask {display_name(assignment.resolver)}"
        shown = {"title": title, "submit_label": "Withdraw", "intro": WITHDRAW_INTRO}
        form = WithdrawForm(*sent(request))
        return self._judge(request, prediction, "withdraw_assignment", form, withdraw, **shown)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        prediction = self.row_for("confirm", request, object_id)

        def settle(entered: dict[str, Any], at: datetime) -> str:
            row = Resolution(prediction=prediction)
            take_moment(row, "known", entered["known"])
            confirm(row, seen=entered["seen"], by=reader(request), at=at)
            return f"Confirmed: {row.in_words()}."

        intro = f"{found_in_words(prediction, reader(request), timezone.now())} {CONFIRM_INTRO}".strip()
        shown = {"title": "Confirm what the resolvers found", "submit_label": "Confirm", "intro": intro}
        return self._judge(request, prediction, "confirm", ConfirmForm(prediction, *sent(request)), settle, **shown)

    def dispute_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        prediction = self.row_for("dispute", request, object_id)

        def contest(entered: dict[str, Any], at: datetime) -> str:
            raise_dispute(Dispute(prediction=prediction, **entered), by=reader(request), at=at)
            return "Disputed. Somebody who did not decide will answer."

        shown = {"title": "Dispute the decision", "submit_label": "Dispute", "intro": DISPUTE_INTRO}
        return self._judge(request, prediction, "dispute", DisputeForm(prediction, *sent(request)), contest, **shown)

    def _judge(
        self, request: HttpRequest, prediction: Prediction, verb: str, form: forms.BaseForm, deed: Deed, **shown: str
    ) -> HttpResponse:
        """The page for `verb`; back to the prediction, with the reason, where it is not time for it."""
        back = page_url(prediction.pk, TAB)
        if request.method != "POST":
            try:
                demand_time_to(verb, prediction, timezone.now())
            except ValidationError as fault:
                self.message_user(request, " ".join(fault.messages), messages.WARNING)
                return HttpResponseRedirect(back)
        return self.deed_page(request, prediction, form, deed, subject=prediction, back=back, **shown)


def found_in_words(prediction: Prediction, user: User, now: datetime) -> str:
    """What its resolvers found together, for who confirms it; empty while there is nothing to confirm.

    Before the close for those alone who see the verdicts anyway: anybody else may still forecast.
    """
    seen = Assessment.objects.visible_to(user).counting().filter(prediction=prediction)
    is_told = prediction.status(now) == Status.DUE or seen.exists()
    if not is_told or not is_time_to("confirm", prediction, now):
        return ""
    found = Resolution(prediction=prediction)
    take_findings(found)
    return f"Found: {found.in_words()} ({found.basis_in_words()})."


def _asked(rows: list[Assignment]) -> str:
    return f"Asked to judge it: {', '.join(display_name(row.resolver) for row in rows)}."
