"""Load a casebook: every row through the operation that a person would use, all of them or none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import models, transaction

from accounts.models import User
from predictions.exchange import casebook as plain
from predictions.language import scales
from predictions.models import (
    Case,
    Criterion,
    Evidence,
    Forecast,
    Forecaster,
    Origin,
    Prediction,
    PredictionRevision,
    Quote,
    Resolution,
    Source,
    Trigger,
    TriggerOccurrence,
)
from predictions.operations.casebook_loading import Loading, told_at
from predictions.operations.cases import open_case
from predictions.operations.evidence import link_evidence
from predictions.operations.forecasters import name_forecaster
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import pose_prediction
from predictions.operations.quotes import anchor_quote
from predictions.operations.resolutions import resolve
from predictions.operations.sources import record_source
from predictions.operations.triggers import pose_trigger, record_occurrence


def load_casebook(
    book: plain.Casebook,
    *,
    by: User,
    at: datetime,
    admit: Sequence[User] = (),
    dry_run: bool = False,
    progress: Callable[[str, int], None] = lambda section, count: None,  # noqa: ARG005
) -> Loading:
    """Load `book` and return what was created. What is recorded already stays as it is, and is told where it differs.

    `admit` are the people who will see the case if it is private.
    Raises CasebookFaults, with the file's lines, where an operation refuses; then nothing was loaded.
    """
    loading = Loading(by, at, admit)
    _require_foresight(book)
    with transaction.atomic():
        for step, items_of, load_item in STEPS:
            items = items_of(book)
            for item in items:
                load_item(loading, item)
            progress(step, len(items))
        transaction.set_rollback(dry_run)
    return loading


def _require_foresight(book: plain.Casebook) -> None:
    """Refuse forecasts issued when the file itself says that the outcome could be known."""
    known = {resolution.prediction: resolution.known.at for resolution in book.resolutions}
    late = [item for item in book.forecasts if item.prediction in known and item.issued.at >= known[item.prediction]]
    if late:
        message = "the outcome could be known by then: only earlier forecasts count"
        raise plain.CasebookFaults(plain.Fault(item.line, f"forecasts.{item.id}.issued", message) for item in late)


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def _moment(stem: str, moment: plain.Moment | None) -> dict[str, Any]:
    if moment is None:
        return {}
    return {f"{stem}_at": moment.at, f"{stem}_precision": moment.precision, f"{stem}_until": moment.until}


def _by_name(rows: models.QuerySet[Any], name: str) -> Any:
    return rows.filter(external_id=name).first()


def _case(loading: Loading, item: plain.Case) -> None:
    given = _given(
        title=item.title,
        description=item.description,
        selection=item.selection,
        zone=item.zone,
        is_private=item.private,
        hides_forecasts=item.hides_forecasts,
    )
    old = _by_name(Case.objects.all(), item.id)
    if item.private and old is None and not loading.admit:
        fault = plain.Fault(
            item.line, f"case.{item.id}.private", "nobody would see this case: say who may, with --admit"
        )
        raise plain.CasebookFaults([fault])
    row = Case(external_id=item.id, **given)
    loading.enter("case", item, old, given, open_case, case=row, members=loading.admit)


def _the_case(loading: Loading) -> Case:
    case: Case = next(iter(loading.rows["case"].values()))
    return case


def _source(loading: Loading, item: plain.Source) -> None:
    case = _the_case(loading)
    given = _given(
        title=item.title,
        publisher=item.publisher,
        author=item.author,
        url=item.url,
        language=item.language,
        reliability=item.reliability,
        note=item.note,
        text_sha256=item.sha256,
        text_length=item.length,
        **_moment("published", item.published),
    )
    row = Source(case=case, external_id=item.id, zone=case.zone, **given)
    loading.enter("sources", item, _by_name(case.sources.all(), item.id), given, record_source, source=row)


def _quote(loading: Loading, item: plain.Quote) -> None:
    source = loading.row("sources", item.source)
    given = _given(exact=item.exact, prefix=item.prefix, suffix=item.suffix)
    row = Quote(source=source, external_id=item.id, **given)
    loading.enter("quotes", item, _by_name(source.quotes.all(), item.id), given, anchor_quote, quote=row)


def _forecaster(loading: Loading, item: plain.Forecaster) -> None:
    given = _given(kind=item.kind, description=item.description)
    row = Forecaster(name=item.name, **given)
    old = Forecaster.objects.filter(name=item.name).first()
    loading.enter("forecasters", item, old, given, name_forecaster, forecaster=row)


def _trigger(loading: Loading, item: plain.Trigger) -> None:
    case = _the_case(loading)
    given = _given(statement=item.statement, note=item.note, **_moment("expected", item.expected))
    row = Trigger(case=case, external_id=item.id, zone=case.zone, **given)
    loading.enter("triggers", item, _by_name(case.triggers.all(), item.id), given, pose_trigger, trigger=row)


def _occurrence(loading: Loading, item: plain.Trigger) -> None:
    told: Any = item.occurred
    trigger, where = loading.row("triggers", item.id), f"triggers.{item.id}.occurred"
    given = _given(source=loading.row("sources", told.source), note=told.note, **_moment("occurred", told.at))
    first = trigger.occurrences.order_by("pk").first()
    if first is not None:
        loading.compare(told.line, where, {name: getattr(first, name) for name in given}, given)
        return
    with told_at(told.line, where):
        record_occurrence(TriggerOccurrence(trigger=trigger, **given), by=loading.by, at=loading.at)
    loading.created["occurrences"] = loading.created.get("occurrences", 0) + 1


def _prediction(loading: Loading, item: plain.Prediction) -> None:
    case = _the_case(loading)
    given = _given(theme=item.theme, trigger=loading.row("triggers", item.trigger))
    revision = PredictionRevision(
        statement=item.statement,
        opens_at=item.opens.at,
        closes_at=item.closes.ends_at,
        zone=item.zone or case.zone,
        outcome_rule=item.outcome_rule,
    )
    criteria = [
        Criterion(label=each.label, text=each.text, weight=each.weight, quote=loading.row("quotes", each.quote))
        for each in item.criteria
    ]
    row = Prediction(case=case, external_id=item.id, origin=Origin.CASEBOOK, **given)
    rows = {"prediction": row, "revision": revision, "criteria": criteria}
    old = _by_name(case.predictions.all(), item.id)
    loading.enter("predictions", item, old, given, pose_prediction, **rows)
    if old is not None:
        posed = old.revisions.get(number=1)
        recorded = _wording(posed, list(posed.criteria.all()))
        loading.compare(item.line, f"predictions.{item.id}", recorded, _wording(revision, criteria))


def _wording(revision: PredictionRevision, criteria: list[Criterion]) -> dict[str, Any]:
    """What a casebook says of a prediction's first revision."""
    said = {"statement": revision.statement, "opens": revision.opens_at, "closes": revision.closes_at}
    said |= {"zone": revision.zone, "outcome_rule": revision.outcome_rule}
    return said | {"criteria": [(each.label, each.text, each.weight, each.quote_id) for each in criteria]}


def _forecast(loading: Loading, item: plain.Forecast) -> None:
    prediction = loading.row("predictions", item.prediction)
    _require_term(item)
    given = _given(
        forecaster=loading.row("forecasters", item.forecaster),
        words=item.words,
        scale=item.scale,
        basis=item.basis,
        probability=item.probability,
        low=item.low,
        high=item.high,
        confidence=item.confidence,
        quote=loading.row("quotes", item.quote),
        rationale=item.rationale,
        **_moment("issued", item.issued),
    )
    row = Forecast(prediction=prediction, external_id=item.id, origin=Origin.CASEBOOK, **given)
    loading.enter("forecasts", item, _by_name(prediction.forecasts.all(), item.id), given, log_forecast, forecast=row)


def _require_term(item: plain.Forecast) -> None:
    """The term that the file names must be the one that the scale finds in the words."""
    if item.term is None or item.words is None:
        return
    try:
        found = scales.read(item.words, item.scale or scales.DEFAULT_SCALE).term
    except scales.UnreadableProbability as fault:
        raise plain.CasebookFaults([plain.Fault(item.line, f"forecasts.{item.id}.words", str(fault))]) from fault
    if found != item.term:
        message = f"on this scale the words read as “{found}”, not “{item.term}”"
        raise plain.CasebookFaults([plain.Fault(item.line, f"forecasts.{item.id}.term", message)])


def _evidence(loading: Loading, item: plain.Evidence) -> None:
    prediction = loading.row("predictions", item.prediction)
    criterion = prediction.revision.criteria.filter(label=item.criterion).first() if item.criterion else None
    given = _given(
        criterion=criterion,
        stance=item.stance,
        note=item.note,
        source=loading.row("sources", item.source),
        quote=loading.row("quotes", item.quote),
        credibility=item.credibility,
    )
    row = Evidence(prediction=prediction, external_id=item.id, **given)
    loading.enter("evidence", item, _by_name(prediction.evidence.all(), item.id), given, link_evidence, evidence=row)


def _resolution(loading: Loading, item: plain.Resolution) -> None:
    prediction = loading.row("predictions", item.prediction)
    given = _given(
        outcome=item.outcome, annulled=item.annulled, rationale=item.rationale, **_moment("known", item.known)
    )
    row = Resolution(prediction=prediction, external_id=item.id, origin=Origin.CASEBOOK, **given)
    relied_on = [loading.row("evidence", name) for name in item.relied_on]
    old = _by_name(prediction.resolutions.all(), item.id)
    extra = {"resolution": row, "verdicts": dict(item.verdicts), "relied_on": relied_on}
    loading.enter("resolutions", item, old, given, resolve, **extra)
    if old is not None:
        recorded = {
            "verdicts": {each.criterion.label: each.verdict for each in old.verdicts.select_related("criterion")},
            "relied_on": {each.evidence for each in old.relied_on.select_related("evidence")},
        }
        judged = {"verdicts": dict(item.verdicts), "relied_on": set(relied_on)}
        loading.compare(item.line, f"resolutions.{item.id}", recorded, judged)


# What refers to something comes after it; that a trigger occurred comes before the forecasts that may be too late.
STEPS: tuple[tuple[str, Callable[[plain.Casebook], tuple[Any, ...]], Callable[[Loading, Any], None]], ...] = (
    ("case", lambda book: (book.case,), _case),
    ("sources", lambda book: book.sources, _source),
    ("quotes", lambda book: book.quotes, _quote),
    ("forecasters", lambda book: book.forecasters, _forecaster),
    ("triggers", lambda book: book.triggers, _trigger),
    ("predictions", lambda book: book.predictions, _prediction),
    ("occurrences", lambda book: tuple(t for t in book.triggers if t.occurred), _occurrence),
    ("forecasts", lambda book: book.forecasts, _forecast),
    ("evidence", lambda book: book.evidence, _evidence),
    ("resolutions", lambda book: book.resolutions, _resolution),
)
