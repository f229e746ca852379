"""The scores other platforms publish, in their signs and units, so that our figures can be laid beside theirs.

Metaculus: baseline score (against a uniform forecast) and peer score. Rewards, higher is better; 0 = the reference.
Good Judgment's scores are in `daily.py`.
"""

import numpy as np
from numpy.typing import ArrayLike

from predictions.scoring import peer, timeline
from predictions.scoring.categories import multiclass_logarithmic
from predictions.scoring.checks import Floats, classes, fitting, plain, unit_interval, yes_or_no
from predictions.scoring.rules import logarithmic

HALF_FOR_CONTINUOUS = 0.5  # Metaculus halves its scores of continuous outcomes


def baseline(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
    """Metaculus's baseline score of a binary forecast, `100·log₂(2·p_y)`, p_y the probability of what occurred.

    A reward, range [−∞, 100]: 0 for 0.5, 100 best, −896.6 at worst under its bounds of 0.001 and 0.999. A flat miss
    is −∞ and reported as such.

    Shapes: numbers in [0, 1] and 0 or 1, broadcast; two scalars give a float, anything else an array.
    Errors: ValueError, naming the argument. Source: reference/scoring.md, section 2.8.

    >>> baseline([0.5, 0.25, 1.0], [1, 0, 1])
    array([  0.        ,  58.49625007, 100.        ])
    """
    loss = logarithmic(probability, yes_or_no("occurred", occurred))
    return plain(100.0 * (1.0 - np.asarray(loss) / np.log(2.0)))


def baseline_among(probability: ArrayLike, occurred: ArrayLike) -> float | Floats:
    """Metaculus's baseline score among K options, `100·(ln p_y − ln(1/K)) / ln K`, K those in force.

    A reward, range [−∞, 100]: 0 for the uniform forecast, 100 best.

    Shapes: `probability` (K,) or (n, K), K ≥ 2, `occurred` the index of what occurred, one or (n,).
    Errors: ValueError, naming the argument, for other types, shapes or sums.
    Source: reference/scoring.md, section 2.8.

    >>> baseline_among([0.25, 0.5, 0.125, 0.125], 1)
    50.0
    """
    options = np.shape(probability)[-1] if np.ndim(probability) else 0
    if options < 2:
        raise ValueError("probability must be split over at least two options")
    loss = multiclass_logarithmic(probability, classes("occurred", occurred, options))
    return plain(100.0 * (1.0 - np.asarray(loss) / np.log(options)))


def baseline_of_mass(mass: ArrayLike, reference: ArrayLike) -> float | Floats:
    """Metaculus's baseline score of a continuous forecast, `50·ln(mass / reference)`.

    A reward, 0 for the reference. `mass` is what the forecast put on the bin the outcome fell into, `reference` what
    the reference puts there: 0.05 on each open bound, the rest evenly over the bins.

    Shapes: numbers in [0, 1], broadcast; `reference` above 0. Two scalars give a float, anything else an array.
    Errors: ValueError, naming the argument. Source: reference/scoring.md, section 2.8.

    >>> baseline_of_mass([0.005, 0.0], 0.005)
    array([  0., -inf])
    """
    own, theirs = unit_interval("mass", mass), unit_interval("reference", reference)
    fitting("reference", theirs, "mass", own)
    if (theirs <= 0.0).any():
        raise ValueError("reference must be above 0")
    with np.errstate(divide="ignore"):  # ln 0 is meant
        return plain(HALF_FOR_CONTINUOUS * 100.0 * (np.log(own) - np.log(theirs)))


def baseline_over_time(
    score: ArrayLike, duration: ArrayLike, first: ArrayLike, *, opens: ArrayLike, scheduled: ArrayLike
) -> Floats:
    """A baseline score as Metaculus shows it: its integral while standing, over the scheduled horizon.

    A reward; time without a forecast adds 0, which is the reference. NaN where the horizon makes no sense.

    Shapes: `score` float (n,) from one of the above, `duration` and `first` as `timeline.mean_while_standing` takes
    them, `opens` and `scheduled` as `timeline.over_horizon` does. Returns float64 (number of pairs,).
    Errors: those of the two. Source: reference/scoring.md, section 2.8.

    >>> baseline_over_time([100.0, 50.0], [20, 60], [0], opens=0, scheduled=100)
    array([50.])
    """
    integral = timeline.integral_while_standing(score, duration, first)
    return timeline.over_horizon(integral, opens=opens, scheduled=scheduled)


def peer_score(gain: ArrayLike, *, opens: ArrayLike, scheduled: ArrayLike, is_continuous: bool = False) -> Floats:
    """Metaculus's peer score: logarithmic peer points, halved where the outcome is continuous.

    A reward, 0 = the peers. `gain` is that of the logarithmic loss, in nats × microseconds.

    Shapes, errors and source: those of `peer.points`.

    >>> peer_score([0.5, -0.5], opens=0, scheduled=1)
    array([ 50., -50.])
    """
    return peer.points(gain, opens=opens, scheduled=scheduled) * (HALF_FOR_CONTINUOUS if is_continuous else 1.0)
