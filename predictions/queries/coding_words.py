"""Agreement between coders in words: text fit for a methods section, each number with its convention and its n."""

from collections.abc import Iterable

from predictions.charts.plot import plain
from predictions.queries.agreement_words import CUT_OFFS, PLACES, UNDEFINED, coefficient
from predictions.queries.coding_figures import WITHIN, CodingFigures
from predictions.queries.scorecard_cautions import counted, number
from predictions.queries.scorecard_words import as_share
from predictions.scoring.agreement import FEWEST_FOR_INTERVAL, RESAMPLES

POINTS = f"{WITHIN * 100:g} percentage points"
ALONE = (
    "Every coder but the first was asked, and from then on was shown neither another’s number nor the outcome until "
    "they had entered their own. What they had seen before they were asked is not known."
)
COUNTS = "The probability of a forecast is the median of its codings; all are kept."


def methods(figures: CodingFigures) -> tuple[str, ...]:
    """Two paragraphs: who coded what and how, and how far they agreed; none where nothing was coded by two."""
    return (_paragraph(design(figures)), _paragraph(findings(figures))) if figures.n else ()


def forecasts(count: int) -> str:
    """The n beside a number."""
    return f"n\xa0=\xa0{count:,} forecast{'' if count == 1 else 's'}"


def points(value: float | None) -> str:
    """A distance between probabilities."""
    return UNDEFINED if value is None else f"{round(value * 100, 1):g} points"


def interval(figures: CodingFigures) -> str:
    """The ends of the interval of alpha, or why there is none."""
    alpha = figures.alpha
    if alpha is None:
        return ""
    if alpha.low is None or alpha.high is None:
        return f"no interval: it takes {number(FEWEST_FOR_INTERVAL)} forecasts"
    return f"95% interval {plain(alpha.low, PLACES)} to {plain(alpha.high, PLACES)}"


def why_undefined(figures: CodingFigures) -> str:
    if figures.n == 0:
        return "no forecast was coded by two"
    return "nothing varies: every coding gave the same probability"


def design(figures: CodingFigures) -> Iterable[str]:
    each = number(figures.fewest) if figures.fewest == figures.most else f"{figures.fewest} to {figures.most}"
    yield (
        f"Of {counted(figures.coded, 'forecast')} whose probability was read out of words, {number(figures.n)} "
        f"({as_share(figures.n / figures.coded)}) {'was' if figures.n == 1 else 'were'} coded by two or more: "
        f"{each} codings to each, {counted(figures.codings, 'coding')} by {counted(figures.coders, 'coder')}."
    )
    yield ALONE
    if figures.asked:
        part = f"{number(figures.had_own_forecast)} of {counted(figures.asked, 'coding')}"
        yield f"Asked whether they had a forecast of their own before, the coders said so for {part}."
    yield COUNTS


def findings(figures: CodingFigures) -> Iterable[str]:
    n, alpha = forecasts(figures.n), figures.alpha
    if alpha is None:
        yield f"Krippendorff’s alpha (interval) is {UNDEFINED}: {why_undefined(figures)} ({n})."
    else:
        drawn = "" if alpha.low is None else f"; percentile bootstrap, {RESAMPLES:,} resamples of whole forecasts"
        yield (
            "Krippendorff’s alpha (interval, of probabilities; 1 is perfect, 0 as by chance) = "
            f"{coefficient(alpha)}, {interval(figures)} ({n}, {counted(figures.coders, 'coder')}{drawn})."
        )
        yield CUT_OFFS
    yield (
        f"{as_share(figures.within)} of pairs of codings lay within {POINTS} of each other (mean over forecasts, {n}; "
        "not corrected for chance)."
    )
    yield (
        f"The range of the codings of a forecast was {points(figures.mean_range)} on average and "
        f"{points(figures.largest_range)} at most."
    )


def _paragraph(sentences: Iterable[str]) -> str:
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)
