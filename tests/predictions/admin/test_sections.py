"""Folded sections of a form open where they hold something."""

import pytest

from tests import builders as a

ADD = "/predictions/forecast/add/"
OURS, KIND = "Our own reading (implied)", "Withdrawn, or no probability"


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def prediction(people):
    return a.prediction(closes_at=a.on_day(36500))


def folded(answer):
    return {part.name for part in answer.context["adminform"] if part.is_collapsible}


def test_sections_are_folded_in_an_empty_form(desk, prediction):
    assert folded(desk.get(f"{ADD}?prediction={prediction.pk}")) == {OURS, KIND}


@pytest.mark.parametrize(
    ("entered", "open_sections"),
    [
        ({"words": ""}, set()),
        ({"words": "70%", "basis": "implied"}, {OURS}),
        ({"point": "70%"}, {OURS}),
        ({"words": "1.2", "low": "50%", "high": "60%"}, {OURS}),
        ({"kind": "nonsense"}, {KIND}),
        ({"kind": "withdrawn", "words": "", "issued": "2100-01-01"}, {KIND}),
    ],
)
def test_a_section_with_an_error_or_an_entry_is_open(desk, prediction, entered, open_sections):
    usual = {"forecaster": a.forecaster().pk, "words": "likely", "kind": "probability", "issued": "2026-02-01"}
    answer = desk.post(f"{ADD}?prediction={prediction.pk}", usual | entered)
    assert answer.status_code == 200
    assert folded(answer) == {OURS, KIND} - open_sections


def test_a_section_with_values_of_the_replaced_entry_is_open(desk, prediction):
    row = a.forecast(prediction, words="it may well", basis="implied", low=0.5, probability=0.6, high=0.7)
    assert folded(desk.get(f"{ADD}?prediction={prediction.pk}&supersedes={row.pk}")) == {KIND}
