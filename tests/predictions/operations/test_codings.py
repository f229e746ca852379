"""Several code the same words; the median of what they make of them counts."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from predictions.models import Assignment, Coding, CodingRequest, Forecast, LedgerEntry
from predictions.operations.accounts import revoke_role
from predictions.operations.assessments import assign_resolver
from predictions.operations.codings import ask_coder, decline_coding, submit_coding, withdraw_coding
from predictions.operations.forecasts import log_forecast
from predictions.policy import able_to_judge
from predictions.queries.histories import prediction_history
from tests import builders as a

pytestmark = pytest.mark.django_db

PHIA = "phia-2025"
ICD = "icd203-2015"
OWN = {"words": "it is likely to rain", "low": 0.5, "point": 0.6, "high": 0.7}


@pytest.fixture
def bea(db):
    return a.person("bea", "analyst")


@pytest.fixture
def cal(db):
    return a.person("cal", "analyst")


@pytest.fixture
def forecast(db):
    """The Herald says "likely", coded by some analyst: 55 to 80%, taken as 67.5%."""
    return a.coded(a.prediction(), issued_at=a.on_day(3), confidence="low", rationale="Clouds.")


def standing(forecast):
    return Forecast.objects.standing().get(prediction=forecast.prediction)


def numbers(forecast):
    return forecast.low, forecast.probability, forecast.high


def log_again(forecast, words="likely", **fields):
    earlier = standing(forecast)
    values = {"prediction": earlier.prediction, "forecaster": earlier.forecaster, "quote": earlier.quote}
    values |= {"issued_at": earlier.issued_at, "supersedes": earlier, "reason": "Misread."} | fields
    return log_forecast(Forecast(words=words, **values), by=a.a_person_with("analyst"), at=a.NOW)


# --- the median -------------------------------------------------------------------------------------------------------


def test_the_median_of_two_codings_counts_and_all_else_stays(forecast, bea):
    (request,) = a.asked(forecast, bea)
    coding = a.coding(request, "very likely", confidence="high")
    now = standing(forecast)
    assert numbers(forecast) == (0.55, 0.675, 0.8)
    assert (coding.low, coding.point, coding.high) == (0.8, 0.875, 0.95)
    assert numbers(now) == (0.675, 0.775, 0.875)
    kept = ("words", "scale", "basis", "issued_at", "revision", "quote", "confidence", "forecaster", "rationale")
    assert all(getattr(now, name) == getattr(forecast, name) for name in kept)
    assert (now.supersedes, now.recorded_by, now.codings.get()) == (forecast, bea, coding)
    assert now.in_words() == "“likely” (67.5–87.5%), taken as 77.5% (median of 2 codings)"


@pytest.mark.parametrize(
    ("readings", "expected"),
    [
        (["very likely", "unlikely"], (0.55, 0.675, 0.8)),
        (["very likely", "very likely"], (0.8, 0.875, 0.95)),
        (["very likely", "unlikely", "unlikely"], (0.375, 0.5, 0.625)),
    ],
)
def test_the_median_is_of_all_codings_whoever_came_last(forecast, readings, expected):
    coders = [a.person(f"coder-{k}", "analyst") for k, _ in enumerate(readings)]
    for request, words in zip(a.asked(forecast, *coders), readings, strict=True):
        a.coding(request, words)
    assert numbers(standing(forecast)) == expected
    assert Coding.objects.of(standing(forecast)).count() == len(readings) + 1
    assert [each.number for each in Coding.objects.of(standing(forecast))] == list(range(1, len(readings) + 2))


@pytest.mark.parametrize(
    ("given", "read", "said"),
    [
        ({"words": "likely", "scale": PHIA}, (0.55, 0.65, 0.75), "PHIA"),
        ({"words": "unlikely"}, (0.2, 0.325, 0.45), "ICD 203"),
        (OWN, (0.5, 0.6, 0.7), "our reading"),
    ],
)
def test_a_coder_reads_by_any_scale_or_in_their_own_numbers(forecast, bea, given, read, said):
    (request,) = a.asked(forecast, bea)
    coding = a.coding(request, **given)
    assert (coding.low, coding.point, coding.high) == pytest.approx(read)
    assert said in coding.in_words()
    assert standing(forecast).scale == ICD


def test_each_coding_says_whose_it_is_and_whether_they_forecast_themselves(forecast, bea, cal):
    own = Forecast(prediction=forecast.prediction, forecaster=a.forecaster(account=bea), issued_at=a.on_day(1))
    own.words = "40%"
    log_forecast(own, by=bea, at=a.NOW)
    first, second = a.asked(forecast, bea, cal)
    a.coding(first, had_own_forecast=False), a.coding(second, had_own_forecast=True)
    of = Forecast.objects.standing().get(supersedes__isnull=False)
    told = [(each.coder, each.had_own_forecast, each.own_forecast_on_record) for each in Coding.objects.of(of)]
    assert told == [(a.a_person_with("analyst"), None, None), (bea, False, True), (cal, True, False)]


def test_one_entry_records_the_coding_and_the_median(forecast, bea):
    (request,) = a.asked(forecast, bea)
    before = LedgerEntry.objects.count()
    coding = a.coding(request, "very likely")
    assert LedgerEntry.objects.count() == before + 1
    assert coding.entry == standing(forecast).entry
    told = [line.sentence for line in prediction_history(forecast.prediction, user=bea)]
    assert told[-2:] == [
        "some-analyst asked bea to code words of a forecast",
        f"bea coded words of {forecast.forecaster} independently: very likely (80–95%), taken as 87.5% (ICD 203); "
        "the median, 77.5%, counts",
    ]


def test_it_is_coded_after_the_close_and_after_the_decision_too_and_marked_so(forecast, bea):
    (request,) = a.asked(forecast, bea)
    a.resolution(forecast.prediction)
    a.coding(request, "very likely", at=a.on_day(200))
    assert not forecast.is_in_hindsight or forecast.recorded_at > a.on_day(50)
    assert standing(forecast).is_in_hindsight
    assert standing(forecast).issued_at == forecast.issued_at


# --- who is asked -----------------------------------------------------------------------------------------------------


def refused_at(field):
    return pytest.raises(ValidationError, match=f"'{field}'")


def ask(forecast, coder, by=None):
    return ask_coder(CodingRequest(forecast=forecast, coder=coder), by=by or a.a_person_with("analyst"), at=a.NOW)


def coded_it(forecast, who):
    a.coding(a.asked(forecast, who)[0])


def is_asked(forecast, who):
    a.asked(forecast, who)


def coded_the_quote_elsewhere(forecast, who):
    other = Forecast(prediction=a.prediction(forecast.prediction.case), forecaster=a.forecaster(), words="likely")
    other.issued_at, other.quote = a.on_day(1), forecast.quote
    log_forecast(other, by=who, at=a.NOW)


def judges(forecast, who):
    case = forecast.prediction.case
    type(case).objects.filter(pk=case.pk).update(resolvers_asked=1)
    a.assigned(forecast.prediction, who)


def decided(forecast, who):
    a.resolution(forecast.prediction)


def lost_the_role(forecast, who):
    revoke_role(who, "analyst", by=a.a_person_with("administrator"), at=a.NOW)
    who.__dict__.pop("roles", None)


def wrote_it(forecast, who):
    source = forecast.quote.source
    type(source).objects.filter(pk=source.pk).update(author="BOTH")


def left_the_case(forecast, who):
    case = forecast.prediction.case
    type(case).objects.filter(pk=case.pk).update(is_private=True)
    case.memberships.get_or_create(user=a.a_person_with("analyst"))


@pytest.mark.parametrize(
    ("came_about", "why"),
    [
        (coded_it, "coded these words already"),
        (is_asked, "is asked to code it already"),
        (coded_the_quote_elsewhere, "coded these words already"),
        (judges, "is asked to judge"),
        (lost_the_role, "is no analyst"),
        (wrote_it, "wrote these words"),
        (left_the_case, "does not see this case"),
    ],
)
def test_who_is_not_independent_is_not_asked(forecast, came_about, why):
    both = a.person("both", "analyst", "resolver")
    came_about(forecast, both)
    with pytest.raises(ValidationError, match=why) as refusal:
        ask(standing(forecast), both)
    assert list(refusal.value.error_dict) == ["coder"]


def test_nor_who_decided_the_prediction(forecast):
    decider = a.person("decider", "analyst", "resolver")
    a.a_person_with("resolver")
    resolution = a.resolution(forecast.prediction)
    resolution.resolved_by.groups.add(decider.groups.get(name="analyst"))
    resolution.resolved_by.__dict__.pop("roles", None)
    with refused_at("coder"):
        ask(forecast, resolution.resolved_by)


def test_nor_who_asks(forecast, bea):
    with refused_at("coder"):
        ask(forecast, bea, by=bea)


def test_nor_a_second_account_of_who_coded_it(forecast, bea):
    first = a.a_person_with("analyst")
    bea.email = first.email.upper()
    bea.save()
    with refused_at("coder"):
        ask(forecast, bea, by=a.person("asker", "analyst"))


UNCODABLE = {"number": {"words": "70%"}, "unquoted": {"quote": None}, "withdrawn": {"words": "", "kind": "withdrawn"}}


@pytest.mark.parametrize("fields", UNCODABLE.values(), ids=list(UNCODABLE))
def test_only_words_that_stand_in_a_quote_are_coded_by_others(bea, fields):
    with refused_at("forecast"):
        ask(a.coded(**fields), bea)


def test_only_the_newest_is_asked_about(forecast, bea):
    log_again(forecast, "unlikely")
    with refused_at("forecast"):
        ask(forecast, bea)


def test_who_is_asked_to_code_is_not_asked_to_judge(forecast):
    both = a.person("both", "analyst", "resolver")
    judges(forecast, a.person("judge", "resolver"))
    assert both in able_to_judge(forecast.prediction)
    a.asked(forecast, both)
    assert both not in able_to_judge(forecast.prediction)
    with pytest.raises(ValidationError, match="is asked to turn words"):
        assign_resolver(
            Assignment(prediction=forecast.prediction, resolver=both), by=a.a_person_with("administrator"), at=a.NOW
        )


# --- answering --------------------------------------------------------------------------------------------------------


def test_only_who_is_asked_codes_or_declines(forecast, bea, cal):
    (request,) = a.asked(forecast, bea)
    with pytest.raises(PermissionDenied):
        submit_coding(Coding(request=request, words="likely", had_own_forecast=False), by=cal, at=a.NOW)
    with pytest.raises(PermissionDenied):
        decline_coding(request, reason="No.", by=cal, at=a.NOW)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"words": "70%"}, "words"),
        ({"words": ""}, "words"),
        ({"words": "could"}, "words"),
        ({"words": "likely", "scale": "none-such"}, "scale"),
        ({**OWN, "low": None}, "low"),
        ({**OWN, "low": 0.65}, "low"),
        ({**OWN, "point": 1.0, "high": 1.0}, "words"),
        ({"words": "likely", "had_own_forecast": None}, "had_own_forecast"),
        ({"words": "likely", "confidence": "great"}, "confidence"),
    ],
)
def test_a_faulty_coding_is_refused_at_its_field_and_nothing_is_written(forecast, bea, given, field):
    (request,) = a.asked(forecast, bea)
    before = LedgerEntry.objects.count()
    with refused_at(field):
        a.coding(request, **given)
    assert (LedgerEntry.objects.count(), standing(forecast)) == (before, forecast)
    request.refresh_from_db()
    assert request.is_open


def declined(request):
    decline_coding(request, reason="I wrote it.", by=request.coder, at=a.NOW)


def withdrawn(request):
    withdraw_coding(request, reason="On leave.", by=a.a_person_with("analyst"), at=a.NOW)


@pytest.mark.parametrize("end", [a.coding, declined, withdrawn])
@pytest.mark.parametrize("again", [a.coding, declined, withdrawn])
def test_what_is_closed_stays_closed(forecast, bea, end, again):
    (request,) = a.asked(forecast, bea)
    end(request)
    with pytest.raises(ValidationError, match="closed already"):
        again(request)


@pytest.mark.parametrize("end", [declined, withdrawn])
def test_who_declined_or_was_asked_no_longer_can_be_asked_again(forecast, bea, end):
    (request,) = a.asked(forecast, bea)
    end(request)
    assert a.asked(forecast, bea)[0].is_open


@pytest.mark.parametrize("end", [decline_coding, withdraw_coding])
def test_declining_and_withdrawing_want_a_reason(forecast, bea, end):
    (request,) = a.asked(forecast, bea)
    with refused_at("reason"):
        end(request, reason=" ", by=bea if end is decline_coding else a.a_person_with("analyst"), at=a.NOW)


# --- mends ------------------------------------------------------------------------------------------------------------


def test_a_mend_of_the_date_keeps_the_codings_and_their_median(forecast, bea, cal):
    first, second = a.asked(forecast, bea, cal)
    a.coding(first, "very likely")
    mended = log_again(forecast, issued_at=a.on_day(2))
    assert numbers(mended) == (0.675, 0.775, 0.875)
    assert mended.in_words() == "“likely” (67.5–87.5%), taken as 77.5% (median of several codings)"
    a.coding(second, "very likely")
    assert numbers(standing(forecast)) == (0.8, 0.875, 0.95)
    assert Coding.objects.of(standing(forecast)).count() == 3


@pytest.mark.parametrize(("fields", "at"), [({"scale": PHIA}, "scale"), ({**OWN, "words": "likely"}, "low")])
def test_nobody_overrides_what_several_coded(forecast, bea, fields, at):
    a.coding(a.asked(forecast, bea)[0])
    values = {("probability" if name == "point" else name): value for name, value in fields.items()}
    with refused_at(at):
        log_again(forecast, **values)


def test_other_words_are_coded_anew_and_nobody_is_asked_any_longer(forecast, bea, cal):
    first, second = a.asked(forecast, bea, cal)
    a.coding(first, "very likely")
    other = log_again(forecast, "unlikely")
    assert numbers(other) == (0.2, 0.325, 0.45)
    assert Coding.objects.of(other).count() == 1
    second.refresh_from_db()
    assert (second.closing, second.is_open) == ("withdrawn", False)
