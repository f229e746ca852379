"""A forecaster may be somebody's own name: then nobody else speaks in it, and that does not change."""

import pytest
from django.core.exceptions import PermissionDenied

from predictions.models import Forecast, Forecaster, LedgerEntry
from predictions.operations.forecasters import amend_forecaster
from predictions.operations.forecasts import log_forecast
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


# --- our own consensus is nobody's to name -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Consensus: mean", "consensus: of experts", " CONSENSUS:x"])
def test_names_of_our_own_consensus_are_kept_for_it(name):
    a.a_person_with("analyst")
    with refused("name", "kept for what we compute"):
        a.forecaster(name)
    diplomat = a.forecaster("The Diplomat")
    with refused("name", "kept for what we compute"):
        amend(diplomat, name=name)
    assert a.forecaster("Consensus Economics").kind == "person"


def test_nobody_names_a_consensus_or_turns_a_forecaster_into_one():
    with refused("kind", "computed here"):
        a.forecaster("Consensus: mean", kind="consensus")
    someone = a.forecaster()
    with refused("kind", "computed here"):
        amend(someone, kind="consensus")


@pytest.mark.parametrize("method", ["median", "mean_log_odds", "recency_weighted"])
def test_nobody_amends_a_consensus_or_speaks_for_it(analyst, method):
    consensus = Forecaster.objects.of_consensus()[method]
    for values in ({"name": "Mine"}, {"kind": "person"}, {"account": analyst}):
        with pytest.raises(PermissionDenied):
            amend(Forecaster.objects.get(pk=consensus.pk), **values)
    consensus.account = analyst
    with refused("account", "nobody’s own name"):
        consensus.full_clean()
    row = Forecast(prediction=a.prediction(), forecaster=consensus, words="70%", issued_at=a.on_day(0))
    before = LedgerEntry.objects.count()
    with refused("forecaster", "nobody logs forecasts in its name"):
        log_forecast(row, by=analyst, at=a.NOW)
    assert LedgerEntry.objects.count() == before
