"""Scores on other scales: a row each, with the value that all are compared with."""

from xml.etree import ElementTree as ET

import pytest

from predictions.charts.sensitivity import NOTHING, sensitivity, sensitivity_table

SVG = "{http://www.w3.org/2000/svg}"
ROWS = (["As recorded", "Survey"], [0.2, 0.1], [0.1, 0.08], [0.05, 0.3])


def draw(*rows, **change):
    given = {"reference": 0.25, "title": "Title", "description": "Told", "measure": "Score", **change}
    return ET.fromstring(sensitivity(*rows, **given))


def x_of(svg, tag, css, *names):
    found = [part for part in svg.iter(f"{SVG}{tag}") if css in (part.get("class") or "").split()]
    return [[float(part.get(name)) for name in names] for part in found]


@pytest.mark.parametrize("width", [400, 720])
def test_each_row_reaches_over_all_three_of_its_readings(width):
    svg = draw(*ROWS, width=width)
    dots = [x for (x,) in x_of(svg, "circle", "history-dot", "cx")]
    lines = x_of(svg, "line", "chart-interval", "x1", "x2")[:2]
    assert len(dots) == 2
    assert all(begin <= dot <= end for dot, (begin, end) in zip(dots, lines, strict=True))
    assert lines[1][1] > lines[0][1]


def test_the_reference_has_a_line_and_a_name():
    svg = draw(*ROWS)
    assert [part for part in svg.iter(f"{SVG}path") if part.get("class") == "chart-zero"]
    assert "always 50%" in [part.text for part in svg.iter(f"{SVG}text")]


def test_probabilities_are_written_in_per_cent_over_the_whole_range():
    svg = draw(["As recorded"], [0.55], [0.675], [0.8], reference=0.5, are_probabilities=True)
    said = [part.text for part in svg.iter(f"{SVG}text")]
    assert {"0%", "100%", "67.5%"} <= set(said)


def test_of_no_row_it_is_a_sentence():
    assert NOTHING.split()[0] in "".join(part.text for part in draw([], [], [], []).iter(f"{SVG}text"))


def test_the_table_holds_the_same_numbers():
    assert sensitivity_table(*ROWS)[1] == (
        ("As recorded", "0.2000", "0.1000", "0.0500"),
        ("Survey", "0.1000", "0.0800", "0.3000"),
    )
    assert sensitivity_table(["A"], [0], [0.5], [1], are_probabilities=True)[1] == (("A", "0%", "50%", "100%"),)


@pytest.mark.parametrize("rows", [(["A"], [], [0], [0]), (["A"], [1.1], [0], [0]), (["A"], [float("nan")], [0], [0])])
def test_what_is_no_share_is_refused(rows):
    with pytest.raises(ValueError, match="must"):
        draw(*rows)
