"""The page of all scales, the form of a house scale, and how words without a probability are kept."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from predictions.models import Forecast, HouseScale, ScaleSwitch
from predictions.models.scale import enabled_scales
from tests import builders as a

pytestmark = pytest.mark.django_db

PAGE, ADD = reverse("admin:predictions_housescale_changelist"), reverse("admin:predictions_housescale_add")
SWITCH = reverse("admin:predictions_scale_switch")
GIVEN = {"name": "Desk", "version": "1", "terms": "likely, probable: 60%, 70%, 80%\nremote: 0, 2%, 5%"}


def test_the_page_shows_every_scale_with_its_terms_and_what_to_beware_of(client, viewer):
    a.scale()
    client.force_login(viewer)
    text = client.get(PAGE).content.decode()
    for told in ("ICD 203", "PHIA Yardstick", "IPCC AR6, exclusive reading", "Kent 1964", "n = 46", "House 1", "26.5%"):
        assert told in text
    assert "Take out of use" not in text
    assert "Add a house scale" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_scales(client, viewer, django_assert_num_queries, count):
    for number in range(count):
        a.scale(version=str(number))
    client.force_login(viewer)
    client.get(PAGE)
    with django_assert_num_queries(7):
        client.get(PAGE)


def test_a_house_scale_is_added_with_all_its_terms_in_one_form(client, analyst):
    client.force_login(analyst)
    assert client.post(ADD, GIVEN).status_code == 302
    row = HouseScale.objects.get()
    assert [term.name for term in row.scale().terms] == ["remote", "likely"]
    assert row.recorded_by == analyst
    assert "Desk 1" in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("field", "change", "message"),
    [
        ("terms", {"terms": "likely: 80%, 70%, 60%"}, "in this order"),
        ("name", {"name": "ICD 203"}, "comes with Forsooth"),
        ("version", {"version": ""}, "required"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(client, analyst, field, change, message):
    client.force_login(analyst)
    answer = client.post(ADD, GIVEN | change)
    assert message in " ".join(answer.context["adminform"].form.errors[field])
    assert (GIVEN | change)["terms"].split("\n")[0] in answer.content.decode()
    assert not HouseScale.objects.exists()


def test_the_next_version_starts_from_the_one_it_replaces(client, analyst):
    first = a.scale()
    client.force_login(analyst)
    assert first.terms in client.get(f"{ADD}?supersedes={first.pk}").content.decode()
    client.post(ADD, GIVEN | {"name": "House", "version": "2", "supersedes": first.pk, "reason": "Clearer."})
    assert HouseScale.objects.standing().get().key == "house-2"
    assert client.get(f"{ADD}?supersedes=x").status_code == 200


def test_scales_are_put_out_of_use_and_in_again(client, administrator):
    client.force_login(administrator)
    for is_enabled in (False, True):
        client.post(SWITCH, {"key": "kent-1964", "is_enabled": "1" if is_enabled else "0"})
        assert ("kent-1964" in enabled_scales()) == is_enabled
    answer = client.post(SWITCH, {"key": "icd203-2015", "is_enabled": "0"})
    assert "stays in use" in str(list(get_messages(answer.wsgi_request))[-1])
    assert ScaleSwitch.objects.count() == 2


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator"])
def test_others_switch_nothing(client, people, role):
    client.force_login(people[role])
    assert client.post(SWITCH, {"key": "kent-1964", "is_enabled": "0"}).status_code == 403
    assert not ScaleSwitch.objects.exists()


# --- words in the form of a forecast -----------------------------------------------------------------------------


@pytest.fixture
def log(client, analyst):
    client.force_login(analyst)
    prediction, forecaster = a.prediction(), a.forecaster()
    page = f"{reverse('admin:predictions_forecast_add')}?prediction={prediction.pk}"
    told = {"forecaster": forecaster.pk, "kind": "probability", "scale": "icd203-2015", "issued": "2026-01-05"}
    return lambda **given: client.post(page, told | given)


def test_the_form_offers_the_scales_in_use_and_reads_on_them(client, log):
    a.scale()
    log(words="likely", scale="house-1")
    assert Forecast.objects.get().probability == 0.6
    answer = client.get(f"{reverse('admin:predictions_forecast_reading')}?words=likely&scale=house-1")
    assert answer.json()["reading"] == "likely (50–70%), taken as 60% (House 1)"


def test_words_that_leave_it_open_are_refused_with_an_offer_and_kept_when_it_is_taken(client, log):
    answer = log(words="may")
    assert "Keep it as words without a probability" in answer.content.decode()
    assert not Forecast.objects.exists()
    told = client.get(f"{reverse('admin:predictions_forecast_reading')}?words=may").json()
    assert told["leaves_open"] is True
    log(words="may", keep_open="1")
    row = Forecast.objects.get()
    assert (row.kind, row.words, row.probability) == ("unquantifiable", "may", None)


def test_a_number_is_never_kept_as_words_without_one(log):
    assert log(words="70%", keep_open="1").status_code == 200
    assert not Forecast.objects.exists()


def test_a_word_beyond_the_bounds_is_told_with_what_is_kept(client, log):
    answer = client.get(f"{reverse('admin:predictions_forecast_reading')}?words=certain&scale=kent-1964").json()
    assert answer["reading"] == "certain (100%), taken as 100% (Kent 1964), kept as 99.9%"


def test_the_page_of_a_forecast_tells_how_other_scales_read_it(client, viewer):
    client.force_login(viewer)
    page = client.get(reverse("admin:predictions_forecast_change", args=[a.forecast(words="unlikely").pk]))
    text = page.content.decode()
    assert "Between 10% and 45%, depending on how the words are read." in text
    assert 'aria-labelledby="sensitivity-wide-title"' in text
    stated = client.get(reverse("admin:predictions_forecast_change", args=[a.forecast(words="70%").pk]))
    assert "likely (55–80%) on ICD 203" in stated.content.decode()
