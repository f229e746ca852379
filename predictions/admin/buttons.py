"""What the reader of a prediction's page may do there, by their roles and by how far the judging has come."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from accounts.models import User
from predictions.models import Judgement, Prediction, Status
from predictions.policy import VERBS_BY_STATE, can


@dataclass(frozen=True)
class Button:
    label: str
    url: str
    icon: str
    is_first: bool = False


def prediction_buttons(
    prediction: Prediction, user: User, *, status: Status, state: Judgement, judging: Iterable[Button]
) -> Iterable[Button]:
    """First what the prediction is waiting for."""
    is_resolved = prediction.resolution is not None
    yield from (button for button in judging if button.is_first)
    if _may("resolve", prediction, user, state):
        yield Button("Resolve", _adding("resolution", prediction), "gavel", is_first=status == Status.DUE)
    if can(user, "log_forecast", prediction):
        log = _adding("forecast", prediction)
        yield Button("Log a forecast", log, "edit_note", is_first=status in {Status.OPEN, Status.UPCOMING})
    if can(user, "link_evidence", prediction):
        yield Button("Add evidence", _adding("evidence", prediction), "add_link")
    if not is_resolved and can(user, "amend_prediction", prediction):
        yield Button("Amend", judging_url(prediction, "amend"), "edit")
    if prediction.resolution is not None and _may("replace_resolution", prediction, user, state):
        replace = _adding("resolution", prediction, supersedes=prediction.resolution.pk)
        yield Button("Replace the resolution", replace, "gavel")


def judging_buttons(
    prediction: Prediction, user: User, state: Judgement, *, is_short: bool, has_assessed: bool
) -> Iterable[Button]:
    """`is_short`: fewer resolvers are asked than the case wants; `has_assessed`: the reader has submitted."""
    if not prediction.panel and _may("assess", prediction, user, state):
        label = "Replace my assessment" if has_assessed else "Assess"
        yield Button(label, _adding("assessment", prediction), "rule", is_first=not has_assessed)
    if _may("confirm", prediction, user, state):
        yield Button("Confirm", judging_url(prediction, "confirm"), "task_alt", is_first=True)
    if _may("adjudicate", prediction, user, state):
        yield Button("Adjudicate", _adding("resolution", prediction), "gavel", is_first=True)
    if is_short and _may("draw_resolvers", prediction, user, state):
        yield Button("Draw resolvers", judging_url(prediction, "draw"), "casino")
    if _may("assign_resolver", prediction, user, state):
        yield Button("Name a resolver", judging_url(prediction, "assign"), "person_add")
    if _may("dispute", prediction, user, state):
        yield Button("Dispute", judging_url(prediction, "dispute"), "flag")


def judging_url(prediction: Prediction, deed: str, **named: int) -> str:
    """Address of the page on which `deed` is done to a prediction."""
    url = reverse(f"admin:predictions_prediction_{deed}", args=[prediction.pk])
    return f"{url}?{urlencode(named)}" if named else url


def _may(verb: str, prediction: Prediction, user: User, state: Judgement) -> bool:
    return verb in VERBS_BY_STATE[state] and can(user, verb, prediction)


def _adding(part: str, prediction: Prediction, **named: int) -> str:
    return f"{reverse(f'admin:predictions_{part}_add')}?{urlencode({'prediction': prediction.pk, **named})}"
