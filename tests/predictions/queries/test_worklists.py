from datetime import timedelta

import pytest

from predictions.models import Prediction
from predictions.queries.worklists import SHORT, worklist
from predictions.scorekeeping import rescore
from tests import builders as a

pytestmark = pytest.mark.django_db

SHELVES = ("open", "closing-soon", "due", "unscored")


def counts(user, now=a.NOW):
    work = worklist(user, now=now)
    return {name: work.shelves[name].count for name in SHELVES if name in work.shelves}


def test_prediction_wanders_from_open_to_closing_soon_to_due_to_unscored_to_none(viewer):
    prediction = a.prediction()
    a.forecast(prediction)
    on = dict.fromkeys(SHELVES, 0)
    assert counts(viewer, a.on_day(-1)) == on
    assert counts(viewer, a.on_day(0)) == on | {"open": 1}
    assert counts(viewer, a.on_day(93)) == on | {"open": 1, "closing-soon": 1}
    assert counts(viewer, a.on_day(100)) == on | {"due": 1}
    a.resolution(prediction)
    assert counts(viewer, a.on_day(100)) == on | {"unscored": 1}
    rescore(Prediction.objects.all(), at=a.NOW)
    assert counts(viewer, a.on_day(100)) == on


def test_annulled_prediction_awaits_no_score(viewer):
    a.forecast(annulled := a.prediction())
    a.resolution(annulled, outcome=None, annulled="ambiguous")
    assert counts(viewer)["unscored"] == 0


def test_prediction_of_several_forecasts_is_counted_once(viewer):
    prediction = a.prediction()
    for _ in range(3):
        a.forecast(prediction)
    a.resolution(prediction)
    assert counts(viewer)["unscored"] == 1


def test_private_case_counts_for_its_people_only(viewer, analyst):
    secret = a.case(is_private=True, members=[analyst])
    a.forecast(a.prediction(secret))
    assert counts(viewer)["open"] == 0
    assert not worklist(viewer, now=a.NOW).latest_forecasts
    assert counts(analyst)["open"] == 1
    assert len(worklist(analyst, now=a.NOW).latest_forecasts) == 1


def test_person_without_role_is_awaited_by_nothing(people):
    a.forecast()
    work = worklist(people["nobody"], now=a.NOW)
    assert work.shelves == {}
    assert work.latest_forecasts == ()


def test_list_is_short_with_the_nearest_close_first(viewer):
    for day in (30, 10, 20, 40, 60, 50):
        a.prediction(closes_at=a.NOW + timedelta(days=day))
    shelf = worklist(viewer, now=a.NOW).shelves["open"]
    assert shelf.count == 6
    days = [(prediction.closing_at - a.NOW).days for prediction in shelf.rows]
    assert days == [10, 20, 30, 40, 50][:SHORT]


def test_latest_recorded_forecast_comes_first_and_replaced_ones_not_at_all(viewer):
    first = a.forecast(at=a.NOW)
    second = a.forecast(at=a.NOW + timedelta(hours=1))
    mended = a.forecast(
        first.prediction, "60%", by=first.forecaster, at=a.NOW + timedelta(hours=2), supersedes=first, reason="Misread."
    )
    assert worklist(viewer, now=a.NOW).latest_forecasts == (mended, second)


def test_steps_taken_are_those_the_reader_sees(viewer):
    a.source(a.case(is_private=True))
    assert worklist(viewer, now=a.NOW).taken == frozenset()
    a.source()
    assert worklist(viewer, now=a.NOW).taken == {"case", "source"}


@pytest.mark.parametrize(
    ("role", "others"),
    [
        ("viewer", set()),
        ("analyst", {"to-code", "resolve-or-extend", "overdue", "to-review", "orphaned", "stale"}),
        ("resolver", {"to-assess", "to-confirm", "to-resolve", "resolve-or-extend", "overdue"}),
        ("adjudicator", {"to-adjudicate", "to-answer", "to-confirm", "to-resolve", "resolve-or-extend", "overdue"}),
        ("administrator", {"overdue"}),
    ],
)
def test_shelves_are_those_of_the_readers_roles(role, others, people):
    assert set(worklist(people[role], now=a.NOW).shelves) == {*SHELVES, *others}


def test_shelf_is_counted_up_to_a_bound(viewer, monkeypatch):
    for _ in range(SHORT + 2):
        a.prediction()
    assert worklist(viewer, now=a.NOW).shelves["open"].count_in_words == "7"
    monkeypatch.setattr("predictions.queries.worklists.MOST_COUNTED", 6)
    assert worklist(viewer, now=a.NOW).shelves["open"].count_in_words == "6+"


@pytest.mark.parametrize("hides", [True, False])
def test_that_forecasts_are_hidden_is_told_whether_or_not_there_are_any(viewer, hides):
    prediction = a.prediction(a.case(hides_forecasts=hides), closes_at=a.on_day(100_000))
    assert worklist(viewer, now=a.NOW).hides_forecasts == hides
    row = a.forecast(prediction)
    work = worklist(viewer, now=a.NOW)
    assert (work.hides_forecasts, work.latest_forecasts) == (hides, () if hides else (row,))


def test_the_latest_forecasts_are_looked_for_among_the_newest(viewer, monkeypatch):
    rows = [a.forecast() for _ in range(3)]
    monkeypatch.setattr("predictions.queries.worklist_shelves.NEWEST", 2)
    assert worklist(viewer, now=a.NOW).latest_forecasts == (rows[2], rows[1])
