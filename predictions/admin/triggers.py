from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from accounts.models import User
from predictions.admin.base import RowAdmin, Select, TextInput, VisibleFilter, action, counted, display, reader, sent
from predictions.admin.moments import MomentField, MomentsForm, moment_of, take_moment
from predictions.models import Prediction, Source, Trigger, TriggerOccurrence
from predictions.operations.triggers import (
    amend_trigger,
    pose_trigger,
    record_occurrence,
    undo_occurrence,
    unwatch_trigger,
    watch_trigger,
)
from predictions.policy import can
from predictions.queries.worklist_shelves import late_triggers


class TriggerForm(MomentsForm):
    expected = MomentField(required=False)
    stems = ("expected",)


class OccurrenceForm(forms.Form):
    occurred = MomentField(label="When it occurred")
    source = forms.ModelChoiceField(
        Source.objects.none(), required=False, widget=Select, help_text="Where that can be read."
    )
    note = forms.CharField(max_length=500, required=False, widget=TextInput)

    def __init__(self, trigger: Trigger, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.trigger = trigger
        self.fields["source"].queryset = Source.objects.visible_to(user).filter(case=trigger.case)  # type: ignore[attr-defined]

    def clean_occurred(self) -> Any:
        return moment_of(self.cleaned_data["occurred"], self.trigger.zone)


class UndoForm(forms.Form):
    reason = forms.CharField(
        max_length=500, widget=TextInput, help_text="Why the record is taken back. It stays in the ledger."
    )


STATES = {"waiting": "info", "past its date": "warning", "occurred": "success"}
RECORD_INTRO = "All predictions that wait for it close at that moment and become due for resolution."
UNDO_INTRO = "The predictions that waited for it are open again, unless their own close has passed."
WATCH_INTRO = "You get a notice when it occurs, or is found not to have, and when what waited for it is decided."


class StateFilter(admin.SimpleListFilter):
    title, parameter_name = "state", "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state, state) for state in STATES]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Trigger]:
        if self.value() == "past its date":
            return queryset.filter(is_late=True)
        return queryset.filter(occurrence__isnull=self.value() == "waiting") if self.value() in STATES else queryset


@admin.register(Trigger)
class TriggerAdmin(RowAdmin):
    form = TriggerForm
    add_verb, change_verb = "pose_trigger", "amend_trigger"
    list_display = ("statement", "case", "expected", "state", "prediction_count")
    list_filter = (("case", VisibleFilter), StateFilter)
    search_fields = ("statement", "external_id", "note")
    list_select_related = ("case", "occurrence")
    autocomplete_fields = ("case",)
    actions_detail = ("record_occurrence_page", "undo_occurrence_page", "watch_page", "unwatch_page")
    fieldsets = ((None, {"fields": ("statement", "case", "external_id", "expected", "zone", "note")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Trigger]:
        """`is_late`: the time at which it was expected is over, and it has not occurred."""
        is_late = Exists(late_triggers(timezone.now()).filter(pk=OuterRef("pk")))
        posed = counted(Prediction.objects.visible_to(reader(request)), "trigger")
        return super().get_queryset(request).annotate(posed=posed, is_late=is_late)

    def get_fieldsets(self, request: HttpRequest, obj: Trigger | None = None) -> Any:
        story = (None, {"fields": ("story",)})
        return (story, *self.fieldsets) if obj else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Trigger | None = None) -> Any:
        return ("story", "case") if obj else ()

    @display(description="expected", ordering="expected_at")
    def expected(self, trigger: Trigger) -> str:
        """For the list, and in place of the form's field for whoever only reads."""
        return trigger.expected_in_words()

    @display(description="state", ordering="occurrence__occurred_us", label=STATES)
    def state(self, trigger: Any) -> tuple[str, str]:
        if trigger.occurrence is None:
            state = "past its date" if trigger.is_late else "waiting"
            return state, state
        trigger.occurrence.trigger = trigger  # its zone is asked; no query for it
        return "occurred", f"occurred {trigger.occurrence.in_words()}"

    @display(description="predictions", ordering="posed")
    def prediction_count(self, trigger: Any) -> int:
        return int(trigger.posed)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        trigger = super().get_object(request, object_id, from_field)
        if trigger is not None:
            trigger.waiting = trigger.predictions.visible_to(reader(request)).for_show()
        return trigger

    @display(description="")
    def story(self, trigger: Any) -> str:
        """What was recorded of its occurrence, and the predictions that wait for it."""
        occurrences = trigger.occurrences.select_related("trigger", "source", "recorded_by")
        told = {"trigger": trigger, "occurrences": occurrences, "predictions": trigger.waiting}
        return render_to_string("admin/trigger_story.html", told)

    # --- it occurred, or did not after all -----------------------------------------------------------------------

    def has_record_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "record_occurrence")

    def has_undo_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "undo_occurrence")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[Any]:
        """Record while it waits, undo once it occurred, by who may do it to this one; watch it, or no longer."""
        trigger = self.get_object(request, object_id)
        is_watched = trigger is not None and trigger.watches.filter(user=reader(request)).exists()
        has_occurred = trigger is not None and trigger.occurrence is not None
        unfit = [
            "_record_occurrence_page" if has_occurred else "undo_occurrence_page",
            "_watch_page" if is_watched else "unwatch_page",
        ]
        if not can(request.user, "undo_occurrence" if has_occurred else "record_occurrence", trigger):
            unfit += ["record_occurrence_page", "undo_occurrence_page"]
        shown = super().get_actions_detail(request, object_id)
        return [each for each in shown if not each.action_name.endswith(tuple(unfit))]

    @action(
        description="Record that it occurred",
        url_path="occurred",
        permissions=["record"],
        icon="event_available",
    )
    def record_occurrence_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        trigger = self.row_for("record_occurrence", request, object_id)

        def record(entered: dict[str, Any], at: datetime) -> str:
            row = TriggerOccurrence(trigger=trigger, source=entered["source"], note=entered["note"])
            take_moment(row, "occurred", entered["occurred"])
            return f"Recorded: it occurred on {record_occurrence(row, by=reader(request), at=at)}."

        form = OccurrenceForm(trigger, reader(request), *sent(request))
        shown = {"title": f"It occurred: {trigger}", "submit_label": "Record that it occurred", "intro": RECORD_INTRO}
        return self.deed_page(request, trigger, form, record, **shown)

    @action(description="Undo", url_path="undo", permissions=["undo"], icon="undo")
    def undo_occurrence_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        trigger = self.row_for("undo_occurrence", request, object_id)

        def undo(entered: dict[str, Any], at: datetime) -> str:
            undo_occurrence(trigger, reason=entered["reason"], by=reader(request), at=at)
            return "Taken back: it waits again."

        form = UndoForm(*sent(request))
        shown = {"title": f"It did not occur: {trigger}", "submit_label": "Take the record back", "intro": UNDO_INTRO}
        return self.deed_page(request, trigger, form, undo, **shown)

    # --- who is told ---------------------------------------------------------------------------------------------

    def has_watch_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "watch")

    @action(description="Watch", url_path="watch", permissions=["watch"], icon="visibility")
    def watch_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        trigger = self.row_for("watch", request, object_id)

        def watch(_: dict[str, Any], at: datetime) -> str:
            watch_trigger(trigger, by=reader(request), at=at)
            return "You watch this trigger, and are told when it occurs."

        shown = {"title": f"Watch: {trigger}", "submit_label": "Watch", "intro": WATCH_INTRO}
        return self.deed_page(request, trigger, forms.Form(*sent(request)), watch, **shown)

    @action(description="Stop watching", url_path="unwatch", permissions=["watch"], icon="visibility_off")
    def unwatch_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        trigger = self.row_for("watch", request, object_id)

        def unwatch(_: dict[str, Any], at: datetime) -> str:
            unwatch_trigger(trigger, by=reader(request), at=at)
            return "You no longer watch this trigger."

        shown = {"title": f"Stop watching: {trigger}", "submit_label": "Stop watching"}
        return self.deed_page(request, trigger, forms.Form(*sent(request)), unwatch, **shown)

    def add_row(self, row: Trigger, form: Any, *, by: User, at: datetime) -> None:
        pose_trigger(row, by=by, at=at)

    def amend_row(self, row: Trigger, form: Any, *, by: User, at: datetime) -> None:
        amend_trigger(row, by=by, at=at)
