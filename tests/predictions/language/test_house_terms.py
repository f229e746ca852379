"""The terms of a house scale, one a line."""

from decimal import Decimal
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.language.house_terms import FaultyTerms, read_terms, write_terms
from predictions.language.scales import Term


def test_terms_are_read_in_per_cent_or_as_shares_lowest_first():
    terms = read_terms("Likely, probable: 55%, 67.5 %, .8\n\nremote: 0, 2 per cent, 0.05\n")
    assert terms == (
        Term("remote", ("remote",), Decimal("0"), Decimal("0.02"), Decimal("0.05")),
        Term("likely", ("likely", "probable"), Decimal("0.55"), Decimal("0.675"), Decimal("0.8")),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "at least one term"),
        ("likely 55%, 67.5%, 80%", "Line 1"),
        ("likely: 55%, 80%", "Line 1: write the words"),
        ("\nlikely: 55%, 67.5%, 80%, 90%", "Line 2: write the words"),
        (": 55%, 67.5%, 80%", "Line 1: write the words"),
        ("likely: 80%, 67.5%, 55%", "low, point and high in this order"),
        ("likely: 55, 67.5, 80", "write 55% or 0.55"),
        ("likely: 55%, 67.5%, 180%", "between 0 and 1"),
        ("likely: -5%, 67.5%, 80%", "is no number"),
        ("likely: 55%, 0_6, 80%", "is no number"),
        ("likely: ٥٥%, 67.5%, 80%", "is no number"),
        ("likely: 1%, 2%, 3%\nprobable, likely: 4%, 5%, 6%", "“likely” stands there twice"),
        ("Likely, likely: 1%, 2%, 3%", "“likely” stands there twice"),
        ("may: 40%, 50%, 60%", "leaves everything open"),
        ("70%: 60%, 70%, 80%", "is a number"),
        ("x" * 81 + ": 60%, 70%, 80%", "at most 80 characters"),
        ("\n".join(f"term {chr(97 + k // 26)}{chr(97 + k % 26)}: 1%, 2%, 3%" for k in range(41)), "at most 40 terms"),
        (
            ", ".join(f"x{a}{b}" for a in ascii_lowercase for b in ascii_lowercase) + ": 1%, 2%, 3%",
            "at most 400 spellings",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text, message):
    with pytest.raises(FaultyTerms) as refusal:
        read_terms(text)
    assert message in str(refusal.value)


def test_every_fault_is_told_at_once():
    with pytest.raises(FaultyTerms) as refusal:
        read_terms("likely: 80%, 70%, 60%\nmight: 1%, 2%, 3%")
    assert len(refusal.value.messages) == 2 + 1  # and that no term is left


millionths = st.lists(st.integers(0, 1_000_000), min_size=3, max_size=3).map(sorted)


@settings(max_examples=40)
@given(st.dictionaries(st.text("abcdefgh", min_size=1, max_size=9), millionths, min_size=1, max_size=5))
def test_terms_written_out_are_read_as_the_same(told):
    text = "\n".join(
        f"{name} x: {', '.join(format(Decimal(k).scaleb(-6), 'f') for k in ends)}" for name, ends in told.items()
    )
    terms = read_terms(text)
    assert read_terms(write_terms(terms)) == terms
