"""Times as exactly as they are known, and the integer microseconds that the kernel reads."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
HALF_A_PERIOD = "A day, a month or an estimate ends after it starts; an instant has no end."


class Precision(models.TextChoices):
    """How exactly a time is known. All but an instant are periods: they start at `…_at` and end before `…_until`."""

    INSTANT = "instant", "to the instant"
    DAY = "day", "to the day"
    MONTH = "month", "to the month"
    ESTIMATED = "estimated", "estimated between two dates"


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, exactly."""
    return (moment - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    return EPOCH + value * MICROSECOND


def iso_utc(moment: datetime) -> str:
    """RFC 3339 in UTC with six decimals, as the ledger writes times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class MicrosecondsField(models.BigIntegerField):
    """Integer shadow of the time field `of`, kept in step whenever the row is written."""

    def __init__(self, *, of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(**{"editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        moment = getattr(model_instance, self.of)
        value = None if moment is None else microseconds(moment)
        setattr(model_instance, self.attname, value)
        return value


def period_is_whole(stem: str) -> Q:
    """A condition for `…_at`, `…_precision`, `…_until`: an instant has no end, a period has one after its start."""
    instant = Q(**{f"{stem}_precision": Precision.INSTANT, f"{stem}_until__isnull": True})
    ends = Q(**{f"{stem}_until__isnull": False, f"{stem}_until__gt": F(f"{stem}_at")})  # SQL lets a bare null pass
    return instant | (~Q(**{f"{stem}_precision": Precision.INSTANT}) & ends)


def in_words(at: datetime, precision: str = Precision.INSTANT, until: datetime | None = None, zone: str = "") -> str:
    """The time as far as it is known: "16 December 2022", "December 2022", "16 December 2022, 09:30 JST".

    Days and months are those of `zone`, where they were dates; an instant is told in the reader's zone.
    """
    if precision == Precision.INSTANT or until is None:
        return timezone.localtime(at).strftime("%-d %B %Y, %H:%M %Z")
    first = at.astimezone(ZoneInfo(zone or "UTC"))
    if precision == Precision.MONTH:
        return first.strftime("%B %Y")
    if precision == Precision.DAY:
        return first.strftime("%-d %B %Y")
    last = (until - MICROSECOND).astimezone(ZoneInfo(zone or "UTC"))
    return f"estimated, {first.strftime('%-d %B %Y')} to {last.strftime('%-d %B %Y')}"


def whole_day(at: datetime, zone: str, *, is_end: bool = False) -> date | None:
    """The day that begins, or `is_end`, ends at `at` in `zone`; None where `at` is another hour."""
    there = at.astimezone(ZoneInfo(zone))
    if there.time() != time.min:
        return None
    return (there - MICROSECOND).date() if is_end else there.date()


def day_in(zone: str, moment: datetime) -> date:
    """The day that it is at `moment` in `zone`; in that of the site where there is none."""
    return moment.astimezone(ZoneInfo(zone) if zone else timezone.get_default_timezone()).date()


def bound_in_words(at: datetime, zone: str, *, is_end: bool = False) -> str:
    """A bound that was given as a day of `zone` as that day, any other as an instant in the reader's zone."""
    day = whole_day(at, zone, is_end=is_end)
    return f"{day:%-d %B %Y}" if day else in_words(at)
