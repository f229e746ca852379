"""Agreement between resolvers, over all predictions and for each, of the verdicts that a reader may see.

Only predictions count for which as many as were asked for have submitted, or which are decided: before that, agreement
would tell what the others found. Nobody is named; a resolver goes by a letter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.crypto import salted_hmac

from accounts.models import User
from predictions.models import AssessedCriterion, Assessment, Case, Prediction, Resolution
from predictions.models.assessment import AssessmentQuerySet
from predictions.queries.agreement_figures import (
    Decided,
    Decisions,
    Figures,
    Judged,
    decisions_of,
    figures_of,
    letter,
)
from predictions.queries.agreement_words import methods

MOST = 100
"""So many predictions are listed, the latest first; the figures over all are of all."""


@dataclass(frozen=True)
class PredictionAgreement:
    """Agreement on one prediction, and how that came to be decided; `decisions` counts one prediction."""

    pk: int
    uuid: UUID
    statement: str
    figures: Figures
    decisions: Decisions
    methods: tuple[str, ...]


@dataclass(frozen=True)
class Agreement:
    """Agreement over all, as text fit for a methods section too, and for each of the latest predictions.

    `figures` is None where the reader sees no such verdict. `cases` are those that have any.
    """

    case: Case | None
    cases: tuple[Case, ...]
    figures: Figures | None
    decisions: Decisions
    methods: tuple[str, ...]
    predictions: tuple[PredictionAgreement, ...]


def agreement(user: User, case: Case | None = None) -> Agreement:
    """Agreement on all that `user` may see, or on what belongs to one case; a fixed number of queries."""
    seen = _seen(user)
    within = seen.filter(prediction__case=case) if case else seen
    judged, decided = _judged(within), _decided(within)
    figures, decisions = figures_of(judged, _letters(judged)) if judged else None, decisions_of(judged, decided)
    return Agreement(
        case=case,
        cases=tuple(Case.objects.filter(pk__in=seen.values("prediction__case")).order_by("title")),
        figures=figures,
        decisions=decisions,
        methods=methods(figures, decisions) if figures else (),
        predictions=_of_each(judged, decided),
    )


def agreement_of(prediction: Prediction, user: User) -> PredictionAgreement | None:
    """Agreement on one prediction; None while `user` may not see what the resolvers found, or none did."""
    seen = _seen(user).filter(prediction=prediction)
    return next(iter(_of_each(_judged(seen), _decided(seen))), None)


def as_json(found: Agreement) -> dict[str, Any]:
    """All of it in plain JSON values, without keys that mean nothing outside."""
    lines = [{name: value for name, value in asdict(line).items() if name != "pk"} for line in found.predictions]
    return {
        "case": found.case and found.case.external_id,
        "figures": found.figures and asdict(found.figures),
        "decisions": asdict(found.decisions),
        "methods": found.methods,
        "predictions": lines,
    }


def _seen(user: User) -> AssessmentQuerySet:
    is_whole = ~Q(prediction__panel="") | Q(prediction__resolution__isnull=False)
    return Assessment.objects.visible_to(user).counting().filter(is_whole)


def _judged(seen: AssessmentQuerySet) -> list[Judged]:
    """The verdicts, the latest prediction first."""
    fields = ("assessment__prediction", "assessment__resolver", "criterion", "verdict", "assessment__supersedes")
    rows = AssessedCriterion.objects.filter(assessment__in=seen.values("pk")).values_list(*fields)
    return [Judged(*row) for row in rows.order_by("-assessment__prediction", "criterion", "assessment")]


def _decided(seen: AssessmentQuerySet) -> list[Decided]:
    rows = Resolution.objects.filter(prediction__in=seen.values("prediction"))
    return [Decided(*row) for row in rows.values_list("prediction", "basis", "supersedes")]


def _letters(judged: Iterable[Judged]) -> dict[int, str]:
    """A letter for each resolver: the same at each visit, in an order that tells nothing of who they are."""
    resolvers = {row.resolver for row in judged}
    ordered = sorted(resolvers, key=lambda key: salted_hmac("resolvers by letter", str(key)).hexdigest())
    return {key: letter(place) for place, key in enumerate(ordered)}


def _of_each(judged: Sequence[Judged], decided: Sequence[Decided]) -> tuple[PredictionAgreement, ...]:
    """The latest predictions, in the letters of all; one query."""
    letters = _letters(judged)
    of_each = {key: list(rows) for key, rows in groupby(judged, attrgetter("prediction"))}
    told = Prediction.objects.select_related("revision").in_bulk(list(of_each)[:MOST])
    return tuple(_of_one(told[key], rows, decided, letters) for key, rows in of_each.items() if key in told)


def _of_one(
    prediction: Prediction, judged: list[Judged], decided: Sequence[Decided], letters: dict[int, str]
) -> PredictionAgreement:
    figures, decisions = figures_of(judged, letters), decisions_of(judged, decided)
    return PredictionAgreement(
        prediction.pk, prediction.uuid, prediction.statement, figures, decisions, methods(figures, decisions)
    )
