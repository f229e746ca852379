"""The forecasts of a chunk of predictions in the order of time, ready for the kernel."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from predictions.models.prediction import NEVER
from predictions.scorekeeping.reading import Array
from predictions.scoring import rules, timeline

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Histories:
    """Forecasts in the order (prediction, forecaster, issued), what each is about, and the pair it belongs to."""

    rows: Array
    of: Array
    pair: Whole

    def only(self, chosen: Flags) -> "Histories":
        return self if chosen.all() else Histories(self.rows[chosen], self.of[chosen], self.pair[chosen])

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def first(self) -> Whole:
        return timeline.pair_starts(self.pair)

    @cached_property
    def stands(self) -> Flags:
        return self.rows["probability"] >= 0

    @cached_property
    def probability(self) -> Floats:
        return np.maximum(self.rows["probability"], 0.0)

    @cached_property
    def closes(self) -> Whole:
        """When each forecast ends at the latest; one that nothing would ever end never stood."""
        ends = np.minimum(self.of["closes"], self.rows["ends"])
        return np.where(ends >= NEVER, -NEVER, ends)

    @cached_property
    def segments(self) -> tuple[Whole, Whole]:
        return timeline.segments(
            self.pair, self.rows["issued"], opens=self.of["opens"], closes=self.closes, stands=self.stands
        )

    @cached_property
    def standing(self) -> Whole:
        starts, ends = self.segments
        return ends - starts

    @cached_property
    def brier(self) -> Floats:
        return rules.brier(self.probability, self.of["outcome"])

    @cached_property
    def logarithmic(self) -> Floats:
        """After the declared clip, so that it is finite."""
        return rules.logarithmic(rules.bounded(self.probability), self.of["outcome"])

    @cached_property
    def unclipped(self) -> Floats:
        """The logarithmic score as it was said: infinite for certainty that proved wrong."""
        return rules.logarithmic(self.probability, self.of["outcome"])

    @cached_property
    def is_flat_miss(self) -> Flags:
        """Certainty that proved wrong: it costs infinitely many nats."""
        return np.isinf(self.unclipped)

    @cached_property
    def is_in_hindsight(self) -> Flags:
        """Written down when the outcome could be known; a withdrawal too, for it ends what stood."""
        late: Flags = self.rows["recorded"] >= self.of["known"]
        return late

    def total(self, values: Floats) -> Floats:
        """Sum over the forecasts of each pair."""
        return np.add.reduceat(values, self.first) if len(self) else np.zeros(0)

    def total_of(self, counts: Whole | Flags) -> Whole:
        return np.add.reduceat(counts.astype(np.int64), self.first) if len(self) else np.zeros(0, np.int64)

    def mean(self, loss: Floats) -> Floats:
        """Time-weighted mean of a loss over the time each pair had a forecast up."""
        return timeline.mean_while_standing(loss, self.standing, self.first)

    @cached_property
    def has_words(self) -> bool:
        """Whether any of the forecasts was read out of words."""
        return bool((self.rows["coded"] | self.rows["implied"]).any())

    def brier_of(self, end: str) -> Floats:
        """What the forecasts cost if words are read at one end of their range."""
        return rules.brier(np.maximum(self.rows[end], 0.0), self.of["outcome"])


class Record:
    """The forecasts on the resolved predictions of a chunk: all of them, and those that count."""

    def __init__(self, predictions: Array, forecasts: Array) -> None:
        of = predictions[np.searchsorted(predictions["id"], forecasts["prediction"])]
        is_new = np.ones(len(forecasts), bool)
        is_new[1:] = np.diff(forecasts["prediction"]) != 0
        is_new[1:] |= np.diff(forecasts["forecaster"]) != 0
        self.predictions = predictions
        self.all = Histories(forecasts, of, np.cumsum(is_new) - 1)
        self.size = int(is_new.sum())
        self.heads = np.flatnonzero(is_new)
        self.is_late = forecasts["issued"] >= of["known"]
        self.is_uncertain = ~self.is_late & (forecasts["until"] > of["known"])
        self.counting = self.all.only(~self.is_late & ~self.is_uncertain)

    def count(self, chosen: Flags, among: Histories) -> Whole:
        """How many of the forecasts `among` which it is asked are `chosen`, for every pair."""
        return np.bincount(among.pair, weights=chosen, minlength=self.size).astype(np.int64)

    def total(self, values: Floats) -> Floats:
        """Sum over the forecasts that count, for every pair."""
        total: Floats = np.bincount(self.counting.pair, weights=values, minlength=self.size).astype(np.float64)
        return total
