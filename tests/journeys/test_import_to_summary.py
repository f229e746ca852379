"""From two CSV files to the summary of a scorecard: on real data where it is at hand, and on dirty data of our own.

The plain reading of the definitions below is written from `expected.json`, row by row and without our kernel.
"""

import csv
import json
from collections import defaultdict
from datetime import UTC, datetime
from io import StringIO
from math import inf, log
from pathlib import Path
from statistics import fmean

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import builders as a

DATA = Path(__file__).parents[3] / "shared" / "data"
PREDICTIONS = ("external_id", "title", "opened_at", "closed_at", "resolved_at", "outcome", "category")
FORECASTS = ("external_id", "forecaster", "probability", "made_at")
LISTS = {"by_category": "category", "by_forecaster": "forecaster"}

pytestmark = pytest.mark.django_db


def summary_of(predictions, forecasts, *, case="imported"):
    call_command("import_forecasts", str(predictions), str(forecasts), "--case", case, stdout=StringIO())
    told = StringIO()
    call_command("scorecard", "--json", "--case", case, stdout=told)
    return json.loads(told.getvalue())["summary"]


def agrees(told, expected):
    assert set(told) == set(expected)
    for name, value in expected.items():
        if name in LISTS:
            assert [dict(line) for line in told[name]] == [
                {key: pytest.approx(each, abs=1e-9) if isinstance(each, float) else each for key, each in line.items()}
                for line in value
            ]
        else:
            assert told[name] == (pytest.approx(value, abs=1e-9) if isinstance(value, float) else value), name


# Not rolled back but truncated: PostgreSQL would drag the dead rows through every later test of this worker.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", ["fivethirtyeight", "forecastbench_crowd"])
def test_real_data_give_the_figures_that_others_computed(name):
    if not (DATA / name).exists():
        pytest.skip("../shared/data is not here")
    told = summary_of(DATA / name / "predictions.csv", DATA / name / "forecasts.csv")
    agrees(told, json.loads((DATA / name / "expected.json").read_text())["summary"])


# --- dirty data, against a plain reading of the definitions ------------------------------------------------------


def moment(hours):
    return "" if hours is None else datetime.fromtimestamp(1_700_000_000 + 3600 * hours, UTC).isoformat()


HOURS = st.integers(0, 30)
PROBABILITY = st.sampled_from(["0", "1", "0.0", "5e-05", "0.25", "0.5", "0.9995", "1e0", ".75"])
OUTCOME = st.sampled_from(["0", "1", "0.25", "0.5", "annulled", ""])
PREDICTION = st.tuples(HOURS, st.none() | HOURS, st.none() | HOURS, OUTCOME, st.sampled_from(["", "sport", "Politik"]))
FORECAST = st.tuples(st.integers(0, 2), st.sampled_from(["Ann", "Bob", "crowd, the"]), PROBABILITY, HOURS)
WORLD = st.tuples(st.lists(PREDICTION, min_size=3, max_size=3), st.lists(FORECAST, max_size=25))


def write(path, header, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def mean(values):
    values = list(values)
    return fmean(values) if values else None


def surprise(p, y):
    return -(y * log(p) + (1 - y) * log(1 - p))


def skill(score, reference):
    return None if not reference else 1 - score / reference


def by(rows, key, most=None):
    groups = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row["brier"])
    lines = [{key: name, "n_forecasts": len(each), "brier_row_mean": fmean(each)} for name, each in groups.items()]
    return sorted(lines, key=lambda line: (-line["n_forecasts"], line[key]))[:most]


def plainly(predictions, forecasts):
    """The summary, read off its definitions."""
    outcomes = {k: row[3] for k, row in enumerate(predictions)}
    rows = [
        {
            "prediction": k,
            "forecaster": who,
            "p": float(p),
            "y": float(outcomes[k]),
            "made": made,
            "category": predictions[k][4],
            "brier": (float(p) - float(outcomes[k])) ** 2,
        }
        for k, who, p, made in forecasts
        if outcomes[k] not in {"annulled", ""} and made < (inf if predictions[k][2] is None else predictions[k][2])
    ]
    base, brier = mean(row["y"] for row in rows), mean(row["brier"] for row in rows)
    pairs = standing(predictions, rows)
    of_prediction = defaultdict(list)
    for (k, _), (score, _) in pairs.items():
        of_prediction[k].append(score)
    return {
        "n_predictions_scored": len({row["prediction"] for row in rows}),
        "n_forecasts": len(rows),
        "n_annulled": list(outcomes.values()).count("annulled"),
        "n_unresolved": list(outcomes.values()).count(""),
        "n_pairs": len(pairs),
        "brier_row_mean": brier,
        "logarithmic_row_mean": mean(surprise(min(max(row["p"], 0.001), 0.999), row["y"]) for row in rows),
        "n_infinite": sum((row["p"] == 0 and row["y"] > 0) or (row["p"] == 1 and row["y"] < 1) for row in rows),
        "base_rate_rows": base,
        "skill_vs_base_rate": skill(brier, mean((base - row["y"]) ** 2 for row in rows)),
        "skill_vs_half": skill(brier, mean((0.5 - row["y"]) ** 2 for row in rows)),
        "standing_brier_pair_mean": mean(score for score, _ in pairs.values()),
        "standing_brier_prediction_mean": mean(fmean(each) for each in of_prediction.values()),
        "standing_brier_duration_weighted": (
            sum(score * length for score, length in pairs.values()) / sum(length for _, length in pairs.values())
            if pairs
            else None
        ),
        "by_category": by(rows, "category"),
        "by_forecaster": by(rows, "forecaster", 20),
    }


def standing(predictions, rows):
    """(score, duration) of each (prediction, forecaster) with an end after its first forecast."""
    histories, told = defaultdict(list), {}
    for row in rows:
        histories[row["prediction"], row["forecaster"]].append(row)
    for (k, who), own in histories.items():
        ends = [end for end in predictions[k][1:3] if end is not None]
        kept = sorted((row for row in own if ends and row["made"] < min(ends)), key=lambda row: row["made"])
        if kept:
            times = [*(row["made"] for row in kept), min(ends)]
            cost = sum(row["brier"] * (times[n + 1] - times[n]) for n, row in enumerate(kept))
            told[k, who] = cost / (times[-1] - times[0]), times[-1] - times[0]
    return told


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORLD)
def test_dirty_data_give_the_figures_of_a_plain_reading(tmp_path, world):
    """Nought and one, shares, blanks, closings before openings, forecasts after everything: kept, read as stated."""
    predictions, forecasts = world
    stem = f"p{next(a._numbers)}"
    lines = [
        (f"{stem}-{k}", f"Will {k} be?", moment(opens), moment(closes), moment(known) if y else "", y, category)
        for k, (opens, closes, known, y, category) in enumerate(predictions)
    ]
    said = [(f"{stem}-{k}", who, p, moment(made)) for k, who, p, made in forecasts]
    told = summary_of(
        write(tmp_path / "p.csv", PREDICTIONS, lines), write(tmp_path / "f.csv", FORECASTS, said), case=stem
    )
    agrees(told, plainly(predictions, forecasts))
