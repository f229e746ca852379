"""Scales of words of the house's own, and which scales are in use."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import slugify

from predictions.language.house_terms import EXAMPLE, FaultyTerms, read_terms
from predictions.language.scales import DEFAULT_SCALE, SCALES, Scale, UnreadableProbability, scale_named
from predictions.models.rows import AppendOnly, Superseding

LONGEST_KEY = 40
METHOD = "point entered"


class HouseScale(Superseding):
    """One version of a scale that was entered here. It never changes: a new version is a row that replaces it."""

    key = models.CharField(max_length=LONGEST_KEY, unique=True, editable=False)
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=20, help_text="Such as 1, or 2026.")
    source = models.CharField(max_length=300, blank=True, help_text="Where it is laid down.")
    note = models.TextField(blank=True, help_text="What to beware of; it is shown with the scale.")
    terms = models.TextField(
        help_text=f"One a line: the words, a colon, then low, point and high, in per cent or from 0 to 1. {EXAMPLE}"
    )
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta(Superseding.Meta):
        ordering = ["name", "id"]
        verbose_name = "house scale"

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def scale(self) -> Scale:
        return Scale(
            key=self.key,
            name=f"{self.name} {self.version}",
            version=self.version,
            source=self.source or "entered here",
            method=METHOD,
            terms=read_terms(self.terms),
            note=self.note,
        )

    def clean(self) -> None:
        super().clean()
        faults: dict[str, Any] = {}
        if fault := self._fault_of_key():
            faults["name"] = fault
        try:
            read_terms(self.terms)
        except FaultyTerms as faulty:
            faults["terms"] = faulty.messages
        if faults:
            raise ValidationError(faults)

    def take_key(self) -> None:
        """Name and version in small Latin letters: what forecasts name the scale by."""
        self.key = f"{slugify(self.name)}-{slugify(self.version)}"

    def _fault_of_key(self) -> str | ValidationError:
        shipped = {scale.name.casefold() for scale in SCALES.values()}
        if not slugify(self.name) or not slugify(self.version):
            return "Name and version need a Latin letter or a digit each: forecasts name the scale by them."
        if len(self.key) > LONGEST_KEY:
            return f"Name and version together have at most {LONGEST_KEY - 1} characters."
        if self.key in SCALES or self.name.strip().casefold() in shipped:
            return "That is a scale which comes with Forsooth. Choose another name."
        if HouseScale.objects.filter(key=self.key).exists():
            return ValidationError(
                f"There is a scale “{self.key}” already, and it never changes. Give the next version.", code="conflict"
            )
        return ""


class ScaleSwitch(AppendOnly):
    """That a scale is in use from now on, or no longer: for reading words, and in the figures of sensitivity."""

    key = models.CharField("scale", max_length=LONGEST_KEY)
    is_enabled = models.BooleanField()
    switched_at = models.DateTimeField(editable=False)
    switched_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.key} {'enabled' if self.is_enabled else 'disabled'}"


def known_scales() -> Mapping[str, Scale]:
    """Every scale there is, the shipped ones first; versions that were replaced and scales out of use too."""
    return {**SCALES, **{row.key: row.scale() for row in HouseScale.objects.all()}}


def enabled_scales() -> Mapping[str, Scale]:
    """Those that words may be read on now: the newest version of each house scale, and none that is switched off."""
    house = {row.key: row.scale() for row in HouseScale.objects.standing()}
    is_on = dict(ScaleSwitch.objects.order_by("pk").values_list("key", "is_enabled"))
    return {key: scale for key, scale in {**SCALES, **house}.items() if is_on.get(key, True)}


def enabled_scale(key: str) -> Scale:
    """The scale of this key, or the default. Raises UnreadableProbability where words are not read on it now."""
    scales = enabled_scales()
    if key and key not in scales and key in known_scales():
        raise UnreadableProbability(f"The scale “{key}” is not in use. Choose one of: {', '.join(scales)}.")
    return scale_named(key or DEFAULT_SCALE, scales)
