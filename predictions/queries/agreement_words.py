"""Agreement between resolvers in words: text fit for a methods section, each number with its convention and its n."""

from collections.abc import Iterable
from operator import attrgetter

from predictions.charts.plot import plain
from predictions.queries.agreement_figures import Decisions, Figures, Pair
from predictions.queries.scorecard_cautions import counted, number
from predictions.queries.scorecard_words import as_share
from predictions.scoring.agreement import FEWEST_FOR_INTERVAL, RESAMPLES
from predictions.scoring.agreement import Agreement as Measure

UNDEFINED = "undefined"
RELY, TENTATIVE = 0.8, 0.667
"""Krippendorff's cut-offs of α (Content Analysis, 2004): to rely on, and for tentative conclusions only."""

PLACES = 3  # as many as the cut-offs have
PAIRS_NAMED = 6
ALONE = (
    "Each judged alone: until all who were asked had submitted, nobody saw another’s verdict, how many had submitted, "
    "or any agreement. The agreement told here is therefore that before any discussion."
)
KEPT = (
    "The figures rest on the resolvers’ own verdicts, before any adjudication; both these and the decisions are kept."
)
CUT_OFFS = (
    "By a common convention (Krippendorff 2004) one relies on an alpha of .800 or more and draws only tentative "
    "conclusions from .667 up to .800; no verbal labels, such as those of Landis and Koch, are used."
)
CLUSTERED = "Criteria of one prediction are not independent of each other, so that the interval may be too narrow."


def methods(figures: Figures, decisions: Decisions) -> tuple[str, ...]:
    """Three paragraphs: who judged what and how, how far they agreed, and how it was decided."""
    return _paragraph(design(figures)), _paragraph(findings(figures)), _paragraph(decided(figures, decisions))


def coefficient(found: Measure | None) -> str:
    """A coefficient as shown everywhere: undefined is said, never 0 or 1."""
    return UNDEFINED if found is None else plain(found.value, PLACES)


def share(found: Measure | None) -> str:
    """Per cent agreement, likewise."""
    return UNDEFINED if found is None else as_share(found.value)


def criteria(count: int) -> str:
    return f"{number(count)} criteri{'on' if count == 1 else 'a'}"


def sample(count: int) -> str:
    """The n beside a number, in figures; its parts are not torn apart."""
    return f"n\xa0=\xa0{count:,} criteri{'on' if count == 1 else 'a'}"


def interval(alpha: Measure | None) -> str:
    """The ends of the interval of alpha, or why there is none."""
    if alpha is None:
        return ""
    if alpha.low is None or alpha.high is None:
        return f"no interval: it takes {number(FEWEST_FOR_INTERVAL)} criteria"
    return f"95% interval {plain(alpha.low, PLACES)} to {plain(alpha.high, PLACES)}"


def why_undefined(figures: Figures) -> str:
    """Why what corrects for chance cannot be computed."""
    if figures.n == 0:
        return "no criterion has two verdicts other than “cannot tell”"
    return "nothing varies: every verdict was the same, and agreement that could not have been otherwise says nothing"


def reading(alpha: Measure | None) -> str:
    """Where alpha lies among the cut-offs, and whether its interval lies there too."""
    if alpha is None:
        return ""
    told = f"This alpha lies {_place(alpha.value)}"
    if alpha.low is None or alpha.high is None:
        return f"{told}; how uncertain it is, so few criteria do not tell."
    is_clear = _place(alpha.low) == _place(alpha.high)
    return f"{told}, and so does its whole interval." if is_clear else f"{told}; its interval reaches beyond."


def design(figures: Figures) -> Iterable[str]:
    judged = f"{criteria(figures.criteria)} of {counted(figures.predictions, 'prediction')}"
    yield f"{counted(figures.resolvers, 'resolver')} judged {judged}{_to_each(figures)}."
    if figures.resolvers > 1:
        yield ALONE
    overlap = _part(figures.overlap, criteria(figures.criteria))
    yield f"Overlap: {overlap} ({as_share(figures.overlap / figures.criteria)}) were judged by at least two resolvers."
    unclear = _part(figures.cannot_tell, counted(figures.verdicts, "verdict"))
    yield (
        f"The verdicts were “met”, “partly met”, “not met” and “cannot tell”; the last ({unclear}) is taken for a "
        "missing rating unless said otherwise."
    )
    if figures.replaced:
        replace = "replaces an earlier one" if figures.replaced == 1 else "replace earlier ones"
        yield f"{counted(figures.replaced, 'assessment')} {replace} of the same resolver; both are on record."


def findings(figures: Figures) -> Iterable[str]:
    n = sample(figures.n)
    if figures.percent is None:
        yield f"Agreement is {UNDEFINED}: {why_undefined(figures)}."
    else:
        yield (
            f"The resolvers agreed on {share(figures.percent)} ({n}; mean over criteria with two verdicts or more "
            "of the share of pairs of verdicts that are the same; not corrected for chance)."
        )
    if figures.cannot_tell and figures.overlap:
        told = f"{share(figures.percent_of_all)} ({sample(figures.overlap)})"
        yield f"With “cannot tell” as a verdict of its own they agreed on {told}."
    if figures.percent is None:
        return
    yield from _alpha(figures)
    yield from _kappas(figures.pairs)
    yield f"Gwet’s AC1 (unordered, of three verdicts) {_is(figures.ac1)} ({n}{_error(figures.ac1)})."


def decided(figures: Figures, found: Decisions) -> Iterable[str]:
    if found.adjudicated:
        predictions = _part(found.adjudicated, counted(figures.predictions, "prediction"))
        of_criteria = _part(found.adjudicated_criteria, criteria(figures.criteria))
        yield (
            "Adjudicated, because the verdicts differed beyond the rule fixed with the criteria or could not tell: "
            f"{predictions} ({of_criteria}), each by somebody who had neither judged nor forecast it, with a reason."
        )
    else:
        yield "No prediction was adjudicated."
    others = {
        "confirmed as judged": found.confirmed,
        "decided by one person": found.direct,
        "not decided yet": found.undecided,
    }
    told = [f"{words}: {number(count)}" for words, count in others.items() if count]
    if told:
        yield f"{'; '.join(told)}."
    if found.replaced:
        yield f"{counted(found.replaced, 'decision')} replaced an earlier one, with a reason."
    yield KEPT


def _alpha(figures: Figures) -> Iterable[str]:
    rests = f"{sample(figures.n)}, {counted(figures.resolvers, 'resolver')}"
    if figures.alpha is None:
        yield f"Krippendorff’s alpha (ordinal) is {UNDEFINED}: {why_undefined(figures)} ({rests})."
        return
    drawn = "" if figures.alpha.low is None else f"; percentile bootstrap, {RESAMPLES:,} resamples of whole criteria"
    yield (
        "Krippendorff’s alpha (ordinal: not met < partly met < met; 1 is perfect, 0 as by chance) "
        f"{_is(figures.alpha)}, {interval(figures.alpha)} ({rests}{drawn})."
    )
    if drawn and figures.predictions < figures.n:
        yield CLUSTERED
    yield CUT_OFFS
    yield reading(figures.alpha)


def _kappas(pairs: tuple[Pair, ...]) -> Iterable[str]:
    told = "Cohen’s kappa (unweighted), for each pair of resolvers"
    if len(pairs) <= PAIRS_NAMED:
        each = [f"{pair.first} and {pair.second} {coefficient(pair.kappa)} ({sample(pair.n)})" for pair in pairs]
        why = "; undefined where nothing varies" if any(pair.kappa is None for pair in pairs) else ""
        yield f"{told}: {'; '.join(each)}{why}."
        return
    values = sorted((pair.kappa for pair in pairs if pair.kappa is not None), key=attrgetter("value"))
    ends = f"{coefficient(values[0])} to {coefficient(values[-1])}" if values else UNDEFINED
    rests = f"{len(pairs)} pairs, of {min(pair.n for pair in pairs)} to {max(pair.n for pair in pairs)} criteria each"
    left_out = len(pairs) - len(values)
    yield f"{told}: {ends} ({rests}{f'; {UNDEFINED} for {left_out}' if left_out and values else ''})."


def _to_each(figures: Figures) -> str:
    fewest, most = figures.fewest_resolvers, figures.most_resolvers
    if fewest == figures.resolvers:
        return ""
    return f", {number(fewest)} to each" if fewest == most else f", {number(fewest)} to {number(most)} to each"


def _part(part: int, whole: str) -> str:
    return f"{number(part) if part else 'none'} of {whole}"


def _is(found: Measure | None) -> str:
    return f"is {UNDEFINED}" if found is None else f"= {coefficient(found)}"


def _error(found: Measure | None) -> str:
    if found is None or found.standard_error is None:
        return ""
    return f", standard error {plain(found.standard_error, PLACES)} over criteria"


def _place(alpha: float) -> str:
    if alpha >= RELY:
        return "at .800 or above"
    return "from .667 up to .800" if alpha >= TENTATIVE else "below .667"


def _paragraph(sentences: Iterable[str]) -> str:
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)
