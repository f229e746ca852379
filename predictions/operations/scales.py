"""Scales of words: added in versions that never change, and put in and out of use."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.language.scales import DEFAULT_SCALE, SCALES
from predictions.models import HouseScale, ScaleSwitch
from predictions.models.scale import enabled_scales
from predictions.policy import demand


@transaction.atomic
def add_scale(scale: HouseScale, *, by: User, at: datetime) -> HouseScale:
    """Add a scale of the house, or the next version of one (`supersedes`), on which no new words are read then."""
    demand(by, "add_scale")
    scale.recorded_at, scale.recorded_by = at, by
    scale.take_key()
    scale.full_clean(exclude={"key"})  # `clean` says in words what is wrong with a key
    record.keep(scale, "scale.superseded" if scale.supersedes else "scale.added", by=by, at=at)
    return scale


@transaction.atomic
def switch_scale(key: str, *, is_enabled: bool, by: User, at: datetime) -> ScaleSwitch:
    """Put a scale in or out of use: for reading new words, and in the figures of sensitivity."""
    demand(by, "switch_scale")
    if key == DEFAULT_SCALE:
        name = SCALES[key].name
        raise ValidationError({"key": f"{name} is what words are read on where no scale is named: it stays in use."})
    if key not in SCALES and key not in set(HouseScale.objects.standing().values_list("key", flat=True)):
        raise ValidationError({"key": "There is no such scale, or a newer version replaced it."})
    if is_enabled == (key in enabled_scales()):
        raise ValidationError({"key": "So it is already."}, code="conflict")
    switch = ScaleSwitch(key=key, is_enabled=is_enabled, switched_at=at, switched_by=by)
    switch.full_clean()
    record.keep(switch, "scale.enabled" if is_enabled else "scale.disabled", by=by, at=at)
    return switch
