"""A forecaster may be somebody's own name: then nobody else speaks in it, and that does not change."""

import pytest

from predictions.models import Forecaster
from predictions.operations.forecasters import amend_forecaster
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
