"""From a number to the word of a scale, by the rule for ties that `wording` gives."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.scales import SCALES, read, scale_named
from predictions.language.wording import describe_wording, word_for

ICD, PHIA, IPCC, KENT, SURVEY = "icd203-2015", "phia-2025", "ipcc-ar6", "kent-1964", "survey-2017"


@pytest.mark.parametrize(
    ("key", "share", "sentence"),
    [
        (ICD, "0.7", "likely (55–80%) on ICD 203"),
        (ICD, "0.2", "unlikely (20–45%) on ICD 203"),
        (ICD, "0.55", "likely (55–80%) on ICD 203"),
        (ICD, "0.99", "almost certain (95–99%) on ICD 203"),
        (ICD, "0.005", "ICD 203 has no word for 0.5%; the nearest is almost no chance (1–5%)"),
        (PHIA, "0.2", "highly unlikely (10–20%) on PHIA Yardstick"),
        (PHIA, "0.07", "PHIA Yardstick has no word for 7%; the nearest is remote chance (0–5%)"),
        (PHIA, "0.075", "PHIA Yardstick has no word for 7.5%; the nearest is highly unlikely (10–20%)"),
        (PHIA, "0.5", "PHIA Yardstick has no word for exactly 50%"),
        (PHIA, "0.51", "PHIA Yardstick has no word for 51%; the nearest is realistic possibility (40–50%)"),
        (IPCC, "0.78", "likely (66–90%) on IPCC AR6, exclusive reading"),
        (IPCC, "0.6", "more likely than not (50–66%) on IPCC AR6, exclusive reading"),
        (IPCC, "0.97", "extremely likely (95–99%) on IPCC AR6, exclusive reading"),
        (KENT, "1", "certain (100%) on Kent 1964"),
        (KENT, "0.87", "almost certain (87–99%) on Kent 1964"),
        (SURVEY, "0.7", "likely (65–75%) on Survey of 46 readers"),
        (SURVEY, "0.4", "Survey of 46 readers has no word for 40%; the nearest is probably not (20–38.75%)"),
    ],
)
def test_a_number_takes_the_word_whose_band_holds_it_and_a_moved_one_says_so(key, share, sentence):
    assert describe_wording(Decimal(share), scale_named(key)) == sentence


shares = st.integers(0, 10_000).map(lambda k: Decimal(k).scaleb(-4))


@given(shares, st.sampled_from(list(SCALES)))
def test_the_number_lies_within_the_band_of_its_word_unless_it_was_moved(share, key):
    wording = word_for(share, SCALES[key])
    if wording.term is None:
        assert share in SCALES[key].wordless
    else:
        assert wording.is_moved != (wording.term.low <= share <= wording.term.high)


@given(st.sampled_from([ICD, PHIA, KENT]), shares, shares)
def test_on_scales_whose_bands_lie_side_by_side_a_greater_number_never_takes_a_lower_word(key, one, other):
    one, other = min(one, other), max(one, other)
    words = [word_for(share, SCALES[key]).term for share in (one, other)]
    assert None in words or words[0].low <= words[1].low


@pytest.mark.parametrize("key", [ICD, PHIA, KENT, IPCC])
def test_a_word_read_and_put_into_words_again_is_of_the_same_band(key):
    for term in SCALES[key].terms:
        again = word_for(read(term.name, key).point, SCALES[key])
        assert (again.term.low, again.term.high, again.is_moved) == (term.low, term.high, False)
