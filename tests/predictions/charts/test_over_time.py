"""A mean score over time: the line and its gaps, the interval, the reference, and n at every point."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest

from predictions.charts.over_time import over_time, over_time_table

SVG = "{http://www.w3.org/2000/svg}"


def at(*days):
    return [datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in days]


def draw(moments, values, counts, **change):
    return ET.fromstring(over_time(moments, values, counts, title="Title", description="Told", **change))


def find(svg, css, tag="path"):
    return [part for part in svg.iter(f"{SVG}{tag}") if css in (part.get("class") or "").split()]


def said(svg):
    return " ".join(part.text for part in svg.iter(f"{SVG}text"))


def scores(svg, heights):
    """Drawing units back into scores, by the first and last ruling and the numbers beside them."""
    rules = [part for part in find(svg, "history-grid", "line") if part.get("y1") == part.get("y2")]
    numbers = [float(part.text) for part in find(svg, "history-axis", "text")[1 : len(rules) + 1]]
    low, high = float(rules[0].get("y1")), float(rules[-1].get("y1"))
    return [round(numbers[0] + (low - y) / (low - high) * (numbers[-1] - numbers[0]), 2) for y in heights]


def heights(part):
    return [float(place.split()[1]) for place in re.findall(r"[ML]([\d.]+ [\d.]+)", part.get("d"))]


def test_the_line_runs_through_the_means():
    svg = draw(at(0, 30, 60), [0.1, 0.3, 0.25], [4, 12, 30])
    (line,) = find(svg, "history-line")
    assert scores(svg, heights(line)) == [0.1, 0.3, 0.25]


def test_a_moment_without_a_mean_breaks_the_line():
    svg = draw(at(0, 30, 60, 90), [0.1, 0.3, None, 0.2], [4, 12, 0, 30])
    assert [scores(svg, heights(line)) for line in find(svg, "history-line")] == [[0.1, 0.3], [0.2]]


def test_the_interval_is_drawn_where_there_is_one():
    svg = draw(
        at(0, 30, 60, 90), [0.1, 0.3, 0.2, 0.2], [4, 12, 13, 9], low=[None, 0.1, 0.1, None], high=[None, 0.6, 0.3, 0.9]
    )
    (band,) = find(svg, "history-band")
    assert scores(svg, heights(band)) == [0.6, 0.3, 0.1, 0.1]
    assert "95% interval" in said(svg)


def test_without_intervals_none_is_named():
    svg = draw(at(0, 30), [0.1, 0.3], [4, 12])
    assert find(svg, "history-band") == []
    assert "interval" not in said(svg)


def test_the_reference_is_a_line_at_its_value_and_can_be_left_out():
    svg = draw(at(0, 30), [0.1, 0.3], [4, 12])
    reference = find(svg, "history-mark", "line")[0]
    assert scores(svg, [float(reference.get("y1"))]) == [0.25]
    assert "always 50%: 0.25" in said(svg)
    assert find(draw(at(0, 30), [0.1, 0.3], [4, 12], reference=None), "history-mark", "line") == []


def test_the_axis_begins_at_zero_and_reaches_to_the_highest_end():
    svg = draw(at(0, 30), [0.01, 0.02], [4, 12], high=[0.5, 0.93], low=[0, 0])
    numbers = [part.text for part in find(svg, "history-axis", "text")]
    assert {"0.0", "1.0"} <= set(numbers)


def test_means_of_few_are_hollow_and_the_legend_says_so():
    svg = draw(at(0, 30, 60), [0.1, 0.3, 0.2], [9, 10, 11])
    assert len(find(svg, "chart-dot-few", "circle")) == 2  # one and its sample
    assert len(find(svg, "history-dot", "circle")) == 2
    assert "n below 10" in said(svg)
    assert "n below 10" not in said(draw(at(0, 30), [0.1, 0.3], [10, 10]))


def test_n_is_a_bar_for_each_mean_or_an_area_where_bars_would_merge():
    few, many = (draw(at(*range(count)), [0.2] * count, list(range(1, count + 1))) for count in (6, 600))
    assert find(few, "chart-bar")[0].get("d").count("Z") == 6
    assert find(many, "chart-bar")[0].get("d").count("Z") == 1
    assert "at most 600" in said(many)
    assert "n = 1 at the first mean, 600 at the last" in said(many)


def test_of_a_long_line_only_the_ends_have_dots():
    svg = draw(at(*range(600)), [0.2] * 600, [50] * 600)
    assert len(find(svg, "history-dot", "circle")) == 2


@pytest.mark.parametrize("values", [[0.123], [None, 0.123, None]])
def test_one_mean_is_a_sentence(values):
    svg = draw(at(*range(len(values))), values, [5] * len(values))
    assert said(svg).startswith("The mean Brier score is 0.123 (0–1, lower is better; n = 5), on 2025-01-0")
    assert find(svg, "history-line") == []


def test_the_table_has_a_dash_for_what_is_not_known():
    header, rows = over_time_table(at(0, 31), [0.1234, None], [1200, 0], low=[0.1, None], high=[0.2, None])
    assert header == ("Up to", "n", "Mean Brier score (0–1)", "Interval, low", "Interval, high")
    assert rows == (("2025-01-01", "1,200", "0.123", "0.100", "0.200"), ("2025-02-01", "0", "–", "–", "–"))


@pytest.mark.parametrize(
    ("given", "change", "why"),
    [
        ((at(0, 1), [0.1], [1, 2]), {}, "values must have an entry"),
        ((at(0, 1), [0.1, 0.2], [1]), {}, "counts must have an entry"),
        ((at(0, 1), [0.1, 1.2], [1, 2]), {}, "values must lie in"),
        ((at(0, 1), [0.1, float("nan")], [1, 2]), {}, "values must lie in"),
        ((at(0, 1), [0.1, 0.2], [1, 2]), {"low": [0.1]}, "low must have an entry"),
        ((at(0, 1), [0.1, 0.2], [1, 2]), {"high": [0.1, 1.1]}, "high must lie in"),
        ((at(1, 0), [0.1, 0.2], [1, 2]), {}, "moments must ascend"),
        (([datetime(2025, 1, 1)], [0.1], [1]), {}, "moments must have a time zone"),  # noqa: DTZ001
    ],
)
def test_what_cannot_be_drawn_is_refused(given, change, why):
    with pytest.raises(ValueError, match=why):
        draw(*given, **change)
