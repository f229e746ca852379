"""Independent judgement: resolvers are asked, judge blind to each other, and what they find is put together."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import (
    AssessedCriterion,
    AssessedEvidence,
    Assessment,
    Assignment,
    Evidence,
    Prediction,
    PredictionRevision,
)
from predictions.models.rows import AppendOnly
from predictions.operations.panels import settle_panel, withdraw
from predictions.operations.predictions import held
from predictions.operations.resolutions import require_own, require_verdicts
from predictions.policy import able_to_judge, demand, demand_time_to, ineligible_because
from predictions.tasks import tell_later

TOO_FEW = "Of {asked} resolvers asked for, {there} can be drawn: others forecast on it, coded it or wrote the article."


@transaction.atomic
def assign_resolver(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    """Ask a resolver to judge a prediction."""
    assignment.prediction = prediction = held(assignment.prediction)
    demand(by, "assign_resolver", prediction)
    demand_time_to("assign_resolver", prediction, at)
    if why := ineligible_because(assignment.resolver, prediction):
        raise ValidationError({"resolver": f"This person {why}."})
    return _ask(assignment, by=by, at=at)


@transaction.atomic
def draw_resolvers(prediction: Prediction, *, by: User, at: datetime) -> list[Assignment]:
    """Ask as many resolvers, drawn by lot from those who may judge, as are still missing."""
    prediction = held(prediction)
    demand(by, "draw_resolvers", prediction)
    demand_time_to("draw_resolvers", prediction, at)
    asked = set(prediction.assignments.standing().values_list("resolver", flat=True))
    missing = prediction.case.resolvers_asked - len(asked)
    if missing <= 0:
        raise ValidationError("As many resolvers as are asked for are assigned already.", code="conflict")
    able = eligible_resolvers(prediction, asked)
    if len(able) < missing:
        raise ValidationError(TOO_FEW.format(asked=missing, there=len(able)))
    drawn = secrets.SystemRandom().sample(able, missing)
    rows = [Assignment(prediction=prediction, resolver=each, how=Assignment.How.DRAWN) for each in drawn]
    return [_ask(row, by=by, at=at) for row in rows]


def eligible_resolvers(prediction: Prediction, asked: set[int]) -> list[User]:
    """Who may be asked to judge, one account of each person; without those `asked` already."""
    standing = User.objects.filter(pk__in=asked)
    taken = {user.email.casefold() for user in standing if user.email}
    able: list[User] = []
    for user in able_to_judge(prediction):
        if user.pk in asked or user.email.casefold() in taken:
            continue
        taken |= {user.email.casefold()} if user.email else set()
        able.append(user)
    return able


def _ask(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    _require_another_person(assignment)
    assignment.assigned_at, assignment.assigned_by = at, by
    assignment.full_clean()
    record.keep(assignment, "assignment.made", by=by, at=at)
    tell_later()
    return assignment


def _require_another_person(assignment: Assignment) -> None:
    """Two accounts of one person do not make two resolvers."""
    email = assignment.resolver.email
    others = assignment.prediction.assignments.standing().exclude(resolver=assignment.resolver)
    if email and others.filter(resolver__email__iexact=email).exists():
        raise ValidationError({"resolver": "This person is asked to judge it already, under another account."})


@transaction.atomic
def withdraw_assignment(assignment: Assignment, *, reason: str, by: User, at: datetime) -> Assignment:
    """Ask a resolver no longer. What they submitted stays on record and does not count."""
    prediction = held(assignment.prediction)
    demand(by, "withdraw_assignment", prediction)
    demand_time_to("withdraw_assignment", prediction, at)
    return withdraw(Assignment.objects.get(pk=assignment.pk), reason=reason, by=by, at=at)


@transaction.atomic
def submit_assessment(
    assessment: Assessment,
    *,
    verdicts: Mapping[str, str],
    relied_on: Sequence[Evidence] = (),
    by: User,
    at: datetime,
) -> Assessment:
    """Record what one resolver found: a verdict per criterion (by its letter), how sure, why, and on what evidence.

    Until as many as were asked for have submitted, it can be replaced, with a reason.
    """
    assessment.prediction = prediction = held(assessment.prediction)
    demand(by, "assess", prediction)
    demand_time_to("assess", prediction, at)
    assessment.assignment = prediction.assignments.standing().get(resolver=by)
    assessment.revision, assessment.resolver, assessment.submitted_at = prediction.current_revision, by, at
    criteria = {criterion.label: criterion for criterion in assessment.revision.criteria.all()}
    require_verdicts(criteria, verdicts, needed=list(criteria))
    _require_outcome(assessment)
    parts: list[AppendOnly] = [
        AssessedCriterion(assessment=assessment, criterion=criteria[label], verdict=verdict)
        for label, verdict in verdicts.items()
    ]
    own = require_own(relied_on, prediction)
    parts += [AssessedEvidence(assessment=assessment, evidence=each) for each in own]
    assessment.full_clean()
    kind = "assessment.superseded" if assessment.supersedes else "assessment.submitted"
    record.keep(assessment, kind, by=by, at=at, parts=parts)
    settle_panel(prediction)
    return assessment


def _require_outcome(assessment: Assessment) -> None:
    is_judged = assessment.revision.outcome_rule == PredictionRevision.Rule.JUDGED
    if not is_judged:
        assessment.outcome = None
    if not assessment.rationale.strip():
        raise ValidationError({"rationale": "Say why you judge it so."})
