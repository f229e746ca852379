"""How a casebook's predictions were judged: the resolvers are asked, each assesses, and then it is decided."""

from collections.abc import Iterator, Sequence
from typing import Any

from accounts.models import User
from predictions.exchange import casebook as plain
from predictions.models import Assessment, Assignment, Evidence, Origin, Prediction, Resolution
from predictions.operations.assessments import assign_resolver, submit_assessment
from predictions.operations.casebook_loading import Judges, Loading, Write, by_name, given_of, moment_of, told_at
from predictions.operations.resolutions import adjudicate, confirm, resolve

DECIDES: dict[str | None, Write] = {None: resolve, "agreed": confirm, "adjudicated": adjudicate}


def require_judges(book: plain.Casebook, judges: Judges) -> None:
    """Refuse assessments while it is not said whose they are."""
    faults = [*_unnamed(book, judges)]
    if faults:
        raise plain.CasebookFaults(faults)


def _unnamed(book: plain.Casebook, judges: Judges) -> Iterator[plain.Fault]:
    resting = [(item.line, f"assessments.{item.id}") for item in book.assessments]
    resting += [(item.line, f"resolutions.{item.id}.basis") for item in book.resolutions if item.basis]
    if resting and judges.adjudicator is None:
        message = "nobody is named to ask the resolvers and to decide: say who, with --adjudicator USERNAME"
        yield plain.Fault(*resting[0], message)
    named = set(judges.resolvers)
    for item in book.assessments:
        if item.resolver not in named:
            message = f"nobody is named: say whose verdicts these are, with --resolver {item.resolver}=USERNAME"
            yield plain.Fault(item.line, f"assessments.{item.id}.resolver", message)
        named.add(item.resolver)


def load_assignment(loading: Loading, item: plain.Assessment) -> None:
    """Ask the resolver, unless they are asked already or it is too late to ask."""
    prediction, resolver = _asked(loading, item)
    is_asked = prediction.assignments.standing().filter(resolver=resolver).exists()
    if is_asked or prediction.resolution is not None:
        return
    adjudicator = loading.judges.adjudicator
    assignment = Assignment(prediction=prediction, resolver=resolver)
    with told_at(item.line, f"assessments.{item.id}", adjudicator):
        assign_resolver(assignment, by=adjudicator or loading.by, at=loading.at)
    loading.count("assignments")


def load_assessment(loading: Loading, item: plain.Assessment) -> None:
    """Record what a resolver found; nothing is added to a prediction that is decided already."""
    prediction, resolver = _asked(loading, item)
    old = prediction.assessments.standing().filter(resolver=resolver).first()
    if old is None and prediction.resolution is not None:
        told = "was left out, for the prediction is decided already"
        loading.notices.append(f"line {item.line}: assessments.{item.id}: {told}")
        return
    given = given_of(confidence=item.confidence, outcome=item.outcome, rationale=item.rationale)
    row = Assessment(prediction=prediction, **given)
    relied_on = _evidence(loading, item)
    extra = {"assessment": row, "verdicts": dict(item.verdicts), "relied_on": relied_on}
    loading.enter("assessments", item, old, given, submit_assessment, judge=resolver, **extra)
    if old is not None:
        loading.compare(item.line, f"assessments.{item.id}", _recorded(old), _told(item, relied_on))


def load_resolution(loading: Loading, item: plain.Resolution) -> None:
    """Record the decision, in the name of who loads or, where resolvers were asked, of the adjudicator."""
    prediction = loading.row("predictions", item.prediction)
    given = given_of(
        outcome=item.outcome,
        annulled=item.annulled,
        rationale=item.rationale,
        basis=item.basis,
        **moment_of("known", item.known),
    )
    row = Resolution(prediction=prediction, external_id=item.id, origin=Origin.CASEBOOK, **given)
    relied_on = _evidence(loading, item)
    judged = {} if item.basis == "agreed" else {"verdicts": dict(item.verdicts), "relied_on": relied_on}
    old = by_name(prediction.resolutions.all(), item.id)
    judge = loading.judges.adjudicator if item.basis else None
    loading.enter("resolutions", item, old, given, DECIDES[item.basis], judge=judge, resolution=row, **judged)
    if old is not None:
        loading.compare(item.line, f"resolutions.{item.id}", _recorded(old), _told(item, relied_on))
    elif item.basis == "agreed":
        _require_what_was_agreed(item, row, _told(item, relied_on))


def _require_what_was_agreed(item: plain.Resolution, made: Resolution, told: dict[str, Any]) -> None:
    """What the file says of a decision that follows from the assessments must be what follows from them."""
    told |= {"outcome": item.outcome and float(item.outcome), "annulled": item.annulled or ""}
    came_to = {"outcome": made.outcome, "annulled": made.annulled, **_recorded(made)}
    message = f"is not what the resolvers agree on ({made.in_words()})"
    where = f"resolutions.{item.id}"
    faults = [plain.Fault(item.line, f"{where}.{name}", message) for name in told if told[name] != came_to[name]]
    if faults:
        raise plain.CasebookFaults(faults)


def _asked(loading: Loading, item: plain.Assessment) -> tuple[Prediction, User]:
    return loading.row("predictions", item.prediction), loading.judges.resolvers[item.resolver]


def _evidence(loading: Loading, item: plain.Assessment | plain.Resolution) -> list[Evidence]:
    return [loading.row("evidence", name) for name in item.relied_on]


def _told(item: plain.Assessment | plain.Resolution, relied_on: Sequence[Evidence]) -> dict[str, Any]:
    """The verdicts and the evidence of the file, which may leave them out where they follow from the assessments."""
    told = {"verdicts": dict(item.verdicts), "relied_on": set(relied_on)}
    may_lack = isinstance(item, plain.Resolution) and item.basis == "agreed"
    return {name: value for name, value in told.items() if value or not may_lack}


def _recorded(row: Assessment | Resolution) -> dict[str, Any]:
    return {
        "verdicts": {each.criterion.label: each.verdict for each in row.verdicts.select_related("criterion")},
        "relied_on": {each.evidence for each in row.relied_on.select_related("evidence")},
    }
