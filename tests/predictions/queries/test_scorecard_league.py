"""The league: who is ranked, how far, and who is not named."""

import numpy as np
import pytest

from predictions.models import Forecaster, League, Prediction, Score
from predictions.queries.scorecard_league import DIFFERENCE, MINIMUM_RANKED, NO_CLOSE, _verdict, league
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import scorecard
from predictions.scoring import skill
from predictions.scoring.heterogeneity import heterogeneity
from tests import builders as a
from tests.predictions.queries import scores

pytestmark = pytest.mark.django_db


def season(skills, n=40, *, spread=5.0, seed=1, **fields):
    """Forecasters of these mean points, and a score of each on n predictions; the noise is zero-sum."""
    who, on = scores.forecasters(len(skills), **fields), scores.resolved(n)
    noise = np.random.default_rng(seed).normal(0, spread, (n, len(skills)))
    noise -= noise.mean(axis=0)
    scores.keep(
        [
            scores.contested(prediction, by, float(skill + noise[i, j]), brier=0.25 - (skill + noise[i, j]) / 100)
            for i, prediction in enumerate(on)
            for j, (by, skill) in enumerate(zip(who, skills, strict=True))
        ]
    )
    return who


def table_for(user, **selection):
    return league(Selection(**selection), user=user)


def test_the_best_stands_first_and_everybody_is_drawn_to_the_middle(viewer):
    who = season([6.0, 0.0, -6.0])
    table = table_for(viewer)
    assert [line.pk for line in table.lines] == [by.pk for by in who]
    first, middle, last = table.lines
    assert first.points == pytest.approx(6.0)
    assert 0 < first.shrunken < first.points
    assert first.shrunken_low < first.shrunken < first.shrunken_high
    assert first.low < 6.0 < first.high
    assert (first.best_rank, last.worst_rank, last.best_rank) == (1, 3, 3)
    assert first.chance_best > 0.95
    assert first.adjusted > middle.adjusted > last.adjusted
    assert table.verdict == "forecasters differ in skill by more than chance explains"


def test_a_little_spread_between_the_means_is_no_evidence_of_skill(viewer):
    season([0.6, 0.0, -0.6], spread=3.0)
    table = table_for(viewer)
    assert table.population_spread > 0
    assert (table.p_value > 0.05, table.verdict) == (True, "no detectable difference in skill")


def test_where_nobody_differs_it_seldom_says_otherwise():
    """Of 300 zero-sum leagues of five without skill, at most 8% (24) come out as different."""
    wrong = 0
    for seed in range(300):
        points = np.random.default_rng(seed).normal(0, 20, (20, 5))
        points -= points.mean(axis=1, keepdims=True)
        n, mean, spread = np.full(5, 20), points.mean(axis=0), points.std(axis=0, ddof=1)
        p_value = heterogeneity(mean, n, spread, zero_sum=True).p_value
        wrong += _verdict(skill.shrink(mean, n, spread), p_value) == DIFFERENCE
    assert wrong <= 24


@pytest.mark.parametrize(("skills", "n"), [([0.0, 0.0, 0.0], 40), ([9.0, -9.0], 4)])
def test_shrunken_points_have_no_interval_where_it_would_be_too_narrow(viewer, skills, n):
    season(skills, n)
    for line in table_for(viewer).lines:
        assert line.shrunken is not None
        assert (line.shrunken_low, line.shrunken_high) == (None, None)


def test_a_card_says_why_its_shrunken_points_have_no_interval(viewer):
    [by, _] = season([9.0, -9.0], 4)
    found = scorecard(Selection(forecaster=by), user=viewer, now=a.NOW).peers
    assert (found.shrunken_low, found.interval_reason) == (None, "fewer than five independent events")


def test_many_predictions_of_one_event_do_not_make_a_rank(viewer):
    season([3.0, -3.0], 30)
    trigger = a.trigger(a.case())
    Prediction.objects.filter(pk__in=Prediction.objects.order_by("pk").values("pk")[:25]).update(trigger=trigger)
    assert [(line.n, line.clusters, line.is_ranked) for line in table_for(viewer).lines] == [(30, 6, False)] * 2


def test_the_mean_time_coverage_stands_beside_the_points(viewer):
    by, other = scores.forecasters(2)
    rows = [
        scores.contested(on, by, 1.0, time_coverage=share)
        for on, share in zip(scores.resolved(2), (0.2, 0.6), strict=True)
    ]
    scores.keep([*rows, scores.contested(rows[0].prediction, other, -1.0)])
    assert [line.time_coverage for line in table_for(viewer).lines if line.pk == by.pk] == [pytest.approx(0.4)]


@pytest.mark.parametrize("n", [40, 60])
def test_one_number_has_one_interval_on_card_and_league(viewer, n):
    """Alone there is nothing to shrink: the league then shows the plain mean."""
    by = season([3.0], n, spread=0.0)[0]
    rows = list(Score.objects.all())
    for row, points in zip(rows, np.random.default_rng(2).normal(0, 5, n), strict=True):
        row.peer_brier = points
    Score.objects.bulk_update(rows, ["peer_brier"])
    [line] = table_for(viewer).lines
    own = scorecard(Selection(forecaster=by), user=viewer, now=a.NOW).peers.points
    assert (line.low, line.high, line.method) == (pytest.approx(own.low), pytest.approx(own.high), own.method)


def test_where_no_close_is_scheduled_nobody_is_told_that_nobody_else_stood(viewer):
    who, on = scores.forecasters(2), scores.resolved(3)
    scores.keep([scores.contested(each, by, 0.0, peer_brier=None) for each in on for by in who])
    card = scorecard(Selection(forecaster=who[0]), user=viewer, now=a.NOW)
    assert (table_for(viewer).reason, card.peers, card.reasons["peers"]) == (NO_CLOSE, None, NO_CLOSE)


def test_where_chance_explains_everything_it_says_so_and_every_rank_is_possible(viewer):
    season([0.0, 0.0, 0.0])
    table = table_for(viewer)
    assert (table.population_spread, table.verdict) == (0.0, "no detectable difference in skill")
    assert {(line.best_rank, line.worst_rank) for line in table.lines} == {(1, 3)}
    assert len({line.shrunken for line in table.lines}) == 1


@pytest.mark.parametrize(("n", "is_ranked"), [(MINIMUM_RANKED - 1, False), (MINIMUM_RANKED, True)])
def test_below_the_minimum_nobody_is_ranked(viewer, n, is_ranked):
    season([3.0, -3.0], n)
    for line in table_for(viewer).lines:
        assert (line.is_ranked, line.best_rank is not None) == (is_ranked, is_ranked)


def test_predictions_on_which_nobody_else_stood_do_not_make_a_rank(viewer):
    [by, _] = season([3.0, -3.0], MINIMUM_RANKED - 1)
    scores.keep([scores.score(on, by, peer_brier=0.0) for on in scores.resolved(5)])
    assert [line.n for line in table_for(viewer).lines] == [MINIMUM_RANKED - 1] * 2


def test_people_with_an_account_are_named_only_when_an_administrator_has_said_so(viewer, analyst):
    who = season([3.0, 0.0, -3.0])
    Forecaster.objects.filter(pk=who[0].pk).update(account=analyst)
    table = table_for(viewer)
    assert ([line.pk for line in table.lines], table.unnamed) == ([who[1].pk, who[2].pk], 1)
    assert (table.lines[0].best_rank, table.forecasters) == (1, 3)
    League.objects.update_or_create(pk=1, defaults={"names_staff": True})
    assert (len(table_for(viewer).lines), table_for(viewer).unnamed) == (3, 0)


def test_the_card_of_a_forecaster_bears_its_line_of_the_league(viewer):
    by = season([4.0, 0.0, -4.0])[0]
    card = scorecard(Selection(forecaster=by), user=viewer, now=a.NOW)
    [line] = [line for line in table_for(viewer).lines if line.pk == by.pk]
    assert (card.peers.shrunken, card.peers.shrunken_low) == (line.shrunken, line.shrunken_low)
    assert (card.peers.is_ranked, card.peers.forecasters, card.peers.reason) == (True, 3, "")
    assert card.peers.points.mean == pytest.approx(line.points)


def test_a_card_of_several_has_no_rank_and_says_why(viewer):
    season([4.0, -4.0])
    found = scorecard(Selection(), user=viewer, now=a.NOW).peers
    assert (found.shrunken, found.is_ranked, found.reason) == (
        None,
        False,
        "it is drawn for one forecaster at a time: pick one",
    )


def test_our_own_consensus_is_no_peer(viewer):
    consensus = scores.forecasters(1, kind=Forecaster.Kind.CONSENSUS)[0]
    who = season([4.0, -4.0])
    scores.keep([scores.contested(on, consensus, 50.0) for on in scores.resolved(12)])
    assert {line.pk for line in table_for(viewer).lines} == {by.pk for by in who}
    card = scorecard(Selection(forecaster=consensus), user=viewer, now=a.NOW)
    assert (card.n, card.peers.shrunken, card.peers.reason) == (12, None, "our own consensus is not one of the peers")


def test_the_league_keeps_to_the_theme_asked_for(viewer):
    who = season([4.0, -4.0])
    scores.keep([scores.contested(on, who[0], -50.0) for on in scores.resolved(20, theme="war")])
    assert [line.n for line in table_for(viewer, theme="weather").lines] == [40, 40]
    assert [line.n for line in table_for(viewer, theme="war").lines] == [20]


def test_an_empty_league_has_no_lines(viewer):
    table = table_for(viewer)
    assert (table.lines, table.forecasters, table.verdict) == ((), 0, "")
