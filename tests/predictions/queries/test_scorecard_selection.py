"""What a selection picks: pairs by source and publisher, predictions by theme, case and period, and by lead time."""

import pytest

from predictions.models import Forecaster
from predictions.queries.scorecard_selection import Horizon, Selection
from predictions.queries.scorecards import Scorecard, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db


def card_of(user, **selection) -> Scorecard:
    rescore_stale()
    return scorecard(Selection(**selection), user=user, now=a.NOW)


def settled(words="70%", *, by=None, on=None, **fields):
    """A prediction with one forecast on it, resolved."""
    on = on or a.prediction()
    a.forecast(on, words, by=by, **fields)
    a.resolution(on)
    return on


def test_a_source_stands_for_the_pairs_it_made_a_forecast_of(viewer):
    case = a.case()
    source, by = a.source(case), a.forecaster()
    on = a.prediction(case)
    a.forecast(on, "60%", by=by, quote=a.quote(source))
    a.forecast(on, "80%", by=by, issued_at=a.on_day(25))
    settled("10%", on=on)
    card = card_of(viewer, source=source)
    assert (card.n, card.pairs, card.rows[0].forecast, card.rows[0].forecast_count) == (1, 1, "80%", 2)
    assert "The score also rests on forecasts made outside this source." in card.cautions


def test_only_the_theme_or_forecaster_asked_for_is_counted(viewer):
    by = a.forecaster()
    settled(by=by, on=a.prediction(theme="war"))
    settled(on=a.prediction(theme="war"))
    settled(by=by, on=a.prediction(theme="peace"))
    chosen = [{}, {"theme": "war"}, {"forecaster": by}, {"forecaster": by, "theme": "war"}]
    assert [card_of(viewer, **selection).n for selection in chosen] == [3, 2, 2, 1]


def test_a_publisher_stands_for_all_of_its_sources(viewer):
    case = a.case()
    for publisher in ("Desk", "Desk", "Other"):
        settled(on=a.prediction(case), quote=a.quote(a.source(case, publisher=publisher)))
    settled(on=a.prediction(case))
    assert [card_of(viewer, publisher=name).n for name in ("Desk", "Other")] == [2, 1]


@pytest.mark.parametrize(
    ("since", "until", "n"), [(50, None, 2), (51, None, 1), (None, 50, 1), (50, 50, 1), (51, 51, 0), (0, 49, 0)]
)
def test_a_period_holds_what_became_known_from_its_first_day_to_its_last(viewer, since, until, n):
    for day in (50.9, 55):
        on = a.prediction()
        a.forecast(on)
        a.resolution(on, known_at=a.on_day(day))
    a.forecast()
    days = [None if day is None else a.on_day(day).date() for day in (since, until)]
    card = card_of(viewer, since=days[0], until=days[1])
    assert (card.n, card.unresolved, len(card.rows)) == (n, 0, n)


def test_a_lead_time_picks_pairs_by_their_first_forecast(viewer):
    on, by = a.prediction(), a.forecaster()
    a.forecast(on, by=by)
    a.forecast(on, "80%", issued_at=a.on_day(40))
    a.resolution(on)
    for horizon, pairs in ((Horizon.YEAR, 1), (Horizon.QUARTER, 1), (Horizon.WEEK, 0)):
        card = card_of(viewer, horizon=horizon)
        assert (card.pairs, len(card.rows)) == (pairs, pairs)


def test_our_consensus_is_scored_and_stands_on_no_card_but_its_own(viewer):
    on = a.prediction()
    a.forecast(on, "60%")
    settled("80%", on=on)
    card = card_of(viewer)
    assert (card.n, card.pairs, card.mean_brier) == (1, 2, pytest.approx(0.1))
    consensus = Forecaster.objects.of_consensus()["median"]
    own = card_of(viewer, forecaster=consensus)
    assert (own.pairs, own.rows, own.is_empty, own.mean_brier) == (1, (), False, pytest.approx(0.09))
