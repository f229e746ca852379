import pytest
from django.core.exceptions import ObjectDoesNotExist, ValidationError

from predictions.queries.scorecard_address import named_selection
from predictions.queries.scorecards import Selection
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
