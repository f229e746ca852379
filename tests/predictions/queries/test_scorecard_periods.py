"""A period: for what describes, when the outcome became known; for what ranks, when the close was scheduled."""

from datetime import date

import pytest

from predictions.models.times import microseconds
from predictions.queries.scorecard_league import league
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import scorecard
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db

SPRING = {"since": date(2026, 3, 1), "until": date(2026, 5, 31)}
SUMMER = {"since": date(2026, 6, 1), "until": date(2026, 8, 31)}


@pytest.fixture
def early(db):
    """Due in summer: six answered yes in spring, to the bold one's gain, six no when due, to the cautious one's."""
    bold, cautious = scores.forecasters(2)
    for day, outcome, gain in ((80, 1.0, 10.0), (200, 0.0, -10.0)):
        on, known_us = scores.resolved(6, outcome, known=day, closes=200), microseconds(a.on_day(day))
        for by, points in ((bold, gain), (cautious, -gain)):
            scores.keep([scores.contested(each, by, points, known_us=known_us) for each in on])
    return bold


def points(user, **period):
    return {line.pk: (line.n, line.points) for line in league(Selection(**period), user=user).lines}


def test_an_early_yes_gains_nothing_in_the_league_by_coming_early(viewer, early):
    assert points(viewer, **SPRING) == {}
    assert points(viewer, **SUMMER)[early.pk] == points(viewer)[early.pk] == (12, 0.0)


def test_the_card_describes_what_became_known_and_ranks_by_the_schedule(viewer, early):
    cards = (Selection(forecaster=early, **period) for period in (SPRING, SUMMER))
    spring, summer = (scorecard(each, user=viewer, now=a.NOW) for each in cards)
    assert (spring.n, spring.crowd.predictions, spring.peers) == (6, 6, None)
    assert spring.reasons["peers"] == "no prediction scored was scheduled to close in the period"
    assert (summer.n, summer.peers.predictions, summer.advanced.n["peer_logarithmic"]) == (6, 12, 12)
    assert summer.peers.points.mean == pytest.approx(0.0)


@pytest.mark.parametrize(("period", "said"), [({}, True), (SUMMER, True), (SPRING, False)])
def test_what_is_still_open_is_told_where_it_bears_on_the_ranking(viewer, early, period, said):
    scores.keep([scores.contested(scores.resolved(1, known=85, closes=90)[0], early, 1.0)])
    a.forecast(a.prediction(closes_at=a.on_day(190)), by=early)
    card = scorecard(Selection(forecaster=early, **period), user=viewer, now=a.NOW)
    told = "One prediction is still open: early answers come in first."
    assert card.n
    assert (told in card.cautions) == said
    assert league(Selection(**period), user=viewer).unresolved == int(said)


def test_the_titles_say_which_date_is_meant():
    period = Selection(since=date(2026, 1, 1))
    assert (period.title, period.by_schedule.title) == (
        "outcome known since 1 January 2026",
        "scheduled to close since 1 January 2026",
    )
    assert Selection(theme="war").by_schedule == Selection(theme="war")


def test_a_period_costs_a_fixed_number_of_queries(viewer, early, django_assert_max_num_queries):
    asked = Selection(forecaster=early, **SUMMER)
    assert viewer.roles
    with django_assert_max_num_queries(50) as before:
        scorecard(asked, user=viewer, now=a.NOW)
    known_us, more = microseconds(a.on_day(200)), scores.resolved(9, known=200, closes=200)
    scores.keep([scores.contested(each, early, 1.0, known_us=known_us) for each in more])
    with django_assert_max_num_queries(len(before)):
        scorecard(asked, user=viewer, now=a.NOW)
