"""Logging forecasts in the admin: what is written, what is refused and where that is said, who may."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from predictions.models import Forecast, LedgerEntry
from predictions.models.times import microseconds
from tests import builders as a

ADD = "/predictions/forecast/add/"
LISTED = "/predictions/forecast/"
LATER = a.on_day(36500)


@pytest.fixture
def prediction(people):
    return a.prediction(closes_at=LATER)


@pytest.fixture
def log(client, analyst, prediction):
    """Posts the form for one forecaster and returns the answer; what is not named is left blank."""
    client.force_login(analyst)
    forecaster = a.forecaster("The Herald")

    def post(**entered):
        usual = {"forecaster": forecaster.pk, "words": "70%", "kind": "probability", "issued": "2026-02-01"}
        return client.post(f"{ADD}?prediction={prediction.pk}", usual | entered)

    return post


def counts():
    return Forecast.objects.count(), LedgerEntry.objects.count()


def errors(answer):
    assert answer.status_code == 200, answer.headers
    return answer.context["adminform"].form.errors


def assert_refused(post, entered, field, message):
    before = counts()
    answer = post(**entered)
    assert message in " ".join(errors(answer)[field])
    assert message in " ".join(answer.content.decode().replace("&#x27;", "'").split())
    assert counts() == before


def test_logging_a_forecast_writes_one_row_and_one_ledger_entry(log, prediction):
    entries = LedgerEntry.objects.count()
    answer = log(words="likely", confidence="low", rationale="It is in the air.")
    row = Forecast.objects.get()
    assert (row.probability, row.low, row.high, row.basis, row.confidence) == (0.675, 0.55, 0.8, "coded", "low")
    assert (row.issued_precision, row.rationale, row.recorded_by.username) == ("day", "It is in the air.", "analyst")
    assert LedgerEntry.objects.count() == entries + 1
    assert answer.url == f"/predictions/prediction/{prediction.pk}/change/#forecasts"


def test_a_blank_time_of_issue_means_now(log):
    log(issued="")
    row = Forecast.objects.get()
    assert row.issued_at == row.recorded_at
    assert row.issued_precision == "instant"


def test_a_quoted_forecast_was_issued_when_its_source_was_published(log, prediction):
    source = a.source(prediction.case, published_at=a.on_day(3), published_precision="day", published_until=a.on_day(4))
    quote = a.quote(source)
    log(issued="", quote=quote.pk)
    row = Forecast.objects.get()
    assert (row.issued_at, row.issued_precision, row.issued_until, row.quote) == (
        a.on_day(3),
        "day",
        a.on_day(4),
        quote,
    )


def test_a_quote_of_unknown_date_asks_for_the_time_of_issue(log, prediction):
    quote = a.quote(a.source(prediction.case))
    assert_refused(log, {"issued": "", "quote": quote.pk}, "issued", "The date of the quoted source is unknown")


WORDS = [
    ("", "Enter a probability, such as 70%"),
    ("1.2", "lies between 0 and 1"),
    ("-0", "carries no sign"),
    ("NaN", "cannot be read as a probability"),
    ("0", "Nothing is quite certain"),
    ("1", "Nothing is quite certain"),
    ("100%", "Nothing is quite certain"),
    ("0.0005", "Enter a probability from 0.1% to 99.9%"),
    ("0_1", "cannot be read as a probability"),
    ("７０%", "cannot be read as a probability"),
    ("٠٫٧", "cannot be read as a probability"),
    ("probably maybe", "cannot be read as a probability"),
    ("may", "carries no probability"),
]


@pytest.mark.parametrize(("words", "message"), WORDS)
def test_words_that_give_no_lawful_probability_are_refused_at_their_field(log, words, message):
    assert_refused(log, {"words": words}, "words", message)


TIMES = [
    ("2100-01-01", "That lies in the future"),
    ("2100-01-01T00:00:00Z", "That lies in the future"),
    ("yesterday", "That is no time. Write 2022-12-16 09:30"),
    ("2026-02-30", "That is no time."),
    ("0001-01-01 00:00", "lies outside the years"),
    ("２０２６-01-01", "That is no time."),
]


@pytest.mark.parametrize(("issued", "message"), TIMES)
def test_a_time_of_issue_that_cannot_be_is_refused_at_its_field(log, issued, message):
    assert_refused(log, {"issued": issued}, "issued", message)


def test_a_forecast_issued_when_the_outcome_was_known_is_refused(log, prediction):
    a.resolution(prediction, known_at=a.on_day(20))
    assert_refused(log, {"issued": "2026-01-21"}, "issued", "The outcome could be known by then")


def test_a_forecast_recorded_in_hindsight_is_taken_and_marked(log, client, prediction):
    a.resolution(prediction, known_at=a.on_day(20))
    log(issued="2026-01-10")
    assert Forecast.objects.get().is_in_hindsight
    assert "recorded in hindsight" in client.get(LISTED).content.decode()


READINGS = [
    ({"basis": "stated", "words": "likely"}, "basis", "its basis is coded"),
    ({"basis": "coded", "words": "70%"}, "basis", "not coded"),
    ({"basis": "implied", "words": "70%"}, "low", "need a low and a high"),
    ({"basis": "implied", "low": "50%", "point": "70%"}, "high", "Give both, low and high"),
    ({"basis": "implied", "low": "80%", "point": "70%", "high": "90%"}, "low", "must come in this order"),
    ({"basis": "implied", "low": "likely", "point": "70%", "high": "90%"}, "low", "Write a number"),
    ({"basis": "implied", "low": "50%", "point": "٠٫٧", "high": "90%"}, "point", "cannot be read"),
    ({"point": "70%"}, "point", "Only for the basis"),
    ({"words": "likely", "low": "50%", "high": "60%"}, "low", "Leave low and high blank"),
    ({"kind": "nonsense"}, "kind", "Select a valid choice"),
    ({"scale": "made-up"}, "scale", "Select a valid choice"),
    ({"forecaster": ""}, "forecaster", "required"),
]


@pytest.mark.parametrize(("entered", "field", "message"), READINGS)
def test_a_reading_that_is_not_whole_is_refused_at_its_field(log, entered, field, message):
    assert_refused(log, entered, field, message)


def test_an_implied_forecast_keeps_the_words_and_our_reading_of_them(log):
    log(words="only confirms the necessity", basis="implied", low="50%", point="0.75", high="95%")
    row = Forecast.objects.get()
    assert (row.words, row.low, row.probability, row.high) == ("only confirms the necessity", 0.5, 0.75, 0.95)
    assert row.codings.get().coder.username == "analyst"


def test_nobody_speaks_in_another_persons_name(log, people):
    own = a.forecaster("Someone", account=people["viewer"])
    assert_refused(log, {"forecaster": own.pk}, "forecaster", "Only Someone may log forecasts in this name")


def test_a_quote_of_another_case_is_refused(log):
    assert_refused(log, {"quote": a.quote().pk}, "quote", "Select a valid choice")


def test_a_mistake_is_mended_by_a_row_that_replaces_the_first(log, client, prediction):
    log()
    first = Forecast.objects.get()
    form = client.get(f"{ADD}?prediction={prediction.pk}&supersedes={first.pk}").context["adminform"].form
    assert (form["words"].value(), form["issued"].value(), form["supersedes"].value()) == (
        "70%",
        "2026-02-01",
        str(first.pk),
    )
    assert_refused(log, {"words": "60%", "supersedes": first.pk}, "reason", "Say why the earlier entry is replaced")
    log(words="60%", supersedes=first.pk, reason="A slip of the pen.")
    assert Forecast.objects.standing().get().probability == 0.6
    answer = client.get(f"/predictions/forecast/{first.pk}/change/").content.decode()
    assert "A slip of the pen." in answer
    assert "&supersedes=" not in answer


def test_a_withdrawal_needs_no_probability(log):
    log(kind="withdrawn", words="")
    assert (Forecast.objects.get().kind, Forecast.objects.get().probability) == ("withdrawn", None)


def test_the_page_tells_what_refused_words_were_taken_to_mean(log):
    answer = log(words="likely", issued="2100-01-01")
    assert "likely (55–80%), taken as 67.5% (ICD 203)" in answer.content.decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("likely", {"reading": "likely (55–80%), taken as 67.5% (ICD 203)", "fault": ""}),
        ("7 in 10", {"reading": "70%", "fault": ""}),
        ("100%", {"reading": "", "fault": "Enter a probability from 0.1% to 99.9%. Nothing is quite certain."}),
    ],
)
def test_the_reading_is_told_while_one_types(client, analyst, words, told):
    client.force_login(analyst)
    assert client.get(reverse("admin:predictions_forecast_reading"), {"words": words}).json() == told


def test_words_that_cannot_be_read_are_told_while_one_types(client, analyst):
    client.force_login(analyst)
    told = client.get(reverse("admin:predictions_forecast_reading"), {"words": "٠٫٧", "scale": ""}).json()
    assert (told["reading"], "cannot be read" in told["fault"]) == ("", True)


ALLOWED = {"analyst": 200, "viewer": 403, "resolver": 403, "adjudicator": 403, "administrator": 403, "nobody": 302}


@pytest.mark.parametrize(("role", "status"), ALLOWED.items())
def test_only_analysts_log_forecasts(client, people, prediction, role, status):
    client.force_login(people[role])
    before = counts()
    assert client.get(f"{ADD}?prediction={prediction.pk}").status_code == status
    assert client.get(ADD).status_code == status
    assert client.get(reverse("admin:predictions_forecast_reading"), {"words": "70%"}).status_code == status
    assert client.post(f"{ADD}?prediction={prediction.pk}", {"words": "x"}).status_code == status
    assert counts() == before


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "administrator"])
def test_a_logged_forecast_is_read_by_all_and_changed_by_none(client, people, role):
    row = a.forecast(words="likely")
    client.force_login(people[role])
    page = f"/predictions/forecast/{row.pk}/change/"
    shown = client.get(page).content.decode()
    assert "likely (55–80%), taken as 67.5% (ICD 203)" in shown
    assert "icd203-2015" in shown
    before = counts()
    assert client.post(page, {"words": "1%"}).status_code == 403
    assert client.post(f"/predictions/forecast/{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert counts() == before


def test_what_lies_in_a_private_case_is_not_there_for_others(client, people):
    hidden = a.prediction(a.case(is_private=True, external_id="hidden"), closes_at=LATER)
    row = a.forecast(hidden)
    client.force_login(people["analyst"])
    assert client.get(f"{ADD}?prediction={hidden.pk}").status_code == 404
    assert client.post(f"{ADD}?prediction={hidden.pk}", {}).status_code == 404
    assert client.get(f"/predictions/forecast/{row.pk}/change/").status_code == 404
    assert hidden.statement not in client.get(LISTED).content.decode()


@pytest.mark.parametrize("key", ["999", "x", "-1", "٣", "9" * 30])
def test_a_prediction_that_does_not_exist_is_not_found(client, analyst, key):
    client.force_login(analyst)
    assert client.get(ADD, {"prediction": key}).status_code == 404


def test_the_form_offers_ones_own_name_and_the_quotes_of_the_case_alone(client, analyst, prediction):
    own = a.forecaster("Ann", account=analyst)
    mine, other = a.quote(a.source(prediction.case)), a.quote()
    client.force_login(analyst)
    form = client.get(f"{ADD}?prediction={prediction.pk}").context["adminform"].form
    assert form["forecaster"].value() == own.pk
    assert set(form.fields["quote"].queryset) == {mine}
    assert other not in form.fields["quote"].queryset


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, viewer):
    client.force_login(viewer)
    a.forecast(words="likely")
    client.get(LISTED)  # the first request fills caches
    with CaptureQueriesContext(connection) as for_one:
        client.get(LISTED)
    a.forecast(words="likely")
    a.forecast(words="60%")
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LISTED).status_code == 200
    assert len(for_three) == len(for_one)


def test_the_kernel_reads_the_time_of_issue_that_was_typed(log):
    log(issued="2026-02-01T10:00:00+09:00")
    row = Forecast.objects.get()
    assert row.issued_us == microseconds(row.issued_at)
