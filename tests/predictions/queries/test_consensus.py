"""The consensus on one prediction: what stands, how it came about, and from whom it is hidden."""

from datetime import timedelta

import pytest

from predictions.queries.consensus import pooled
from tests import builders as a

pytestmark = pytest.mark.django_db
READER = "some-viewer"


def pool_of(prediction, user=None, now=a.NOW):
    return pooled(prediction, user=user or a.a_person_with("viewer"), now=now)


def said(*forecasts, **fields):
    prediction, people = a.prediction(**fields), {}
    for name, day, words, *more in forecasts:
        people[name] = people.get(name) or a.forecaster()
        a.forecast(prediction, words, by=people[name], issued_at=a.on_day(day), **(more[0] if more else {}))
    return prediction


def test_it_pools_what_stands_now_by_each_method():
    pool = pool_of(said(("A", 0, "10%"), ("B", 10, "30%"), ("C", 20, "80%"), ("B", 30, "50%")))
    odds = (0.1 / 0.9 * 1 * 0.8 / 0.2) ** (1 / 3)
    assert (pool.n, [each.name for each in pool.methods]) == (
        3,
        ["Consensus: median", "Consensus: mean of log-odds", "Consensus: recency-weighted"],
    )
    median, log_odds, recent = pool.methods
    assert (median.standing, log_odds.standing) == (pytest.approx(0.5), pytest.approx(odds / (1 + odds)))
    weights = {0.1: 0, 0.8: 20 / 12.5, 0.5: 30 / 12.5}
    total = sum(2**power for power in weights.values())
    assert recent.standing == pytest.approx(sum(p * 2**power for p, power in weights.items()) / total)
    assert median.steps == (
        (a.on_day(10), pytest.approx(0.2)),
        (a.on_day(20), pytest.approx(0.3)),
        (a.on_day(30), pytest.approx(0.5)),
        (a.NOW, None),
    )


def test_one_forecaster_is_no_consensus():
    assert pool_of(said(("A", 0, "10%"), ("A", 10, "30%"))) is None


def test_it_ends_where_all_but_one_have_withdrawn():
    pool = pool_of(said(("A", 0, "10%"), ("B", 0, "30%"), ("B", 20, "", {"kind": "withdrawn"})))
    assert (pool.n, pool.methods[0].standing) == (1, None)
    assert pool.methods[0].steps[-1] == (a.on_day(20), None)


def test_it_says_what_stood_at_the_close():
    prediction = said(("A", 0, "10%"), ("B", 0, "30%"))
    a.resolution(prediction, known_at=a.on_day(40))
    prediction.refresh_from_db()
    pool = pool_of(prediction, now=a.NOW + timedelta(days=90))
    assert (pool.n, pool.methods[0].standing) == (2, pytest.approx(0.2))
    assert pool.methods[0].steps[-1] == (a.on_day(40), None)


def test_it_is_hidden_wherever_others_forecasts_are():
    closing = {"closes_at": a.on_day(4000)}
    hidden = said(("A", 0, "10%"), ("B", 0, "30%"), in_case=a.case(hides_forecasts=True), **closing)
    recorder, reader = a.a_person_with("analyst"), a.person("reader", "analyst")
    assert pool_of(hidden, reader) is None
    assert pool_of(hidden, recorder) is None  # who wrote both down still has no forecast of their own
    own = a.forecaster(account=reader)
    row = a.Forecast(prediction=hidden, forecaster=own, words="50%", issued_at=a.on_day(1))
    a.log_forecast(row, by=reader, at=a.NOW)
    assert pool_of(hidden, reader).n == 3
