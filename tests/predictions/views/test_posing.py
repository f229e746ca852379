"""Posing a prediction from the page where the text is read: one Save, all of it or nothing."""

import pytest
from django.urls import reverse

from predictions.models import Forecast, Forecaster, LedgerEntry, Prediction, Quote
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.views.world import Page

TEXT = "It is likely that the cabinet will fall.\nNobody minds.\nAgain: Nobody minds.\n"
WORDS = "It is likely that the cabinet will fall."
PUBLISHED = {"published_at": a.on_day(8), "published_precision": "day", "published_until": a.on_day(9)}
ENTERED = {
    "exact": WORDS,
    "kind": "probability",
    "words": "likely",
    "scale": "icd203-2015",
    "forecaster": "Ann Writer",
    "is_new": "on",
    "forecaster_kind": "person",
    "statement": "The cabinet will fall.",
    "criteria": "The prime minister resigns.\nThe diet is dissolved. ×2",
    "theme": "cabinets",
    "opens": "2026-01-09",
    "closes": "2026-06",
}

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    source = a.source(a.case(), author="Ann Writer", **PUBLISHED)
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def address(source):
    return reverse("posing", args=[source.uuid])


@pytest.fixture
def analyst_at(client):
    client.force_login(a.a_person_with("analyst"))
    return client


def everything():
    return [model.objects.count() for model in (Quote, Forecaster, Prediction, Forecast, LedgerEntry)]


def test_the_form_is_filled_in_with_what_can_be_read_off_the_words(analyst_at, source):
    text = source.snapshots.get()
    answer = analyst_at.get(address(source), {"text": text.uuid, "start": 0, "end": len(WORDS)})
    told = {name: answer.context["form"][name].value() for name in ("exact", "words", "forecaster", "opens", "is_new")}
    assert told == {
        "exact": WORDS,
        "words": "likely",
        "forecaster": "Ann Writer",
        "opens": "2026-01-09",
        "is_new": True,
    }
    assert "likely (55–80%), taken as 67.5% (ICD 203)" in str(Page(answer))


def test_one_save_makes_quote_prediction_and_forecast(analyst_at, source):
    before = LedgerEntry.objects.count()
    answer = analyst_at.post(address(source), ENTERED)
    quote, prediction, forecast = Quote.objects.get(), Prediction.objects.get(), Forecast.objects.get()
    assert answer.url == f"{reverse('reading', args=[source.uuid])}?quote={quote.uuid}#quote-{quote.uuid}"
    assert [(each.label, each.weight, each.quote) for each in prediction.revision.criteria.all()] == [
        ("a", 1, quote),
        ("b", 2, quote),
    ]
    assert (prediction.revision.opens_at, prediction.revision.closes_at) == (a.on_day(8), a.on_day(181))
    assert (forecast.issued_at, forecast.issued_until) == (a.on_day(8), a.on_day(9))
    assert (forecast.forecaster.name, forecast.probability, forecast.quote) == ("Ann Writer", 0.675, quote)
    assert LedgerEntry.objects.count() == before + 4
    assert "Saved:" in str(Page(analyst_at.get(answer.url)))


def test_the_panel_is_told_where_to_go(analyst_at, source):
    answer = analyst_at.post(address(source), ENTERED, headers={"accept": "application/json"})
    assert answer.status_code == 201
    assert answer.json()["location"].endswith(f"#quote-{Quote.objects.get().uuid}")


def test_words_without_a_probability_are_kept_and_not_scored(analyst_at, source):
    analyst_at.post(address(source), ENTERED | {"kind": "unquantifiable", "words": "may"})
    forecast = Forecast.objects.get()
    assert (forecast.kind, forecast.words, forecast.probability) == ("unquantifiable", "may", None)


def test_our_own_reading_of_words_has_its_range(analyst_at, source):
    analyst_at.post(
        address(source), ENTERED | {"words": "", "basis": "implied", "low": "60%", "point": "70%", "high": ".8"}
    )
    forecast = Forecast.objects.get()
    assert (forecast.low, forecast.probability, forecast.high, forecast.basis) == (0.6, 0.7, 0.8, "implied")


def test_words_that_stand_twice_are_found_by_those_around_them(analyst_at, source):
    text, start = source.snapshots.get(), TEXT.rindex("Nobody")
    asked = {"text": text.uuid, "start": start, "end": start + len("Nobody minds.")}
    form = analyst_at.get(address(source), asked).context["form"]
    around = {name: form[name].value().replace("\n", "\r\n") for name in ("exact", "before", "after")}
    analyst_at.post(address(source), ENTERED | around)
    assert Quote.objects.get().anchors.get().start == start


@pytest.mark.parametrize(
    ("entered", "field"),
    [
        ({"exact": "It is certain."}, "exact"),
        ({"exact": "Nobody minds."}, "exact"),
        ({"exact": ""}, "exact"),
        ({"exact": "x" * 501}, "exact"),
        ({"words": "so to speak"}, "words"),
        ({"words": ""}, "words"),
        ({"words": "100%"}, "words"),
        ({"basis": "stated"}, "basis"),
        ({"basis": "implied", "point": "70%"}, "low"),
        ({"low": "likely"}, "low"),
        ({"forecaster": "Bob", "is_new": ""}, "forecaster"),
        ({"forecaster": "Consensus: mine"}, "forecaster"),
        ({"forecaster": "Somebody’s own name"}, "forecaster"),
        ({"statement": ""}, "statement"),
        ({"criteria": " \n "}, "criteria"),
        ({"criteria": "(a) one\n(a) two"}, "criteria"),
        ({"criteria": "x" * 501}, "criteria"),
        ({"theme": ""}, "theme"),
        ({"trigger": "999"}, "trigger"),
        ({"opens": "soon"}, "opens"),
        ({"closes": ""}, "closes"),
        ({"closes": "2025"}, "closes"),
        ({"closes": "2025-12-31"}, "closes"),
        ({"issued": "2026-07-01"}, "issued"),
        ({"issued": "then"}, "issued"),
        ({"scale": "none"}, "scale"),
        ({"statement": "nul\x00"}, "statement"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept_or_lost(analyst_at, source, entered, field):
    a.forecaster("Somebody’s own name", account=a.person("somebody", "analyst"))
    before, sent = everything(), ENTERED | entered
    answer = analyst_at.post(address(source), sent)
    form = answer.context["form"]
    assert field in form.errors, dict(form.errors)
    assert everything() == before
    kept = {name: form[name].value() for name in sent if name not in {"is_new", "trigger"}}
    assert kept == {name: value for name, value in sent.items() if name in kept}


def test_a_source_without_a_date_asks_when_the_forecast_was_issued(analyst_at):
    source = a.source(a.case())
    answer = analyst_at.post(address(source), ENTERED)
    assert "issued" in answer.context["form"].errors
    analyst_at.post(address(source), ENTERED | {"issued": "2026-01-20"})
    assert Forecast.objects.get().issued_at == a.on_day(19)


def test_a_trigger_of_another_case_is_not_offered_and_not_taken(analyst_at, source):
    own, other = a.trigger(source.case), a.trigger()
    form = analyst_at.get(address(source)).context["form"]
    assert list(form.fields["trigger"].queryset) == [own]
    answer = analyst_at.post(address(source), ENTERED | {"trigger": other.pk})
    assert "trigger" in answer.context["form"].errors
    analyst_at.post(address(source), ENTERED | {"trigger": own.pk})
    assert Prediction.objects.get().trigger == own


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator", "administrator"])
def test_only_analysts_pose(client, source, role):
    client.force_login(a.a_person_with(role))
    before = everything()
    assert client.get(address(source)).status_code == 403
    assert client.post(address(source), ENTERED).status_code == 403
    assert everything() == before


def test_a_private_case_is_not_found_by_other_analysts(client):
    keeper = a.person("keeper", "analyst", "administrator")
    source = a.source(a.case(by=keeper, is_private=True, members=[a.a_person_with("analyst")]))
    client.force_login(a.person("stranger", "analyst"))
    assert client.get(address(source)).status_code == 404
    assert client.post(address(source), ENTERED).status_code == 404
    assert not Prediction.objects.exists()
