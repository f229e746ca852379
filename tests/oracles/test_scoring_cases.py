"""Our figures against those of other packages: a frozen copy of their answers, and the whole shared file where it is.

`scoring_cases.json` holds the cases that apply to the functions we have, each with the package that computed it.
"""

import json
from math import log
from pathlib import Path

import numpy as np
import pytest

from predictions.scoring.rules import brier, logarithmic
from predictions.scoring.timeline import durations, mean_while_standing, pair_starts, time_coverage

FROZEN = Path(__file__).with_name("scoring_cases.json")
SHARED = Path(__file__).parents[3] / "shared" / "reference" / "scoring_cases.json"
DAY = 86_400_000_000


def average(losses, case):
    return np.average(losses, weights=case.get("weight"))


def brier_each(case):
    return brier(case["p"], case["y"])


def logarithmic_each(case):
    return logarithmic(np.clip(case["p"], *case.get("clip", (0, 1))), case["y"])


def brier_affine(case):
    y = np.asarray(case["y"])
    return average(y * brier(case["p"], 1) + (1 - y) * brier(case["p"], 0), case)


def time_weighted(case):
    days, p = zip(*case["history"], strict=True)
    opens, scheduled = case["open"] * DAY, case["scheduled_close"] * DAY
    pair = [0] * len(days)
    lengths = durations(pair, [int(day * DAY) for day in days], opens=opens, closes=case["actual_close"] * DAY)
    first = pair_starts(pair)
    mean = mean_while_standing(brier(p, case["y"]), lengths, first)[0]
    coverage = time_coverage(lengths, first, opens=opens, scheduled=scheduled)[0]
    return {
        "mean_over_active": mean,
        "coverage_of_scheduled": coverage,
        "integral_over_scheduled": mean * coverage,
    }


OURS = {
    "brier_binary_01": lambda case: average(brier_each(case), case),
    "brier_binary_01_each": brier_each,
    "brier_binary_02": lambda case: 2 * average(brier_each(case), case),
    "brier_fractional_expected_over_bernoulli": brier_affine,
    "log_loss_nats": lambda case: average(logarithmic_each(case), case),
    "log_loss_nats_each": logarithmic_each,
    "log_loss_bits": lambda case: average(logarithmic_each(case), case) / log(2),
    "time_weighted_brier_01": time_weighted,
}


def applicable(cases):
    return [case for case in cases if case["function"] in OURS]


def frozen_cases():
    return json.loads(FROZEN.read_text())


def shared_cases():
    return applicable(json.loads(SHARED.read_text())["cases"]) if SHARED.exists() else []


def check(case):
    ours, theirs = OURS[case["function"]](case["inputs"]), case["expected"]
    if isinstance(theirs, dict):
        assert ours == pytest.approx(theirs, rel=0, abs=case["tolerance"])
    else:  # the file writes infinity as the text 'inf', which numpy reads
        np.testing.assert_allclose(ours, np.array(theirs, dtype=float), rtol=0, atol=case["tolerance"])


@pytest.mark.parametrize("case", frozen_cases(), ids=lambda case: case["id"])
def test_the_kernel_agrees_with_the_frozen_figures_of_other_packages(case):
    check(case)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference file is not beside this repository")
def test_the_kernel_agrees_with_every_applicable_case_of_the_shared_file():
    cases = shared_cases()
    assert {case["function"] for case in cases} == set(OURS)
    for case in cases:
        check(case)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference file is not beside this repository")
def test_the_frozen_figures_are_those_of_the_shared_file():
    fields = ("id", "function", "inputs", "expected", "tolerance", "computed_with")
    assert frozen_cases() == [{name: case[name] for name in fields} for case in shared_cases()]


def test_the_frozen_file_covers_every_function_we_answer_for():
    assert {case["function"] for case in frozen_cases()} == set(OURS)
