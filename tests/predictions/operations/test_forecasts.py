"""Logging a forecast: what is taken, what it is taken to mean, and what is refused at which field."""

from datetime import timedelta
from functools import partial

import pytest

from predictions.models import Coding, Criterion, Forecast, Forecaster, Prediction, PredictionRevision
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import amend_prediction
from tests import builders as a
from tests.predictions.refusals import refused

MICROSECOND = timedelta(microseconds=1)
MEND = {"reason": "Misread."}

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction():
    return a.prediction()


@pytest.fixture
def forecaster():
    return a.forecaster()


@pytest.fixture
def log(prediction, forecaster):
    return partial(a.forecast, prediction, by=forecaster)


# --- the probability ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "probability"),
    [
        ("70%", 0.7),
        ("70 %", 0.7),
        ("70 per cent", 0.7),
        ("0.7", 0.7),
        (".7", 0.7),
        (" 0.7 ", 0.7),
        ("7 in 10", 0.7),
        ("7 out of 10", 0.7),
        ("0.1%", 0.001),
        ("99.9%", 0.999),
    ],
)
def test_a_number_is_stated_and_taken_as_it_is(log, words, probability):
    forecast = log(words)
    assert (forecast.probability, forecast.basis, forecast.scale, forecast.words) == (probability, "stated", "", words)
    assert (forecast.low, forecast.high) == (None, None)
    assert not Coding.objects.exists()


@pytest.mark.parametrize("words", ["likely", "Likely", "would likely", "it is likely", "“likely”"])
def test_a_word_of_a_scale_is_coded_with_its_low_point_and_high(log, words):
    forecast = log(words)
    assert (forecast.low, forecast.probability, forecast.high) == (0.55, 0.675, 0.8)
    assert (forecast.basis, forecast.scale) == ("coded", "icd203-2015")
    coding = forecast.codings.get()
    assert (coding.words, coding.term, coding.scale, coding.scale_name) == (words, "likely", "icd203-2015", "ICD 203")
    assert (coding.low, coding.point, coding.high, coding.coder) == (0.55, 0.675, 0.8, forecast.recorded_by)


@pytest.mark.parametrize(
    "words",
    [
        "1.2", "120%", "-0", "−0", "-0.0", "−0.3", "+0.5", "NaN", "nan", "inf", "0_1", "0.5_0", "７０%", "٠٫٧", "۰٫۷",
        "", "   ", "7/10", "1e-1", "0x1", "70", "0,7", "70%%", "10 in 7", "0 in 0", "may", "rather so", "0.1234567",
    ],
)  # fmt: skip
def test_what_is_no_probability_is_refused_at_its_field(log, words):
    with refused("words"):
        log(words)


@pytest.mark.parametrize("words", ["0", "1", "0%", "100%", "0.0009", "0.9991", "0.05%"])
def test_nothing_is_quite_certain_in_live_entry(log, words):
    with refused("words", "0.1% to 99.9%"):
        log(words)


def test_how_near_to_certainty_one_may_come_is_a_setting(log, settings):
    settings.FORECAST_BOUNDS = (0.01, 0.98)
    with refused("words", "1% to 98%"):
        log("0.5%")
    assert log("98%").probability == 0.98


@pytest.mark.parametrize("probability", [float("nan"), -0.0, 1.2, -0.1, 0.0, 1.0, float("inf")])
def test_a_bare_number_is_held_to_the_same_bounds(log, probability):
    with refused("words", "0.1% to 99.9%"):
        log("", probability=probability)


@pytest.mark.parametrize("given", [0.0, 1.0])
def test_imported_rows_may_be_certain(log, given):
    assert log("", probability=given, origin="imported").probability == given


@pytest.mark.parametrize(
    ("end", "bad"),
    [("low", float("nan")), ("low", -0.0), ("low", -0.1), ("low", 1e-30), ("high", float("nan")), ("high", 1.5)],
)
def test_an_end_that_is_no_share_is_refused_at_its_field(log, end, bad):
    ends = {"low": 0.1, "high": 0.9} | {end: bad}
    with refused(end, "from 0 to 1"):
        log("must", basis="implied", probability=0.5, **ends)


@pytest.mark.parametrize(
    "ends", [{"low": 0.8, "high": 0.9}, {"low": 0.1, "high": 0.2}, {"low": 0.9, "high": 0.1}], ids=str
)
def test_low_probability_and_high_come_in_this_order(log, ends):
    with refused("low", "in this order"):
        log("0.5", **ends)


@pytest.mark.parametrize("ends", [{"low": 0.1}, {"high": 0.9}], ids=str)
def test_low_and_high_come_together(log, ends):
    with refused(saying="low and high together"):
        log("0.5", **ends)


def test_a_stated_number_may_have_stated_ends(log):
    forecast = log("0.5", low=0.4, high=0.6)
    assert (forecast.low, forecast.high, forecast.basis) == (0.4, 0.6, "stated")


# --- words and numbers that disagree -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("basis", {"words": "likely", "basis": "stated"}),
        ("basis", {"words": "likely", "basis": "implied"}),
        ("basis", {"words": "70%", "basis": "coded"}),
        ("basis", {"words": "70%", "basis": "coded", "probability": 0.7}),
        ("basis", {"words": "70%", "basis": "guessed"}),
        ("probability", {"words": "70%", "probability": 0.9}),
        ("probability", {"words": "likely", "probability": 0.9}),
        ("probability", {"words": "likely", "probability": 0.9, "basis": "coded"}),
        ("low", {"words": "likely", "low": 0.1}),
        ("high", {"words": "likely", "high": 0.99}),
        ("words", {"words": "must happen", "probability": 0.9, "basis": "coded"}),
        ("scale", {"words": "likely", "scale": "no-such-scale"}),
        ("low", {"words": "must happen", "probability": 0.9, "basis": "implied"}),
        ("words", {"words": "must happen", "basis": "implied", "low": 0.1, "high": 0.9}),
        ("kind", {"words": "70%", "kind": "guess", "probability": None}),
        ("confidence", {"words": "70%", "confidence": "certain"}),
    ],
    ids=str,
)
def test_what_the_words_do_not_bear_out_is_refused(log, field, given):
    with refused(field):
        log(**given)


@pytest.mark.parametrize("given", [{"probability": 0.675}, {"basis": "coded"}, {"low": 0.55, "high": 0.8}], ids=str)
def test_what_says_the_same_as_the_words_is_taken(log, given):
    assert log("likely", **given).codings.get().term == "likely"


def test_a_number_read_in_a_passage_is_stated_beside_its_words(log):
    forecast = log("we put it at seventy", probability=0.7)
    assert (forecast.basis, forecast.probability, forecast.words) == ("stated", 0.7, "we put it at seventy")


@pytest.mark.parametrize("kind", ["withdrawn", "unquantifiable"])
def test_a_withdrawal_has_no_number(log, kind):
    assert log("may", kind=kind, scale="icd203-2015").basis == ""
    with refused(saying="a withdrawal has neither"):
        log("may", kind=kind, probability=0.5)
    for words in ("70%", "likely"):
        with refused("words", saying="is a probability"):
            log(words, kind=kind)


def test_a_forecast_belongs_to_the_wording_before_the_next_change_in_substance(prediction, log):
    def amend(kind, day):
        revision = PredictionRevision(
            prediction=prediction,
            kind=kind,
            reason="Because.",
            statement=f"Worded on day {day}.",
            opens_at=a.on_day(0),
            closes_at=a.on_day(100),
        )
        criteria = [Criterion(label="a", text="It happens.")]
        amend_prediction(revision, criteria, by=a.a_person_with("analyst"), at=a.on_day(day))

    first = a.forecast(prediction, "70%", issued_at=a.on_day(1))
    amend("clarifying", 62)
    amend("material", 65)
    assert (
        a.forecast(prediction, "60%", by=first.forecaster, issued_at=a.on_day(2), at=a.on_day(67)).revision.number == 2
    )
    assert (
        a.forecast(prediction, "50%", by=first.forecaster, issued_at=a.on_day(66), at=a.on_day(67)).revision.number == 3
    )
    mended = {"issued_at": a.on_day(1), "supersedes": first, "reason": "Misread.", "by": first.forecaster}
    assert a.forecast(prediction, "75%", at=a.on_day(67), **mended).revision.number == 2


def test_what_one_said_in_ones_own_name_stands_once_the_prediction_is_closed(analyst):
    own = {"prediction": a.prediction(closes_at=a.on_day(70)), "forecaster": a.forecaster(account=analyst)}
    own |= {"issued_at": a.on_day(61), "words": "5%"}
    said = log_forecast(Forecast(**own), by=analyst, at=a.on_day(61))
    mended = log_forecast(Forecast(**own, supersedes=said, reason="Mistyped."), by=analyst, at=a.on_day(69))
    with refused("supersedes", saying="is closed"):
        log_forecast(Forecast(**own, supersedes=mended, reason="Mistyped."), by=analyst, at=a.on_day(70))


# --- the time ----------------------------------------------------------------------------------------------------


def test_a_forecast_issued_in_the_future_is_refused_and_one_issued_now_is_not(log):
    with refused("issued_at", "future"):
        log(issued_at=a.NOW + MICROSECOND)
    assert log(issued_at=a.NOW).issued_at == a.NOW


@pytest.mark.parametrize("closing", ["scheduled", "occurred", "known"])
@pytest.mark.parametrize(("offset", "is_taken"), [(-MICROSECOND, True), (timedelta(0), False), (MICROSECOND, False)])
def test_a_forecast_issued_at_the_close_or_after_is_refused(forecaster, closing, offset, is_taken):
    trigger, close = a.trigger(), a.on_day(50)
    prediction = a.prediction(
        trigger.case, trigger=trigger, closes_at=close if closing == "scheduled" else a.on_day(100)
    )
    if closing == "occurred":
        a.occurrence(trigger, at=close)
    if closing == "known":
        a.resolution(prediction, known_at=close)
    if is_taken:
        assert a.forecast(prediction, by=forecaster, issued_at=close + offset).revision == prediction.revision
    else:
        with refused("issued_at", "Only earlier forecasts count"):
            a.forecast(prediction, by=forecaster, issued_at=close + offset)


def test_a_forecast_issued_before_the_opening_is_taken(log):
    assert log(issued_at=a.on_day(-30)).issued_at == a.on_day(-30)


def test_a_missing_time_is_refused_at_its_field(log):
    with refused("issued_at"):
        log(issued_at=None)


def test_half_a_period_is_refused(log):
    with refused(saying="A day, a month or an estimate ends"):
        log(issued_precision="day", issued_until=None)


def test_a_forecast_keeps_who_recorded_it_and_when_and_on_which_revision(prediction, analyst):
    row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="70%", issued_at=a.on_day(1))
    row.recorded_at = row.recorded_by = None
    stored = Forecast.objects.get(pk=log_forecast(row, by=analyst, at=a.NOW).pk)
    assert (stored.recorded_at, stored.recorded_by, stored.revision) == (a.NOW, analyst, prediction.revision)


# --- corrections -------------------------------------------------------------------------------------------------


def test_only_the_newest_can_be_replaced_and_that_with_a_reason(log, prediction):
    first = a.forecast(prediction)
    with refused("reason", "Say why"):
        log(by=first.forecaster, supersedes=first)
    with refused("reason", "Say why"):
        log(by=first.forecaster, supersedes=first, reason="  ")
    second = log(by=first.forecaster, supersedes=first, **MEND)
    with refused("supersedes", "Replace the newest one", code="conflict"):
        log(by=first.forecaster, supersedes=first, **MEND)
    third = log(by=first.forecaster, supersedes=second, **MEND)
    assert list(Forecast.objects.standing()) == [third]


def test_a_short_name_is_given_once_per_prediction(log):
    log(external_id="f1")
    with refused(saying="already has a forecast of that short name"):
        log(external_id="f1")
    assert a.forecast(external_id="f1").external_id == "f1"


def test_the_forecaster_is_taken_as_stored_not_as_claimed(log, analyst):
    stored = a.forecaster()
    claimed = Forecaster(pk=stored.pk, name="Somebody else", account=analyst)
    assert log(by=claimed).forecaster.name == stored.name


# --- who judges does not forecast ----------------------------------------------------------------------------------


def test_who_is_asked_to_judge_neither_forecasts_nor_codes():
    prediction = a.prediction(a.case(resolvers_asked=2))
    judge = a.person("judge", "resolver", "analyst")
    (asked,) = a.assigned(prediction, judge)
    own = a.forecaster(account=judge)
    for row in (
        Forecast(prediction=prediction, forecaster=own, words="70%", issued_at=a.on_day(1)),
        Forecast(prediction=prediction, forecaster=a.forecaster(), words="likely", issued_at=a.on_day(1)),
    ):
        with refused("forecaster", "asked to judge"):
            log_forecast(row, by=judge, at=a.NOW)
    stated = Forecast(prediction=prediction, forecaster=a.forecaster(), words="70%", issued_at=a.on_day(1))
    assert log_forecast(stated, by=judge, at=a.NOW).pk
    withdraw_assignment(asked, reason="Away.", by=a.a_person_with("administrator"), at=a.NOW)
    row = Forecast(prediction=prediction, forecaster=own, words="70%", issued_at=a.on_day(1))
    assert log_forecast(row, by=judge, at=a.NOW).pk


def test_an_amendment_leaves_what_was_found_of_the_earlier_wording_out_of_count():
    prediction = a.prediction(a.case(resolvers_asked=2), closes_at=a.on_day(40))
    a.panel(prediction, "met")
    revision = PredictionRevision(prediction=prediction, statement="New.", opens_at=a.START, closes_at=a.on_day(90))
    criteria = [Criterion(label="a", text="New.")]
    amend_prediction(revision, criteria, by=a.a_person_with("analyst"), at=a.NOW)
    assert not prediction.assessments.counting().exists()
    assert not prediction.assignments.standing().exists()


def test_what_resolvers_have_judged_is_not_amended_any_more():
    prediction = a.prediction(a.case(resolvers_asked=2), closes_at=a.on_day(40))
    a.panel(prediction, "met", "met")
    revision = PredictionRevision(prediction=prediction, statement="New.", opens_at=a.START, closes_at=a.on_day(90))
    with refused(saying="to be confirmed", code="conflict"):
        amend_prediction(revision, [Criterion(label="a", text="New.")], by=a.a_person_with("analyst"), at=a.NOW)
    assert Prediction.objects.get(pk=prediction.pk).panel == "agreed"


# --- scales of words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "scale", "low", "probability", "high"),
    [
        ("likely", "phia-2025", 0.55, 0.65, 0.75),
        ("highly likely", "phia-2025", 0.8, 0.85, 0.9),
        ("likely", "ipcc-ar6", 0.66, 0.78, 0.9),
        ("probably not", "kent-1964", 0.2, 0.3, 0.4),
        ("unlikely", "survey-2017", 0.1, 0.2, 0.2875),
        ("remote chance", "phia-2025", 0, 0.025, 0.05),
    ],
)
def test_words_are_read_on_the_scale_that_is_named(log, words, scale, low, probability, high):
    forecast = log(words, scale=scale)
    assert (forecast.low, forecast.probability, forecast.high, forecast.scale) == (low, probability, high, scale)


@pytest.mark.parametrize(
    ("words", "kept", "own", "told"),
    [
        ("certain", (0.999, 0.999, 1), (1, 1, 1), "certain (100–100%), taken as 100% (Kent 1964), kept as 99.9%"),
        ("impossible", (0, 0.001, 0.001), (0, 0, 0), "impossible (0–0%), taken as 0% (Kent 1964), kept as 0.1%"),
    ],
)
def test_a_word_beyond_the_bounds_is_kept_at_the_bound_with_its_own_value_beside_it(log, words, kept, own, told):
    forecast = log(words, scale="kent-1964")
    coding = forecast.codings.get()
    assert (forecast.low, forecast.probability, forecast.high) == kept
    assert (coding.low, coding.point, coding.high) == own
    assert forecast.in_words() == told


def test_a_range_is_stated_with_its_ends(log):
    forecast = log("between 60 and 70%")
    assert (forecast.low, forecast.probability, forecast.high, forecast.basis) == (0.6, 0.65, 0.7, "stated")
    assert forecast.in_words() == "65% (60–70%)"
    assert not Coding.objects.exists()


@pytest.mark.parametrize("words", ["two in three", "a coin flip", "odds of 3 to 1", "one chance in ten"])
def test_a_number_in_words_is_stated(log, words):
    forecast = log(words)
    assert (forecast.basis, forecast.scale, forecast.words) == ("stated", "", words)
    assert 0.1 <= forecast.probability <= 0.75
