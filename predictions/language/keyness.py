"""How much oftener a term stands in one text than in another: log-likelihood and log ratio."""

from dataclasses import dataclass
from math import log, log2, sqrt

CONFIDENCE = 0.95
Z = 1.959963984540054  # the 97.5th percentile of the standard normal distribution
ADDED = 0.5
CRITICAL = 3.84  # the 95th percentile of χ² with one degree of freedom


@dataclass(frozen=True)
class LogRatio:
    """Doublings of the rate from the first text to the second, with a 95% interval; None throughout: undefined.

    `is_adjusted` says that one count was 0 and 0.5 was added.
    """

    value: float | None
    low: float | None
    high: float | None
    is_adjusted: bool = False


def log_likelihood(first: int, first_total: int, second: int, second_total: int) -> float | None:
    """G² = 2 (a ln(a/E₁) + b ln(b/E₂)), with E₁ = c (a + b)/(c + d) and E₂ = d (a + b)/(c + d).

    a and b are the counts of a term, c and d the sizes of the texts; 0 ln 0 is 0. Range: from 0, alike, without an
    upper end; it does not tell in which text the term is commoner, and grows with the texts. Unit: none (twice a
    likelihood ratio in nats; χ² with one degree of freedom if occurrences were independent, which in one author's text
    they are not: it ranks terms and tests nothing). None where both counts are 0: undefined.
    Errors: ValueError for a total below 1 or a count outside 0 to its total.
    Source: Dunning 1993 (Computational Linguistics 19, 61–74); the form with two terms is Rayson and Garside 2000.

    >>> round(log_likelihood(2, 10_000, 20, 10_000), 2)
    17.09
    """
    _check(first, first_total, second, second_total)
    if not first + second:
        return None
    share = (first + second) / (first_total + second_total)
    pairs = ((first, first_total * share), (second, second_total * share))
    # Rounding may bring equal rates a hair below 0.
    return max(0.0, 2 * sum(count * log(count / expected) for count, expected in pairs if count))


def log_ratio(first: int, first_total: int, second: int, second_total: int) -> LogRatio:
    """log₂ of (b/d)/(a/c): +1, twice as often in the second text; 0, as often; −1, half as often.

    The 95% interval is (ln(ratio) ± 1.96 s)/ln 2 with s² = 1/a − 1/c + 1/b − 1/d (the risk ratio's). Where one count
    is 0, 0.5 is added to both counts and both totals, and `is_adjusted` says so; where both are 0 there is no ratio.
    Range: all numbers. Unit: doublings. Like G², the interval takes occurrences for independent.
    Errors: ValueError for a total below 1 or a count outside 0 to its total.
    Source: Hardie 2014 (log ratio as an effect size of keywords); Katz et al. 1978 for the interval.

    >>> found = log_ratio(2, 10_000, 20, 10_000)
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (3.32, 1.23, 5.42)
    """
    _check(first, first_total, second, second_total)
    if not first + second:
        return LogRatio(None, None, None)
    is_adjusted = not (first and second)
    added = ADDED if is_adjusted else 0.0
    a, c, b, d = (value + added for value in (first, first_total, second, second_total))
    value = log2(b / d) - log2(a / c)
    half = Z * sqrt(max(0.0, 1 / a - 1 / c) + max(0.0, 1 / b - 1 / d)) / log(2)
    return LogRatio(value, value - half, value + half, is_adjusted)


def _check(first: int, first_total: int, second: int, second_total: int) -> None:
    for name, count, total in (("first", first, first_total), ("second", second, second_total)):
        if total < 1:
            raise ValueError(f"{name}_total must be 1 or more, not {total}")
        if not 0 <= count <= total:
            raise ValueError(f"{name} must lie between 0 and its total {total}, not {count}")
