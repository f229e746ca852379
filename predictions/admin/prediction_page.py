"""Everything that the page of one prediction shows, gathered in one place with a constant number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from predictions.admin.assumption_section import AssumptionSection, assumption_section
from predictions.admin.buttons import Button, prediction_buttons
from predictions.admin.forecast_marks import marks_of
from predictions.admin.judgement_section import JudgementSection, judgement_section
from predictions.admin.prediction_drawing import Drawing, drawing
from predictions.models import (
    Evidence,
    Forecast,
    Judgement,
    Prediction,
    PredictionRevision,
    Resolution,
    Status,
    judgement,
)
from predictions.models.forecast import predictions_hiding_from
from predictions.models.times import bound_in_words, in_words
from predictions.policy import can
from predictions.queries.consensus import Pool, pooled
from predictions.queries.histories import prediction_history

LONGEST_TABLE = 200
STATUS_TONES = {
    Status.UPCOMING.label: "",
    Status.OPEN.label: "info",
    Status.DUE.label: "warning",
    Status.RESOLVED.label: "success",
    Status.ANNULLED.label: "danger",
}
NOT_FINAL = {Judgement.PROVISIONAL: ", provisional", Judgement.DISPUTED: ", disputed"}
HIDDEN_UNTIL_OWN = (
    "Others’ forecasts on this prediction, but for those you wrote down yourself, are hidden until you log your own in "
    "your own name."
)
HIDDEN_UNTIL_CLOSE = (
    "Others’ forecasts on this prediction are hidden until it closes: "
    "who logs a forecast of their own sees them sooner, but your roles do not let you log one."
)
HIDDEN_UNTIL_SUBMITTED = (
    "You are asked to judge this prediction: others’ forecasts on it are hidden until you have submitted."
)
STANCE_TONES = {"for": "success", "against": "warning", "context": ""}


@dataclass(frozen=True)
class EvidenceGroup:
    stance: str
    title: str
    items: Sequence[Evidence]


@dataclass(frozen=True)
class Wording:
    """A revision with its times in words."""

    revision: PredictionRevision
    opens: str
    closes: str


@dataclass(frozen=True)
class Card:
    """A prediction in short, as it stands beside a form."""

    prediction: Prediction
    status: str
    tone: str
    opens: str
    verb: str
    closes: str
    criteria: Sequence[Any]


@dataclass(frozen=True)
class PredictionPage:
    """`revisions`, `forecasts` (the last LONGEST_TABLE, replaced ones too) and `resolutions` newest first; `evidence`
    that stands, in its three groups, and `replaced_evidence`; `lines` of the ledger in words. `hidden` says, where
    others' forecasts are hidden from the reader, until when: as well where there are none."""

    card: Card
    buttons: Sequence[Button]
    revisions: Sequence[Wording]
    drawing: Drawing | None
    consensus: Pool | None
    forecasts: Sequence[Forecast]
    standing_count: int
    hidden: str
    has_more: bool
    evidence: Sequence[EvidenceGroup]
    evidence_count: int
    replaced_evidence: Sequence[Evidence]
    matrix_url: str
    assumptions: AssumptionSection
    judgement: JudgementSection
    resolutions: Sequence[Resolution]
    lines: Sequence[Any]


def page_url(key: int, tab: str = "") -> str:
    """Address of a prediction's page, opened at `tab`."""
    return reverse("admin:predictions_prediction_change", args=[key]) + (f"#{tab}" if tab else "")


def prediction_page(prediction: Prediction, *, user: User, now: datetime) -> PredictionPage:
    seen: Any = prediction.forecasts.visible_to(user)
    forecasts = _forecasts(seen)
    evidence = list(prediction.evidence.for_show().select_related("superseded_by"))
    revisions = _revisions(prediction)
    standing = [item for item in evidence if not item.is_superseded]
    pool = pooled(prediction, user=user, now=now)
    median = pool.methods[0] if pool else None
    drawn = [wording.revision for wording in revisions]
    resolutions, status, state = _resolutions(prediction), prediction.status(now), judgement(prediction, now)
    decision = next((each for each in resolutions if each.pk == prediction.resolution_id), None)
    judging = judgement_section(prediction, state, decision=decision, user=user, now=now)
    return PredictionPage(
        card=card(prediction, now=now, state=state),
        buttons=list(prediction_buttons(prediction, user, status=status, state=state, judging=judging.buttons)),
        revisions=revisions,
        drawing=drawing(prediction, drawn, user=user, now=now, consensus=median),
        consensus=pool,
        forecasts=forecasts[:LONGEST_TABLE],
        standing_count=seen.standing().count(),
        hidden=hidden_in_words(prediction, user),
        has_more=len(forecasts) > LONGEST_TABLE,
        evidence=evidence_groups(standing),
        evidence_count=len(standing),
        replaced_evidence=[item for item in evidence if item.is_superseded],
        matrix_url=reverse("admin:predictions_case_matrix", args=[prediction.case_id]),
        assumptions=assumption_section(prediction, user=user, now=now),
        judgement=judging,
        resolutions=resolutions,
        lines=prediction_history(prediction, user=user),
    )


def card(prediction: Prediction, *, now: datetime, state: Judgement | None = None) -> Card:
    revision, status = prediction.revision, prediction.status(now)
    not_final = NOT_FINAL.get(state, "") if state else ""
    return Card(
        prediction=prediction,
        status=status.label + not_final,
        tone="warning" if not_final else STATUS_TONES[status.label],
        opens=bound_in_words(revision.opens_at, revision.zone) if revision else "",
        verb="closes" if status in {Status.UPCOMING, Status.OPEN} else "closed",
        closes=close_in_words(prediction),
        criteria=list(revision.criteria.all()) if revision else [],
    )


def close_in_words(prediction: Prediction) -> str:
    """The actual close as exactly as it is known, and why it is not the scheduled one."""
    revision, trigger, resolution = prediction.revision, prediction.trigger, prediction.resolution
    closing = prediction.closing_at
    if revision is None or closing is None:
        return "no close known"
    occurrence = trigger.occurrence if trigger else None
    if trigger and occurrence and occurrence.occurred_at == closing:
        told = in_words(closing, occurrence.occurred_precision, occurrence.occurred_until, trigger.zone)
        return f"{told}, when its trigger occurred"
    if resolution and resolution.known_at == closing:
        told = in_words(closing, resolution.known_precision, resolution.known_until, revision.zone)
        return f"{told}, when the outcome was known"
    return bound_in_words(closing, revision.zone, is_end=True)


def _revisions(prediction: Prediction) -> list[Wording]:
    rows = prediction.revisions.select_related("entry__payload__actor").prefetch_related("criteria__quote__source")
    return [
        Wording(
            row,
            opens=bound_in_words(row.opens_at, row.zone),
            closes=bound_in_words(row.closes_at, row.zone, is_end=True) if row.closes_at else "none",
        )
        for row in rows.order_by("-number")
    ]


def hidden_in_words(prediction: Prediction, user: User) -> str:
    """Until when others' forecasts on it are hidden from `user`; empty where they are not."""
    if not predictions_hiding_from(user).filter(pk=prediction.pk).exists():
        return ""
    if prediction.assignments.unanswered().filter(resolver=user).exists():
        return HIDDEN_UNTIL_SUBMITTED
    return HIDDEN_UNTIL_OWN if can(user, "log_forecast", prediction) else HIDDEN_UNTIL_CLOSE


def _forecasts(seen: Any) -> list[Forecast]:
    """Newest first, each with its marks and, where the reader sees what replaced it, the reason for that."""
    related = ("forecaster", "revision", "quote__source", "superseded_by", "entry__rationale")
    rows = seen.select_related(*related).prefetch_related("codings")
    forecasts = list(rows.order_by("-issued_us", "-pk")[: LONGEST_TABLE + 1])
    reasons = dict(seen.filter(supersedes__in=forecasts).values_list("supersedes", "reason"))
    for forecast in forecasts:
        forecast.marks, forecast.replaced_because = marks_of(forecast), reasons.get(forecast.pk, "")
    return forecasts


def evidence_groups(items: Sequence[Evidence]) -> list[EvidenceGroup]:
    """For, against and context, each in the order of entry."""
    return [
        EvidenceGroup(stance, title.capitalize(), [item for item in items if item.stance == stance])
        for stance, title in Evidence.Stance.choices
    ]


def _resolutions(prediction: Prediction) -> list[Resolution]:
    rows = prediction.resolutions.select_related("revision", "resolved_by", "superseded_by", "entry__rationale")
    related = ("verdicts__criterion", "relied_on__evidence__source", "relied_on__evidence__quote")
    return list(rows.prefetch_related(*related))
