"""What a passage foretells goes on record whole, through the verbs that everybody uses, or not at all."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from predictions.models import (
    Criterion,
    Forecast,
    Forecaster,
    LedgerEntry,
    Prediction,
    PredictionRevision,
    Quote,
)
from predictions.operations.readings import pose_from_quote
from predictions.operations.sources import attach_text
from tests import builders as a

TEXT = "The cabinet met.\nIt is likely that the cabinet will fall. Nobody minds.\n"
WORDS = "It is likely that the cabinet will fall."

pytestmark = pytest.mark.django_db


@pytest.fixture
def source():
    source = a.source(a.case())
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def posed(
    source, *, by=None, exact=WORDS, words="likely", forecaster=None, statement="The cabinet will fall.", **times
):
    values = {"opens_at": a.on_day(0), "closes_at": a.on_day(100)} | times
    return pose_from_quote(
        Prediction(case=source.case, theme="cabinets"),
        PredictionRevision(statement=statement, **values),
        [Criterion(label="a", text="The prime minister resigns.")],
        quote=Quote(source=source, exact=exact),
        forecast=Forecast(words=words, forecaster=forecaster or Forecaster(name="Ann Writer"), issued_at=a.on_day(0)),
        by=by or a.a_person_with("analyst"),
        at=a.NOW,
    )


def everything():
    return [model.objects.count() for model in (Quote, Forecaster, Prediction, Forecast, LedgerEntry)]


def test_one_deed_makes_all_four_each_with_its_entry(source):
    before = LedgerEntry.objects.count()
    prediction = posed(source)
    forecast = Forecast.objects.get()
    assert (forecast.prediction, forecast.forecaster.name, forecast.quote.exact) == (prediction, "Ann Writer", WORDS)
    assert forecast.probability == 0.675
    assert prediction.revision.criteria.get().quote == forecast.quote
    kinds = LedgerEntry.objects.filter(seq__gte=before).order_by("seq").values_list("kind", flat=True)
    assert list(kinds) == ["quote.anchored", "forecaster.named", "prediction.posed", "forecast.created"]


def test_a_passage_that_is_quoted_already_is_not_quoted_again(source):
    first = a.quote(source, WORDS)
    posed(source)
    posed(source, statement="The minister will go.", forecaster=Forecaster.objects.get())
    assert Quote.objects.get() == first
    assert Forecast.objects.filter(quote=first).count() == 2


def test_the_same_words_elsewhere_in_the_text_are_another_quote():
    source = a.source()
    attach_text(source, f"{WORDS}\n\nAgain: {WORDS}", by=a.a_person_with("analyst"), at=a.NOW)
    first = a.quote(source, WORDS, suffix="\n\nAgain")
    pose = {"prefix": "Again: "}
    quote = Quote(source=source, exact=WORDS, **pose)
    pose_from_quote(
        Prediction(case=source.case, theme="x"),
        PredictionRevision(statement="It falls.", opens_at=a.on_day(0), closes_at=a.on_day(9)),
        [Criterion(label="a", text="It does.")],
        quote=quote,
        forecast=Forecast(words="likely", forecaster=a.forecaster(), issued_at=a.on_day(0)),
        by=a.a_person_with("analyst"),
        at=a.NOW,
    )
    assert Forecast.objects.get().quote != first


def test_words_of_a_source_whose_text_is_not_held_are_quoted_as_given():
    prediction = posed(a.source())
    assert prediction.forecasts.get().quote.exact == WORDS


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"exact": "It is certain."}, {"exact"}),
        ({"words": "maybe so"}, {"words"}),
        ({"statement": ""}, {"statement"}),
        ({"closes_at": None}, {"closes_at"}),
        ({"forecaster": Forecaster(name="Consensus: mine")}, {"forecaster"}),
        (
            {"exact": "It is certain.", "statement": "", "forecaster": Forecaster(name="")},
            {"exact", "statement", "forecaster"},
        ),
    ],
)
def test_what_is_refused_is_told_at_its_fields_and_nothing_is_kept(source, given, fields):
    before = everything()
    with pytest.raises(ValidationError) as refusal:
        posed(source, **given)
    assert set(refusal.value.error_dict) == fields
    assert everything() == before


@pytest.mark.parametrize("role", ["viewer", "resolver", "adjudicator", "administrator"])
def test_only_analysts_do_it(source, role):
    before = everything()
    with pytest.raises(PermissionDenied):
        posed(source, by=a.a_person_with(role))
    assert everything() == before
