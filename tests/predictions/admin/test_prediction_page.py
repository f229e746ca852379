"""The page that tells all about one prediction: its five parts, its buttons, and what it costs."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.admin import prediction_page
from tests import builders as a

LIST = "/predictions/prediction/"
FAR = a.on_day(36500)


def page(row):
    return f"{LIST}{row.pk}/change/"


BUTTONS = {
    "viewer": set(),
    "analyst": {"Log a forecast", "Add evidence", "Amend"},
    "resolver": {"Add evidence", "Resolve"},
    "adjudicator": {"Add evidence", "Resolve"},
    "administrator": set(),
}


@pytest.mark.parametrize(("role", "labels"), BUTTONS.items())
def test_the_page_offers_what_its_reader_may_do(client, people, role, labels):
    row = a.prediction()
    client.force_login(people[role])
    assert {button.label for button in client.get(page(row)).context["page"].buttons} == labels


def test_of_a_resolved_prediction_only_the_resolution_can_be_replaced(client, adjudicator, analyst):
    row = a.prediction()
    a.resolution(row)
    client.force_login(adjudicator)
    assert [b.label for b in client.get(page(row)).context["page"].buttons] == [
        "Add evidence",
        "Replace the resolution",
    ]
    client.force_login(analyst)
    assert "Amend" not in [b.label for b in client.get(page(row)).context["page"].buttons]


def everything_on(row):
    """Two forecasts, evidence in each group, an amendment; a quote wherever one can stand."""
    source = a.source(row.case, url="https://example.org/story")
    quote = a.quote(source)
    a.forecast(row, "likely", quote=quote)
    first = a.forecast(row, "60%")
    a.forecast(row, "65%", by=first.forecaster, supersedes=first, reason="A slip.")
    for stance in ("supports", "contradicts", "context"):
        a.evidence(row, stance=stance, source=source, quote=quote, criterion=row.revision.criteria.first())
    a.resolution(row, relied_on=list(row.evidence.all()), rationale="Seen by all.")


def test_the_page_shows_all_five_parts(client, viewer):
    trigger = a.trigger()
    row = a.prediction(trigger.case, trigger=trigger)
    everything_on(row)
    a.occurrence(trigger)
    client.force_login(viewer)
    shown = client.get(page(row)).content.decode()
    told = [
        row.statement,
        "(a)",
        "likely (55–80%), taken as 67.5% (ICD 203)",
        "65%",
        "A slip.",
        "recorded in hindsight",
    ]
    told += ["B2", "it is likely to rain", "https://example.org/story", "Seen by all.", "known since", "replaced"]
    told += ["history-wide", "history-narrow", "scheduled close", "trigger occurred", "posed the prediction"]
    for words in told:
        assert words in shown, words
    assert 'name="csrfmiddlewaretoken"' not in shown.split('id="content"')[1]


def test_of_very_many_forecasts_the_last_are_shown_and_the_list_has_them_all(client, viewer, monkeypatch):
    monkeypatch.setattr(prediction_page, "LONGEST_TABLE", 2)
    row = a.prediction()
    for words in ("11%", "22%", "33%"):
        a.forecast(row, words, by=a.forecaster(), issued_at=a.on_day(int(words[0])))
    a.forecast(words="44%")
    client.force_login(viewer)
    shown = client.get(page(row))
    assert [forecast.words for forecast in shown.context["page"].forecasts] == ["33%", "22%"]
    everything = f"/predictions/forecast/?prediction__id__exact={row.pk}"
    assert everything in shown.content.decode()
    assert client.get(everything).context["cl"].result_count == 3


def test_what_people_wrote_is_escaped_on_the_page(client, viewer):
    row = a.prediction(statement="<script>alert(1)</script>", criteria=["<b>bold</b>"])
    a.forecast(row, by=a.forecaster("<i>Eve</i>"), rationale="<u>why</u>")
    client.force_login(viewer)
    shown = client.get(page(row)).content.decode()
    for markup in ("<script>alert", "<b>bold", "<i>Eve", "<u>why"):
        assert markup not in shown


def test_the_page_takes_as_many_queries_for_three_of_everything_as_for_one(client, analyst):
    client.force_login(analyst)
    poor, rich = a.prediction(criteria=["One."]), a.prediction(criteria=["One.", "Two.", "Three."])
    everything_on(poor)
    for _ in range(2):
        a.forecast(rich, "likely", quote=a.quote(a.source(rich.case)))
        a.evidence(rich, quote=None)
    everything_on(rich)
    client.get(page(poor))
    with CaptureQueriesContext(connection) as for_poor:
        client.get(page(poor))
    with CaptureQueriesContext(connection) as for_rich:
        client.get(page(rich))
    assert len(for_rich) == len(for_poor)


def test_the_close_is_told_as_exactly_as_it_is_known_and_why(client, viewer):
    trigger = a.trigger(zone="Asia/Tokyo")
    waiting = a.prediction(trigger.case, trigger=trigger, closes_at=FAR)
    a.occurrence(trigger, datetime(2026, 2, 1, 15, tzinfo=UTC), occurred_precision="day", occurred_until=a.on_day(40))
    known = a.prediction(closes_at=FAR)
    a.resolution(known, known_at=a.on_day(20), known_precision="day", known_until=a.on_day(21))
    scheduled = a.prediction(closes_at=a.on_day(31))
    client.force_login(viewer)

    def closes(row):
        return client.get(page(row)).context["page"].card.closes

    assert closes(waiting) == "2 February 2026, when its trigger occurred"
    assert closes(known) == "21 January 2026, when the outcome was known"
    assert closes(scheduled) == "31 January 2026"
    assert "2 February 2026, when its trigger occurred" in client.get(LIST).content.decode()
