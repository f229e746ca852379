"""Replacing what was added to a prediction, and the marks and labels that its parts share."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Forecast, Resolution
from predictions.operations.resolutions import resolve
from tests import builders as a

LATER = a.on_day(36500)
NEWEST = "That entry was already replaced; this is the newest."


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def prediction(people):
    return a.prediction(closes_at=LATER)


def thrice(make, prediction, **fields):
    """The first and the last of three entries of one kind, the later replacing the earlier."""
    first = make(prediction, **fields)
    second = make(prediction, **fields, supersedes=first, reason="A slip.")
    return first, make(prediction, **fields, supersedes=second, reason="Another slip.")


def decided(prediction, **fields):
    row = Resolution(prediction=prediction, outcome=1.0, known_at=a.on_day(50), **fields)
    return resolve(row, verdicts={"a": "met"}, by=a.a_person_with("adjudicator"), at=a.NOW)


@pytest.mark.parametrize(
    ("table", "make"), [("forecast", a.forecast), ("evidence", a.evidence), ("resolution", decided)]
)
def test_replacing_a_replaced_entry_leads_to_the_newest(client, people, prediction, table, make):
    fields = {"by": a.forecaster("The Herald")} if table == "forecast" else {}
    first, last = thrice(make, prediction, **fields)
    client.force_login(people["adjudicator" if table == "resolution" else "analyst"])
    answer = client.get(f"/predictions/{table}/add/?prediction={prediction.pk}&supersedes={first.pk}", follow=True)
    assert answer.redirect_chain == [(f"/predictions/{table}/{last.pk}/change/", 302)]
    assert NEWEST in answer.content.decode()


@pytest.mark.parametrize("words", ["likely", "65%"])
@pytest.mark.parametrize("earlier", ["likely", "70%"])
def test_a_number_is_replaced_by_words_and_words_by_a_number_in_one_go(desk, prediction, earlier, words):
    first = a.forecast(prediction, words=earlier)
    address = f"/predictions/forecast/add/?prediction={prediction.pk}&supersedes={first.pk}"
    shown = desk.get(address).context["adminform"].form
    entered = {name: shown[name].value() or "" for name in shown.fields}
    answer = desk.post(address, entered | {"words": words, "reason": "Read again."})
    assert answer.status_code == 302
    assert Forecast.objects.standing().get().basis == ("coded" if words == "likely" else "stated")


def test_a_reading_of_our_own_stays_one_when_it_is_replaced(desk, prediction):
    first = a.forecast(prediction, words="it may well", basis="implied", low=0.5, probability=0.6, high=0.7)
    address = f"/predictions/forecast/add/?prediction={prediction.pk}&supersedes={first.pk}"
    assert desk.get(address).context["adminform"].form["basis"].value() == "implied"


def closed_by_its_trigger(day):
    """A prediction with one forecast of that day, whose trigger then turns out to have occurred on day 30."""
    trigger = a.trigger()
    prediction = a.prediction(trigger.case, trigger=trigger)
    a.forecast(prediction, issued_at=a.on_day(day))
    a.occurrence(trigger, a.on_day(30))
    return prediction


@pytest.mark.parametrize(("day", "is_marked"), [(29, False), (30, True), (31, True)])
def test_a_forecast_after_the_close_is_marked_as_left_out(desk, day, is_marked):
    prediction = closed_by_its_trigger(day)
    for address in ("/predictions/forecast/", f"/predictions/prediction/{prediction.pk}/change/"):
        assert ("left out: after the close" in desk.get(address).content.decode()) == is_marked


def test_a_forecast_carries_all_its_marks(desk):
    prediction = closed_by_its_trigger(31)
    a.resolution(prediction, known_at=a.on_day(40))
    for address in ("/predictions/forecast/", f"/predictions/prediction/{prediction.pk}/change/"):
        text = desk.get(address).content.decode()
        assert "left out: after the close" in text
        assert "recorded in hindsight" in text


@pytest.mark.parametrize("table", ["forecast", "evidence"])
def test_quotes_to_choose_from_are_told_with_their_sources_in_constant_queries(desk, prediction, table):
    address = f"/predictions/{table}/add/?prediction={prediction.pk}"
    a.quote(a.source(prediction.case, publisher="The Diplomat"), "it is likely to rain")
    a.quote(a.source(prediction.case, title="A letter", publisher=""), "rain is unlikely")
    with CaptureQueriesContext(
        connection,
    ) as few:
        labels = [label for _, label in desk.get(address).context["adminform"].form.fields["quote"].choices]
    assert {"The Diplomat: “it is likely to rain”", "A letter: “rain is unlikely”"} < set(labels)
    for number in range(3):
        a.quote(a.source(prediction.case), f"it is likely, {number}")
    with CaptureQueriesContext(connection) as many:
        desk.get(address)
    assert len(many) <= len(few)


@pytest.mark.parametrize(
    ("judged", "warning"),
    [
        (("judged", "met", "no"), "All criteria are met, yet the outcome is no. Say why in the rationale"),
        (("judged", "not_met", "yes"), "No criterion is met, yet the outcome is yes. Say why in the rationale"),
        (("judged", "met", "yes"), ""),
        (("judged", "partly_met", "no"), ""),
        (("judged", "met", "ambiguous"), ""),
        (("all", "met", "yes"), ""),
    ],
)
def test_an_outcome_against_all_verdicts_is_kept_and_asked_about(client, resolver, judged, warning):
    rule, verdict, outcome = judged
    prediction = a.prediction(closes_at=LATER, criteria=("It rains.", "It pours."), outcome_rule=rule)
    client.force_login(resolver)
    answer = client.post(
        f"/predictions/resolution/add/?prediction={prediction.pk}",
        {"verdict_a": verdict, "verdict_b": verdict, "outcome": outcome, "known": "2026-02-01"},
        follow=True,
    )
    assert Resolution.objects.count() == 1
    told = [str(message) for message in answer.context["messages"]]
    assert any("yet the outcome" in message for message in told) == bool(warning)
    assert any(warning in message for message in told)
