"""The histogram: bars as high as their counts, on whole numbers."""

import re
from xml.etree import ElementTree as ET

import pytest

from predictions.charts.histogram import histogram, histogram_table

SVG = "{http://www.w3.org/2000/svg}"


def draw(edges, counts, **change):
    return ET.fromstring(histogram(edges, counts, title="Title", description="Told", **change))


def texts(svg):
    return [part.text for part in svg.iter(f"{SVG}text")]


def bars(svg):
    """(from, to, count) of each bar, read back from the path, the rulings and the numbers beside them."""
    rules = [part for part in svg.iter(f"{SVG}line") if part.get("y1") == part.get("y2")]
    most = max(int(text.replace(",", "")) for text in texts(svg)[1 : 1 + len(rules)])
    heights = [float(rule.get("y1")) for rule in rules]
    left, right = float(rules[0].get("x1")), float(rules[0].get("x2"))
    drawn = next(part for part in svg.iter(f"{SVG}path")).get("d")
    found = re.findall(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)", drawn)
    return [
        (
            (float(begin) - left) / (right - left),
            (float(end) - left) / (right - left),
            most * (float(base) - float(top)) / (max(heights) - min(heights)),
        )
        for begin, base, top, end in found
    ]


@pytest.mark.parametrize("counts", [[3, 0, 5, 2], [0, 0, 0, 2], [120, 4000, 36_000, 7]])
def test_a_bar_is_as_high_as_its_count_and_lies_in_its_bin(counts):
    edges = [0.0, 0.2, 0.5, 0.9, 1.0]
    expected = [(edges[k], edges[k + 1], count) for k, count in enumerate(counts) if count]
    for (begin, end, height), (low, high, count) in zip(bars(draw(edges, counts)), expected, strict=True):
        assert low < begin < end < high
        assert end - begin == pytest.approx(0.88 * (high - low), abs=0.002)
        assert height == pytest.approx(count, abs=0.002 * max(counts))


@pytest.mark.parametrize("most", [1, 2, 3, 7, 99, 12_345])
def test_counts_are_whole_numbers(most):
    numbers = [text for text in texts(draw([0, 0.5, 1], [most, 1])) if re.fullmatch(r"[\d,.]+", text)]
    assert len(numbers) >= 2
    assert not any("." in text for text in numbers)


def test_n_and_both_axes_are_named():
    assert {"Forecasts", "Stated probability", "n = 1,003."} <= set(texts(draw([0, 0.5, 1], [1000, 3])))


def test_one_forecast_is_a_sentence():
    svg = draw([0.0, 0.3, 1.0], [0, 1])
    assert " ".join(texts(svg)).startswith("One forecast is scored (n = 1), between 30% and 100%.")
    assert list(svg.iter(f"{SVG}path")) == []


def test_the_table_has_a_row_per_bin():
    header, rows = histogram_table([0, 0.25, 1], [1200, 0])
    assert header == ("Stated probability from", "to", "Forecasts")
    assert rows == (("0%", "25%", "1,200"), ("25%", "100%", "0"))


@pytest.mark.parametrize(
    ("edges", "counts", "why"),
    [
        ([0, 1], [1, 2], "edges must be one more"),
        ([], [], "edges must be one more"),
        ([0, 0.5, 0.5], [1, 2], "edges must ascend"),
        ([-0.1, 1], [1], "edges must ascend"),
        ([0, 1.1], [1], "edges must ascend"),
        ([0, float("nan")], [1], "edges must ascend"),
        ([0, 0.5, 1], [1, -1], "counts must not be negative"),
    ],
)
def test_what_cannot_be_drawn_is_refused(edges, counts, why):
    with pytest.raises(ValueError, match=why):
        draw(edges, counts)
    with pytest.raises(ValueError, match=why):
        histogram_table(edges, counts)
