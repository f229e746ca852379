"""One text field for a time as exactly as it is known: an instant, a day, a month, or between two days."""

from datetime import datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone

from predictions.admin.base import TextInput
from predictions.exchange.moments import Moment, read_typed
from predictions.models import Precision

HELP = (
    "Such as 2022-12-16 09:30 (in your time zone), 2022-12-16 or 2022-12 if only the day or month is known, "
    "or 2022-03-24 to 2022-04-24"
)


class MomentField(forms.CharField):
    widget = TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"help_text": HELP + ".", "max_length": 60, **kwargs})


class MomentsForm(forms.ModelForm):
    """Reads each text field named in `stems` into `…_at`, `…_precision` and `…_until` of the row.

    Days and months are those of the row's `zone`.
    """

    stems: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for stem in self.stems:
            self.initial.setdefault(stem, as_typed(self.instance, stem, self.instance.zone))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        zone = self.cleaned_data.get("zone", self.instance.zone)
        for stem in filter(self._is_retold, self.stems):
            try:
                text = self.cleaned_data.get(stem)
                take_moment(self.instance, stem, moment_of(text, zone) if text else None)
            except ValidationError as fault:
                self.add_error(stem, fault)
        return cleaned

    def _is_retold(self, stem: str) -> bool:
        """Whether the time is another than the row holds: an hour that clocks strike twice must not move by itself."""
        is_period = getattr(self.instance, f"{stem}_precision") != Precision.INSTANT
        return stem in self.changed_data or ("zone" in self.changed_data and is_period)


def moment_of(text: str, zone: str) -> Moment:
    """Read what a person typed; days and months are those of `zone`, a bare clock time is the reader's own."""
    try:
        return read_typed(text, ZoneInfo(zone), timezone.get_current_timezone())
    except ValueError as fault:
        raise ValidationError(str(fault)) from fault


def take_moment(row: Model, stem: str, moment: Moment | None) -> None:
    """Set `…_at`, `…_precision` and `…_until` of `row`."""
    setattr(row, f"{stem}_at", moment.at if moment else None)
    setattr(row, f"{stem}_precision", moment.precision if moment else Precision.INSTANT)
    setattr(row, f"{stem}_until", moment.until if moment else None)


def as_typed(row: Model, stem: str, zone: str) -> str:
    """The text that `moment_of` would read as the row's time; empty where it has none."""
    at: datetime | None = getattr(row, f"{stem}_at")
    if at is None:
        return ""
    until, precision = getattr(row, f"{stem}_until"), getattr(row, f"{stem}_precision")
    first = at.astimezone(ZoneInfo(zone))
    if precision == Precision.ESTIMATED:
        last = (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone))
        return f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    if precision == Precision.INSTANT:
        wall = timezone.localtime(at)
        return wall.strftime("%Y-%m-%d %H:%M:%S.%f" if wall.microsecond else "%Y-%m-%d %H:%M:%S")
    return f"{first:%Y-%m}" if precision == Precision.MONTH else f"{first:%Y-%m-%d}"
