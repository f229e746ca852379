"""The reliability diagram: where curve, band and dots lie, what is said about n, and the table behind it."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.charts.reliability import reliability, reliability_table

SVG = "{http://www.w3.org/2000/svg}"
POINTS = [(0.1, 0.0, 10.0), (0.3, 0.5, 1.0), (0.5, 0.5, 3.0), (0.7, 0.5, 1.0), (0.9, 1.0, 40.0)]
BLOCKS = [(0.1, 0.1, 0.0, 10.0), (0.3, 0.7, 0.5, 5.0), (0.9, 0.9, 1.0, 40.0)]
LOWER, UPPER = [0.0, 0.1, 0.3, 0.5, 0.7], [0.3, 0.5, 0.7, 0.9, 1.0]


def draw(points=POINTS, blocks=BLOCKS, lower=LOWER, upper=UPPER, n=55, **change):
    return ET.fromstring(reliability(points, blocks, lower, upper, n=n, title="Title", description="Told", **change))


def find(svg, css):
    return [part for part in svg.iter() if css in (part.get("class") or "").split() and part.tag != f"{SVG}text"]


def said(svg):
    return " ".join(part.text for part in svg.iter(f"{SVG}text"))


def shares(svg, places):
    """Drawing units back into (stated, share), read from the diagonal."""
    left, bottom, right, top = (float(each) for each in re.findall(r"[\d.]+", find(svg, "history-mark")[0].get("d")))
    return [(round((x - left) / (right - left), 2), round((bottom - y) / (bottom - top), 2)) for x, y in places]


def corners(part):
    numbers = [float(each) for each in re.findall(r"[\d.]+", part.get("d"))]
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_plot_is_a_square_with_the_diagonal():
    (left, bottom), (right, top) = corners(find(draw(), "history-mark")[0])
    assert right - left == pytest.approx(bottom - top, abs=0.11)


def test_the_curve_bends_where_blocks_begin_and_end():
    svg = draw()
    curve = next(part for part in find(svg, "history-line") if part.tag == f"{SVG}path")
    assert shares(svg, corners(curve)) == [(0.1, 0), (0.3, 0.5), (0.7, 0.5), (0.9, 1)]


def test_the_band_goes_along_its_upper_edge_and_back_along_its_lower():
    svg = draw()
    stated = [point[0] for point in POINTS]
    there, back = zip(stated, UPPER, strict=True), list(zip(stated, LOWER, strict=True))[::-1]
    assert shares(svg, corners(find(svg, "history-band")[0])) == [*there, *back]


def test_dots_stand_at_the_mean_of_their_block_with_an_area_by_n():
    svg = draw(
        points=[(0.1, 0.0, 10), (0.3, 0.5, 1), (0.5, 0.5, 3), (0.8, 0.5, 1), (0.9, 1.0, 40)],
        blocks=[(0.1, 0.1, 0.0, 10), (0.3, 0.8, 0.5, 5), (0.9, 0.9, 1.0, 40)],
    )
    dots = [dot for dot in find(svg, "history-dot") if float(dot.get("cx")) > 40]
    assert shares(svg, [(float(dot.get("cx")), float(dot.get("cy"))) for dot in dots]) == [
        (0.1, 0),
        (0.52, 0.5),
        (0.9, 1),
    ]
    assert [float(dot.get("r")) for dot in dots] == [4.0, 2.8, 8.0]


def test_bars_beneath_count_forecasts_about_each_multiple_of_five_per_cent():
    svg = draw(points=[(0.12, 0.2, 2), (0.13, 0.3, 4), (0.17, 0.4, 1)], blocks=BLOCKS[:0], lower=None, upper=None, n=7)
    heights = [float(high) for high in re.findall(r"V([\d.]+)H", find(svg, "chart-bar")[0].get("d"))]
    base = float(re.search(r"M[\d.]+ ([\d.]+)V", find(svg, "chart-bar")[0].get("d"))[1])
    assert [round((base - high) / 42, 2) for high in heights] == [0.4, 1.0]
    assert "at most 5" in said(svg)


def test_without_a_band_none_is_drawn_or_named():
    svg = draw(lower=None, upper=None)
    assert find(svg, "history-band") == []
    assert "band" not in said(svg)
    assert "90% consistency band" in said(draw())
    assert "95% consistency band" in said(draw(level=0.95))


def test_n_is_said_and_so_is_pooling():
    assert "n = 55." in said(draw())
    assert "pooled" not in said(draw())
    assert "n = 36,454. Stated probabilities are pooled on a 1% grid." in said(draw(n=36_454, pooled=True))


def test_one_probability_said_often_is_a_dot_with_an_upright():
    svg = draw(points=[(0.7, 0.5, 12.0)], blocks=[(0.7, 0.7, 0.5, 12.0)], lower=[0.4], upper=[0.9], n=12)
    assert [part.tag for part in find(svg, "history-line")] == [f"{SVG}line"]  # the legend's alone
    assert shares(svg, corners(find(svg, "history-band")[0])) == [(0.69, 0.9), (0.71, 0.9), (0.71, 0.4), (0.69, 0.4)]


@pytest.mark.parametrize(
    ("share", "expected"), [(1.0, "and it came true."), (0.0, "it did not come true."), (0.5, "50% of it came true.")]
)
def test_one_forecast_is_a_sentence(share, expected):
    svg = draw(points=[(0.7, share, 1.0)], blocks=[(0.7, 0.7, share, 1.0)], lower=None, upper=None, n=1)
    assert "n = 1): 70% was stated" in said(svg)
    assert expected in said(svg)
    assert find(svg, "history-grid") == []


def test_the_table_has_a_row_per_block_with_the_band_at_its_dot():
    header, rows = reliability_table(POINTS, BLOCKS, LOWER, UPPER)
    assert header[:4] == ("Stated probability from", "to", "Forecasts", "Share that came true (recalibrated)")
    assert rows == (
        ("10%", "10%", "10", "0%", "0%", "30%"),
        ("30%", "70%", "5", "50%", "30%", "70%"),
        ("90%", "90%", "40", "100%", "70%", "100%"),
    )
    assert len(header) == 6


def test_the_table_without_a_band_has_no_columns_for_it():
    header, rows = reliability_table(POINTS, BLOCKS, None, None)
    assert {len(header), *map(len, rows)} == {4}
    assert reliability_table([], [], None, None)[1] == ()


@given(st.lists(st.floats(0, 1), min_size=2, max_size=400, unique=True).map(sorted))
def test_any_spread_of_probabilities_stays_in_the_square(stated):
    points = [(at, at, 1.0) for at in stated]
    svg = draw(
        points=points,
        blocks=[(at, *point) for at, point in zip(stated, points, strict=True)],
        lower=stated,
        upper=stated,
        n=len(stated),
    )
    curve = next(part for part in find(svg, "history-line") if part.tag == f"{SVG}path")
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in shares(svg, corners(curve)))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"lower": None}, "must both be given"),
        ({"lower": LOWER[1:]}, "band_lower must have a value for each point"),
        ({"upper": [*UPPER[1:], 1.2]}, "band_upper must lie in"),
        ({"upper": [*UPPER[1:], float("nan")]}, "band_upper must lie in"),
        ({"points": [(1.2, 0.0, 1.0)]}, "points must lie in"),
        ({"points": POINTS[::-1]}, "points must have ascending"),
        ({"blocks": BLOCKS[::-1]}, "blocks must have ascending"),
        ({"blocks": [(0.2, 0.25, 0.5, 1.0)]}, "blocks must hold points"),
        ({"blocks": [(0.1, 0.1, 0.0, 0.0)]}, "must each hold forecasts"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change, why):
    with pytest.raises(ValueError, match=why):
        draw(**change)
