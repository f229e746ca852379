from datetime import date

import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError

from predictions.queries.scorecard_address import address_of, named_selection
from predictions.queries.scorecard_selection import Horizon, Selection
from tests import builders as a

pytestmark = pytest.mark.django_db


def test_an_empty_address_asks_for_everything(viewer):
    assert named_selection({}, viewer) == named_selection({"forecaster": "", "theme": ""}, viewer) == Selection()


def test_an_address_names_by_uuid_and_theme(viewer):
    forecaster, prediction = a.forecaster(), a.prediction(theme="war & peace")
    source = a.source(prediction.case)
    asked = {"forecaster": str(forecaster.uuid), "source": str(source.uuid), "theme": "war & peace"}
    assert named_selection(asked, viewer) == Selection(forecaster, source, "war & peace")


@pytest.mark.parametrize("name", ["forecaster", "source", "theme"])
@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000001", "\x00", "weather\x00", "1"])
def test_what_is_not_there_is_not_found_and_what_is_no_uuid_is_refused_by_name(viewer, name, unknown):
    a.prediction()
    with pytest.raises((ObjectDoesNotExist, ValidationError)) as caught:
        named_selection({name: unknown}, viewer)
    is_name = name == "theme" or len(unknown) == 36
    assert isinstance(caught.value, ObjectDoesNotExist) == is_name
    assert is_name or caught.value.message_dict == {name: ["Enter a uuid."]}


def test_what_is_hidden_is_not_found(viewer):
    hidden = a.case(is_private=True, members=[a.a_person_with("analyst")])
    source = a.source(hidden)
    a.prediction(hidden, theme="secret")
    for asked in ({"source": str(source.uuid)}, {"theme": "secret"}):
        with pytest.raises(ObjectDoesNotExist):
            named_selection(asked, viewer)
        assert named_selection(asked, a.a_person_with("analyst")) != Selection()


def test_every_part_of_an_address_is_read_and_can_be_sent_on(viewer):
    case = a.case()
    source = a.source(case, publisher="Desk")
    prediction = a.prediction(case, theme="war & peace")
    asked = {
        "forecaster": str(a.forecaster().uuid),
        "source": str(source.uuid),
        "publisher": "Desk",
        "theme": prediction.theme,
        "case": str(case.uuid),
        "since": "2026-01-01",
        "until": "2026-01-31",
        "horizon": "30-to-90",
    }
    selection = named_selection(asked, viewer)
    assert (selection.case, selection.publisher, selection.horizon) == (case, "Desk", Horizon.QUARTER)
    assert (selection.since, selection.until) == (date(2026, 1, 1), date(2026, 1, 31))
    assert address_of(selection) == asked
    assert address_of(Selection()) == {}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ({"case": "1"}, "case"),
        ({"since": "yesterday"}, "since"),
        ({"until": "2026-02-30"}, "until"),
        ({"since": "2026-02-01", "until": "2026-01-31"}, "until"),
        ({"horizon": "soon"}, "horizon"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(viewer, asked, name):
    with pytest.raises(ValidationError) as caught:
        named_selection(asked, viewer)
    assert list(caught.value.message_dict) == [name]


def test_a_publisher_or_case_that_is_hidden_is_not_found(viewer):
    hidden = a.case(is_private=True, members=[a.a_person_with("analyst")])
    a.source(hidden, publisher="Secret Desk")
    for asked in ({"case": str(hidden.uuid)}, {"publisher": "Secret Desk"}, {"publisher": "Desk\x00"}):
        with pytest.raises(ObjectDoesNotExist):
            named_selection(asked, viewer)


@pytest.mark.parametrize(
    ("selection", "title"),
    [
        (Selection(), "Everything on record"),
        (Selection(publisher="Desk", theme="war"), "Publisher: Desk · Theme: war"),
        (Selection(since=date(2026, 1, 1)), "outcome known since 1 January 2026"),
        (Selection(until=date(2026, 1, 31)), "outcome known until 31 January 2026"),
        (
            Selection(since=date(2026, 1, 1), until=date(2026, 1, 31), horizon=Horizon.WEEK),
            "outcome known 1 January 2026 to 31 January 2026 · first forecast under 7 days before the scheduled close",
        ),
    ],
)
def test_the_title_says_what_a_card_is_about(selection, title):
    assert selection.title == title
