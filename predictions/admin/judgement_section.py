"""How a prediction is judged, as its page tells it: who is asked, what they found, the decision, the disputes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from predictions.admin.buttons import Button, judging_buttons, judging_url
from predictions.models import (
    Assessment,
    Assignment,
    Criterion,
    Dispute,
    Judgement,
    Prediction,
    PredictionRevision,
    Resolution,
)
from predictions.policy import VERBS_BY_STATE, can, selves
from predictions.queries.histories import display_name

TONES = {
    Judgement.ASSESSING: "info",
    Judgement.AGREED: "warning",
    Judgement.DISAGREED: "warning",
    Judgement.CANNOT_TELL: "warning",
    Judgement.PROVISIONAL: "info",
    Judgement.DISPUTED: "danger",
    Judgement.FINAL: "success",
}
BLIND = "Nobody is shown another’s verdict, or how many there are, before all who are needed have submitted."
LATER = "You will see the verdicts once the prediction is decided."
UNSAID = "none given"
ALIKE_BUT_NO_OUTCOME = "Every criterion is judged alike, but nobody says what the verdicts come to."
ALIKE_BUT_OUTCOMES_DIFFER = "Every criterion is judged alike; what the verdicts come to together is judged differently."
ALIKE_BUT_NO_RULE = "The rule makes no outcome of these verdicts."


@dataclass(frozen=True)
class Asked:
    """A resolver who is, or was, asked to judge. Nothing here tells whether they have submitted."""

    name: str
    assignment: Assignment
    withdraw_url: str


@dataclass(frozen=True)
class Judge:
    """One column of the matrix: a resolver without a name, and what they found."""

    title: str
    assessment: Assessment
    outcome: str


@dataclass(frozen=True)
class Judged:
    """One line of the matrix: a criterion with (resolver, verdict) pairs."""

    criterion: Criterion
    verdicts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Contested:
    dispute: Dispute
    answer_url: str


@dataclass(frozen=True)
class JudgementSection:
    """`hidden` says why the reader sees no other verdict; empty where there are others to see.

    `unsettled` says why an adjudicator decides, to whom sees all verdicts, where these do not show it by themselves.
    """

    state: Judgement
    tone: str
    resolvers_asked: int
    asked: Sequence[Asked]
    judges: Sequence[Judge]
    matrix: Sequence[Judged]
    has_outcomes: bool
    hidden: str
    unsettled: str
    decision: Resolution | None
    is_provisional: bool
    disputes: Sequence[Contested]
    buttons: Sequence[Button]


def judgement_section(
    prediction: Prediction, state: Judgement, *, decision: Resolution | None, user: User, now: datetime
) -> JudgementSection:
    asked = list(_asked(prediction, user, state))
    judges = verdict_columns(prediction, user)
    own = [judge for judge in judges if judge.assessment.resolver_id == user.pk]
    standing_count = sum(each.assignment.withdrawn_at is None for each in asked)
    is_short = standing_count < prediction.case.resolvers_asked
    buttons = judging_buttons(prediction, user, state, is_short=is_short, has_assessed=bool(own))
    return JudgementSection(
        state=state,
        tone=TONES.get(state, ""),
        resolvers_asked=prediction.case.resolvers_asked,
        asked=asked,
        judges=judges,
        matrix=matrix(judges),
        has_outcomes=any(_is_judged(judge.assessment) for judge in judges),
        hidden=_hidden(state, bool(asked), has_others=len(judges) > len(own)),
        unsettled=_unsettled(judges) if state == Judgement.DISAGREED else "",
        decision=decision,
        is_provisional=decision is not None and not decision.is_final(now),
        disputes=list(_disputes(prediction, user)),
        buttons=list(buttons),
    )


def verdict_columns(prediction: Prediction, user: User) -> list[Judge]:
    """What counts and `user` may see, without names, in an order that follows neither names nor time."""
    seen: Any = Assessment.objects.counting().visible_to(user).filter(prediction=prediction).for_show()
    found = sorted(seen, key=lambda each: each.uuid)
    if len(found) == 1 and found[0].resolver_id == user.pk:
        return [Judge("You", found[0], outcome_in_words(found[0]))]
    titles = [f"Resolver {k}{' (you)' if each.resolver_id == user.pk else ''}" for k, each in enumerate(found, 1)]
    return [Judge(title, each, outcome_in_words(each)) for title, each in zip(titles, found, strict=True)]


def matrix(judges: Sequence[Judge]) -> list[Judged]:
    """Each criterion that somebody judged, with everybody's verdict on it."""
    told = {
        judge.title: {each.criterion_id: each.get_verdict_display() for each in judge.assessment.verdicts.all()}
        for judge in judges
    }
    criteria = {each.criterion_id: each.criterion for judge in judges for each in judge.assessment.verdicts.all()}
    return [
        Judged(criteria[key], [(title, verdicts.get(key, "–")) for title, verdicts in told.items()])
        for key in sorted(criteria)
    ]


def _is_judged(assessment: Assessment) -> bool:
    return assessment.revision.outcome_rule == PredictionRevision.Rule.JUDGED


def outcome_in_words(assessment: Assessment) -> str:
    """What the resolver made of all criteria together; empty where a rule does that."""
    if not _is_judged(assessment):
        return ""
    return UNSAID if assessment.outcome is None else Resolution(outcome=assessment.outcome).in_words()


def _asked(prediction: Prediction, user: User, state: Judgement) -> Iterable[Asked]:
    may_withdraw = "withdraw_assignment" in VERBS_BY_STATE[state] and can(user, "withdraw_assignment", prediction)
    for each in prediction.assignments.select_related("resolver"):
        is_open = may_withdraw and each.withdrawn_at is None
        withdraw = judging_url(prediction, "withdraw", assignment=each.pk) if is_open else ""
        yield Asked(display_name(each.resolver), each, withdraw)


def _hidden(state: Judgement, is_asked: bool, *, has_others: bool) -> str:
    if has_others or state in {Judgement.DIRECT, *(s for s in Judgement if "dispute" in VERBS_BY_STATE[s])}:
        return ""
    if state in {Judgement.AGREED, Judgement.DISAGREED, Judgement.CANNOT_TELL}:
        return LATER
    return BLIND if is_asked else ""


def _unsettled(judges: Sequence[Judge]) -> str:
    """Where the verdicts on each criterion are the same. Nothing where one's own are all that one sees of several."""
    if not judges or len(judges) < judges[0].assessment.prediction.case.resolvers_asked:
        return ""
    if any(len({verdict for _, verdict in judged.verdicts}) > 1 for judged in matrix(judges)):
        return ""
    if not _is_judged(judges[0].assessment):
        return ALIKE_BUT_NO_RULE
    is_silent = all(judge.assessment.outcome is None for judge in judges)
    return ALIKE_BUT_NO_OUTCOME if is_silent else ALIKE_BUT_OUTCOMES_DIFFER


def _disputes(prediction: Prediction, user: User) -> Iterable[Contested]:
    """Policy is asked once: of one dispute that others raised it says the same as of all."""
    disputes, own = list(prediction.disputes.for_show()), set(selves(user).values_list("pk", flat=True))
    others = [dispute for dispute in disputes if not dispute.is_answered and dispute.raised_by_id not in own]
    may_answer = bool(others) and can(user, "answer_dispute", others[0])
    for dispute in disputes:
        is_open = may_answer and dispute in others
        yield Contested(dispute, answer_url(dispute) if is_open else "")


def answer_url(dispute: Dispute) -> str:
    return reverse("admin:predictions_dispute_answer", args=[dispute.pk])
