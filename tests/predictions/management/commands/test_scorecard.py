"""`manage.py scorecard`: the numbers of the page, in a terminal."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from predictions.queries.scorecards import Selection, as_json, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "130")


def told(*args, **options) -> str:
    out = StringIO()
    call_command("scorecard", *args, stdout=out, **options)
    return out.getvalue()


def settled(on=None, words="likely", **fields):
    a.forecast(on := on or a.prediction(), words, **fields)
    a.resolution(on)
    rescore_stale()


def test_each_number_is_printed_with_its_convention():
    settled(a.prediction(statement="It rains in March."), by=a.forecaster("Ada"))
    text = told("--forecaster", "Ada")
    assert text.startswith("Ada\n\nn = 1: predictions resolved and scored, settled by one event\n")
    for line in (
        "! One prediction says little about skill.",
        "Mean Brier score          0.1056  0–1, lower is better; mean over predictions of the mean over forecasters,",
        "Always 50%                0.2500  the Brier score of saying 50% each time, on the same predictions",
        "Mean logarithmic score    0.3930  nats, lower is better; saying 50% each time costs 0.693",
        "Read at the low end of their range, words make the mean Brier score 0.2025; at the high end, 0.0400.",
        "All of them.",
    ):
        assert line in text
    [row] = [line for line in text.split("\n") if line.startswith("It rains in March.")]
    assert row.split()[-3:] == ["0.105625", "0.3930", "0.105625"]


def test_what_was_replaced_and_what_awaits_its_new_score_is_printed():
    on, by = a.prediction(), a.forecaster()
    first = a.forecast(on, by=by)
    settled(on, "90%", by=by, supersedes=first, reason="A misprint.")
    assert "Replaced                       1  forecasts that replaced an earlier entry, with a reason" in told()
    assert "awaits" not in told()
    a.forecast(on, "80%", by=by, issued_at=a.on_day(5), at=timezone.now())
    assert "awaits" in told()


def test_what_one_person_decided_is_said_above_the_numbers_and_beside_the_outcome():
    settled(a.prediction(statement="It rains in March."), by=a.forecaster("Ada"))
    text = told()
    assert "! The prediction was not independently resolved: one person decided the outcome." in text
    assert "Not independent" in text
    assert "resolved" in text[text.index("It rains in March.") :]
    assert json.loads(told("--json"))["not_independent"] == 1


def test_the_json_is_that_of_the_api(viewer):
    settled()
    printed = json.loads(told("--json"))
    card = as_json(scorecard(Selection(), user=viewer, now=a.NOW))
    assert printed | {"as_of": card["as_of"]} == card


@pytest.mark.parametrize("width", ["40", "60", "91", "92", "140"])
def test_no_line_is_wider_than_the_terminal(monkeypatch, width):
    monkeypatch.setenv("COLUMNS", width)
    settled(a.prediction(statement="An uncommonly long statement about " + "very " * 20 + "much."))
    settled(words="30%")
    assert max(len(line) for line in told().split("\n")) <= int(width)


def test_a_source_or_theme_narrows_the_card():
    source = a.source(external_id="note", title="Note 12")
    settled(a.prediction(source.case, theme="war"), quote=a.quote(source))
    settled(a.prediction(theme="peace"))
    assert told().startswith("Everything on record\n\nn = 2")
    assert told("--source", "note").startswith("Note 12\n\nn = 1")
    assert told("--theme", "peace").startswith("Theme: peace\n\nn = 1")


def test_options_narrow_together_and_by_period_case_publisher_and_lead_time():
    case = a.case(external_id="japan", title="Japan")
    settled(a.prediction(case), by=a.forecaster("Ada"), quote=a.quote(a.source(case, publisher="Desk")))
    settled(by=a.forecaster("Ben"))
    for options in (
        ("--case", "japan"),
        ("--publisher", "Desk"),
        ("--forecaster", "Ada", "--theme", "weather", "--since", "2026-02-20", "--until", "2026-02-20"),
        ("--case", str(case.uuid), "--horizon", "90-to-365"),
    ):
        assert "\n\nn = 1: " in told(*options)
    assert told("--forecaster", "Ben", "--case", "japan").endswith("Nothing is on record here yet.\n")
    with pytest.raises(CommandError, match="--since: Enter a day"):
        told("--since", "soon")


def test_a_long_card_says_that_json_lists_more(monkeypatch):
    settled()
    settled()
    monkeypatch.setattr("predictions.management.commands.scorecard.SHOWN", 1)
    assert "The first 1 rows; --json lists up to 2,000." in told()


def test_where_nothing_is_on_record_it_says_so():
    assert told() == "Everything on record\nNothing is on record here yet.\n"


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [
        ("--forecaster", "ada", "Ada"),
        ("--theme", "wether", "weather"),
        ("--source", "nte", "note"),
        ("--publisher", "desk", "Desk"),
        ("--case", "jpan", "japan"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_come_near(option, name, near):
    source = a.source(a.case(external_id="japan"), external_id="note", publisher="Desk")
    settled(a.prediction(source.case), by=a.forecaster("Ada"))
    with pytest.raises(CommandError, match=rf"“{name}”. Did you mean: {near}\?"):
        told(option, name)


def test_a_case_hidden_from_the_command_line_leaves_no_trace():
    private = a.case(is_private=True, members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    settled(a.prediction(private, theme="secret"))
    assert "Nothing is on record" in told()
    with pytest.raises(CommandError, match=r"There is no theme “secret”\.$"):
        told("--theme", "secret")


def test_text_that_would_steer_the_terminal_is_printed_harmless():
    settled(a.prediction(statement="Rain \x1b]0;owned\x07 falls."), by=a.forecaster("Ada\x1b[2J"))
    assert "\x1b" not in told()
