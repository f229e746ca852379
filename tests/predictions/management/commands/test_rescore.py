"""`manage.py rescore`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions.models import Score, ScoringRun
from tests import builders as a

pytestmark = pytest.mark.django_db


def told(*args) -> str:
    out = StringIO()
    call_command("rescore", *args, stdout=out)
    return out.getvalue()


def settled(**fields):
    on = a.prediction(**fields)
    a.forecast(on)
    a.resolution(on)
    return on


def test_what_is_stale_is_scored_and_then_nothing_is():
    settled()
    settled()
    a.forecast()
    assert told() == "  2 of 2\nRescored 2 predictions.\n"
    assert told() == "Every score is up to date.\n"
    assert (Score.objects.count(), ScoringRun.objects.count()) == (2, 1)


def test_all_means_every_resolved_prediction():
    assert told("--all") == "Nothing of that is resolved.\n"
    settled()
    told()
    assert "Rescored 1 prediction." in told("--all")
    assert ScoringRun.objects.count() == 2


def test_a_prediction_is_named_by_short_name_or_uuid():
    first, second = settled(external_id="rain"), settled()
    settled()
    assert "Rescored 2 predictions." in told("rain", str(second.uuid))
    assert set(Score.objects.values_list("prediction", flat=True)) == {first.pk, second.pk}


def test_an_unresolved_prediction_has_no_score_to_compute():
    on = a.prediction()
    a.forecast(on)
    assert told(str(on.uuid)) == "Nothing of that is resolved.\n"


def test_an_unknown_name_is_refused_before_anything_is_scored():
    settled(external_id="rain")
    with pytest.raises(CommandError, match=r"There is no prediction “rian”. Did you mean: rain\?"):
        told("rain", "rian")
    assert not Score.objects.exists()


def test_names_and_all_do_not_go_together():
    with pytest.raises(CommandError, match="not both"):
        told("rain", "--all")
