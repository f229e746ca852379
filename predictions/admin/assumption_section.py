"""What a prediction is thought to hang on, as its page tells it: assumptions and indicators, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.models import User
from predictions.admin.buttons import Button
from predictions.models import Assumption, Indicator, Prediction
from predictions.models.times import day_in
from predictions.policy import can

HIDDEN = "You are asked to judge this prediction: what analysts assume of it is hidden until you have submitted."
TONES: dict[str, str] = {
    Assumption.Status.SUPPORTED: "success",
    Assumption.Status.CAVEATS: "info",
    Assumption.Status.UNSUPPORTED: "warning",
}


@dataclass(frozen=True)
class Noted:
    """One assumption or indicator, and where it is amended."""

    row: Any
    tone: str
    is_due: bool
    amend_url: str


@dataclass(frozen=True)
class AssumptionSection:
    """`hidden` says why the reader is shown nothing; as well where there is nothing."""

    assumptions: Sequence[Noted]
    indicators: Sequence[Noted]
    hidden: str
    buttons: Sequence[Button]

    @property
    def count(self) -> int:
        return len(self.assumptions) + len(self.indicators)


def assumption_section(prediction: Prediction, *, user: User, now: datetime) -> AssumptionSection:
    may_note = can(user, "note_assumption", prediction)
    today = day_in(user.zone, now)

    def noted(model: Any, deed: str) -> list[Noted]:
        rows = model.objects.visible_to(user).filter(prediction=prediction).select_related("noted_by")
        is_open = prediction.resolution_id is None
        return [
            Noted(
                row,
                TONES.get(getattr(row, "status", ""), ""),
                is_due=bool(is_open and row.review_on and row.review_on <= today),
                amend_url=premise_url(prediction, deed, row.pk) if may_note else "",
            )
            for row in rows
        ]

    is_asked = Prediction.objects.to_be_judged_by(user).filter(pk=prediction.pk).exists()
    return AssumptionSection(
        assumptions=noted(Assumption, "assumption"),
        indicators=noted(Indicator, "indicator"),
        hidden=HIDDEN if is_asked else "",
        buttons=_buttons(prediction) if may_note else [],
    )


def _buttons(prediction: Prediction) -> list[Button]:
    return [
        Button("Note an assumption", premise_url(prediction, "assumption"), "lightbulb"),
        Button("Note an indicator", premise_url(prediction, "indicator"), "visibility"),
    ]


def premise_url(prediction: Prediction, deed: str, key: int | None = None) -> str:
    """Address of the form for a new assumption or indicator, or for the one of that key."""
    url = reverse(f"admin:predictions_prediction_{deed}", args=[prediction.pk])
    return f"{url}?{deed}={key}" if key else url
