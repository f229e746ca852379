"""The second pass of an import: staged rows into the database, a ledger entry for each, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import numpy as np
from django.db import models
from numpy.typing import NDArray

from accounts.models import User
from predictions import record
from predictions.exchange.forecast_import import PlainPrediction
from predictions.models import Case, Forecaster, Origin, Prediction, PredictionRevision, Rationale, Resolution
from predictions.models.bulk import write_instances, write_rows
from predictions.models.prediction import NEVER
from predictions.models.times import from_microseconds, microseconds
from predictions.operations.forecast_import_staging import Stage

BLOCK = 500
ANNULLED_BY_FILE = "The imported data calls it annulled and gives no ground."
MADE_BY_IMPORT = "Named by an import of forecasts, which does not say what it is."


@dataclass(frozen=True)
class Writing:
    """Where an import writes, in whose name, and when."""

    case: Case
    by: User
    at: datetime
    stage: Stage

    # --- forecasters ---------------------------------------------------------------------------------------------

    def name_forecasters(self, names: Iterable[str]) -> int:
        """Record those of `names` that nobody has named yet; returns how many."""
        rows = [_new_forecaster(name) for name in unnamed(names)]
        for first in range(0, len(rows), BLOCK):
            block = rows[first : first + BLOCK]
            said = [record.spelled(row, by=self.by) for row in block]
            record.append_many("forecaster.named", said, case=None, by=self.by, at=self.at)
            write_instances(Forecaster, block)
        return len(rows)

    # --- predictions ---------------------------------------------------------------------------------------------

    def pose_predictions(self) -> int:
        """Record the staged predictions that are new; returns how many."""
        earliest = _earliest(self.stage.forecasts())
        new = ((number, row) for number, (row, key) in enumerate(self.stage.predictions()) if key is None)
        count = 0
        while block := list(islice(new, BLOCK)):
            self._pose([row._replace(opens_us=self._opening(row, earliest.get(number))) for number, row in block])
            count += len(block)
        return count

    def _opening(self, row: PlainPrediction, earliest: int | None) -> int:
        known = (row.opens_us, earliest, row.closes_us, row.known_us, microseconds(self.at))
        return next(us for us in known if us is not None)

    def _pose(self, rows: Sequence[PlainPrediction]) -> None:
        posed = [(self._prediction(row), self._revision(row)) for row in rows]
        said = [
            record.spelled(
                prediction,
                by=self.by,
                parts=[_of(prediction, revision)],
                prediction_revision_sha256=revision.digest([]),
            )
            for prediction, revision in posed
        ]
        seqs = record.append_many("prediction.posed", said, case=self.case, by=self.by, at=self.at)
        write_instances(Prediction, [prediction for prediction, _ in posed])
        keys = dict(Prediction.objects.filter(uuid__in=[p.uuid for p, _ in posed]).values_list("uuid", "pk"))
        for seq, (prediction, revision) in zip(seqs, posed, strict=True):
            prediction.pk, revision.prediction_id, revision.entry_id = keys[prediction.uuid], keys[prediction.uuid], seq
        write_instances(PredictionRevision, [revision for _, revision in posed])
        _point_at(PredictionRevision, "revision", seqs)

    def _prediction(self, row: PlainPrediction) -> Prediction:
        own = {"external_id": row.external_id, "theme": row.theme}
        return Prediction(case=self.case, origin=Origin.IMPORTED, created_at=self.at, **own)

    def _revision(self, row: PlainPrediction) -> PredictionRevision:
        return PredictionRevision(
            number=1,
            statement=row.title,
            opens_at=from_microseconds(row.opens_us or 0),
            closes_at=_moment(row.closes_us),
            origin=Origin.IMPORTED,
            recorded_at=self.at,
        )

    # --- outcomes ------------------------------------------------------------------------------------------------

    def resolve_predictions(self) -> int:
        """Record the staged outcomes of predictions that are undecided; returns how many."""
        decided = (row for row, _ in self.stage.predictions() if row.is_decided)
        count = 0
        while block := list(islice(decided, BLOCK)):
            self._resolve(block)
            count += len(block)
        return count

    def _resolve(self, rows: Sequence[PlainPrediction]) -> None:
        named = Prediction.objects.filter(case=self.case, external_id__in=[row.external_id for row in rows])
        predictions = {each.external_id: each for each in named.select_related("revision")}
        made = [self._resolution(row, predictions[row.external_id]) for row in rows]
        said = [record.spelled(resolution, by=self.by) for resolution in made]
        seqs = record.append_many("resolution.made", said, case=self.case, by=self.by, at=self.at)
        for seq, resolution in zip(seqs, made, strict=True):
            resolution.entry_id = seq
        write_instances(Resolution, made)
        write_rows(Rationale, ("entry_id", "text"), [(r.entry_id, r.rationale) for r in made if r.rationale])
        _point_at(Resolution, "resolution", seqs)

    def _resolution(self, row: PlainPrediction, prediction: Prediction) -> Resolution:
        """`annulled` in a file names no ground; that nothing can be verified is what is left."""
        resolution = Resolution(
            prediction=prediction,
            revision=prediction.revision,
            outcome=row.outcome,
            annulled=Resolution.Ground.UNVERIFIABLE if row.outcome is None else "",
            known_at=_moment(row.known_us),
            resolved_at=self.at,
            resolved_by=self.by,
            origin=Origin.IMPORTED,
        )
        resolution.rationale = ANNULLED_BY_FILE if row.outcome is None else ""
        return resolution


def unnamed(names: Iterable[str]) -> list[str]:
    """Those of `names` that no forecaster bears yet."""
    known = set(Forecaster.objects.values_list("name", flat=True))
    return [name for name in names if name not in known]


def _new_forecaster(name: str) -> Forecaster:
    kind = Forecaster.Kind.CROWD if name.lower().endswith("crowd") else Forecaster.Kind.OUTLET
    return Forecaster(name=name, kind=kind, description=MADE_BY_IMPORT)


def _of(prediction: Prediction, revision: PredictionRevision) -> PredictionRevision:
    revision.prediction = prediction
    return revision


def _point_at(model: Any, field: str, seqs: range) -> None:
    """Let each prediction point at the row about it that was written under `seqs`."""
    written = model.objects.filter(entry__gte=seqs.start, entry__lt=seqs.stop)
    about = models.Subquery(written.filter(prediction=models.OuterRef("pk")).values("pk"))
    Prediction.objects.filter(pk__in=written.values("prediction")).update(**{field: about})


def _moment(us: int | None) -> datetime | None:
    return None if us is None else from_microseconds(us)


def _earliest(rows: NDArray[Any]) -> dict[int, int]:
    """By number of the prediction: when its first forecast was made."""
    if not len(rows):
        return {}
    first = np.full(int(rows["prediction"].max()) + 1, NEVER)
    np.minimum.at(first, rows["prediction"], rows["made"])
    return {number: us for number, us in enumerate(first.tolist()) if us < NEVER}
