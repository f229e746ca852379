"""A second analyst codes the words of the Japan case, alone with them; the score becomes that of the median."""

import io

import pytest
from django.core.cache import cache
from django.core.management import call_command

from predictions.models import Forecast, Score
from predictions.operations.accounts import demo_people
from tests import builders as a
from tests.journeys.test_japan_case import CASEBOOK, JUDGES

pytestmark = pytest.mark.django_db


@pytest.fixture
def china(django_capture_on_commit_callbacks):
    cache.clear()
    demo_people(at=a.NOW)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=io.StringIO())
    return Forecast.objects.for_show().get(prediction__external_id="china")


def test_the_score_becomes_that_of_the_median(client, china, django_capture_on_commit_callbacks):
    asker, coder = a.person("asker", "analyst"), a.person("coder", "analyst")
    before = Score.objects.get(prediction=china.prediction, forecaster=china.forecaster)
    assert before.brier == pytest.approx((0.675 - 1) ** 2)

    client.force_login(asker)
    client.post(f"/predictions/forecast/{china.pk}/ask-coder/", {"coder": coder.pk})
    client.force_login(coder)
    page = client.get("/worklists/to-code/").context["lines"][0].url
    told = client.get(page).content.decode()
    assert china.quote.exact in told.replace("&#x27;", "'")
    assert "taken as 67.5%" not in told
    assert client.get(f"/predictions/prediction/{china.prediction_id}/change/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, {"words": "likely", "scale": "phia-2025", "had_own_forecast": "no"})

    # ICD 203 takes "likely" for 67.5% (55 to 80), PHIA for 65% (55 to 75): the median of two lies half-way.
    after = Score.objects.get(prediction=china.prediction, forecaster=china.forecaster)
    assert after.brier == pytest.approx((0.6625 - 1) ** 2) == pytest.approx(0.11390625)
    now = Forecast.objects.for_show().get(supersedes=china)
    assert (now.low, now.probability, now.high) == (0.55, 0.6625, 0.775)
    assert (now.issued_at, now.words, now.scale) == (china.issued_at, china.words, china.scale)
    assert client.get(f"/predictions/prediction/{china.prediction_id}/change/").status_code == 200
    assert "median of 2 codings" in client.get("/scorecards/card/").content.decode()
