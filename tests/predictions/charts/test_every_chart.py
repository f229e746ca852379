"""What holds for each of the statistical drawings: read by all, in the colours of the page, nothing clipped."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from predictions.charts.histogram import histogram
from predictions.charts.league import league
from predictions.charts.lettering import width_of
from predictions.charts.murphy import murphy
from predictions.charts.over_time import over_time
from predictions.charts.reliability import reliability
from predictions.charts.sensitivity import sensitivity

SVG = "{http://www.w3.org/2000/svg}"
CSS = Path(__file__).parents[3] / "predictions" / "static" / "predictions" / "charts.css"
BAD = '"><script>alert(1)</script><g style="x" onload="y"'
TAGS = {f"{SVG}{name}" for name in ("svg", "title", "desc", "line", "path", "text", "circle", "rect")}
BANNED = re.compile("style|on.*|href|fill|stroke")
MOMENTS = [datetime(2025, 1, 31, tzinfo=UTC) + timedelta(days=30 * k) for k in range(5)]
THREE = [(0.0, 0.0, 4.0), (0.5, 0.75, 30.0), (1.0, 1.0, 6.0)]
BLOCKS = [(at, at, share, n) for at, share, n in THREE]


def full(name, **given):
    """A drawing of each kind with everything in it."""
    given = {"title": BAD, "description": BAD, "key": name, **given}
    return {
        "reliability": lambda: reliability(
            THREE, BLOCKS, [0.0, 0.25, 0.8], [0.2, 0.75, 1.0], n=40, pooled=True, **given
        ),
        "histogram": lambda: histogram([0.0, 0.5, 0.9, 1.0], [1, 0, 12_000], **given),
        "over-time": lambda: over_time(
            MOMENTS,
            [0.1, 0.2, None, 0.25, 1.0],
            [1, 7, 0, 12, 1200],
            low=[None, 0.1, None, 0.2, 0.9],
            high=[None, 0.3, None, 0.5, 1.0],
            name=BAD,
            reference_label=BAD,
            interval=BAD,
            **given,
        ),
        "murphy": lambda: murphy([0.0, 0.5, 1.0], [0.0, 0.2, 0.0], [0.0, 0.31, 0.1], (BAD, "B" * 90), n=40, **given),
        "league": lambda: league(
            [BAD, "B" * 90, "C"], [12.5, 0, -3], [-1, None, -20], [20, None, 1], [70, 1, 9], measure=BAD, **given
        ),
        "sensitivity": lambda: sensitivity(
            [BAD, "B" * 90, "C"],
            [0.9, 0.1, 0],
            [0.5, 0.2, 0],
            [0.1, 1, 0],
            **{"measure": BAD, "reference": 0.23, "reference_name": BAD, **given},
        ),
    }[name]()


def empty(name):
    """A drawing of each kind with nothing in it."""
    given = {"title": "Title", "description": "Told", "key": name}
    return {
        "reliability": lambda: reliability([], [], None, None, n=0, **given),
        "histogram": lambda: histogram([0, 0.5, 1], [0, 0], **given),
        "over-time": lambda: over_time([], [], [], **given),
        "murphy": lambda: murphy([], [], [], ("A", "B"), n=0, **given),
        "league": lambda: league([], [], [], [], [], **given),
        "sensitivity": lambda: sensitivity([], [], [], [], reference=0.25, measure="Score", **given),
    }[name]()


CHARTS = ("reliability", "histogram", "over-time", "murphy", "league", "sensitivity")
each_chart = pytest.mark.parametrize("name", CHARTS)
each_width = pytest.mark.parametrize("width", [340, 400, 720])


@each_chart
def test_it_is_an_image_named_by_its_title_and_described_by_its_description(name):
    svg = ET.fromstring(full(name))
    title, told = list(svg)[:2]
    assert svg.get("role") == "img"
    assert (title.tag, title.text, title.get("id")) == (f"{SVG}title", BAD, svg.get("aria-labelledby"))
    assert (told.tag, told.text, told.get("id")) == (f"{SVG}desc", BAD, svg.get("aria-describedby"))


@each_chart
def test_a_wide_and_a_narrow_drawing_on_one_page_share_no_id(name):
    ids = [part.get("id") for width in (400, 720) for part in ET.fromstring(full(name, width=width)).iter()]
    ids = [each for each in ids if each]
    assert len(ids) == len(set(ids)) == 4


@each_chart
@each_width
def test_words_are_text_and_looks_are_classes_of_the_stylesheet(name, width):
    svg = ET.fromstring(full(name, width=width))
    assert {part.tag for part in svg.iter()} <= TAGS
    assert not [key for part in svg.iter() for key in part.attrib if BANNED.fullmatch(key)]
    used = {look for part in svg.iter() for look in (part.get("class") or "").split()}
    assert used <= set(re.findall(r"\.([a-z][\w-]+)", CSS.read_text()))


@each_chart
@each_width
def test_nothing_leaves_the_box(name, width):
    svg = ET.fromstring(full(name, width=width))
    size = 14 if width < 560 else 13
    _, _, right, bottom = (float(number) for number in svg.get("viewBox").split())
    assert right == width
    for text in svg.iter(f"{SVG}text"):
        begin, end = span(text, size)
        assert begin >= -0.1
        assert end <= right + 0.1
        assert size - 0.1 <= float(text.get("y")) <= bottom - 3
    for path in svg.iter(f"{SVG}path"):
        assert all(0 <= float(number) <= max(right, bottom) for number in re.findall(r"-?[\d.]+", path.get("d")))


@each_chart
@each_width
def test_no_text_covers_another(name, width):
    size = 14 if width < 560 else 13
    texts = list(ET.fromstring(full(name, width=width)).iter(f"{SVG}text"))
    for index, one in enumerate(texts):
        for other in texts[:index]:
            (a, b), (c, d) = span(one, size), span(other, size)
            level = abs(float(one.get("y")) - float(other.get("y"))) < 0.8 * size
            assert not (level and a < d and c < b), (one.text, other.text)


def span(text, size):
    reach = width_of(text.text or "", size)
    begin = float(text.get("x")) - reach * {None: 0, "start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor")]
    return begin, begin + reach


@each_chart
def test_nothing_to_draw_is_said_in_a_sentence_without_axes(name):
    svg = ET.fromstring(empty(name))
    said = " ".join(part.text for part in svg.iter(f"{SVG}text"))
    assert re.fullmatch(r"(There is no|No|Nobody) .*\.", said)
    assert {part.tag for part in svg} == {f"{SVG}title", f"{SVG}desc", f"{SVG}text"}


@each_chart
def test_equal_numbers_give_equal_text_with_one_decimal(name):
    assert full(name) == full(name)
    drawn = re.sub(r"<(text|desc|title)[ >].*?</\1>", "", full(name))
    assert not re.search(r"\d\.\d\d", drawn)


@each_chart
@pytest.mark.parametrize(
    ("change", "why"),
    [({"width": 339}, "width must be at least 340"), ({"key": "a b"}, "key must be"), ({"key": ""}, "key must be")],
)
def test_a_sheet_too_narrow_or_without_a_proper_key_is_refused(name, change, why):
    with pytest.raises(ValueError, match=why):
        full(name, **change)
