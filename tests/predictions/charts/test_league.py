"""The league: an interval about 0 for each forecaster, in the order given."""

from xml.etree import ElementTree as ET

import pytest

from predictions.charts.league import league, league_table

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (["Crowd", "Author", "Desk"], [5.0, -1.0, 2.0], [1.0, -6.0, None], [9.0, 4.0, None], [60, 9, 2])


def draw(names, *columns, **change):
    return ET.fromstring(league(names, *columns, title="Title", description="Told", **change))


def find(svg, css, tag):
    return [part for part in svg.iter(f"{SVG}{tag}") if css in (part.get("class") or "").split()]


def said(svg):
    return " ".join(part.text for part in svg.iter(f"{SVG}text"))


def values(svg, places):
    """Drawing units back into values, by the numbers under the plot."""
    ticks = {
        float(part.text.replace("−", "-")): float(part.get("x"))
        for part in find(svg, "history-axis", "text")
        if part.get("text-anchor") == "middle"
    }
    (low, left), (high, right) = min(ticks.items()), max(ticks.items())
    return [round(low + (float(x) - left) / (right - left) * (high - low), 1) for x in places]


@pytest.mark.parametrize("width", [400, 720])
def test_each_row_has_its_value_and_its_interval_where_there_is_one(width):
    svg = draw(*ROWS, width=width)
    dots = [part.get("cx") for part in svg.iter(f"{SVG}circle")]
    lines = [*find(svg, "chart-interval", "line")[:1], *find(svg, "chart-interval-few", "line")[:1]]
    assert values(svg, dots) == [5, -1, 2]
    assert [values(svg, [line.get("x1"), line.get("x2")]) for line in lines] == [[1, 9], [-6, 4]]


@pytest.mark.parametrize("width", [400, 720])
def test_the_line_at_zero_stands_at_zero(width):
    svg = draw(*ROWS, width=width)
    (zero,) = find(svg, "chart-zero", "path")
    assert values(svg, [zero.get("d")[1:].split()[0]]) == [0]


def test_rows_of_few_are_hollow_and_dashed():
    svg = draw(*ROWS)
    assert len(find(svg, "history-dot", "circle")) == 1
    assert len(find(svg, "chart-dot-few", "circle")) == 2
    assert "n below 10" in said(svg)
    assert "n below 10" not in said(draw(["A", "B"], [1, 2], [0, 0], [3, 3], [10, 10]))


def test_names_stand_in_the_order_given_with_value_and_n():
    svg = draw(*ROWS)
    assert [part.text for part in find(svg, "chart-name", "text")] == ROWS[0]
    assert "+5.0, n = 60" in said(svg)
    assert "−1.0, n = 9" in said(svg)
    assert "Intervals that include 0: 1 of 2." in said(svg)


def test_names_stand_beside_their_interval_where_there_is_room_and_above_where_not():
    wide, narrow = (draw(*ROWS, width=width) for width in (720, 400))
    gaps = [
        float(find(svg, "chart-interval", "line")[0].get("y1")) - float(find(svg, "chart-name", "text")[0].get("y"))
        for svg in (wide, narrow)
    ]
    assert gaps[0] < 0 < gaps[1]


@pytest.mark.parametrize("count", [50, 51, 83])
def test_fifty_rows_are_drawn_and_the_rest_is_said_to_be_missing(count):
    svg = draw([f"No. {k}" for k in range(count)], [1] * count, [0] * count, [2] * count, [20] * count)
    assert len(find(svg, "chart-name", "text")) == 50
    assert (f"Only the first 50 of {count} forecasters are drawn." in said(svg)) == (count > 50)


def test_values_all_zero_are_drawn_about_zero():
    svg = draw(["A", "B"], [0, 0], [None, 0], [None, 0], [1, 20])
    assert values(svg, [dot.get("cx") for dot in svg.iter(f"{SVG}circle")]) == [0, 0]


def test_one_forecaster_without_an_interval_is_a_sentence_with_one_a_row():
    assert said(draw(["A"], [1.25], [None], [None], [1])).startswith("Only A is listed: +1.25, n = 1, too few")
    assert len(find(draw(["A"], [1.25], [0.5], [2], [30]), "chart-name", "text")) == 1


def test_the_table_has_all_rows_and_dashes():
    header, rows = league_table(*ROWS)
    assert header == ("Forecaster", "n", "Value", "Interval, low", "Interval, high")
    assert rows == (
        ("Crowd", "60", "+5.00", "+1.00", "+9.00"),
        ("Author", "9", "−1.00", "−6.00", "+4.00"),
        ("Desk", "2", "+2.00", "–", "–"),
    )
    many = league_table(["A"] * 83, [0] * 83, [None] * 83, [None] * 83, [1] * 83)
    assert len(many[1]) == 83


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        (([1, 2], [0], [2], [9]), "value must have an entry"),
        (([1], [], [2], [9]), "low must have an entry"),
        (([1], [0], [2], []), "n must have an entry"),
        (([float("nan")], [0], [2], [9]), "value must be finite"),
        (([1], [0], [float("inf")], [9]), "high must be finite"),
        (([1], [3], [2], [9]), "low must not be above high"),
    ],
)
def test_what_cannot_be_drawn_is_refused(columns, why):
    with pytest.raises(ValueError, match=why):
        draw(["A"], *columns)
