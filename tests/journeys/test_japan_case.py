"""The main job on its real input: an article's words, four forecasts, the trigger, the verdicts, the scores."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from predictions.management.commands.demo import JUDGES
from predictions.models import Assessment, Forecast, LedgerEntry, Prediction, QuoteAnchor, Resolution, Score, Source
from predictions.models.times import in_words
from predictions.operations.accounts import demo_people
from tests import builders as a

CASEBOOK = Path(__file__).parents[2] / "predictions" / "casebooks" / "japan-nss-2022.yaml"
ARTICLE = Path(__file__).parents[3] / "shared" / "sources" / "article.txt"
LIKELY_AND_IT_HAPPENED = (0.675 - 1) ** 2

pytestmark = pytest.mark.django_db


@pytest.fixture
def japan_case(django_capture_on_commit_callbacks):
    demo_people(at=a.NOW)
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=io.StringIO())


def test_three_forecasts_in_words_cost_what_likely_costs_and_the_implied_one_what_our_reading_costs(japan_case):
    costs = {score.prediction.external_id: score.brier for score in Score.objects.select_related("prediction")}
    assert costs == {
        "china": pytest.approx(LIKELY_AND_IT_HAPPENED),
        "alliance": pytest.approx(LIKELY_AND_IT_HAPPENED),
        "economy": pytest.approx(LIKELY_AND_IT_HAPPENED),
        "defence": pytest.approx((0.75 - 1) ** 2),
    }
    assert pytest.approx(0.105625) == LIKELY_AND_IT_HAPPENED


def test_the_resolvers_differ_on_one_designation_and_the_adjudicator_settles_it(japan_case):
    on_china = {row.resolver.username: row for row in Assessment.objects.filter(prediction__external_id="china")}
    verdicts = {name: row.verdicts.get(criterion__label="1a").verdict for name, row in on_china.items()}
    assert verdicts == {"demo-resolver": "met", "demo-resolver-2": "partly_met"}
    decided = {row.prediction.external_id: row for row in Resolution.objects.for_show()}
    assert {name: (row.basis, row.outcome) for name, row in decided.items()} == {
        "china": ("adjudicated", 1.0),
        "alliance": ("agreed", 1.0),
        "economy": ("agreed", 1.0),
        "defence": ("agreed", 1.0),
    }
    assert all(row.is_independent and row.is_final(a.NOW) for row in decided.values())
    assert {row.resolved_by.username for row in decided.values()} == {"demo-adjudicator"}


def test_no_resolver_wrote_the_forecasts_down(japan_case):
    resolvers = Assessment.objects.values("resolver")
    assert Assessment.objects.count() == 2 * Prediction.objects.count() == 8
    assert not Forecast.objects.filter(recorded_by__in=resolvers).exists()


def test_the_trigger_closed_all_four_at_the_start_of_16_december_in_tokyo(japan_case):
    closes = {prediction.closing_at.isoformat() for prediction in Prediction.objects.for_show()}
    assert closes == {"2022-12-15T15:00:00+00:00"}
    occurrence = Prediction.objects.for_show()[0].trigger.occurrence
    assert in_words(occurrence.occurred_at, occurrence.occurred_precision, occurrence.occurred_until, "Asia/Tokyo") == (
        "16 December 2022"
    )


def test_the_forecasts_keep_words_scale_and_the_date_as_far_as_it_is_known(japan_case):
    forecast = Forecast.objects.for_show().get(prediction__external_id="alliance")
    assert forecast.words == "would likely"
    assert forecast.in_words() == "likely (55–80%), taken as 67.5% (ICD 203)"
    assert forecast.issued_in_words() == "estimated, 24 March 2022 to 24 April 2022"
    assert forecast.is_in_hindsight


def test_loading_again_changes_no_record(japan_case):
    before = LedgerEntry.objects.count()
    call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=(said := io.StringIO()))
    assert LedgerEntry.objects.count() == before
    assert "Everything is recorded already" in said.getvalue()


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article is not ours to publish and is not here")
@pytest.mark.parametrize("copy", ["as it is", "with straight quotation marks", "with other page furniture"])
def test_the_five_quotes_anchor_in_the_article_at_their_exact_offsets(japan_case, tmp_path, copy):
    text = ARTICLE.read_text("utf-8")
    if copy == "with straight quotation marks":
        text = text.replace("’", "'").replace("“", '"').replace("”", '"')
    if copy == "with other page furniture":
        text = text.replace("\n\n", "\n\nSubscribe to our newsletter. Just $5 a month.\n\n")
    (tmp_path / "copy.txt").write_text(text, "utf-8")
    call_command("attach_text", "diplomat", str(tmp_path / "copy.txt"), stdout=io.StringIO())
    anchors = QuoteAnchor.objects.select_related("quote").filter(snapshot__source__external_id="diplomat")
    assert {a.quote.external_id for a in anchors} == {"q1", "q2", "q2b", "q3", "q4"}
    for anchor in anchors:
        words = anchor.quote.exact if copy != "with straight quotation marks" else anchor.quote.exact.replace("’", "'")
        assert text[anchor.start : anchor.end] == words
    assert Source.objects.get(external_id="diplomat").snapshots.get().length == len(text)
