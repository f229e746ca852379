"""A prediction's forecasts as a drawing: geometry of the steps, what is said in words, and what must never be in it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from predictions.charts.history import Mark, Point, Series, history
from predictions.charts.lettering import width_of

SVG = "{http://www.w3.org/2000/svg}"
CSS = Path(__file__).parents[3] / "predictions" / "static" / "predictions" / "charts.css"
OPENS, DAYS = datetime(2022, 1, 1, tzinfo=UTC), 100


def at(day):
    return OPENS + timedelta(days=day)


def line(*said, name="Author"):
    """A forecaster's (day, probability[, low, high]) as a series."""
    return Series(name, tuple(Point(at(day), *rest) for day, *rest in said))


def draw(*series, marks=(), **change):
    given = {"title": "Forecasts", "description": "One line", "opens_at": OPENS, "closes_at": at(DAYS), **change}
    return history(series, marks=marks, **given)


def read(*series, **change):
    return ET.fromstring(draw(*series, **change))


def find(svg, css):
    return [part for part in svg.iter() if css in (part.get("class") or "").split()]


def texts(svg, css=None):
    return [part.text for part in svg.iter(f"{SVG}text") if css is None or part.get("class") == css]


def steps(svg):
    """The first line back in days and probabilities: [(from, to, p), …], read from the path alone."""
    levels = {part.text: float(part.get("y")) for part in find(svg, "history-axis") if part.text.endswith("%")}
    rule = find(svg, "history-grid")[0]
    left, right = float(rule.get("x1")), float(rule.get("x2"))
    x = y = None
    read_back = []
    for command, numbers in re.findall(r"([MHV])([\d. ]+)", find(svg, "history-line")[0].get("d")):
        values = [float(number) for number in numbers.split()]
        if command == "H":
            p = (levels["0%"] - (y + 0.35 * 13)) / (levels["0%"] - levels["100%"])
            days = [round(DAYS * (edge - left) / (right - left)) for edge in (x, values[0])]
            read_back.append((*days, round(p, 2)))
        x, y = (values[0], y) if command == "H" else (x, values[0]) if command == "V" else values
    return read_back


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([(10, 0.5)], [(10, 100, 0.5)]),
        ([(0, 0.0)], [(0, 100, 0.0)]),
        ([(10, 0.3), (40, 0.7)], [(10, 40, 0.3), (40, 100, 0.7)]),
        ([(40, 0.7), (10, 0.3)], [(10, 40, 0.3), (40, 100, 0.7)]),
        ([(10, 0.3), (40, 0.7), (40, 1.0)], [(10, 40, 0.3), (40, 100, 1.0)]),  # of one instant the last
        ([(10, 0.3), (40, None)], [(10, 40, 0.3)]),
        ([(10, 0.3), (40, None), (60, 0.9)], [(10, 40, 0.3), (60, 100, 0.9)]),
        ([(-20, 0.2), (-5, 0.4)], [(0, 100, 0.4)]),  # said before the opening, stands from it
        ([(10, 0.3), (100, 0.9)], [(10, 100, 0.3)]),
        ([(10, 0.3), (120, 0.9)], [(10, 100, 0.3)]),
    ],
)
def test_a_forecast_stands_from_its_issue_until_the_next(said, expected):
    assert steps(read(line(*said))) == expected


def test_steps_are_joined_by_an_upright_and_broken_by_a_withdrawal():
    joined, broken = (
        find(read(line((10, 0.3), (40, then), (60, 0.9))), "history-line")[0].get("d") for then in (0.7, None)
    )
    assert re.sub(r"[\d. ]+", "", joined) == "MHVHVH"
    assert re.sub(r"[\d. ]+", "", broken) == "MHMH"


def test_a_band_is_drawn_from_low_to_high_and_explained():
    svg = read(line((10, 0.5, 0.25, 0.75), (50, 0.6)))
    y = {part.text: float(part.get("y")) - 0.35 * 13 for part in find(svg, "history-axis") if part.text.endswith("%")}
    band = find(svg, "history-band")[0].get("d")
    _, high, _, low = (float(number) for number in re.findall(r"[\d.]+", band)[:4])
    assert (high, low) == (pytest.approx(y["75%"], abs=0.11), pytest.approx(y["25%"], abs=0.11))
    assert band.count("M") == 1
    assert "low to high" in texts(svg, "history-legend")


def test_without_low_and_high_there_is_no_band():
    svg = read(line((10, 0.5), (20, 0.5, 0.4, None)))
    assert find(svg, "history-band") == []
    assert "low to high" not in texts(svg)


def test_every_line_has_a_look_and_a_name_with_its_latest_value():
    svg = read(line((1, 0.675)), line((1, 0.2), (9, None), name="Crowd"), line((101, 0.4), name="Late"))
    assert texts(svg, "history-legend") == ["Author: 67.5%", "Crowd: withdrawn", "Late: none"]


def test_thirty_six_lines_look_different_and_each_look_is_in_the_stylesheet():
    svg = read(*(line((1, index / 40), name=str(index)) for index in range(36)))
    looks = {part.get("class") for part in svg.iter(f"{SVG}path")}
    assert len(looks) == 36
    assert {name for look in looks for name in look.split()} <= stylesheet_classes() | {"history-dash-0"}


def test_no_forecasts_is_said_in_words():
    assert "No forecasts yet" in texts(read())
    assert "No forecasts yet" in texts(read(Series("Author", ())))
    assert "No forecast stood in this time" in texts(read(line((120, 0.5))))
    assert find(read(line((1, 0.5))), "history-empty") == []


def test_the_axis_reaches_to_a_mark_after_the_close_and_the_line_does_not():
    svg = read(line((0, 0.5)), marks=[Mark(at(2 * DAYS), "Outcome known")])
    assert steps(svg) == [(0, DAYS // 2, 0.5)]
    assert "20 Jul 2022" in texts(svg, "history-axis")


def test_marks_are_lines_with_labels_and_those_of_one_day_do_not_overlap():
    svg = read(line((0, 0.5)), marks=[Mark(at(90), "Trigger"), Mark(at(90), "Outcome known")])
    labels = find(svg, "history-label")
    assert len(find(svg, "history-mark")) == 2
    assert sorted(label.text for label in labels) == ["Outcome known", "Trigger"]
    assert abs(float(labels[0].get("y")) - float(labels[1].get("y"))) >= 13


@pytest.mark.parametrize("width", [340, 390, 420, 720, 1100])
def test_nothing_is_placed_outside_the_box(width):
    marks = [Mark(at(day), f"Mark of day {day}, a label of some length") for day in (0, 1, 50, 99, 100, 130)]
    svg = read(*(line((1, 0.0), (50, 1.0), name=f"No. {n}" * 9) for n in range(7)), marks=marks, width=width)
    _, _, right, bottom = (float(number) for number in svg.get("viewBox").split())
    places = [(float(part.get("x")), float(part.get("y"))) for part in svg.iter(f"{SVG}text")]
    assert all(0 <= x <= right and 10 <= y <= bottom - 3 for x, y in places)
    for path in svg.iter(f"{SVG}path"):
        assert all(0 <= float(number) <= max(right, bottom) for number in re.findall(r"-?[\d.]+", path.get("d")))


def test_two_instants_to_the_minute_fit_under_the_narrowest_drawing():
    axis = find(read(width=340, closes_at=at(1)), "history-axis")
    begin, end = [part for part in axis if ":" in part.text]
    assert (begin.text, end.text) == ("2022-01-01 00:00", "2022-01-02 00:00")
    reach = sum(width_of(part.text, 14) for part in (begin, end))
    assert float(begin.get("x")) + reach < float(end.get("x"))


def test_a_telephone_gets_larger_letters_and_its_own_class():
    assert read(width=420).get("class") == "history-chart history-narrow"
    assert read(width=720).get("class") == "history-chart history-wide"


def test_it_is_an_image_with_a_title_and_a_description_first():
    svg = read(title="Who & what <1>", description="Two lines")
    assert svg.tag == f"{SVG}svg"
    assert svg.get("role") == "img"
    assert [(part.tag, part.text) for part in list(svg)[:2]] == [
        (f"{SVG}title", "Who & what <1>"),
        (f"{SVG}desc", "Two lines"),
    ]


def test_names_and_labels_are_text_and_never_markup():
    bad = '"><script>alert(1)</script><g style="x" onload="y"'
    svg = read(line((1, 0.5), name=bad), marks=[Mark(at(5), bad)], title=bad, description=bad, width=1400)
    assert {part.tag for part in svg.iter()} <= {f"{SVG}{name}" for name in TAGS}
    assert texts(svg, "history-label") == [bad]


TAGS = ("svg", "title", "desc", "line", "path", "text", "circle", "rect")
ATTRIBUTES = {
    "class",
    "role",
    "viewBox",
    "d",
    "text-anchor",
    "x",
    "y",
    "x1",
    "x2",
    "y1",
    "y2",
    "cx",
    "cy",
    "r",
    "width",
    "height",
}


def test_there_is_no_style_and_no_script_and_every_class_is_known():
    svg = read(line((1, 0.5, 0.2, 0.8), (9, 0.7)), marks=[Mark(at(50), "Trigger")])
    assert {key for part in svg.iter() for key in part.attrib} <= ATTRIBUTES
    used = {name for part in svg.iter() for name in (part.get("class") or "").split()}
    assert used <= stylesheet_classes() | {"history-dash-0"}
    assert all(name.startswith("history-") for name in used)


def stylesheet_classes():
    return set(re.findall(r"\.(history-[\w-]+)", CSS.read_text()))


def test_equal_forecasts_give_equal_text():
    given = [line((1, 1 / 3), (7, 2 / 3)), line((3, 0.5), name="Crowd")]
    assert draw(*given) == draw(*given)
    assert not re.search(r"\d\.\d\d", re.sub(r"<(desc|title)>.*?</\1>", "", draw(*given)))


@pytest.mark.parametrize(
    ("build", "why"),
    [
        (lambda: Point(at(0), 1.2), "probability must lie"),
        (lambda: Point(at(0), float("nan")), "probability must lie"),
        (lambda: Point(at(0), 0.5, -0.1, 0.6), "low must lie"),
        (lambda: Point(datetime(2022, 1, 1), 0.5), "at must have a time zone"),  # noqa: DTZ001
        (lambda: Mark(datetime(2022, 1, 1), "x"), "at must have a time zone"),  # noqa: DTZ001
        (lambda: draw(closes_at=OPENS), "closes_at must be after"),
        (lambda: draw(opens_at=datetime(2022, 1, 1)), "opens_at must have a time zone"),  # noqa: DTZ001
        (lambda: draw(width=200), "width must be at least 340"),
    ],
)
def test_what_cannot_be_drawn_is_refused(build, why):
    with pytest.raises(ValueError, match=why):
        build()
