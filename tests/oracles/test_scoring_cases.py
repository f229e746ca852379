"""Our figures against those of other packages: a frozen copy of their answers, and the whole shared file where it is.

`scoring_cases.json` holds all the cases, each with the package that computed it; the `adapters_*` ask them of ours.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.oracles import adapters_k1 as k1
from tests.oracles import adapters_k2 as k2
from tests.oracles import adapters_k3 as k3
from tests.oracles import adapters_k4 as k4

FROZEN = Path(__file__).with_name("scoring_cases.json")
SHARED = Path(__file__).parents[3] / "shared" / "reference" / "scoring_cases.json"
FIELDS = ("id", "function", "inputs", "expected", "tolerance", "computed_with")

OURS = {name: ask for part in (k1, k2, k3, k4) for name, ask in part.ADAPTERS.items()}


def frozen_cases():
    return json.loads(FROZEN.read_text())


def shared_cases():
    return json.loads(SHARED.read_text())["cases"] if SHARED.exists() else []


def check(case):
    agree(OURS[case["function"]](**case["inputs"]), case["expected"], case["tolerance"])


def agree(ours, theirs, tolerance):
    """Named figures are compared name by name; the file writes infinity as the text 'inf', which numpy reads."""
    if isinstance(theirs, dict):
        assert set(theirs) <= set(ours)
        for name, figure in theirs.items():
            agree(ours[name], figure, tolerance)
    else:
        np.testing.assert_allclose(np.array(ours, dtype=float), np.array(theirs, dtype=float), rtol=0, atol=tolerance)


@pytest.mark.parametrize("case", frozen_cases(), ids=lambda case: case["id"])
def test_the_kernel_agrees_with_the_frozen_figures_of_other_packages(case):
    check(case)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference file is not beside this repository")
def test_the_kernel_agrees_with_every_case_of_the_shared_file():
    cases = shared_cases()
    assert len(cases) >= 74
    for case in cases:
        check(case)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared reference file is not beside this repository")
def test_the_frozen_figures_are_those_of_the_shared_file():
    assert frozen_cases() == [{name: case[name] for name in FIELDS} for case in shared_cases()]


def test_every_function_of_the_frozen_file_has_an_adapter_and_no_other():
    assert {case["function"] for case in frozen_cases()} == set(OURS)


def test_the_frozen_file_holds_all_cases_once():
    names = [case["id"] for case in frozen_cases()]
    assert len(names) == len(set(names)) == 74


def test_no_function_has_two_adapters():
    assert sum(len(part.ADAPTERS) for part in (k1, k2, k3, k4)) == len(OURS)
