from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from django.utils import timezone

from predictions.models import Forecaster, LedgerEntry

ODD_NUMBERS = ["-0", "-0.0", "0", "1", "0.0", "1.2", "-0.3", "1e-3", "7E-1", "1e400", "70", "0.1234567", "0.0009"]
ODD_TEXTS = ["", " ", "0_1", "٠٫٧", "７０%", "NaN", "Infinity", "-0", "1e-3", "0,7", "+0.7", "½", "may", "100%", "0%"]
ODD_KINDS = ["true", "[0.7]", '{"p": 0.7}', "null"]
NOT_THE_CALLERS = ["actor", "at", "seq", "recorded_by", "recorded_at", "origin", "uuid", "id", "entry", "revision"]
NOT_THE_CALLERS += ["issued_at", "issued_us", "external_id", "superseded_by", "codings", "__class__", "prediction_id"]
NO_TIMES = ["2026-02-01T09:30", "2026-02-01 09:30+09:00", "yesterday", "", "2026-02-30", "2026-13", "2026-02-01T25:00Z"]
NO_TIMES += ["1026-02-01", "9999-12-31", "٢٠٢٦-02-01", "2026-02-01T09:30+99:00", 2026, 1769904000, ["2026-02-01"], None]


@pytest.fixture
def refused(send):
    """Sends a forecast that must be refused at one field, and leave nothing behind."""

    def post(field: str, **body):
        end = LedgerEntry.objects.count()
        response = send(**body)
        assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [field]), body
        assert LedgerEntry.objects.count() == end
        return response.json()[field]

    return post


def test_an_odd_probability_is_refused_at_its_field(refused):
    for digits in [*ODD_NUMBERS, *ODD_KINDS]:
        assert refused("probability", digits=digits)
    for text in [*ODD_TEXTS, "likely"]:
        assert refused("probability", probability=text)


@pytest.mark.parametrize("end", ["low", "high"])
def test_an_odd_end_of_a_range_is_refused_at_its_field(refused, end):
    for text in ["", "0_1", "٠٫٧", "NaN", "-0", "1e-3", "1.2", "likely", True, None, [0.7]]:
        assert refused(end, words="70%", **{end: text})


def test_words_that_cannot_be_read_are_refused_as_words(refused):
    for words in ODD_TEXTS:
        assert refused("words", words=words)


@pytest.mark.parametrize("literal", ["NaN", "Infinity", "-Infinity"])
def test_what_json_does_not_know_is_refused_with_the_whole_body(refused, literal):
    assert refused("non_field_errors", digits=literal) == [f"{literal} is no JSON number."]


@pytest.mark.parametrize(
    ("fields", "refused_at"),
    [
        ({}, "words"),
        ({"words": "likely", "probability": "0.7"}, "probability"),
        ({"words": "likely", "probability": "0.7", "basis": "coded"}, "probability"),
        ({"words": "seven chances", "probability": "0.7", "basis": "coded"}, "words"),
        ({"words": "likely", "low": "0.6", "high": "0.8"}, "low"),
        ({"words": "likely", "basis": "stated"}, "basis"),
        ({"words": "70%", "basis": "coded"}, "basis"),
        ({"words": "likely", "scale": "astrology"}, "scale"),
        ({"words": "likely", "basis": "guessed"}, "basis"),
        ({"words": "likely", "kind": "rumour"}, "kind"),
        ({"words": "likely", "confidence": "very"}, "confidence"),
        ({"words": "70%", "low": "0.8", "high": "0.9"}, "low"),
        ({"words": "only confirms", "probability": "0.8", "basis": "implied"}, "low"),
        ({"probability": "0.7", "kind": "withdrawn"}, "non_field_errors"),
        ({"words": "x" * 301}, "words"),
        ({"words": ["likely"]}, "words"),
        ({"words": "70%", "prediction": "1"}, "prediction"),
        ({"words": "70%", "prediction": 1}, "prediction"),
        ({"words": "70%", "prediction": None}, "prediction"),
        ({"words": "70%", "reason": "x" * 501}, "reason"),
    ],
)
def test_what_does_not_fit_together_is_refused_at_its_field(refused, fields, refused_at):
    assert refused(refused_at, **fields)


@pytest.mark.parametrize("key", NOT_THE_CALLERS)
def test_a_key_that_is_not_the_callers_to_set_is_refused_by_name(refused, key):
    assert refused(key, words="70%", **{key: 1}) == ["There is no such field here."]


def test_a_time_that_is_none_is_refused(refused):
    for issued in NO_TIMES:
        assert refused("issued", words="70%", issued=issued)


def test_a_forecast_from_the_future_is_refused(refused):
    assert refused("issued", words="70%", issued=(timezone.now() + timedelta(minutes=1)).isoformat())


def test_what_was_replaced_meanwhile_is_a_conflict(send):
    first = send(words="70%").json()["uuid"]
    send(words="60%", supersedes=first, reason="A slip.")
    response = send(words="50%", supersedes=first, reason="A slip.")
    assert (response.status_code, list(response.json())) == (HTTPStatus.CONFLICT, ["supersedes"])


@pytest.mark.parametrize("field", ["prediction", "quote", "supersedes"])
def test_naming_something_hidden_tells_no_more_than_naming_nothing(send, fill, field):
    rows = fill(is_private=True)
    hidden = rows[{"prediction": "predictions", "quote": "quotes", "supersedes": "forecasts"}[field]]
    to_hidden = send(words="70%", **{field: str(hidden.uuid)})
    to_nothing = send(words="70%", **{field: str(uuid4())})
    assert to_hidden.status_code == to_nothing.status_code == HTTPStatus.BAD_REQUEST
    assert to_hidden.content == to_nothing.content
    assert list(to_hidden.json()) == [field]


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/xml"]
)
def test_only_json_is_read(api, content_type):
    response = api.generic("POST", "/api/forecasts/", b"words=likely", content_type=content_type)
    assert response.status_code == HTTPStatus.UNSUPPORTED_MEDIA_TYPE


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 200_000, HTTPStatus.BAD_REQUEST),
        (b'{"words": "' + b"x" * 1024 * 1024 + b'"}', HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (b'{"words": "70%", "words": "80%"}', HTTPStatus.BAD_REQUEST),
        (b'{"words": "\\u0000"}', HTTPStatus.BAD_REQUEST),
        (b'{"words": "\\udc00"}', HTTPStatus.BAD_REQUEST),
        (b'{"words": "\xff"}', HTTPStatus.BAD_REQUEST),
        (b"[]", HTTPStatus.BAD_REQUEST),
        (b"7", HTTPStatus.BAD_REQUEST),
        (b"null", HTTPStatus.BAD_REQUEST),
        (b"", HTTPStatus.BAD_REQUEST),
    ],
)
def test_a_body_that_is_no_sound_object_is_refused(api, body, status):
    response = api.generic("POST", "/api/forecasts/", body, content_type="application/json")
    assert response.status_code == status
    assert response.json()


def test_a_consensus_is_listed_but_nobody_speaks_for_it(api, send):
    consensus = Forecaster.objects.of_consensus()["median"]
    answer = send(forecaster=str(consensus.uuid), words="70%")
    assert (answer.status_code, answer.json()) == (400, {"forecaster": ["There is no such forecaster."]})
    shown = api.get(f"/api/forecasters/{consensus.uuid}/").json()
    assert (shown["name"], shown["kind"]) == ("Consensus: median", "consensus")
