"""From a text to a saved prediction and its author's forecast in a real browser: by keys, by the mouse, by touch."""

import pytest

from predictions.models import Forecast, LedgerEntry, Prediction, Quote
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.loopback import page as html
from tests.loopback import site

TEXT = """A heading

The government 𝔄👩‍🚀 spoke on Monday. It is likely that the cabinet will fall by June. שלום, nobody minds.

Prices are unlikely to rise before the summer. Nobody minds.
"""
CLAIM = "It is likely that the cabinet will fall by June."
NOBODY_MINDS = (
    "Nobody in the capital minded the rain, which fell on the steps of the ministry for the whole of that afternoon."
)
ALL = 12
"""A click, a key, a field filled in, a choice: one each."""


class Hand:
    """What a person does, counted: a click, a key, a field filled in, a choice are one each."""

    def __init__(self, page):
        self.page, self.count = page, 0

    def _did(self, deed, *given):
        self.count += 1
        deed(*given)

    def presses(self, key):
        self._did(self.page.keyboard.press, key)

    def fills(self, label, text):
        self._did(self.page.get_by_label(label, exact=True).fill, text)

    def clicks(self, name):
        self._did(self.page.get_by_role("button", name=name).click)

    def follows(self, name):
        self._did(self.page.get_by_role("link", name=name).click)


@pytest.fixture
def source(people):
    day = {"published_at": a.on_day(8), "published_precision": "day", "published_until": a.on_day(9)}
    source = a.source(a.case(title="Cabinets"), title="An article", author="Ann Writer", **day)
    attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def select(page, first, last, *, mouse=True):
    """Drag from the beginning of the first of these words to the end of the last, as they stand on the page."""
    ends = page.evaluate(
        """([first, last]) => {
          const spot = (words, isEnd) => {
            const walk = document.createTreeWalker(document.querySelector(".text"), NodeFilter.SHOW_TEXT);
            for (let node = walk.nextNode(); node; node = walk.nextNode()) {
              const at = node.data.indexOf(words);
              if (at < 0) continue;
              const range = document.createRange();
              range.setStart(node, isEnd ? at + words.length - 1 : at);
              range.setEnd(node, isEnd ? at + words.length : at + 1);
              const box = range.getBoundingClientRect();
              return [isEnd ? box.right - 0.5 : box.left + 0.5, (box.top + box.bottom) / 2];
            }
          };
          return [spot(first, false), spot(last, true)];
        }""",
        [first, last],
    )
    page.mouse.move(*ends[0])
    page.mouse.down()
    page.mouse.move(*ends[1], steps=5)
    page.mouse.up()


def fill_in_the_rest(hand):
    hand.fills("Theme", "cabinets")
    hand.fills("Criteria", "The prime minister resigns.")
    hand.fills("Scheduled close", "2026-06")


def test_from_an_address_to_a_prediction_and_its_authors_forecast_in_twelve_interactions(visitor, people, settings):
    a.case(title="Waters")
    visitor.signs_in("analyst")
    with site() as ours:
        settings.CAPTURE_ALLOW_ENDPOINTS = frozenset({ours.endpoint})
        address = ours.put("/rain", html(CLAIM, NOBODY_MINDS, title="What the cabinet fears"))
        hand = Hand(visitor.goes_to("/predictions/capture/add/"))
        hand.fills("Address", address)
        hand.clicks("Capture")
        hand.follows("Read it, and pose predictions")
        hand.page.wait_for_url("**/reading/**")  # loaded with its script, which hears the keys
    hand.presses("j")
    hand.presses("p")
    hand.page.get_by_text("likely (55–80%), taken as 67.5% (ICD 203)").wait_for()
    fill_in_the_rest(hand)
    hand.clicks("Save quote, prediction and forecast")
    hand.page.get_by_text("Saved:").wait_for()
    assert hand.count <= ALL
    forecast = Forecast.objects.get()
    assert (forecast.forecaster.name, forecast.probability, forecast.quote.exact) == ("Ada Waters", 0.675, CLAIM)
    assert forecast.quote.source.url == address


def test_by_keys_from_a_marked_sentence_to_a_forecast(visitor, source):
    visitor.signs_in("analyst")
    page, entries = visitor.goes_to(f"/reading/{source.uuid}/"), LedgerEntry.objects.count()
    hand = Hand(page)
    hand.presses("j")
    hand.presses("p")
    page.get_by_text("likely (55–80%), taken as 67.5% (ICD 203)").wait_for()
    assert page.get_by_label("Statement").input_value() == "The cabinet will fall by June."
    fill_in_the_rest(hand)
    hand.clicks("Save quote, prediction and forecast")
    page.get_by_text("Saved:").wait_for()
    forecast, place = Forecast.objects.get(), Quote.objects.get().anchors.get()
    assert (forecast.forecaster.name, forecast.probability, forecast.quote.exact) == ("Ann Writer", 0.675, CLAIM)
    assert TEXT[place.start : place.end] == CLAIM
    assert LedgerEntry.objects.count() == entries + 4
    page.locator(".note", has_text="The cabinet will fall by June.").wait_for()


def test_words_selected_by_the_mouse_are_quoted_to_the_sign(visitor, source):
    visitor.signs_in("analyst")
    page = visitor.goes_to(f"/reading/{source.uuid}/")
    select(page, "cabinet will", "nobody")
    page.get_by_role("button", name="Pose a prediction", exact=True).click()
    page.locator(".panel form").wait_for()
    assert page.get_by_label("Quote", exact=True).input_value() == "cabinet will fall by June. שלום, nobody"
    for label, share in (("Low", "60%"), ("Taken as", "70%"), ("High", "80%")):  # no word of likelihood was selected
        page.get_by_label(label, exact=True).fill(share)
    fill_in_the_rest(Hand(page))
    page.get_by_role("button", name="Save quote, prediction and forecast").click()
    page.get_by_text("Saved:").wait_for()
    place = Quote.objects.get().anchors.get()
    assert TEXT[place.start : place.end] == "cabinet will fall by June. שלום, nobody"


def test_words_across_paragraphs_are_told_in_code_points(visitor, source):
    visitor.signs_in("analyst")
    page = visitor.goes_to(f"/reading/{source.uuid}/")
    select(page, "nobody minds", "Prices")
    page.keyboard.press("p")
    page.locator(".panel form").wait_for()
    assert page.get_by_label("Quote", exact=True).input_value() == "nobody minds.\n\nPrices"


def test_what_is_wrong_is_told_in_the_panel_and_all_that_was_entered_stays(visitor, source):
    visitor.signs_in("analyst")
    page = visitor.goes_to(f"/reading/{source.uuid}/")
    page.keyboard.press("j")
    page.keyboard.press("p")
    page.get_by_label("Criteria").fill("The prime minister resigns.")
    page.get_by_label("Scheduled close").fill("soon")
    page.get_by_role("button", name="Save quote").click()
    page.get_by_text("That is no time.").wait_for()
    page.get_by_text("This field is required.").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("p")
    assert page.get_by_label("Criteria").input_value() == "The prime minister resigns."
    assert not Prediction.objects.exists()
    page.evaluate("delete document.querySelector('form.pose').dataset.touched")  # or leaving would be asked about


def test_without_script_a_plain_page_does_the_same(visitor, chromium, source):
    visitor.signs_in("analyst")
    signed_in = visitor.page.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{visitor.site}/reading/{source.uuid}/")
    page.get_by_role("link", name="Pose a prediction of sentence 1").click()
    fill_in_the_rest(Hand(page))
    page.get_by_role("button", name="Save quote").click()
    page.get_by_text("Saved:").wait_for()
    assert Forecast.objects.get().quote.exact == CLAIM
    context.close()


@pytest.mark.parametrize("width", [390, 1000, 1440])
def test_the_page_is_no_wider_than_the_screen_with_quotes_and_panel(visitor, source, width):
    a.posed_from(a.quote(source, "the cabinet will fall"))
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.signs_in("analyst")
    page = visitor.goes_to(f"/reading/{source.uuid}/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Next marked sentence").click()
    page.get_by_role("button", name="Pose a prediction", exact=True).click()
    page.locator(".panel form").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
