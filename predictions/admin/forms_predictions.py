"""The forms in which a prediction is posed and amended: a statement, its criteria one per line, its times."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from accounts.zones import require_zone
from predictions.admin.base import Textarea, TextInput
from predictions.admin.moments import HELP, MomentField
from predictions.admin.row_forms import Choice, Radios, RowForm, Text
from predictions.language.criteria import read_criteria, too_long
from predictions.models import Criterion, PredictionRevision
from predictions.models.revision import CANNOT_TELL_LIMIT
from predictions.models.times import whole_day

Kind = PredictionRevision.Kind


class RevisionForm(RowForm):
    """What a revision says. `revision` and `criterion_rows` are the unsaved rows that were read from it."""

    statement = forms.CharField(
        max_length=500, widget=Textarea({"rows": 2}), help_text="A sentence that will prove true or not."
    )
    criteria = forms.CharField(
        required=False,
        widget=Textarea({"rows": 4}),
        help_text="What the outcome is judged by, one per line. Lines get the letters (a), (b), (c). "
        "A line that ends in ×2 counts twice in a weighted share.",
    )
    opens = MomentField(help_text=f"When forecasts begin to count. {HELP}.")
    closes = MomentField(
        label="Scheduled close",
        help_text="The latest moment at which waiting for the answer makes sense. A day or month counts to its end.",
    )
    zone = Text(
        label="Time zone of dates",
        max_length=64,
        required=False,
        help_text="Such as Asia/Tokyo. Blank: that of the case.",
    )
    outcome_rule = Choice(choices=PredictionRevision.Rule.choices)
    outcome_table = forms.CharField(
        label="Table of outcomes",
        required=False,
        max_length=4000,
        widget=Textarea({"rows": 3, "placeholder": "a met, b not met: 0.5\notherwise: 0"}),
        help_text="Only for the rule “by a table of verdicts”: one line each, and the first that fits counts.",
    )
    cannot_tell_limit = forms.FloatField(
        label="Propose to annul above",
        required=False,
        min_value=0,
        max_value=1,
        widget=TextInput,
        help_text="If more than this share of the resolvers’ verdicts is “cannot tell”: from 0 to 1. "
        f"Blank: {CANNOT_TELL_LIMIT:g}.",
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        zone = self._zone()
        opens, closes = self.moment("opens", zone), self.moment("closes", zone)
        told = {name: cleaned.get(name, "") for name in ("statement", "outcome_rule", "outcome_table")}
        self.revision = PredictionRevision(zone=zone, **told)
        if (limit := cleaned.get("cannot_tell_limit")) is not None:
            self.revision.cannot_tell_limit = limit
        if opens:
            self.revision.opens_at = opens.at
        self.revision.closes_at = closes.ends_at if closes else None
        self.criterion_rows = list(self._criteria(cleaned.get("criteria", "")))
        return cleaned

    def _zone(self) -> str:
        """As typed, else the zone of the case; UTC where what was typed is no zone, which its field says."""
        typed = self.cleaned_data.get("zone")
        case = self.cleaned_data.get("case") or getattr(self.instance, "case", None)
        return str(typed or (case.zone if case else "UTC"))

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        if zone:
            require_zone(zone)
        return zone

    def _criteria(self, text: str) -> Iterator[Criterion]:
        for number, each in enumerate(read_criteria(text), start=1):
            if each.is_too_long:
                self.add_error("criteria", too_long(number))
            yield Criterion(label=each.label, text=each.text, weight=each.weight)


class AmendForm(RevisionForm):
    """`hides_forecasts` is set by the page: then the form asks why, whether or not there is a forecast."""

    hides_forecasts: ClassVar[bool] = False

    kind = forms.ChoiceField(
        label="The change",
        required=False,
        widget=Radios,
        choices=[(kind.value, str(kind.label)) for kind in (Kind.CLARIFYING, Kind.MATERIAL)],
        help_text="Needed once a forecast has been logged.",
    )
    reason = Text(label="Reason for the change", required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {**as_written(self.instance.revision), **self.initial}
        for name in ("kind", "reason"):
            if name in self.fields:
                self.fields[name].required = self.hides_forecasts

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.revision.prediction = self.instance
        self.revision.kind, self.revision.reason = cleaned.get("kind", ""), cleaned.get("reason", "")
        self._keep_untouched_times()
        self._keep_quotes()
        return cleaned

    def _keep_untouched_times(self) -> None:
        """A time that was left as it stood must not move by being written out and read again."""
        for name in ("opens", "closes"):
            if name not in self.changed_data and "zone" not in self.changed_data:
                setattr(self.revision, f"{name}_at", getattr(self.instance.revision, f"{name}_at"))

    def _keep_quotes(self) -> None:
        earlier = self.instance.revision.criteria.select_related("quote")
        quotes = {criterion.text: criterion.quote for criterion in earlier}
        for criterion in self.criterion_rows:
            criterion.quote = quotes.get(criterion.text)


def as_written(revision: PredictionRevision) -> dict[str, Any]:
    """What the form would have held for this revision."""
    lines = [f"{each} ×{each.weight}" if each.weight > 1 else str(each) for each in revision.criteria.all()]
    return {
        "statement": revision.statement,
        "criteria": "\n".join(lines),
        "opens": _time_as_written(revision.opens_at, revision.zone),
        "closes": _time_as_written(revision.closes_at, revision.zone, is_end=True),
        "zone": revision.zone,
        "outcome_rule": revision.outcome_rule,
        "outcome_table": revision.outcome_table,
        "cannot_tell_limit": f"{revision.cannot_tell_limit:g}",
    }


def _time_as_written(at: Any, zone: str, *, is_end: bool = False) -> str:
    """A day where the time begins or, of a close, ends one in `zone`; else the reader's clock time."""
    if at is None:
        return ""
    day = whole_day(at, zone, is_end=is_end)
    return f"{day:%Y-%m-%d}" if day else f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
