"""How a scorecard hangs on the scale of words, checked against sums done by hand."""

import io

import pytest
from django.core.management import call_command

from predictions.models import CodedShare, Forecaster
from predictions.operations.scales import switch_scale
from predictions.queries.scorecards import Selection, as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a
from tests.journeys.test_japan_case import japan_case  # noqa: F401

pytestmark = pytest.mark.django_db


def found(user, **selection):
    rescore_stale()
    return scorecard(Selection(**selection), user=user, now=a.NOW).sensitivity


def lines(sensitivity):
    return {line.key: (round(line.low, 6), round(line.point, 6), round(line.high, 6)) for line in sensitivity.lines}


def settled(words, outcome=1.0, **fields):
    on = a.prediction()
    a.forecast(on, words, **fields)
    a.resolution(on, outcome, verdict="partly_met")
    return on


def test_the_japan_case_is_what_a_hand_computes(japan_case, viewer):  # noqa: F811
    """Three forecasts of “likely” and one implied, 75% (50–95%), all of which came true."""

    def mean(likely, implied):
        return round((3 * (1 - likely) ** 2 + (1 - implied) ** 2) / 4, 6)

    def three(low, point, high):
        return mean(low, 0.5), mean(point, 0.75), mean(high, 0.95)

    told = found(viewer)
    assert lines(told) == {
        "": three(0.55, 0.675, 0.8),
        "icd203-2015": three(0.55, 0.675, 0.8),
        "ipcc-ar6": three(0.66, 0.78, 0.9),
        "phia-2025": three(0.55, 0.65, 0.75),
        "survey-2017": three(0.65, 0.7, 0.75),
    }
    assert lines(told)[""] == (0.214375, 0.094844, 0.030625)
    assert (told.coded, told.pairs, told.forecasts, told.is_stable) == (3, 4, 3, True)
    assert told.sentence == (
        "Between 0.0081 and 0.2144, depending on how the words are read (3 of 4 scores rest on words of a scale); the "
        "ranking against always-50% does not change: better on every reading (always-50%: 0.2500)."
    )
    assert told.unread == (
        "Kent 1964 does not list the words of 3 of 3 forecasts (“it is likely”, “would likely”, “will likely”), "
        "which stay as recorded.",
    )


def test_a_ranking_that_changes_is_told_with_the_readings_on_which_it_does(viewer):
    settled("unlikely", 1.0)
    settled("unlikely", 0.0)
    told = found(viewer)
    by_hand = ((1 - 0.325) ** 2 + 0.325**2) / 2
    assert lines(told)["icd203-2015"][1] == round(by_hand, 6)
    assert (told.is_stable, told.always_half) == (True, 0.25)
    settled("unlikely", 0.0)
    told = found(viewer)
    assert not told.is_stable
    assert "changes: better with " in told.sentence
    assert told.sentence.split("; worse with ")[1].startswith(
        "IPCC AR6, exclusive reading at its low end, Survey of 46 readers at its low end"
    )


def test_words_that_no_other_scale_lists_are_counted_and_stay_as_they_were(viewer):
    settled("roughly even chance")
    settled("likely")
    told = found(viewer)
    (phia,) = [line for line in told.lines if line.key == "phia-2025"]
    assert (phia.unread, phia.unread_words) == (1, ("roughly even chance",))
    assert phia.point == pytest.approx((0.25 + 0.35**2) / 2)
    assert (
        "PHIA Yardstick does not list the words of 1 of 2 forecasts (“roughly even chance”), which stays as recorded."
        in told.unread
    )


def test_a_pair_of_words_and_numbers_moves_by_the_share_of_its_time_that_the_words_stood(viewer):
    on, who = a.prediction(), a.forecaster()
    a.forecast(on, "likely", by=who, issued_at=a.on_day(0))
    a.forecast(on, "90%", by=who, issued_at=a.on_day(10))
    a.resolution(on, known_at=a.on_day(50))
    told = found(viewer)
    share = CodedShare.objects.get().share
    assert share == pytest.approx(10 / 50)
    assert lines(told)["phia-2025"][1] == round(share * 0.35**2 + (1 - share) * 0.1**2, 6)


def test_a_replaced_forecast_has_no_part_after_rescoring(viewer):
    on = settled("likely")
    first = on.forecasts.get()
    found(viewer)
    a.forecast(on, "80%", by=first.forecaster, supersedes=first, reason="Misread.")
    assert found(viewer) is None
    assert not CodedShare.objects.exists()


def test_a_word_beyond_the_bounds_counts_at_the_bound(viewer):
    a.scale(terms="likely: 100%, 100%, 100%")
    settled("likely", 0.0)
    assert lines(found(viewer))["house-1"][1] == round(0.999**2, 6)


def test_scales_out_of_use_have_no_line_and_the_next_card_knows(viewer):
    settled("likely")
    assert "phia-2025" in lines(found(viewer))
    switch_scale("phia-2025", is_enabled=False, by=a.a_person_with("analyst"), at=a.NOW)
    assert "phia-2025" not in lines(found(viewer))


def test_without_words_there_is_nothing_to_tell(viewer):
    settled("70%")
    assert found(viewer) is None


def test_a_card_of_one_forecaster_tells_of_their_words_alone(viewer):
    one, other = a.forecaster(), a.forecaster()
    settled("likely", by=one)
    settled("unlikely", by=other)
    told = found(viewer, forecaster=one)
    assert (told.coded, told.forecasts, lines(told)[""][1]) == (1, 1, 0.105625)
    assert found(viewer, forecaster=a.forecaster()) is None
    assert found(viewer, forecaster=Forecaster.objects.of_consensus()["median"]) is None


def test_what_lies_in_a_case_that_one_does_not_see_leaves_no_trace(viewer):
    hidden = a.case(is_private=True, members=[a.a_person_with("resolver")])
    on = a.prediction(hidden)
    a.forecast(on, "likely")
    a.resolution(on)
    settled("unlikely")
    assert (found(viewer).forecasts, found(viewer).pairs) == (1, 1)


def test_the_json_and_the_terminal_tell_the_same(viewer):
    settled("likely")
    rescore_stale()
    card = scorecard(Selection(), user=viewer, now=a.NOW)
    told = as_json(card)["sensitivity"]
    assert told["sentence"] == card.sensitivity.sentence
    assert {line["key"] for line in told["lines"]} == {line.key for line in card.sensitivity.lines}
    out = io.StringIO()
    call_command("scorecard", stdout=out)
    assert "depending on how the words are read" in " ".join(out.getvalue().split())
