"""What a row may not be is refused twice: by the row, in words, and by the database, whatever wrote it."""

from copy import copy
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.base import ModelState

from accounts.zones import require_zone
from predictions.models import (
    AssessedCriterion,
    AssessedEvidence,
    Assessment,
    Assignment,
    Capture,
    Case,
    Coding,
    CodingRequest,
    Criterion,
    CriterionVerdict,
    DocumentComparison,
    Evidence,
    Forecast,
    HouseScale,
    League,
    LogHead,
    Prediction,
    PredictionRevision,
    Quote,
    QuoteAnchor,
    QuoteStanding,
    Rating,
    ReliedEvidence,
    Resolution,
    Snapshot,
    Source,
    Trigger,
    TriggerOccurrence,
)
from predictions.models.rows import plain, require_storable
from predictions.operations.evidence import link_evidence
from predictions.operations.sources import attach_text
from tests import builders as a

MEND = {"reason": "Misread."}
BEFORE, AFTER = a.on_day(-1), a.NOW + (a.NOW - a.START)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    """One row of every kind that carries a rule, by its model."""
    case = a.case()
    source = a.source(case, external_id="s")
    snapshot = attach_text(source, "Perhaps it is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
    anchored, quote, trigger = a.quote(source), a.quote(external_id="q"), a.trigger(case, external_id="t")
    prediction = a.prediction(case, external_id="p")
    forecast, evidence = a.forecast(prediction, "likely", external_id="f"), a.evidence(prediction, external_id="e")
    resolution = a.resolution(prediction, relied_on=[evidence])
    assessment = _an_assessment()
    rows = [case, source, snapshot, quote, anchored.anchors.get(), trigger, a.occurrence(trigger), prediction]
    rows += [prediction.revision, prediction.revision.criteria.get(), forecast, forecast.codings.get(), evidence]
    rows += [resolution, resolution.verdicts.get(), resolution.relied_on.get(), LogHead.objects.get()]
    rows += [a.capture(b"It may rain."), a.orphaned().standings.get()]
    rows += [League.objects.create(pk=1), assessment, assessment.assignment]
    rows += [assessment.verdicts.get(), assessment.relied_on.get(), _a_comparison(evidence, snapshot)]
    rows += [a.rating(a.evidence(prediction)), a.scale()]
    rows += a.asked(a.coded(a.prediction(case)), a.person("coder", "analyst"))
    return {type(row): row for row in rows}


def _a_comparison(evidence, snapshot):
    """Of evidence of its own, the revised text being `snapshot`."""
    earlier = attach_text(a.source(evidence.prediction.case), "Rain.", by=a.a_person_with("analyst"), at=a.NOW)
    row = Evidence(prediction=evidence.prediction, source=snapshot.source, stance="context", note="So.", credibility=6)
    comparison = DocumentComparison(reference=earlier, revised=snapshot, term="rain")
    return link_evidence(row, comparison=comparison, by=a.a_person_with("analyst"), at=a.NOW).comparison


def _an_assessment():
    prediction, by = a.prediction(a.case(resolvers_asked=2)), a.person("judge", "resolver")
    a.assigned(prediction, by)
    return a.assessment(prediction, by=by, relied_on=[a.evidence(prediction)])


def twin(row, **changes):
    """A new row like `row` but for `changes`, ready to be written past every check of Python's."""
    new = copy(row)
    new._state, new.pk = ModelState(), None
    for name, value in {"uuid": uuid4(), "external_id": "", **POINTERS.get(type(row), {}), **changes}.items():
        if hasattr(row, name):
            setattr(new, name, value)
    return new


def successor(row, **changes):
    """A twin that lawfully follows `row`, where there can be one."""
    follows = {"supersedes": row, **MEND} if type(row) in FOLLOWING else {}
    return twin(row, **{**follows, **({"number": 2} if type(row) is PredictionRevision else {}), **changes})


FOLLOWING = {TriggerOccurrence, Resolution, Assessment, Rating}
POINTERS = {Trigger: {"occurrence": None}, Prediction: {"revision": None, "resolution": None}}


def period(stem, precision, until):
    return {f"{stem}_precision": precision, f"{stem}_until": until}


BROKEN = [
    (Source, "source_published_whole", {"published_at": a.START, **period("published", "day", None)}),
    (Source, "source_published_whole", {"published_at": a.START, **period("published", "instant", AFTER)}),
    (Source, "source_published_whole", {"published_at": a.START, **period("published", "month", BEFORE)}),
    (Trigger, "trigger_expected_whole", {"expected_at": a.START, **period("expected", "estimated", None)}),
    (TriggerOccurrence, "triggeroccurrence_whole", period("occurred", "day", None)),
    (TriggerOccurrence, "triggeroccurrence_whole", period("occurred", "instant", AFTER)),
    (TriggerOccurrence, "triggeroccurrence_replaced_with_reason", {"reason": ""}),
    (Quote, "quote_not_empty", {"exact": ""}),
    (Quote, "quote_replaced_with_reason", {"supersedes": Quote}),
    (QuoteAnchor, "quoteanchor_not_empty", {"quote": Quote, "start": 5, "end": 5}),
    (QuoteAnchor, "quoteanchor_not_empty", {"quote": Quote, "start": 5, "end": 4}),
    (Capture, "capture_of_an_address_has_one", {"way": "address", "address": ""}),
    (Capture, "capture_done_has_its_text", {"snapshot": None}),
    (Capture, "capture_failed_says_why", {"stage": "failed"}),
    (QuoteStanding, "quotestanding_decided_with_reason", {"standing": "gone"}),
    (PredictionRevision, "predictionrevision_opens_before_it_closes", {"closes_at": a.on_day(0)}),
    (PredictionRevision, "predictionrevision_closes", {"closes_at": None}),
    (PredictionRevision, "predictionrevision_amended_with_reason", {"kind": "material"}),
    (PredictionRevision, "predictionrevision_amended_with_reason", {"kind": "clarifying"}),
    (Forecast, "forecast_probability_with_its_basis", {"basis": ""}),
    (Forecast, "forecast_probability_with_its_basis", {"kind": "withdrawn"}),
    (Forecast, "forecast_probability_with_its_basis", {"probability": None, "low": None, "high": None}),
    (Forecast, "forecast_probability_in_bounds", {"probability": 0.0, "low": 0.0}),
    (Forecast, "forecast_probability_in_bounds", {"probability": 1.0, "high": 1.0}),
    (Forecast, "forecast_probability_in_bounds", {"probability": 1.2, "low": None, "high": None}),
    (Forecast, "forecast_low_point_high", {"low": 0.7}),
    (Forecast, "forecast_low_point_high", {"high": 0.6}),
    (Forecast, "forecast_low_point_high", {"low": -0.1}),
    (Forecast, "forecast_low_point_high", {"high": 1.1}),
    (Forecast, "forecast_low_point_high", {"low": None}),
    (Forecast, "forecast_low_point_high", {"high": None}),
    (Forecast, "forecast_issued_whole", period("issued", "day", None)),
    (Forecast, "forecast_issued_whole", period("issued", "month", a.on_day(0))),
    (Forecast, "forecast_issued_before_recorded", {"issued_at": AFTER}),
    (Forecast, "forecast_replaced_with_reason", {"supersedes": Forecast}),
    (Coding, "coding_low_point_high", {"low": 0.7}),
    (Coding, "coding_low_point_high", {"high": 1.1}),
    (Coding, "coding_says_own_forecast", {"request": CodingRequest}),
    (CodingRequest, "codingrequest_closed_somehow", {"closed_at": a.NOW}),
    (CodingRequest, "codingrequest_ended_with_reason", {"closed_at": a.NOW, "closing": "declined"}),
    (CodingRequest, "codingrequest_ended_with_reason", {"closed_at": a.NOW, "closing": "coded", "reason": "So."}),
    (Evidence, "evidence_graded", {"reliability": ""}),
    (Evidence, "evidence_credibility_1_to_6", {"credibility": 0}),
    (Evidence, "evidence_credibility_1_to_6", {"credibility": 7}),
    (Evidence, "evidence_replaced_with_reason", {"supersedes": Evidence}),
    (DocumentComparison, "documentcomparison_of_texts", {"evidence": Evidence, "reference_total": 0}),
    (DocumentComparison, "documentcomparison_of_texts", {"evidence": Evidence, "revised_total": 0}),
    (DocumentComparison, "documentcomparison_of_two_texts", {"evidence": Evidence, "reference": Snapshot}),
    (Resolution, "resolution_outcome_or_annulled", {"outcome": None}),
    (Resolution, "resolution_outcome_or_annulled", {"annulled": "ambiguous"}),
    (Resolution, "resolution_outcome_0_to_1", {"outcome": 1.5}),
    (Resolution, "resolution_outcome_0_to_1", {"outcome": -0.5}),
    (Resolution, "resolution_known", {"known_at": None}),
    (Resolution, "resolution_known_whole", period("known", "day", None)),
    (Resolution, "resolution_known_before_resolved", {"known_at": AFTER}),
    (Resolution, "resolution_replaced_with_reason", {"reason": ""}),
    (Assignment, "assignment_withdrawn_with_reason", {"withdrawn_at": a.NOW}),
    (Assignment, "assignment_withdrawn_with_reason", {"withdrawn_because": "On leave."}),
    (Assessment, "assessment_outcome_0_to_1", {"outcome": 1.5}),
    (Assessment, "assessment_outcome_0_to_1", {"outcome": -0.5}),
    (Assessment, "assessment_replaced_with_reason", {"reason": ""}),
    (HouseScale, "housescale_replaced_with_reason", {"supersedes": HouseScale, "key": "another"}),
    (Rating, "rating_replaced_with_reason", {"reason": ""}),
    (Rating, "rating_blank_takes_back", {"supersedes": None, "consistency": "", "evidence": Evidence}),
    (LogHead, "loghead_is_one", {"pk": 2}),
    (League, "league_is_one", {"pk": 2}),
]
TWICE = [
    (Case, None, "external_id"),
    (Source, "source_external_id_once_per_case", "external_id"),
    (Trigger, "trigger_external_id_once_per_case", "external_id"),
    (Prediction, "prediction_external_id_once_per_case", "external_id"),
    (Quote, "quote_external_id_once_per_source", "external_id"),
    (Forecast, "forecast_external_id_once", "external_id"),
    (Evidence, "evidence_external_id_once", "external_id"),
    (Snapshot, "snapshot_text_once_per_source"),
    (QuoteAnchor, "quoteanchor_once_per_snapshot"),
    (QuoteStanding, "quotestanding_once_each"),
    (TriggerOccurrence, "triggeroccurrence_one_first"),
    (PredictionRevision, "predictionrevision_number_once"),
    (Criterion, "criterion_label_once_per_revision"),
    (Resolution, "resolution_one_first"),
    (CriterionVerdict, "criterionverdict_once"),
    (ReliedEvidence, "reliedevidence_once"),
    (Assignment, "assignment_once"),
    (Assessment, "assessment_one_first"),
    (Rating, "rating_one_first"),
    (AssessedCriterion, "assessedcriterion_once"),
    (AssessedEvidence, "assessedevidence_once"),
    (CodingRequest, "codingrequest_once"),
]
CONSTRAINTS = {
    constraint.name: constraint
    for model in apps.get_app_config("predictions").get_models()
    for constraint in model._meta.constraints
}
FIRSTS = sorted(name for name in CONSTRAINTS if name.endswith("_one_first"))
MADE_BY_US = ("loghead", "ledgertile", "casemembership", "score", "quoteanchor", "watch", "notice", "calendaraddress")
NOT_ENTERED = {name for name in CONSTRAINTS if name.startswith(MADE_BY_US)}
NOT_ENTERED |= {"caseteam_once", "keptreply_once", "teammembership_once"}


def refused(row):
    """The messages of the row's own refusal; the database's follows."""
    with pytest.raises(ValidationError) as politely:
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row)._base_manager.bulk_create([row])
    return politely.value.messages


def filled(changes, world):
    """The changes, with the world's row wherever a model is named."""
    return {field: world.get(value, value) if isinstance(value, type) else value for field, value in changes.items()}


@pytest.mark.parametrize("model", dict.fromkeys(model for model, _, _ in BROKEN), ids=lambda model: model.__name__)
def test_a_row_that_breaks_a_rule_is_refused_by_the_row_and_by_the_database(world, model):
    for name, changes in ((name, changes) for broken, name, changes in BROKEN if broken is model):
        row = successor(world[model], **filled(changes, world))
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            model._base_manager.bulk_create([row])
        if name not in NOT_ENTERED:
            refused(row)


def test_what_must_be_unique_is_refused_the_second_time(world):
    for model, name, *kept in TWICE:
        messages = refused(twin(world[model], **{field: getattr(world[model], field) for field in kept}))
        if name and name not in NOT_ENTERED:
            assert messages == [CONSTRAINTS[name].violation_error_message]


def test_every_constraint_is_tried_here():
    tried = {name for _, name, _ in BROKEN} | {given[1] for given in TWICE}
    elsewhere = {"watch_once", "notice_once", "noticemark_is_one", "calendaraddress_one"}  # in tests of notices
    elsewhere |= {"case_private_or_embargoed", "teammembership_once", "caseteam_once"}  # of teams and embargoes
    elsewhere |= {"erasure_with_reason", "keptreply_once"}  # of erasures and of requests sent again
    assert CONSTRAINTS.keys() - tried == {"casemembership_once", "ledgertile_once"} | elsewhere


@pytest.mark.parametrize("name", sorted(CONSTRAINTS.keys() - NOT_ENTERED))
def test_every_constraint_speaks_plain_english(name):
    message = CONSTRAINTS[name].violation_error_message
    assert message != models.BaseConstraint.default_violation_error_message
    assert message.endswith(".")


@pytest.mark.parametrize("name", [*FIRSTS, "predictionrevision_number_once", "assignment_once"])
def test_a_second_first_is_a_conflict(name):
    assert CONSTRAINTS[name].violation_error_code == "conflict"


IMPORTED = [
    (Forecast, {"issued_at": AFTER}),
    (Forecast, {"probability": 0.0, "low": 0.0}),
    (Forecast, {"probability": 1.0, "high": 1.0}),
    (PredictionRevision, {"closes_at": a.on_day(0)}),
    (PredictionRevision, {"closes_at": None}),
    (Resolution, {"known_at": AFTER}),
]


@pytest.mark.parametrize(("model", "changes"), IMPORTED, ids=lambda value: getattr(value, "__name__", str(value)))
def test_imported_rows_may_break_the_rules_on_times_and_on_certainty(world, model, changes):
    for origin in ("entered", "casebook"):
        refused(successor(world[model], origin=origin, **changes))
    row = successor(world[model], origin="imported", **changes)
    row.full_clean()
    model._base_manager.bulk_create([row])


@pytest.mark.parametrize("probability", [-0.1, 1.1])
def test_imported_or_not_a_probability_lies_between_0_and_1(world, probability):
    row = twin(world[Forecast], origin="imported", probability=probability, low=None, high=None)
    assert "Give a number from 0 to 1." in refused(row)


NUMBERS = [(Forecast, "probability"), (Forecast, "low"), (Resolution, "outcome"), (Assessment, "outcome")]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps NaN as null")
@pytest.mark.parametrize(("model", "field"), NUMBERS)
def test_nan_is_refused_by_the_database_too(world, model, field):
    refused(successor(world[model], **{field: float("nan")}))


# --- text and numbers --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800", "\udfffa"])
def test_text_that_no_database_keeps_is_refused_at_its_field(text):
    with pytest.raises(ValidationError):
        require_storable(text)
    for field, build in (
        ("title", a.source),
        ("statement", a.trigger),
        ("note", a.evidence),
        ("rationale", a.forecast),
    ):
        with pytest.raises(ValidationError) as refusal:
            build(**{field: text})
        assert field in refusal.value.error_dict


@pytest.mark.parametrize("text", ["", "日本", "🌧", "\u202eright to left", "combining e\u0301"])
def test_other_text_is_kept_as_it_was_sent(text):
    require_storable(text)
    assert Source.objects.get(pk=a.source(note=text).pk).note == text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.5, "0.5"),
        (1.0, "1"),
        (0.0, "0"),
        (-0.25, "-0.25"),
        (31.5, "31.5"),
        (-1e-06, "-0.000001"),
        (7, 7),
        (True, True),
        (None, None),
    ],
)
def test_the_ledger_writes_shares_as_text_and_counts_as_integers(value, written):
    assert plain(value) == written
    assert type(plain(value)) is type(written)


@pytest.mark.parametrize("length", [-1, 2**53])
def test_a_length_that_no_ledger_holds_is_refused_at_its_field(length):
    with pytest.raises(ValidationError) as refusal:
        a.source(text_length=length)
    assert refusal.value.error_dict.keys() == {"text_length"}


def test_zones_are_validated_wherever_dates_are_kept():
    for build in (a.case, a.source, a.trigger, a.prediction):
        with pytest.raises(ValidationError) as refusal:
            build(zone="Tokyo")
        assert refusal.value.error_dict.keys() == {"zone"}
    require_zone("Asia/Tokyo")
