"""Load a casebook: every row through the operation that a person would use, all of them or none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.events import Outcome, tell
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
    Source,
    Trigger,
    TriggerOccurrence,
)
from predictions.models.scale import known_scales
from predictions.operations.casebook_judgements import load_assessment, load_assignment, load_resolution, require_judges
from predictions.operations.casebook_loading import Judges, Loading, by_name, given_of, moment_of, told_at
from predictions.operations.cases import open_case
from predictions.operations.evidence import link_evidence
from predictions.operations.forecasters import name_forecaster
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import pose_prediction
from predictions.operations.quotes import anchor_quote
from predictions.operations.sources import record_source
from predictions.operations.triggers import pose_trigger, record_occurrence

NOBODY = Judges()


def load_casebook(
    book: plain.Casebook,
    *,
    by: User,
    at: datetime,
    admit: Sequence[User] = (),
    judges: Judges = NOBODY,
    dry_run: bool = False,
    progress: Callable[[str, int], None] = lambda section, count: None,  # noqa: ARG005
) -> Loading:
    """Load `book` and return what was created. What is recorded already stays as it is, and is told where it differs.

    `admit` are the people, besides the judges, who will see the case if it is private. `judges` are those in whose
    names its assessments and the decisions that rest on them are recorded.
    Raises CasebookFaults, with the file's lines, where an operation refuses; then nothing was loaded.
    """
    loading = Loading(by, at, [*admit, *judges.people], judges)
    _require_foresight(book)
    require_judges(book, judges)
    with transaction.atomic():
        for step, items_of, load_item in STEPS:
            items = items_of(book)
            for item in items:
                load_item(loading, item)
            progress(step, len(items))
        transaction.set_rollback(dry_run)
        if not dry_run:
            transaction.on_commit(lambda: tell("casebook.loaded", Outcome.OK, actor=by.uuid), robust=True)
    return loading


def _require_foresight(book: plain.Casebook) -> None:
    """Refuse forecasts issued when the file itself says that the outcome could be known."""
    known = {resolution.prediction: resolution.known.at for resolution in book.resolutions}
    late = [item for item in book.forecasts if item.prediction in known and item.issued.at >= known[item.prediction]]
    if late:
        message = "the outcome could be known by then: only earlier forecasts count"
        raise plain.CasebookFaults(plain.Fault(item.line, f"forecasts.{item.id}.issued", message) for item in late)


def _case(loading: Loading, item: plain.Case) -> None:
    given = given_of(
        title=item.title,
        description=item.description,
        selection=item.selection,
        zone=item.zone,
        is_private=item.private,
        hides_forecasts=item.hides_forecasts,
        resolvers_asked=item.resolvers,
        notice_hours=item.notice_hours,
    )
    old = by_name(Case.objects.all(), item.id)
    if item.private and old is None and not loading.admit:
        fault = plain.Fault(
            item.line, f"case.{item.id}.private", "nobody would see this case: say who may, with --admit"
        )
        raise plain.CasebookFaults([fault])
    # A casebook brings the decisions of whoever wrote it: where it says nothing of resolvers, none are asked here.
    row = Case(external_id=item.id, **{"resolvers_asked": 0, "notice_hours": 0, **given})
    loading.enter("case", item, old, given, open_case, case=row, members=loading.admit)


def _the_case(loading: Loading) -> Case:
    case: Case = next(iter(loading.rows["case"].values()))
    return case


def _source(loading: Loading, item: plain.Source) -> None:
    case = _the_case(loading)
    given = given_of(
        title=item.title,
        publisher=item.publisher,
        author=item.author,
        url=item.url,
        language=item.language,
        reliability=item.reliability,
        note=item.note,
        text_sha256=item.sha256,
        text_length=item.length,
        **moment_of("published", item.published),
    )
    row = Source(case=case, external_id=item.id, zone=case.zone, **given)
    loading.enter("sources", item, by_name(case.sources.all(), item.id), given, record_source, source=row)


def _quote(loading: Loading, item: plain.Quote) -> None:
    source = loading.row("sources", item.source)
    given = given_of(exact=item.exact, prefix=item.prefix, suffix=item.suffix)
    row = Quote(source=source, external_id=item.id, **given)
    loading.enter("quotes", item, by_name(source.quotes.all(), item.id), given, anchor_quote, quote=row)


def _forecaster(loading: Loading, item: plain.Forecaster) -> None:
    given = given_of(kind=item.kind, description=item.description)
    row = Forecaster(name=item.name, **given)
    old = Forecaster.objects.filter(name=item.name).first()
    loading.enter("forecasters", item, old, given, name_forecaster, forecaster=row)


def _trigger(loading: Loading, item: plain.Trigger) -> None:
    case = _the_case(loading)
    given = given_of(statement=item.statement, note=item.note, **moment_of("expected", item.expected))
    row = Trigger(case=case, external_id=item.id, zone=case.zone, **given)
    loading.enter("triggers", item, by_name(case.triggers.all(), item.id), given, pose_trigger, trigger=row)


def _occurrence(loading: Loading, item: plain.Trigger) -> None:
    told: Any = item.occurred
    trigger, where = loading.row("triggers", item.id), f"triggers.{item.id}.occurred"
    given = given_of(source=loading.row("sources", told.source), note=told.note, **moment_of("occurred", told.at))
    first = trigger.occurrences.order_by("pk").first()
    if first is not None:
        loading.compare(told.line, where, {name: getattr(first, name) for name in given}, given)
        return
    with told_at(told.line, where):
        record_occurrence(TriggerOccurrence(trigger=trigger, **given), by=loading.by, at=loading.at)
    loading.count("occurrences")


def _prediction(loading: Loading, item: plain.Prediction) -> None:
    case = _the_case(loading)
    given = given_of(theme=item.theme, trigger=loading.row("triggers", item.trigger))
    revision = PredictionRevision(
        statement=item.statement,
        opens_at=item.opens.at,
        closes_at=item.closes.ends_at,
        zone=item.zone or case.zone,
        outcome_rule=item.outcome_rule,
        outcome_table=item.outcome_table or "",
    )
    if item.cannot_tell_limit is not None:
        revision.cannot_tell_limit = float(item.cannot_tell_limit)
    criteria = [
        Criterion(label=each.label, text=each.text, weight=each.weight, quote=loading.row("quotes", each.quote))
        for each in item.criteria
    ]
    row = Prediction(case=case, external_id=item.id, origin=Origin.CASEBOOK, **given)
    rows: dict[str, Any] = {"prediction": row, "revision": revision, "criteria": criteria}
    old = by_name(case.predictions.all(), item.id)
    loading.enter("predictions", item, old, given, pose_prediction, **rows)
    if old is not None:
        posed = old.revisions.get(number=1)
        recorded = _wording(posed, list(posed.criteria.all()))
        loading.compare(item.line, f"predictions.{item.id}", recorded, _wording(revision, criteria))


def _wording(revision: PredictionRevision, criteria: list[Criterion]) -> dict[str, Any]:
    """What a casebook says of a prediction's first revision."""
    said = {"statement": revision.statement, "opens": revision.opens_at, "closes": revision.closes_at}
    said |= {"zone": revision.zone, "outcome_rule": revision.outcome_rule}
    said |= {"outcome_table": revision.outcome_table, "cannot_tell_limit": revision.cannot_tell_limit}
    return said | {"criteria": [(each.label, each.text, each.weight, each.quote_id) for each in criteria]}


def _forecast(loading: Loading, item: plain.Forecast) -> None:
    prediction = loading.row("predictions", item.prediction)
    _require_term(item)
    given = given_of(
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
        **moment_of("issued", item.issued),
    )
    row = Forecast(prediction=prediction, external_id=item.id, origin=Origin.CASEBOOK, **given)
    loading.enter("forecasts", item, by_name(prediction.forecasts.all(), item.id), given, log_forecast, forecast=row)


def _require_term(item: plain.Forecast) -> None:
    """The term that the file names must be the one that the scale finds in the words."""
    if item.term is None or item.words is None:
        return
    try:
        scale = scales.scale_named(item.scale or scales.DEFAULT_SCALE, known_scales())
        found = scales.read(item.words, scale).term
    except scales.UnreadableProbability as fault:
        raise plain.CasebookFaults([plain.Fault(item.line, f"forecasts.{item.id}.words", str(fault))]) from fault
    if found != item.term:
        message = f"on this scale the words read as “{found}”, not “{item.term}”"
        raise plain.CasebookFaults([plain.Fault(item.line, f"forecasts.{item.id}.term", message)])


def _evidence(loading: Loading, item: plain.Evidence) -> None:
    prediction = loading.row("predictions", item.prediction)
    criterion = prediction.revision.criteria.filter(label=item.criterion).first() if item.criterion else None
    given = given_of(
        criterion=criterion,
        stance=item.stance,
        note=item.note,
        source=loading.row("sources", item.source),
        quote=loading.row("quotes", item.quote),
        credibility=item.credibility,
    )
    row = Evidence(prediction=prediction, external_id=item.id, **given)
    loading.enter("evidence", item, by_name(prediction.evidence.all(), item.id), given, link_evidence, evidence=row)


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
    ("assignments", lambda book: book.assessments, load_assignment),
    ("assessments", lambda book: book.assessments, load_assessment),
    ("resolutions", lambda book: book.resolutions, load_resolution),
)
