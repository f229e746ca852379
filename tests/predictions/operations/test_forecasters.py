"""A forecaster may be somebody's own name: then nobody else speaks in it, and that does not change."""

import pytest
from django.core.exceptions import PermissionDenied

from predictions.models import Forecaster
from predictions.operations.forecasters import amend_forecaster
from predictions.policy import can
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def amend(forecaster, **values):
    for name, value in values.items():
        setattr(forecaster, name, value)
    return amend_forecaster(forecaster, by=a.a_person_with("analyst"), at=a.NOW)


@pytest.mark.parametrize(
    ("field", "given"),
    [("name", {"name": "Taken"}), ("name", {"name": "x" * 201}), ("kind", {"kind": "oracle"})],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(field, given):
    a.forecaster("Taken")
    with refused(field):
        a.forecaster(**given)


def test_an_account_has_one_name(analyst):
    a.forecaster(account=analyst)
    with refused("account"):
        a.forecaster(account=analyst)


@pytest.mark.parametrize("before", ["nobody's", "theirs"])
@pytest.mark.parametrize("after", ["nobody's", "another's"])
def test_once_forecasts_were_logged_in_a_name_whose_it_is_stays(analyst, viewer, before, after):
    own = before == "theirs"
    forecaster = a.forecaster(account=a.a_person_with("analyst") if own else None)
    a.forecast(by=forecaster)
    if not own and after == "nobody's":
        assert amend(forecaster, description="Mended.").account is None
        return
    with refused("account", "can no longer change"):
        amend(forecaster, account=None if after == "nobody's" else viewer)
    assert Forecaster.objects.get(pk=forecaster.pk).account_id == (a.a_person_with("analyst").pk if own else None)


def test_before_that_it_may_be_settled(viewer):
    forecaster = a.forecaster()
    amend(forecaster, account=viewer)
    assert Forecaster.objects.get(pk=forecaster.pk).account == viewer


def test_nobody_speaks_in_the_name_of_another_account(analyst):
    name = a.forecaster(account=analyst)
    assert can(analyst, "log_forecast", name)
    assert not can(a.a_person_with("analyst"), "log_forecast", name)
    with pytest.raises(PermissionDenied):
        a.forecast(by=name)
    name.account = None  # what a form may claim does not count, what is stored does
    with pytest.raises(PermissionDenied):
        a.forecast(by=name)


def test_only_its_holder_renames_a_forecaster_that_has_an_account():
    holder, other = a.person("holder", "analyst"), a.person("other", "analyst")
    forecaster = a.forecaster(account=holder)
    assert can(holder, "amend_forecaster", forecaster)
    assert not can(other, "amend_forecaster", forecaster)
