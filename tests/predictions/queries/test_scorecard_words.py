"""How the numbers of a scorecard are put to people."""

import pytest

from predictions.models import Forecast, Origin
from predictions.queries.scorecard_words import as_score, as_share, counts, headline, readings, sample, scores
from predictions.queries.scorecards import Selection, scorecard
from predictions.tasks import rescore_stale
from tests import builders as a


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (0.105625, 6, "0.105625"),
        (0.10562499999999998, 6, "0.105625"),
        (0.25, 4, "0.2500"),
        (None, 4, "–"),
        (0.0, 4, "0.0000"),
    ],
)
def test_a_score_is_shown_to_fixed_places_and_a_missing_one_as_a_dash(value, places, shown):
    assert as_score(value, places) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.943, "94.3%"), (1.0, "100.0%"), (None, "–")])
def test_a_share_is_shown_in_per_cent(value, shown):
    assert as_share(value) == shown


def settled(words="70%", *, outcome=1.0, on=None, **fields):
    on = on or a.prediction()
    a.forecast(on, words, **fields)
    return on


def card_for(user):
    rescore_stale()
    return scorecard(Selection(), user=user, now=a.NOW)


@pytest.mark.django_db
def test_every_headline_number_bears_its_convention(viewer):
    a.resolution(settled("likely"))
    shown = {figure.name: (figure.value, figure.convention) for figure in headline(card_for(viewer))}
    assert shown["Mean Brier score"][0] == "0.1056"
    assert "0–1, lower is better" in shown["Mean Brier score"][1]
    assert shown["Always 50%"][0] == "0.2500"
    value, convention = shown["Mean logarithmic score"]
    assert (value, convention.split(";")[0]) == ("0.3930", "nats, lower is better")
    assert shown["Time coverage"] == ("50.0%", "share of the scheduled open time with a forecast standing")


@pytest.mark.django_db
def test_n_is_told_with_its_events_and_forecasters(viewer):
    on = settled()
    settled("10%", on=on)
    a.resolution(on)
    assert sample(card_for(viewer)) == "settled by one event; two scores of two forecasters"


@pytest.mark.django_db
def test_what_hangs_on_reading_and_hindsight_is_told_in_sentences(viewer):
    a.resolution(settled("likely"))
    a.resolution(settled("asks for it", probability=0.75, low=0.5, high=0.95, basis=Forecast.Basis.IMPLIED))
    a.resolution(settled("80%"), known_at=a.on_day(70), at=a.on_day(80))
    assert readings(card_for(viewer)) == (
        "Read at the low end of their range, words make the mean Brier score 0.1642; at the high end, 0.0275.",
        # From the low end of ICD 203 to the high end of IPCC: (0.25 or 0.0025, 0.45² or 0.1², 0.2²) / 3
        "On the scales of words in use: Between 0.0175 and 0.1642, depending on how the words are read (1 of 3 scores "
        "rest on words of a scale); the ranking against always-50% does not change: better on every reading "
        "(always-50%: 0.2500).",
        "Kent 1964 does not list the words of 1 of 1 forecast (“likely”), which stays as recorded.",
        "One of three scores is implied, our reading of words that give no likelihood; "
        "without it the mean Brier score is 0.0728.",
        "Two of three scores are recorded in hindsight; without them the mean Brier score is 0.0400.",
    )


@pytest.mark.django_db
def test_the_counts_name_what_has_no_part_in_the_means(viewer):
    settled()
    a.resolution(settled(), None, annulled="ambiguous")
    first = a.forecast()
    a.resolution(settled("90%", on=first.prediction, by=first.forecaster, supersedes=first, reason="A misprint."))
    shown = {figure.name: figure.value for figure in counts(card_for(viewer))}
    told = ("Unresolved", "Annulled", "In hindsight", "Replaced", "Left out")
    assert [shown[name] for name in told] == ["1", "1", "1", "1", "0"]


@pytest.mark.django_db
def test_an_infinite_score_is_called_so_and_an_absent_one_is_a_dash(viewer):
    a.resolution(settled("0", origin=Origin.IMPORTED))
    settled()
    shown = [(scores(row).brier, scores(row).logarithmic, scores(row).low) for row in card_for(viewer).rows]
    assert shown == [("1.000000", "infinite", "1.000000"), ("–", "–", "–")]
