"""What goes in and out of bodies: rows by uuid, times as far as known, probabilities read strictly."""

import re
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from predictions.api.parsing import Number
from predictions.language import scales
from predictions.models import Precision, Verdict
from predictions.models.times import iso_utc
from predictions.policy import seen_by

PROBABILITY = {
    "oneOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string"}],
    "description": "A number such as 0.7, or text such as “70%” or “7 in 10”; at most six decimal places.",
}
ONE_VERDICT = {"type": "string", "enum": list(Verdict)}
VERDICTS = {"type": "object", "additionalProperties": ONE_VERDICT, "description": "A verdict per criterion, by letter."}
SHARE = {"type": "number", "minimum": 0, "maximum": 1, "description": "From 0 to 1; at most six decimal places."}
SHARE_DIGITS = re.compile(r"0(\.[0-9]{1,6})?|1(\.0{1,6})?")
MOST_ROWS = 100
MOMENT = {
    "type": ["object", "null"],
    "description": "A time as exactly as it is known: the start and end of its period in UTC, and its words.",
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "precision": {"type": "string", "enum": list(Precision)},
        "until": {"type": ["string", "null"], "format": "date-time"},
        "words": {"type": "string"},
    },
    "required": ["at", "precision", "until", "words"],
}


UUID_TEXT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Text(serializers.CharField):
    """Text that was sent as text: a number or a truth value is none."""

    def __init__(self, **kwargs: Any) -> None:
        shortest = {} if kwargs.get("allow_blank") else {"min_length": 1}  # so that the description says it
        super().__init__(**shortest | kwargs)

    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, Number) or not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Flag(serializers.BooleanField):
    """`true` or `false`, and not what other systems write for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class SeenRow(serializers.UUIDField):
    """A row named by its uuid. One that the caller may not see is as unknown as one that is not there."""

    default_error_messages = {"unknown": "There is no such {name}."}

    def __init__(self, rows: Any, **kwargs: Any) -> None:
        """`rows` are those to choose from: a model for all of its rows, or a queryset."""
        self.rows = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not UUID_TEXT.fullmatch(data):
            self.fail("invalid", value=data)
        uuid = super().to_internal_value(data)
        row = seen_by(self.context["request"].user, self.rows.all()).filter(uuid=uuid).first()
        if row is None:
            self.fail("unknown", name=self.rows.model._meta.verbose_name)
        return row


@extend_schema_field({"type": "array", "maxItems": MOST_ROWS, "items": {"type": "string", "format": "uuid"}})
class SeenRows(SeenRow):
    """A list of such rows."""

    default_error_messages = {"kind": "Give a list of at most {most} uuids."}

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list) or len(data) > MOST_ROWS:
            self.fail("kind", most=MOST_ROWS)
        row = super().to_internal_value
        return [row(each) for each in data]


@extend_schema_field(VERDICTS)
class Verdicts(serializers.Field[Any, Any, Any, Any]):
    """Words by the letters of criteria; the operation says which of either there are."""

    default_error_messages = {"kind": "Give a verdict per criterion by its letter, such as a: met."}

    def to_internal_value(self, data: Any) -> Mapping[str, str]:
        if not isinstance(data, dict) or not all(isinstance(verdict, str) for verdict in data.values()):
            self.fail("kind")
        return data


@extend_schema_field(SHARE)
class Share(serializers.Field[Any, Any, Any, Any]):
    """An outcome from 0 to 1, in plain digits."""

    default_error_messages = {"kind": "Enter a number from 0 to 1, with at most six decimal places."}

    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, Number) or not SHARE_DIGITS.fullmatch(data):
            self.fail("kind")
        return float(data)


@extend_schema_field(PROBABILITY)
class Probability(serializers.Field[Any, Any, Any, Any]):
    """A number in its own digits; becomes a `scales.Reading`."""

    default_error_messages = {
        "kind": "Enter a probability, such as 0.7, “70%” or “7 in 10”.",
        "term": "“{term}” is a word of a scale. Send it as words.",
        "range": "“{range}” is a range. Send it as words.",
    }

    def to_internal_value(self, data: Any) -> scales.Reading:
        if not isinstance(data, str):
            self.fail("kind")
        try:
            reading = scales.read(data)
        except scales.UnreadableProbability as fault:
            raise serializers.ValidationError(str(fault)) from fault
        if reading.is_coded:
            self.fail("term", term=reading.term)
        if reading.low is not None:
            self.fail("range", range=data)
        return reading


class UuidOf(serializers.SlugRelatedField[Any]):
    """A related row, shown by its uuid."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"slug_field": "uuid", **kwargs})


class Instant(serializers.DateTimeField):
    """UTC, whatever the reader's zone."""

    def to_representation(self, value: Any) -> str:
        return iso_utc(value)


@extend_schema_field(MOMENT)
class Told(serializers.Field[Any, Any, Any, Any]):
    """The time that a row keeps in `…_at`, `…_precision` and `…_until`."""

    def __init__(self, stem: str, words: str = "") -> None:
        self.stem, self.words = stem, words or f"{stem}_in_words"
        super().__init__(source="*", read_only=True)

    def to_representation(self, row: Any) -> dict[str, Any] | None:
        at, until = getattr(row, f"{self.stem}_at"), getattr(row, f"{self.stem}_until")
        if at is None:
            return None
        return {
            "at": iso_utc(at),
            "precision": getattr(row, f"{self.stem}_precision"),
            "until": until and iso_utc(until),
            "words": getattr(row, self.words)(),
        }
