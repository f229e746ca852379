from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from math import isclose

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import (
    Assessment,
    Criterion,
    CriterionVerdict,
    Evidence,
    Origin,
    Prediction,
    ReliedEvidence,
    Resolution,
    Verdict,
    version_of,
)
from predictions.models.assessment import panel_of
from predictions.models.rows import AppendOnly
from predictions.operations.predictions import held
from predictions.policy import demand, demand_time_to
from predictions.tasks import rescore_later, tell_later

OVERTAKEN = "Its wording or what was found about it has changed since you opened this page. Open it again and look."
ROUNDING = 1e-6  # a share is entered to six places, such as 0.333333 for a third


@transaction.atomic
def resolve(
    resolution: Resolution,
    *,
    verdicts: Mapping[str, str],
    relied_on: Sequence[Evidence] = (),
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Resolution:
    """Decide a prediction alone: a verdict per criterion (by its letter), the outcome, since when it could be known.

    Where the outcome is left out, the prediction's rule makes it of the verdicts, if it can. A second decision
    must name the first as the one it replaces, with a reason. `seen`: its `version_of` when it was looked at.
    """
    prediction = _take(resolution, "replace_resolution" if resolution.supersedes else "resolve", seen, by=by, at=at)
    earlier = prediction.resolution
    if earlier is not None:
        resolution.basis, resolution.resolver_count = _basis_of_second(earlier), earlier.resolver_count
    return decide(resolution, verdicts=verdicts, relied_on=relied_on, by=by, at=at)


@transaction.atomic
def confirm(resolution: Resolution, *, seen: int | None = None, by: User, at: datetime) -> Resolution:
    """Make what the resolvers agree on the decision; where they cannot tell, annul. Wants only `known_at`."""
    _take(resolution, "confirm", seen, by=by, at=at)
    counting = take_findings(resolution)
    told = [{each.criterion.label: each.verdict for each in one.verdicts.all()} for one in counting]
    verdicts = {label: verdict for label, verdict in told[0].items() if all(one[label] == verdict for one in told)}
    relied_on = Evidence.objects.filter(assessed_by__assessment__in=counting).distinct()
    return _keep(resolution, _parts(resolution, verdicts, list(relied_on)), by=by, at=at)


def take_findings(resolution: Resolution) -> list[Assessment]:
    """Fill in what the resolvers' verdicts, which are together, come to; gives these."""
    prediction = resolution.prediction
    counting = list(prediction.assessments.counting().prefetch_related("verdicts__criterion", "relied_on"))
    resolution.outcome = panel_of(prediction.current_revision, counting)[1]
    resolution.annulled = "" if resolution.outcome is not None else Resolution.Ground.UNVERIFIABLE
    resolution.basis, resolution.resolver_count = Resolution.Basis.AGREED, len(counting)
    return counting


@transaction.atomic
def adjudicate(
    resolution: Resolution,
    *,
    verdicts: Mapping[str, str],
    relied_on: Sequence[Evidence] = (),
    seen: int | None = None,
    by: User,
    at: datetime,
) -> Resolution:
    """Decide where the resolvers' verdicts differ beyond the rule, or could not tell; with a reason."""
    prediction = _take(resolution, "adjudicate", seen, by=by, at=at)
    if not resolution.rationale.strip():
        raise ValidationError({"rationale": "Say why you decide so: the resolvers did not agree."})
    resolution.basis = Resolution.Basis.ADJUDICATED
    resolution.resolver_count = prediction.assessments.counting().count()
    return decide(resolution, verdicts=verdicts, relied_on=relied_on, by=by, at=at)


def _take(resolution: Resolution, verb: str, seen: int | None, *, by: User, at: datetime) -> Prediction:
    """The prediction, held, once `by` may `verb` it, it is time to, and it stands as who decides has `seen` it."""
    resolution.prediction = prediction = held(resolution.prediction)
    demand(by, verb, prediction)
    _require_newest(resolution, prediction)
    demand_time_to(verb, prediction, at)
    if seen is not None and seen != version_of(prediction):
        raise ValidationError(OVERTAKEN, code="conflict")
    return prediction


def _basis_of_second(earlier: Resolution) -> str:
    """A replacement rests on the resolvers' verdicts if what it replaces did."""
    return Resolution.Basis.DIRECT if earlier.basis == Resolution.Basis.DIRECT else Resolution.Basis.ADJUDICATED


def decide(
    resolution: Resolution, *, verdicts: Mapping[str, str], relied_on: Sequence[Evidence], by: User, at: datetime
) -> Resolution:
    """Write a decision on a prediction that the caller holds."""
    resolution.revision = resolution.prediction.current_revision
    verdicts = _sound_verdicts(resolution, verdicts)
    return _keep(resolution, _parts(resolution, verdicts, relied_on), by=by, at=at)


def _keep(resolution: Resolution, parts: list[AppendOnly], *, by: User, at: datetime) -> Resolution:
    prediction = resolution.prediction
    resolution.resolved_at, resolution.resolved_by = at, by
    _require_past(resolution, at)
    notice = timedelta(hours=prediction.case.notice_hours)
    resolution.final_at = at + notice if notice and resolution.origin == Origin.ENTERED else None
    resolution.full_clean()
    kind = "resolution.superseded" if resolution.supersedes else "resolution.made"
    record.keep(resolution, kind, by=by, at=at, parts=parts)
    prediction.resolution = resolution
    prediction.save(update_fields=["resolution"])
    rescore_later(prediction)
    tell_later()
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


def _sound_verdicts(resolution: Resolution, verdicts: Mapping[str, str]) -> Mapping[str, str]:
    criteria = {criterion.label: criterion for criterion in resolution.revision.criteria.all()}
    if resolution.annulled:
        verdicts = {label: verdict for label, verdict in verdicts.items() if verdict}
    require_verdicts(criteria, verdicts, needed=[] if resolution.annulled else list(criteria))
    if not resolution.annulled:
        _settle_outcome(resolution, verdicts)
    return verdicts


def require_verdicts(criteria: Mapping[str, Criterion], verdicts: Mapping[str, str], needed: list[str]) -> None:
    faults = [f"There is no criterion ({label})." for label in verdicts if label not in criteria]
    for label in {**dict.fromkeys(needed), **verdicts}:
        if label in criteria and verdicts.get(label) not in set(Verdict):
            faults.append(f"Judge criterion ({label}): {', '.join(v.label for v in Verdict)}.")
    if faults:
        raise ValidationError({"verdicts": faults})


def _settle_outcome(resolution: Resolution, verdicts: Mapping[str, str]) -> None:
    by_rule = resolution.revision.outcome_of(verdicts)
    if by_rule is None:
        return
    if resolution.outcome is not None and not isclose(by_rule, resolution.outcome, abs_tol=ROUNDING):
        rule = resolution.revision.get_outcome_rule_display()
        raise ValidationError({"outcome": f"By its rule ({rule}) these verdicts make the outcome {by_rule:g}."})
    resolution.outcome = by_rule


def _parts(resolution: Resolution, verdicts: Mapping[str, str], relied_on: Sequence[Evidence]) -> list[AppendOnly]:
    resolution.revision = resolution.prediction.current_revision
    criteria = {criterion.label: criterion for criterion in resolution.revision.criteria.all()}
    own = require_own(relied_on, resolution.prediction)
    return [
        *(CriterionVerdict(resolution=resolution, criterion=criteria[x], verdict=told) for x, told in verdicts.items()),
        *(ReliedEvidence(resolution=resolution, evidence=item) for item in own),
    ]


def require_own(relied_on: Sequence[Evidence], prediction: Prediction) -> list[Evidence]:
    """`relied_on`, each once; refused where it belongs to another prediction."""
    strangers = [str(item) for item in relied_on if item.prediction_id != prediction.pk]
    if strangers:
        raise ValidationError({"relied_on": f"This evidence belongs to another prediction: {'; '.join(strangers)}"})
    return list(dict.fromkeys(relied_on))
