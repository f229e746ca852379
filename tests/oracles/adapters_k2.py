"""How the file of cases asks for scores of whole histories, and what of ours answers.

Its dialect: a `user` is a forecaster, `coverage` is time_coverage; Metaculus writes seconds, Good Judgment days.
"""

import numpy as np

from predictions.scoring import timeline
from predictions.scoring.daily import DAY, daily_scores, daily_segments
from predictions.scoring.peer import peer_integrals
from predictions.scoring.platforms import baseline, baseline_among, baseline_over_time, peer_score
from predictions.scoring.rules import brier, logarithmic

SECOND = 1_000_000


def time_weighted(history, open, actual_close, scheduled_close, y):
    days, p = zip(*history, strict=True)
    opens, scheduled, pair = open * DAY, scheduled_close * DAY, [0] * len(days)
    lengths = timeline.durations(pair, [int(day * DAY) for day in days], opens=opens, closes=actual_close * DAY)
    integral = timeline.integral_while_standing(brier(p, y), lengths, [0])
    return {
        "mean_over_active": timeline.mean_while_standing(brier(p, y), lengths, [0])[0],
        "coverage_of_scheduled": timeline.time_coverage(lengths, [0], opens=opens, scheduled=scheduled)[0],
        "integral_over_scheduled": timeline.over_horizon(integral, opens=opens, scheduled=scheduled)[0],
    }


class Metaculus:
    """One question's forecasts as our rows: a forecast ends at its successor, its withdrawal, or the close."""

    def __init__(self, forecasts, open, actual_close, scheduled_close):
        given = sorted(forecasts, key=lambda row: (row["user"], row["start"]))
        self.pmf = np.array([row["pmf"] for row in given])
        self.users, self.pair = np.unique([row["user"] for row in given], return_inverse=True)
        ends = [actual_close if row["end"] is None else min(row["end"], actual_close) for row in given]
        issued, closes = ([moment * SECOND for moment in column] for column in ([r["start"] for r in given], ends))
        self.opens, self.scheduled = open * SECOND, scheduled_close * SECOND
        self.start, self.end = timeline.segments(self.pair, issued, opens=self.opens, closes=closes)
        self.first = timeline.pair_starts(self.pair)
        self.horizon = {"opens": self.opens, "scheduled": self.scheduled}

    def told(self, score):
        lengths = self.end - self.start
        coverage = timeline.time_coverage(lengths, self.first, **self.horizon)
        figures = zip(self.users, score, coverage, strict=True)
        return {str(user): {"score": points, "coverage": share} for user, points, share in figures}


def metaculus_baseline(outcome_index, type, **history):
    question = Metaculus(**history)
    binary = baseline(question.pmf[:, 1], outcome_index) if type == "binary" else None
    score = baseline_among(question.pmf, np.full(len(question.pmf), outcome_index)) if binary is None else binary
    lengths = question.end - question.start
    return question.told(baseline_over_time(score, lengths, question.first, **question.horizon))


def metaculus_peer(outcome_index, type, **history):
    question = Metaculus(**history)
    loss = logarithmic(question.pmf[:, outcome_index], 1)
    gain = peer_integrals(np.zeros_like(question.pair), question.start, question.end, loss).gain
    return question.told(peer_score(np.add.reduceat(gain, question.first), **question.horizon))


def gjo_accuracy(history, days, y):
    """The file numbers the days; ours are moments of them, here every forecast at noon."""
    rows = [(pair, int(day), p) for pair, said in enumerate(history.values()) for day, p in said.items()]
    pair, day, p = (np.array(column) for column in zip(*rows, strict=True))
    opens, closes = days[0], days[1] + 1
    start, end = daily_segments(pair, day * DAY + DAY // 2, opens=opens * DAY, closes=closes * DAY)
    ours = daily_scores(np.zeros_like(pair), pair, start, end, brier(p, y), days=closes - opens, at_least=1)
    first = timeline.pair_starts(pair)
    participation = timeline.time_coverage(end - start, first, opens=opens, scheduled=closes)
    names = ("mean_daily_brier_02", "mean_daily_median_02", "accuracy_score", "participation")
    figures = zip(*ours, participation, strict=True)
    return {name: dict(zip(names, values, strict=True)) for name, values in zip(history, figures, strict=True)}


ADAPTERS = {
    "time_weighted_brier_01": time_weighted,
    "metaculus_baseline": metaculus_baseline,
    "metaculus_peer": metaculus_peer,
    "gjo_accuracy": gjo_accuracy,
}
