"""The scorecard pages in a real browser: on a telephone and a desk, light and dark, by mouse and by keyboard."""

import csv

import pytest

from tests.predictions.views.world import desk

CLIPPED = """() => [...document.querySelectorAll('.page *')].filter(box =>
  box.clientWidth > 0 && box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).display !== 'inline'
  && !box.closest('.table-box, svg, thead, .index-groups ul')).map(box => box.outerHTML.slice(0, 120))"""
CONTRAST = """() => {
  const brush = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const light = colour => {
    brush.fillStyle = colour; brush.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...brush.getImageData(0, 0, 1, 1).data].map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.querySelector('#main') ?? document.body).backgroundColor);
  const texts = document.querySelectorAll('.page p, .page dt, .page dd, .page a, .page summary, .page h3');
  return Math.min(...[...texts].filter(each => !each.closest('.scorecard-cautions')).map(each => {
    const own = light(getComputedStyle(each).color);
    return (Math.max(own, ground) + 0.05) / (Math.min(own, ground) + 0.05);
  }));
}"""


@pytest.fixture
def world(people):
    """Three forecasters on twelve predictions, whose names and statements are long."""
    name = "The Institute for the Study of Extraordinarily Long Names and Unbreakable" + "Words" * 8
    chances = {
        name: ["90%", "20%", "80%", "10%"] * 3,
        "Bob": ["60%", "40%", "70%", "55%"] * 3,
        "Cyd": ["20%", "80%", "30%", "75%"] * 3,
    }
    statement = "The revised strategy mentions the alliance with all its partners more often than before. " * 3
    found = desk(chances, [1.0, 0.0, 1.0, 0.0] * 3, theme="foreign affairs", statement=statement)
    return {"first": found[name], "second": found["Bob"]}


def paths(world):
    first, second = world["first"].uuid, world["second"].uuid
    return {
        "index": "/scorecards/",
        "everything": "/scorecards/card/",
        "card": f"/scorecards/card/?forecaster={first}",
        "paper": f"/scorecards/card/?forecaster={first}&print=1",
        "comparison": f"/scorecards/compare/?first={first}&second={second}",
        "league": "/scorecards/league/",
    }


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_every_page_fits_the_screen_and_can_be_read(visitor, world, width, mode):
    visitor.page.set_viewport_size({"width": width, "height": 900})
    visitor.page.emulate_media(color_scheme=mode)
    visitor.signs_in("administrator")
    for name, path in paths(world).items():
        page = visitor.goes_to(path)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.querySelectorAll('.page details').forEach(each => each.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        assert page.evaluate(CLIPPED) == [], name
        assert page.evaluate(CONTRAST) >= 4.5, name


def test_the_advanced_part_and_the_numbers_behind_a_chart_open_by_keyboard(visitor, world):
    visitor.signs_in("viewer")
    page = visitor.goes_to(paths(world)["card"])
    for part in ("#advanced", "#probabilities .chart-numbers", "details.filters"):
        box = page.locator(part)
        assert box.get_attribute("open") is None
        box.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert box.get_attribute("open") is not None
    assert page.get_by_text("Spiegelhalter’s z").is_visible()


def test_a_filter_is_set_by_the_form_stands_in_the_address_and_in_the_download(visitor, world, tmp_path):
    visitor.signs_in("viewer")
    page = visitor.goes_to("/scorecards/card/")
    page.locator("details.filters summary").click()
    page.get_by_label("Forecaster", exact=True).select_option("Bob")
    page.get_by_label("Theme").select_option("foreign affairs")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("heading", name="Bob · Theme: foreign affairs").wait_for()
    assert f"forecaster={world['second'].uuid}" in page.url
    with page.expect_download() as started:
        page.get_by_role("link", name="Download as CSV").click()
    started.value.save_as(tmp_path / "card.csv")
    with open(tmp_path / "card.csv", encoding="utf-8-sig") as file:
        assert {row["forecaster"] for row in csv.DictReader(file)} == {"Bob"}
    page.locator("details.filters summary").click()
    page.get_by_role("link", name="Clear filters").click()
    page.get_by_role("heading", name="Everything on record").wait_for()


def test_what_is_printed_has_no_side_bar_and_no_filter(visitor, world):
    visitor.signs_in("viewer")
    page = visitor.goes_to(paths(world)["card"])
    page.emulate_media(media="print")
    assert not page.locator("details.filters").is_visible()
    assert not page.locator("#nav-sidebar").is_visible()
    assert not page.locator(".page-links").is_visible()
    assert page.get_by_text("Spiegelhalter’s z").is_visible()
    visitor.goes_to(paths(world)["paper"])
    assert page.locator("#notes").is_visible()
    assert page.locator("nav").count() == 1


def test_an_administrator_switches_the_names_of_staff_on_and_off(visitor, world):
    visitor.signs_in("administrator")
    page = visitor.goes_to("/scorecards/league/")
    page.get_by_role("button", name="Name staff in the league").click()
    page.get_by_text("The league now names people who have an account here.").wait_for()
    page.get_by_role("button", name="Name staff no longer").click()
    page.get_by_role("button", name="Name staff in the league").wait_for()
