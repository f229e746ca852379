"""What a scorecard says, and what it keeps to itself."""

import json
from dataclasses import fields
from uuid import uuid4

import pytest

from predictions.models import Forecast, Forecaster, Origin
from predictions.queries.scorecards import Scorecard, Selection, as_json, scorecard, scorecard_rows
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db

MEANS = ["mean_brier", "always_half", "mean_logarithmic", "time_coverage", "if_read_low", "if_read_high"]


def card_of(user, **selection) -> Scorecard:
    rescore_stale()
    return scorecard(Selection(**selection), user=user, now=a.NOW)


def settled(words="70%", outcome=1.0, *, by=None, on=None, **fields):
    """A prediction with one forecast on it, resolved."""
    on = on or a.prediction()
    a.forecast(on, words, by=by, **fields)
    a.resolution(on, outcome, verdict="partly_met")
    return on


def certain(on, probability, by):
    """An imported forecast, which may be certain."""
    a.forecast(on, str(probability), by=by, origin=Origin.IMPORTED)


def test_likely_taken_as_675_adds_105625_when_it_happens(viewer):
    on = a.prediction()
    a.evidence(on, note="It rained.")
    settled("likely", on=on)
    card = card_of(viewer)
    [row] = card.rows
    assert row.contribution == pytest.approx(0.105625, abs=1e-12) == card.mean_brier
    assert row.forecast == "likely (55–80%), taken as 67.5% (ICD 203)"
    assert (row.outcome, row.basis, row.state) == ("yes", "coded", "scored")
    assert [(item.stance, item.grade, item.note) for item in row.evidence] == [("for", "B2", "It rained.")]


@pytest.mark.parametrize(
    ("forecasts", "brier", "half"),
    [
        ([[("70%", 1.0)]], 0.09, 0.25),
        ([[("70%", 1.0)], [("70%", 0.0)]], (0.09 + 0.49) / 2, 0.25),
        ([[("70%", 1.0), ("10%", 1.0), ("40%", 1.0)], [("90%", 0.0)]], ((0.09 + 0.81 + 0.36) / 3 + 0.81) / 2, 0.25),
        ([[("40%", 0.5)]], 0.01, 0.0),
    ],
)
def test_the_mean_is_over_predictions_of_the_mean_over_forecasters(viewer, forecasts, brier, half):
    for on_one in forecasts:
        on = a.prediction()
        for words, _ in on_one:
            a.forecast(on, words)
        a.resolution(on, on_one[0][1], verdict="partly_met")
    card = card_of(viewer)
    assert (card.n, card.pairs) == (len(forecasts), sum(map(len, forecasts)))
    assert card.mean_brier == pytest.approx(brier)
    assert card.always_half == pytest.approx(half)
    assert sum(row.contribution for row in card.rows) == pytest.approx(card.mean_brier)


def test_an_event_that_settles_several_predictions_counts_once(viewer):
    case = a.case()
    trigger = a.trigger(case)
    for _ in range(3):
        settled(on=a.prediction(case, trigger=trigger))
    settled()
    assert (card_of(viewer).n, card_of(viewer).clusters) == (4, 2)


def test_annulled_and_unresolved_predictions_are_listed_and_not_scored(viewer):
    settled()
    annulled, unresolved = a.prediction(), a.prediction()
    a.forecast(annulled)
    a.resolution(annulled, None, annulled="ambiguous")
    a.forecast(unresolved)
    card = card_of(viewer)
    assert (card.n, card.annulled, card.unresolved, card.unscored) == (1, 1, 1, 0)
    assert card.mean_brier == pytest.approx(0.09)
    assert [(row.outcome, row.state_in_words, row.brier) for row in card.rows[1:]] == [
        ("annulled: ambiguous", "annulled", None),
        ("", "open", None),
    ]


def test_a_forecast_that_may_have_come_after_the_outcome_is_left_out(viewer):
    on = a.prediction()
    a.forecast(on, issued_at=a.on_day(49), issued_precision="day", issued_until=a.on_day(51))
    a.resolution(on)
    card = card_of(viewer)
    assert (card.n, card.unscored, card.order_uncertain) == (0, 1, 1)
    assert card.rows[0].state_in_words == "not scored: the forecast may have come after the outcome"


def test_a_forecast_overtaken_by_the_close_counts_as_too_late(viewer):
    case = a.case()
    trigger = a.trigger(case)
    on, by = a.prediction(case, trigger=trigger), a.forecaster()
    a.forecast(on, "60%", by=by)
    a.forecast(on, "90%", by=by, issued_at=a.on_day(30))
    a.occurrence(trigger, a.on_day(20))
    a.resolution(on, known_at=a.on_day(20))
    card = card_of(viewer)
    assert (card.n, card.too_late, card.rows[0].forecast_count) == (1, 1, 1)
    assert card.rows[0].forecast == "60%"


def test_certainty_that_failed_costs_infinitely_many_nats_and_leaves_no_mean(viewer):
    on, by = a.prediction(), a.forecaster()
    certain(on, 1, by)
    a.resolution(on, 0.0, verdict="not_met")
    settled()
    card = card_of(viewer)
    assert (card.infinite_logarithmic, card.mean_logarithmic) == (1, None)
    plain = as_json(card)
    json.dumps(plain, allow_nan=False)
    assert [(row["logarithmic"] is None, row["logarithmic_is_infinite"]) for row in plain["rows"]] == [
        (True, True),
        (False, False),
    ]


def test_words_read_low_or_high_span_the_mean(viewer):
    settled("likely")
    settled("70%")
    card = card_of(viewer)
    assert card.if_read_low == pytest.approx((0.45**2 + 0.09) / 2)
    assert card.if_read_high == pytest.approx((0.20**2 + 0.09) / 2)


def test_where_every_number_was_stated_there_is_no_other_reading(viewer):
    settled()
    card = card_of(viewer)
    assert (card.if_read_low, card.if_read_high, card.without_implied, card.implied) == (None, None, None, 0)


def test_the_mean_without_implied_forecasts_stands_beside_the_mean(viewer):
    settled("likely")
    settled("calls for it", probability=0.75, low=0.5, high=0.95, basis=Forecast.Basis.IMPLIED)
    card = card_of(viewer)
    assert (card.coded, card.implied) == (1, 1)
    assert card.mean_brier == pytest.approx((0.105625 + 0.0625) / 2)
    assert card.without_implied == pytest.approx(0.105625)


def test_the_mean_without_hindsight_keeps_what_was_written_down_in_time(viewer):
    in_time, late = a.prediction(), a.prediction()
    a.forecast(in_time, "80%")
    a.forecast(late, "60%")
    a.resolution(late)
    a.resolution(in_time, known_at=a.on_day(70), at=a.on_day(80))
    card = card_of(viewer)
    assert card.in_hindsight == 1
    assert card.without_hindsight == pytest.approx(0.04)


def test_a_card_without_a_score_has_no_means_and_no_zeroes(viewer):
    a.forecast()
    for card in (card_of(viewer), card_of(viewer, theme="nothing")):
        assert card.n == 0
        assert [getattr(card, name) for name in MEANS] == [None] * len(MEANS)


def test_a_hidden_case_leaves_no_trace_in_any_number(viewer, analyst):
    by = a.forecaster("Someone")
    settled(by=by)
    before = as_json(card_of(viewer, forecaster=by))
    secret = a.case(is_private=True, title="Secret", members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    settled("10%", by=by, on=a.prediction(secret, theme="weather"))
    a.forecast(a.prediction(secret), by=by)
    assert as_json(card_of(viewer, forecaster=by)) == before
    assert card_of(a.a_person_with("analyst"), forecaster=by).n == 2
    assert card_of(analyst, theme="weather").n == 1


def test_who_has_no_role_is_shown_nothing(people):
    settled()
    assert card_of(people["nobody"]).rows == ()


def test_the_first_rows_are_shown_and_all_of_them_can_be_read(viewer):
    for _ in range(3):
        on = a.prediction()
        a.forecast(on, "70%")
        settled("60%", on=on)
    rescore_stale()
    everything = scorecard(Selection(), user=viewer, now=a.NOW)
    assert (len(everything.rows), everything.has_more_rows) == (6, False)
    for limit in (1, 2, 3, 5):
        card = scorecard(Selection(), user=viewer, now=a.NOW, limit=limit)
        assert (card.rows, card.has_more_rows) == (everything.rows[:limit], True)
    assert tuple(scorecard_rows(Selection(), user=viewer, now=a.NOW)) == everything.rows


def test_the_first_rows_of_one_forecaster_are_shown(viewer):
    herald = a.forecaster()
    for _ in range(3):
        on = a.prediction()
        a.forecast(on, "70%")
        settled("60%", on=on, by=herald)
    rescore_stale()
    everything = card_of(viewer, forecaster=herald)
    assert ([row.forecaster for row in everything.rows], everything.has_more_rows) == ([herald.name] * 3, False)
    for limit, has_more in ((1, True), (2, True), (3, False)):
        card = scorecard(Selection(forecaster=herald), user=viewer, now=a.NOW, limit=limit)
        assert (card.rows, card.has_more_rows) == (everything.rows[:limit], has_more)


def test_a_thousand_forecasters_on_one_prediction_stand_on_one_card(viewer):
    first = a.forecast()
    copies = Forecaster.objects.bulk_create([Forecaster(name=f"Somebody {k:04}") for k in range(1000)])
    like = {field.name: getattr(first, field.name) for field in Forecast._meta.fields} | {"id": None}
    Forecast.objects.bulk_create([Forecast(**like | {"uuid": uuid4(), "forecaster": by}) for by in copies])
    card = scorecard(Selection(), user=viewer, now=a.NOW, limit=2000)
    assert (len(card.rows), card.has_more_rows) == (1001, False)


def test_reading_every_row_takes_a_few_predictions_at_a_time(viewer, monkeypatch):
    for _ in range(5):
        settled()
    rescore_stale()
    rows = scorecard(Selection(), user=viewer, now=a.NOW).rows
    monkeypatch.setattr("predictions.queries.scorecard_pairs.AT_ONCE", 2)
    assert tuple(scorecard_rows(Selection(), user=viewer, now=a.NOW)) == rows


def test_what_stands_is_shown_and_what_was_replaced_is_not(viewer):
    on, by = a.prediction(), a.forecaster()
    first = a.forecast(on, "20%", by=by)
    a.forecast(on, "80%", by=by, supersedes=first, reason="A misprint.")
    fact = a.evidence(on, note="It was read wrongly.")
    a.evidence(on, note="It was read rightly.", supersedes=fact, reason="Read again.", source=fact.source)
    a.resolution(on)
    [row] = card_of(viewer).rows
    assert (row.forecast, row.forecast_count) == ("80%", 1)
    assert [item.note for item in row.evidence] == ["It was read rightly."]


def test_a_forecast_taken_back_says_so(viewer):
    on, by = a.prediction(), a.forecaster()
    a.forecast(on, "20%", by=by)
    a.forecast(on, "", by=by, kind=Forecast.Kind.WITHDRAWN, issued_at=a.on_day(10))
    assert card_of(viewer).rows[0].forecast == "20%, then withdrawn"


def test_a_score_older_than_its_resolution_is_not_shown(viewer):
    settled()
    card = scorecard(Selection(), user=viewer, now=a.NOW)
    assert (card.n, card.unscored, card.rows[0].brier) == (0, 1, None)
    assert card.rows[0].state_in_words == "resolved, awaits its score"


def test_the_queries_do_not_grow_with_the_rows(viewer, django_assert_num_queries):
    source = a.source()

    def one_more():
        on = a.prediction(source.case)
        a.evidence(on, source=source)
        settled("likely", on=on, quote=a.quote(source))

    one_more()
    rescore_stale()
    assert viewer.roles
    for _ in range(2):
        with django_assert_num_queries(30):
            card = scorecard(Selection(source=source), user=viewer, now=a.NOW)
        with django_assert_num_queries(15):
            assert scorecard(Selection(source=source), user=viewer, now=a.NOW) == card
        one_more()
        one_more()
        rescore_stale()
    assert card.n == 3


def test_the_json_has_every_field_to_twelve_decimals_and_says_how_to_read_each_mean(viewer):
    settled("likely")
    plain = as_json(card_of(viewer))
    assert {field.name for field in fields(Scorecard)} < set(plain)
    assert plain["mean_brier"] == 0.105625
    assert set(MEANS) <= set(plain["conventions"])
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
