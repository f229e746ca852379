"""The Murphy diagram: two curves over the thresholds, named, with their n."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.murphy import murphy, murphy_table

SVG = "{http://www.w3.org/2000/svg}"
THRESHOLDS = [0.0, 0.25, 0.5, 0.75, 1.0]
FIRST, SECOND = [0.0, 0.1, 0.2, 0.1, 0.0], [0.0, 0.15, 0.4, 0.2, 0.0]


def draw(thresholds=THRESHOLDS, first=FIRST, second=SECOND, n=30, names=("Author", "Crowd")):
    return ET.fromstring(murphy(thresholds, first, second, names, n=n, title="Title", description="Told"))


def texts(svg):
    return [part.text for part in svg.iter(f"{SVG}text")]


def curves(svg):
    """Both curves as [(threshold, score), …], read from the paths and the rulings (0 to 0.4)."""
    rules = [part for part in svg.iter(f"{SVG}line") if part.get("y1") == part.get("y2")][:-2]
    left, right = float(rules[0].get("x1")), float(rules[0].get("x2"))
    bottom, top = float(rules[0].get("y1")), float(rules[-1].get("y1"))
    for part in svg.iter(f"{SVG}path"):
        places = [tuple(map(float, place.split())) for place in re.findall(r"[ML]([\d. ]+)", part.get("d"))]
        yield [
            (round((x - left) / (right - left), 2), round(0.4 * (bottom - y) / (bottom - top), 2)) for x, y in places
        ]


def test_each_curve_runs_through_its_scores():
    first, second = curves(draw())
    assert first == list(zip(THRESHOLDS, FIRST, strict=True))
    assert second == list(zip(THRESHOLDS, SECOND, strict=True))


def test_the_curves_differ_in_colour_and_dashes_and_are_named():
    svg = draw()
    looks = [part.get("class") for part in svg.iter(f"{SVG}path")]
    assert looks == ["history-line history-series-0", "history-line history-series-1 history-dash-1"]
    assert {"Author", "Crowd", "Threshold", "Mean elementary score (lower is better)"} <= set(texts(svg))
    assert "n = 30 predictions." in " ".join(texts(svg))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=300, unique=True).map(sorted))
def test_many_thresholds_keep_their_ends(thresholds):
    level = [0.4] * len(thresholds)
    for curve in curves(draw(thresholds, level, level)):
        assert [curve[0][0], curve[-1][0]] == pytest.approx([thresholds[0], thresholds[-1]], abs=0.006)


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (0, "no resolved prediction yet that both forecast"),
        (1, "n = 1 resolved prediction."),
        (9, "n = 9 resolved predictions."),
    ],
)
def test_too_few_for_a_curve_is_a_sentence(n, expected):
    svg = draw([0.5], [0.1], [0.2], n=n)
    assert expected in " ".join(texts(svg))
    assert list(svg.iter(f"{SVG}path")) == []


def test_the_table_says_who_scored_what_and_by_how_much():
    header, rows = murphy_table(THRESHOLDS, FIRST, SECOND, ("Author", "Crowd"))
    assert header[1:3] == ("Author: mean elementary score", "Crowd: mean elementary score")
    assert rows[2] == ("0.5", "0.2000", "0.4000", "−0.2000")
    assert len(rows) == 5


@pytest.mark.parametrize("count", [0, 1, 25, 26, 199, 1000])
def test_a_long_table_is_thinned_and_keeps_both_ends(count):
    thresholds = [k / 1000 for k in range(count)]
    _, rows = murphy_table(thresholds, thresholds, thresholds, ("A", "B"))
    assert len(rows) <= 26
    assert [row[0] for row in rows[:1] + rows[-1:]] == [f"{at:.3g}" for at in [*thresholds[:1], *thresholds[-1:]]]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"first": FIRST[1:]}, "curve_a must have a value"),
        ({"second": SECOND[1:]}, "curve_b must have a value"),
        ({"second": [0, 0, -1, 0, 0]}, "curve_b must lie in"),
        ({"first": [0, 0, float("nan"), 0, 0]}, "curve_a must lie in"),
        ({"thresholds": THRESHOLDS[::-1]}, "thresholds must ascend"),
        ({"thresholds": [0, 0.1, 0.2, 0.3, 1.5]}, "thresholds must ascend"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, why):
    with pytest.raises(ValueError, match=why):
        draw(**change)
