"""The main job in a real browser: a forecast in words, evidence, the trigger, the resolution, the scorecard."""

from datetime import UTC, datetime

import pytest

from predictions.models import Forecast, LedgerEntry, Score
from tests import builders as a

OPENS, CLOSES = datetime(2022, 3, 23, 15, tzinfo=UTC), datetime(2022, 12, 31, 15, tzinfo=UTC)
WORDS = "it is likely that the new NSS will more explicitly call out China’s problematic behavior"


@pytest.fixture
def posed(people):
    """What the desk has prepared: the article by its words, the trigger, the prediction that waits for it."""
    case = a.case(title="Japan's National Security Strategy, 2022", zone="Asia/Tokyo")
    quote = a.quote(a.source(case, title="How Japan's policy changed", publisher="The Diplomat"), exact=WORDS)
    a.source(case, title="Statement on the adoption", publisher="Ministry of Foreign Affairs", reliability="A")
    a.forecaster("The Diplomat, article of 2022", kind="outlet")
    times = {"opens_at": OPENS, "closes_at": CLOSES, "zone": "Asia/Tokyo"}
    trigger = a.trigger(case, statement="The revised strategy is adopted.", zone="Asia/Tokyo")
    prediction = a.prediction(
        case, statement="The strategy criticises China more.", theme="China", trigger=trigger, **times
    )
    return {"prediction": prediction, "quote": quote, "trigger": trigger}


def choose(page, field, text):
    """Pick from a list that is searched as one types."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option", has_text=text).first.click()


def test_the_whole_case_through_the_admin(visitor, posed):
    page, entries = visitor.page, LedgerEntry.objects.count()
    visitor.signs_in("analyst")
    visitor.goes_to(f"/predictions/prediction/{posed['prediction'].pk}/change/")
    page.get_by_role("link", name="Log a forecast").last.click()
    choose(page, "forecaster", "The Diplomat, article of 2022")
    page.fill("input[name=words]", "would likely")
    page.get_by_text("likely (55–80%), taken as 67.5% (ICD 203)").wait_for()
    page.fill("input[name=issued]", "2022-03-24 to 2022-04-24")
    page.select_option("select[name=quote]", str(posed["quote"].pk))
    page.get_by_role("button", name="Log forecast").click()
    page.get_by_text("taken as 67.5%").first.wait_for()
    assert Forecast.objects.get().issued_precision == "estimated"

    visitor.goes_to(f"/predictions/evidence/add/?prediction={posed['prediction'].pk}")
    page.get_by_label("for", exact=True).check()
    page.fill("textarea[name=note]", "The ministry names the new wording.")
    page.select_option("select[name=source]", label="Ministry of Foreign Affairs: Statement on the adoption")
    page.select_option("select[name=credibility]", "1")
    page.get_by_role("button", name="Add evidence").click()
    page.get_by_text("A1").first.wait_for()

    visitor.goes_to(f"/predictions/trigger/{posed['trigger'].pk}/occurred/")
    page.fill("input[name=occurred]", "2022-12-16")
    page.get_by_role("button", name="Record that it occurred").click()
    page.get_by_text("16 December 2022").first.wait_for()

    visitor.signs_out()
    visitor.signs_in("resolver")
    page.get_by_text("Due for resolution").wait_for()
    page.get_by_role("link", name="The strategy criticises China more.").first.click()
    page.get_by_role("link", name="Resolve").last.click()
    page.get_by_label("Yes", exact=True).check()
    page.get_by_label("met", exact=True).check()
    page.fill("textarea[name=rationale]", "The designation is stronger than in 2013.")
    page.get_by_label("A1 for: The ministry names the new wording.").check()
    page.get_by_role("button", name="Resolve").click()
    page.get_by_text("16 December 2022").first.wait_for()

    page.get_by_role("link", name="Scorecards").click()
    page.get_by_role("link", name="The Diplomat, article of 2022").click()
    page.get_by_text("n = 1", exact=True).wait_for()
    assert page.get_by_text("0.105625").count() >= 1
    assert Score.objects.get().brier == pytest.approx(0.105625)
    assert LedgerEntry.objects.count() == entries + 4


def test_a_refused_forecast_says_why_at_its_field_and_keeps_what_was_typed(visitor, posed):
    visitor.signs_in("analyst")
    page = visitor.goes_to(f"/predictions/forecast/add/?prediction={posed['prediction'].pk}")
    choose(page, "forecaster", "The Diplomat, article of 2022")
    page.fill("input[name=words]", "120%")
    page.fill("input[name=issued]", "2022-04-01")
    page.fill("textarea[name=rationale]", "My reasons.")
    page.get_by_role("button", name="Log forecast").click()
    page.locator(".errorlist, .text-red-700").get_by_text("between 0 and 1").first.wait_for()
    assert page.input_value("textarea[name=rationale]") == "My reasons."
    assert not Forecast.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/", "/predictions/prediction/", "/predictions/forecast/add/", "/scorecards/", "/scorecards/card/", "/api/docs/"],
)
@pytest.mark.parametrize("width", [390, 1440])
def test_no_page_is_wider_than_the_screen_or_calls_outside(visitor, posed, path, width):
    a.forecast(posed["prediction"], "likely", issued_at=OPENS)
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.signs_in("analyst")
    page = visitor.goes_to(path)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
