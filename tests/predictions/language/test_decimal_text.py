"""The ledger's decimal string, `scales.decimal_text`."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.scales import decimal_text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1, "1"),
        (0.0, "0"),
        (1.0, "1"),
        (0.5, "0.5"),
        (0.1, "0.1"),
        (1e-7, "0.0000001"),
        (Decimal("0.50"), "0.5"),
        (Decimal("0.00"), "0"),
        (Decimal("1.000"), "1"),
        (Decimal("1E-3"), "0.001"),
        (Decimal("1E-25"), "0." + "0" * 24 + "1"),
        (Decimal("0." + "3" * 25), "0." + "3" * 25),
        (Decimal("0.5" + "0" * 40), "0.5"),
        ("0.50", "0.5"),
        ("1.0", "1"),
        ("0.0", "0"),
    ],
)
def test_the_ledger_writes_a_probability_in_one_way(value, text):
    assert decimal_text(value) == text


@pytest.mark.parametrize(
    "value",
    [-0.0, -1, 2, 1.2, 10**400, True, float("nan"), float("inf"), 5e-324]
    + [Decimal(text) for text in ("-0", "-0.0", "NaN", "sNaN", "1.1", "1E+9", "1E-26", "1E-999999999", "1E+999999999")]
    + [Decimal("0." + "3" * 26), Decimal("0.5" + "0" * 40 + "1")]
    + ["", "-0", ".5", "1.", "00", "0.5\n", " 0.5", "0_1", "1e-3", "NaN", "０.5", "٠", "1.01", "0." + "3" * 26],
)
def test_the_ledger_writes_nothing_else(value):
    with pytest.raises(ValueError, match="not a probability between 0 and 1"):
        decimal_text(value)


@given(st.floats(1e-9, 1) | st.decimals(0, 1, places=25))
def test_a_ledger_decimal_is_canonical_and_loses_nothing(value):
    text = decimal_text(value)
    assert re.fullmatch(r"0|1|0\.[0-9]{0,24}[1-9]", text)
    assert type(value)(text) == value
    assert decimal_text(text) == text
