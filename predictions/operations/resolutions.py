from collections.abc import Mapping, Sequence
from datetime import datetime
from math import isclose

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import Criterion, CriterionVerdict, Evidence, Prediction, ReliedEvidence, Resolution, Verdict
from predictions.models.resolution import outcome_by_rule
from predictions.models.rows import AppendOnly
from predictions.operations.predictions import held
from predictions.policy import demand
from predictions.tasks import rescore_later

ROUNDING = 1e-6  # a share is entered to six places, such as 0.333333 for a third


@transaction.atomic
def resolve(
    resolution: Resolution,
    *,
    verdicts: Mapping[str, str],
    relied_on: Sequence[Evidence] = (),
    by: User,
    at: datetime,
) -> Resolution:
    """Decide a prediction: a verdict per criterion (by its letter), the outcome, since when it could be known.

    Where the outcome is left out, the prediction's rule makes it of the verdicts, if it can. A second decision
    must name the first as the one it replaces, with a reason.
    """
    resolution.prediction = prediction = held(resolution.prediction)
    demand(by, "replace_resolution" if resolution.supersedes else "resolve", prediction)
    _require_newest(resolution, prediction)
    resolution.revision = prediction.current_revision
    resolution.resolved_at, resolution.resolved_by = at, by
    _require_past(resolution, at)
    parts = [*_verdicts(resolution, verdicts), *_relied_on(resolution, relied_on)]
    resolution.full_clean()
    record.keep(
        resolution, "resolution.superseded" if resolution.supersedes else "resolution.made", by=by, at=at, parts=parts
    )
    prediction.resolution = resolution
    prediction.save(update_fields=["resolution"])
    rescore_later(prediction)
    return resolution


def _require_newest(resolution: Resolution, prediction: Prediction) -> None:
    if prediction.resolution is not None and resolution.supersedes is None:
        raise ValidationError(
            "This prediction is already resolved. An adjudicator can replace that resolution, with a reason.",
            code="conflict",
        )
    if resolution.supersedes is not None and resolution.supersedes != prediction.resolution:
        raise ValidationError("Another resolution has been recorded since. Look at it first.", code="conflict")


def _require_past(resolution: Resolution, at: datetime) -> None:
    if resolution.known_at is not None and resolution.known_at > at:
        raise ValidationError({"known_at": "That lies in the future. Resolve when the outcome can be known."})


def _verdicts(resolution: Resolution, verdicts: Mapping[str, str]) -> list[AppendOnly]:
    criteria = {criterion.label: criterion for criterion in resolution.revision.criteria.all()}
    if resolution.annulled:
        verdicts = {label: verdict for label, verdict in verdicts.items() if verdict}
    _require_verdicts(criteria, verdicts, needed=[] if resolution.annulled else list(criteria))
    if not resolution.annulled:
        _settle_outcome(resolution, [(verdicts[label], criterion.weight) for label, criterion in criteria.items()])
    return [
        CriterionVerdict(resolution=resolution, criterion=criteria[label], verdict=verdict)
        for label, verdict in verdicts.items()
    ]


def _require_verdicts(criteria: Mapping[str, Criterion], verdicts: Mapping[str, str], needed: list[str]) -> None:
    faults = [f"There is no criterion ({label})." for label in verdicts if label not in criteria]
    for label in {**dict.fromkeys(needed), **verdicts}:
        if label in criteria and verdicts.get(label) not in set(Verdict):
            faults.append(f"Judge criterion ({label}): {', '.join(v.label for v in Verdict)}.")
    if faults:
        raise ValidationError({"verdicts": faults})


def _settle_outcome(resolution: Resolution, verdicts: list[tuple[str, int]]) -> None:
    by_rule = outcome_by_rule(resolution.revision.outcome_rule, verdicts)
    if by_rule is None:
        return
    if resolution.outcome is not None and not isclose(by_rule, resolution.outcome, abs_tol=ROUNDING):
        rule = resolution.revision.get_outcome_rule_display()
        raise ValidationError({"outcome": f"By its rule ({rule}) these verdicts make the outcome {by_rule:g}."})
    resolution.outcome = by_rule


def _relied_on(resolution: Resolution, evidence: Sequence[Evidence]) -> list[AppendOnly]:
    strangers = [str(item) for item in evidence if item.prediction_id != resolution.prediction_id]
    if strangers:
        raise ValidationError({"relied_on": f"This evidence belongs to another prediction: {'; '.join(strangers)}"})
    return [ReliedEvidence(resolution=resolution, evidence=item) for item in dict.fromkeys(evidence)]
