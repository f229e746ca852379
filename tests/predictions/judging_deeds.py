"""Every verb by which a prediction is judged, ready to be done in a case (see `deeds`)."""

from collections.abc import Callable
from functools import partial
from typing import Any

from predictions.models import Assessment, Assignment, Case, Dispute, DisputeAnswer, Prediction, Resolution
from predictions.operations import assessments, cases, disputes, resolutions
from tests import builders as a


def _ask_for(case: Case, resolvers: int) -> None:
    case.resolvers_asked = resolvers
    cases.amend_case(case, by=a.a_person_with("administrator"), at=a.NOW)


def _asking(case: Case) -> Prediction:
    """A prediction that one resolver is to judge."""
    a.a_person_with("resolver")
    _ask_for(case, 1)
    return a.prediction(case)


def draw(case: Case) -> Callable[..., Any]:
    return partial(assessments.draw_resolvers, _asking(case))


def assign(case: Case) -> Callable[..., Any]:
    row = Assignment(prediction=_asking(case), resolver=a.a_person_with("resolver"))
    return partial(assessments.assign_resolver, row)


def withdraw(case: Case) -> Callable[..., Any]:
    (assignment,) = a.assigned(_asking(case), a.a_person_with("resolver"))
    return partial(assessments.withdraw_assignment, assignment, reason="They are on leave.")


def assess(case: Case) -> Callable[..., Any]:
    prediction = _asking(case)
    a.assigned(prediction, a.a_person_with("resolver"))
    row = Assessment(prediction=prediction, outcome=1.0, confidence="high")
    row.rationale = "It rained."
    evidence = [a.evidence(prediction)]
    return partial(assessments.submit_assessment, row, verdicts={"a": "met"}, relied_on=evidence)


def replace_assessment(case: Case) -> Callable[..., Any]:
    prediction, by = _asking(case), a.a_person_with("resolver")
    _ask_for(case, 2)
    a.assigned(prediction, by)
    first = a.assessment(prediction, by=by, relied_on=[a.evidence(prediction)])
    row = Assessment(prediction=prediction, supersedes=first, reason="Misread.")
    row.outcome, row.confidence, row.rationale = 0.0, "high", "It did not rain."
    return partial(assessments.submit_assessment, row, verdicts={"a": "not_met"})


def _assessed(case: Case, verdict: str) -> Prediction:
    prediction, by = _asking(case), a.a_person_with("resolver")
    a.assigned(prediction, by)
    a.assessment(prediction, verdict, by=by)
    return prediction


def confirm(case: Case) -> Callable[..., Any]:
    row = Resolution(prediction=_assessed(case, "met"), known_at=a.on_day(50))
    return partial(resolutions.confirm, row)


def adjudicate(case: Case) -> Callable[..., Any]:
    row = Resolution(prediction=_assessed(case, "cannot_tell"), outcome=1.0, known_at=a.on_day(50), rationale="Wet.")
    return partial(resolutions.adjudicate, row, verdicts={"a": "met"})


def dispute(case: Case) -> Callable[..., Any]:
    prediction = a.prediction(case)
    a.resolution(prediction)
    held = {"criterion": prediction.revision.criteria.get(), "evidence": a.evidence(prediction)}
    return partial(disputes.raise_dispute, Dispute(prediction=prediction, text="It was dry.", **held))


def answer(case: Case) -> Callable[..., Any]:
    raised = dispute(case)(by=a.a_person_with("analyst"), at=a.NOW)
    return partial(disputes.answer_dispute, DisputeAnswer(dispute=raised, is_upheld=False, text="It was wet."))
