"""What several forecasters say together on one prediction, over time and now; hidden where others' forecasts are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from accounts.models import User
from predictions.models import Forecast, Prediction, PredictionRevision
from predictions.models.forecast import as_percent, predictions_hiding_from
from predictions.models.forecaster import CONSENSUS
from predictions.models.prediction import NEVER
from predictions.models.times import from_microseconds, microseconds
from predictions.scoring import consensus, timeline

ROWS = np.dtype([(name, "i8") for name in ("forecaster", "issued", "revision")] + [("probability", "f8")])


@dataclass(frozen=True)
class Consensus:
    """One way of pooling: its `name`, the probability `standing` at last (None: fewer than two stand), and its steps.

    `steps` are (from when, probability); None where fewer than two forecasters stood from then on.
    """

    name: str
    standing: float | None
    steps: tuple[tuple[datetime, float | None], ...]

    @property
    def in_words(self) -> str:
        return as_percent(round(self.standing, 3)) if self.standing is not None else "stands no more"


@dataclass(frozen=True)
class Pool:
    """The consensus by every method, from the `n` forecasters who stand at last."""

    n: int
    methods: tuple[Consensus, ...]


def pooled(prediction: Prediction, *, user: User, now: datetime) -> Pool | None:
    """Until `now` or the close; None where two never stood at once, or others' forecasts are hidden from `user`."""
    revision = prediction.revision
    if revision is None or predictions_hiding_from(user).filter(pk=prediction.pk).exists():
        return None
    rows = _rows(prediction, user)
    closing = prediction.closing_at
    until = microseconds(min(now, closing) if closing else now)
    closes = np.minimum(_ends(prediction, rows), until)
    pair = np.unique(rows["forecaster"], return_inverse=True)[1].astype(np.int64)
    starts, ends = timeline.segments(
        pair, rows["issued"], opens=revision.opens_us, closes=closes, stands=rows["probability"] >= 0
    )
    n = int(((starts < ends) & (ends == until)).sum())
    scheduled = NEVER if revision.closes_us is None else revision.closes_us
    half_life = consensus.half_life(opens=revision.opens_us, scheduled=scheduled)
    methods = tuple(
        _method(how, name, (pair, starts, ends, np.maximum(rows["probability"], 0.0)), until, half_life)
        for how, (_, name) in CONSENSUS.items()
    )
    return Pool(n, methods) if methods[0].steps else None


def _rows(prediction: Prediction, user: User) -> NDArray[Any]:
    known = prediction.known_us
    standing = Forecast.objects.visible_to(user).standing().filter(prediction=prediction)
    counted = standing.exclude(issued_us__lt=known, issued_until_us__gt=known)
    told = counted.order_by("forecaster", "issued_us", "pk").values_list(
        "forecaster", "issued_us", "revision__number", "probability"
    )
    return np.fromiter(((*row[:3], -1.0 if row[3] is None else row[3]) for row in told), ROWS)


def _ends(prediction: Prediction, rows: NDArray[Any]) -> NDArray[np.int64]:
    """When each forecast ended because the prediction was changed in substance."""
    ends = np.full(len(rows), NEVER)
    for change in prediction.revisions.filter(kind=PredictionRevision.Kind.MATERIAL):
        earlier = rows["revision"] < change.number
        ends[earlier] = np.minimum(ends[earlier], microseconds(change.recorded_at))
    return ends


def _method(how: consensus.How, name: str, segments: Any, until: int, half_life: Any) -> Consensus:
    pair, starts, ends, probability = segments
    told = consensus.consensus(np.zeros_like(pair), pair, starts, ends, probability, how=how, half_life=half_life)
    steps: list[tuple[datetime, float | None]] = []
    for k, (start, end) in enumerate(zip(told.start.tolist(), told.end.tolist(), strict=True)):
        steps.append((from_microseconds(start), float(told.probability[k])))
        if k + 1 == len(told.start) or told.start[k + 1] > end:
            steps.append((from_microseconds(end), None))
    stands = len(told.end) > 0 and told.end[-1] == until
    return Consensus(name, float(told.probability[-1]) if stands else None, tuple(steps))
