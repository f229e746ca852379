"""Scales of words: house scales in versions that never change, and scales in and out of use."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from predictions.language.scales import DEFAULT_SCALE, SCALES
from predictions.models import Coding, Forecast, HouseScale, LedgerEntry
from predictions.models.scale import enabled_scales, known_scales
from predictions.operations.scales import switch_scale
from predictions.queries.histories import history
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db

MEND = {"reason": "Clearer."}


def switch(key, is_enabled):
    return switch_scale(key, is_enabled=is_enabled, by=a.a_person_with("administrator"), at=a.NOW)


def test_a_house_scale_is_known_by_name_and_version_and_reads_words_at_once():
    row = a.scale("Foreign Desk", "2026", "likely, it may well be: 60%, 72%, 80%")
    assert row.key == "foreign-desk-2026"
    forecast = a.forecast(words="would likely", scale="foreign-desk-2026")
    coding = forecast.codings.get()
    assert (forecast.low, forecast.probability, forecast.high, forecast.basis) == (0.6, 0.72, 0.8, "coded")
    assert (coding.term, coding.scale, coding.scale_name) == ("likely", "foreign-desk-2026", "Foreign Desk 2026")
    assert forecast.in_words() == "likely (60–80%), taken as 72% (Foreign Desk 2026)"


def test_a_new_version_takes_the_place_of_the_old_which_stays_as_it_was():
    first = a.scale(terms="likely: 50%, 60%, 70%")
    old = a.forecast(words="likely", scale="house-1")
    a.scale(version="2", terms="likely: 60%, 70%, 80%", supersedes=first, **MEND)
    assert {"house-1", "house-2"} <= known_scales().keys()
    assert "house-1" not in enabled_scales()
    on, who = a.prediction(), a.forecaster()
    with refused("scale", "“house-1” is not in use"):
        a.forecast(on, "likely", by=who, scale="house-1")
    assert a.forecast(words="likely", scale="house-2").probability == 0.7
    assert (Forecast.objects.get(pk=old.pk).probability, Coding.objects.get(forecast=old).point) == (0.6, 0.6)


def test_a_version_is_never_changed_nor_deleted():
    row = a.scale()
    row.terms = "likely: 1%, 2%, 3%"
    with pytest.raises(ValidationError, match="never changed"):
        row.save()
    for attack in (lambda rows: rows._raw_delete("default"), lambda rows: rows.update(terms="x")):
        with pytest.raises((ValidationError, DatabaseError)), transaction.atomic():
            attack(HouseScale._base_manager.filter(pk=row.pk))
    assert HouseScale.objects.get().terms == "likely: 50%, 60%, 70%"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": "icd203", "version": "2015"}),
        ("name", {"name": "Kent", "version": "1964"}),
        ("name", {"name": "icd 203", "version": "7"}),
        ("name", {"name": "確率", "version": "1"}),
        ("name", {"name": "House", "version": "…"}),
        ("name", {"name": "A scale of words with a long name", "version": "2026-11-30"}),
        ("terms", {"terms": "likely: 80%, 70%, 60%"}),
        ("terms", {"terms": "likely: 1%, 2%, 3%\nlikely: 1%, 2%, 3%"}),
        ("terms", {"terms": "likely: 55, 67.5, 80"}),
        ("terms", {"terms": ""}),
    ],
    ids=str,
)
def test_a_scale_that_is_none_or_takes_a_shipped_name_is_refused_at_its_field(field, given):
    with refused(field):
        a.scale(**given)
    assert not HouseScale.objects.exists()


def test_a_version_is_there_once_and_replaced_once_and_with_a_reason():
    first = a.scale()
    with refused("name", "never changes"):
        a.scale()
    with refused("reason"):
        a.scale(version="2", supersedes=first)
    a.scale(version="2", supersedes=first, **MEND)
    with refused("supersedes"):
        a.scale(version="3", supersedes=first, **MEND)


def test_a_scale_out_of_use_reads_no_words_until_it_is_in_use_again():
    assert list(enabled_scales()) == list(SCALES)
    switch("kent-1964", False)
    assert "kent-1964" not in enabled_scales()
    on, who = a.prediction(), a.forecaster()
    with refused("scale", "is not in use. Choose one of: icd203-2015"):
        a.forecast(on, "probably not", by=who, scale="kent-1964")
    switch("kent-1964", True)
    assert a.forecast(words="probably not", scale="kent-1964").probability == 0.3


@pytest.mark.parametrize(
    ("key", "is_enabled", "message"),
    [
        (DEFAULT_SCALE, False, "stays in use"),
        ("nobody-1", False, "no such scale"),
        ("no\x00body", False, "no such scale"),
        ("kent-1964", True, "already"),
    ],
)
def test_what_cannot_be_switched_is_refused(key, is_enabled, message):
    with refused("key", message):
        switch(key, is_enabled)


def test_a_replaced_version_stays_out_of_use():
    a.scale(version="2", supersedes=a.scale(), **MEND)
    with refused("key", "a newer version replaced it"):
        switch("house-1", True)


def test_each_step_is_on_record_and_told(viewer):
    first = a.scale()
    second = a.scale(version="2", supersedes=first, **MEND)
    off = switch("house-2", False)
    kinds = [entry.kind for entry in LedgerEntry.objects.order_by("seq")]
    assert kinds[-3:] == ["scale.added", "scale.superseded", "scale.disabled"]
    told = [line.sentence for row in (first, second, off) for line in history([row.uuid], user=viewer)]
    assert [sentence.split(" ", 1)[1] for sentence in told] == [
        "added the scale of words House, version 1",
        "replaced a scale of words by House, version 2: Clearer.",
        "took the scale of words house-2 out of use",
    ]
