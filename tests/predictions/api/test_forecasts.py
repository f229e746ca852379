from datetime import timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from predictions.models import Forecast, LedgerEntry
from predictions.operations.scales import switch_scale
from tests import builders as a


def test_words_are_read_on_a_scale_and_the_reading_is_shown(send):
    response = send(words="likely", confidence="low", rationale="Clouds.")
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert shown["reading"] == "likely (55–80%), taken as 67.5% (ICD 203)"
    assert (shown["low"], shown["probability"], shown["high"]) == (0.55, 0.675, 0.8)
    assert (shown["basis"], shown["words"], shown["confidence"]) == ("coded", "likely", "low")
    assert (shown["rationale"], shown["origin"]) == ("Clouds.", "entered")


def test_what_was_recorded_is_answered_as_it_will_be_read(send, api):
    response = send(words="7 in 10")
    assert api.get(response.headers["Location"]).json() == response.json()
    row = Forecast.objects.get(uuid=response.json()["uuid"])
    assert row.entry_id == response.json()["seq"] == LedgerEntry.objects.latest("seq").seq
    assert row.recorded_by.username == "analyst"


@pytest.mark.parametrize(
    ("digits", "probability"),
    [("0.7", 0.7), ("0.70", 0.7), ("0.123457", 0.123457), ('"70%"', 0.7), ('"7 in 10"', 0.7), ('".5"', 0.5)],
)
def test_a_number_is_taken_in_the_digits_it_was_sent_in(send, digits, probability):
    shown = send(digits=digits).json()
    assert (shown["probability"], shown["basis"], shown["words"]) == (probability, "stated", digits.strip('"'))


def test_a_passage_without_a_probability_word_keeps_its_words_and_our_reading(send):
    shown = send(words="only confirms", probability=0.8, low=0.5, high=0.95, basis="implied").json()
    assert shown["reading"] == "“only confirms” (50–95%), taken as 80% (our reading)"


def test_a_number_may_stand_beside_the_passage_that_states_it(send):
    shown = send(words="seven chances of ten", probability=0.7).json()
    assert (shown["words"], shown["probability"], shown["basis"]) == ("seven chances of ten", 0.7, "stated")


@pytest.mark.parametrize(
    ("kind", "reading"), [("withdrawn", "withdrawn"), ("unquantifiable", "words without a probability")]
)
def test_a_forecast_may_end_without_a_number(send, kind, reading):
    shown = send(kind=kind).json()
    assert (shown["reading"], shown["probability"]) == (reading, None)


@pytest.mark.parametrize(
    ("issued", "precision", "words"),
    [
        ("2026-02-01T09:30+09:00", "instant", "1 February 2026, 00:30 UTC"),
        ("2026-02-01T00:30:00.5Z", "instant", "1 February 2026, 00:30 UTC"),
        ("2026-02-01", "day", "1 February 2026"),
        ("2026-02", "month", "February 2026"),
    ],
)
def test_a_time_is_kept_as_exactly_as_it_is_known(send, issued, precision, words):
    shown = send(words="70%", issued=issued).json()["issued"]
    assert (shown["precision"], shown["words"]) == (precision, words)


def test_a_day_is_a_day_of_the_predictions_own_zone(send):
    on = a.prediction(zone="Asia/Tokyo")
    shown = send(words="70%", issued="2026-02-01", prediction=str(on.uuid)).json()["issued"]
    assert (shown["at"], shown["until"]) == ("2026-01-31T15:00:00.000000Z", "2026-02-01T15:00:00.000000Z")


def test_a_forecast_without_a_time_was_issued_now(send):
    before = timezone.now()
    row = Forecast.objects.get(uuid=send(words="70%", absent=["issued"]).json()["uuid"])
    assert before <= row.issued_at == row.recorded_at <= timezone.now()


@pytest.mark.parametrize(("after", "status"), [(-1, HTTPStatus.CREATED), (0, HTTPStatus.BAD_REQUEST)])
def test_a_forecast_counts_up_to_the_microsecond_before_the_outcome_could_be_known(send, after, status):
    a.resolution(send.on, known_at=a.on_day(50))
    response = send(words="70%", issued=(a.on_day(50) + timedelta(microseconds=after)).isoformat())
    assert response.status_code == status
    assert list(response.json()) == ["issued"] or response.json()["is_in_hindsight"]


def test_a_mistake_is_mended_by_a_new_row_with_a_reason(send, api):
    first = send(words="70%").json()
    assert list(send(words="60%", supersedes=first["uuid"]).json()) == ["reason"]
    second = send(words="60%", supersedes=first["uuid"], reason="A slip.").json()
    assert (second["supersedes"], second["reason"]) == (first["uuid"], "A slip.")
    assert api.get(f"/api/forecasts/{first['uuid']}/").json()["superseded_by"] == second["uuid"]


@pytest.mark.parametrize(
    ("words", "scale", "reading"),
    [
        ("highly likely", "phia-2025", "highly likely (80–90%), taken as 85% (PHIA Yardstick)"),
        ("likely", "house-1", "likely (50–70%), taken as 60% (House 1)"),
        ("certain", "kent-1964", "certain (100–100%), taken as 100% (Kent 1964), kept as 99.9%"),
        ("70 to 80 per cent", "icd203-2015", "75% (70–80%)"),
    ],
)
def test_words_are_read_on_every_scale_in_use(send, words, scale, reading):
    a.scale()
    assert send(words=words, scale=scale).json()["reading"] == reading


def test_a_scale_that_is_none_or_not_in_use_is_refused_at_its_field(send):
    switch_scale("kent-1964", is_enabled=False, by=a.a_person_with("analyst"), at=a.NOW)
    for key, told in (("nobody-1", "There is no scale"), ("kent-1964", "is not in use")):
        answer = send(words="likely", scale=key)
        assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["scale"])
        assert told in answer.json()["scale"][0]


def test_a_range_is_sent_as_words_not_as_a_number(send):
    answer = send(probability="70 to 80%")
    assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, ["probability"])
