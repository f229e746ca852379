"""An imported outcome may come without the time since when it could be known; people must always give one."""

import pytest
from django.db import transaction

from predictions import record
from predictions.models import Resolution
from predictions.operations.resolutions import resolve
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported():
    prediction, resolver = a.prediction(), a.a_person_with("resolver")
    row = Resolution(prediction=prediction, revision=prediction.revision, outcome=1.0, origin="imported")
    row.resolved_at, row.resolved_by = a.NOW, resolver
    with transaction.atomic():
        record.keep(row, "resolution.made", by=resolver, at=a.NOW)
        prediction.resolution = row
        prediction.save()
    return row


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/predictions/prediction/", ""),
        ("/predictions/prediction/{prediction.pk}/change/", "known since: not stated"),
        ("/predictions/prediction/{prediction.pk}/history/", "since when that was known is not stated"),
        ("/predictions/resolution/", "not stated"),
        ("/predictions/resolution/{pk}/change/", "not stated"),
        ("/predictions/ledgerentry/", "since when that was known is not stated"),
        ("/api/resolutions/", '"known":null'),
    ],
)
def test_whatever_shows_it_says_that_it_is_not_stated(client, viewer, imported, address, told):
    client.force_login(viewer)
    answer = client.get(address.format(pk=imported.pk, prediction=imported.prediction))
    assert answer.status_code == 200
    assert told in answer.content.decode()


def test_who_replaces_it_is_asked_for_the_time(client, adjudicator, imported):
    client.force_login(adjudicator)
    add = f"/predictions/resolution/add/?prediction={imported.prediction.pk}&supersedes={imported.pk}"
    form = client.get(add).context["adminform"].form
    assert form["known"].value() == ""
    entered = {"prediction": imported.prediction.pk, "supersedes": imported.pk, "reason": "Dated.", "outcome": "yes"}
    answer = client.post(add, {**entered, "verdict_a": "met", "known": ""})
    assert "known" in answer.context["adminform"].form.errors


def test_people_must_say_since_when():
    row = Resolution(prediction=a.prediction(), outcome=1.0)
    with refused("known_at"):
        resolve(row, verdicts={"a": "met"}, by=a.a_person_with("resolver"), at=a.NOW)
