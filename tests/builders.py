"""Builders of real rows, made through the operations that users go through."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.contrib.auth.models import Group

from accounts.models import User
from predictions.models import (
    Case,
    Criterion,
    Evidence,
    Forecast,
    Forecaster,
    Prediction,
    PredictionRevision,
    Quote,
    Resolution,
    Source,
    Trigger,
    TriggerOccurrence,
)
from predictions.operations.cases import open_case
from predictions.operations.evidence import link_evidence
from predictions.operations.forecasters import name_forecaster
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import pose_prediction
from predictions.operations.quotes import anchor_quote
from predictions.operations.resolutions import resolve
from predictions.operations.sources import record_source
from predictions.operations.triggers import pose_trigger, record_occurrence

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
_numbers = count(1)


def on_day(day: float) -> datetime:
    """So many days after 1 January 2026, 00:00 UTC."""
    return START + timedelta(days=day)


def person(username: str, *roles: str) -> User:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, is_staff=bool(roles))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def a_person_with(role: str) -> User:
    """An account of that role, one for all rows of a test that do not care who made them."""
    user = User.objects.filter(username=f"some-{role}").first()
    return user or person(f"some-{role}", role)


def case(*, by: User | None = None, members=(), **fields) -> Case:
    """An open case in which everybody sees everybody's forecasts, unless told otherwise."""
    number = next(_numbers)
    values = {"external_id": f"case-{number}", "title": f"Case {number}", "selection": "All of them."}
    values |= {"hides_forecasts": False} | fields
    return open_case(Case(**values), members=members, by=by or a_person_with("analyst"), at=NOW)


def source(in_case: Case | None = None, **fields) -> Source:
    values = {"case": in_case or case(), "title": f"Article {next(_numbers)}", "reliability": "B"} | fields
    return record_source(Source(**values), by=a_person_with("analyst"), at=NOW)


def quote(of: Source | None = None, exact: str = "it is likely to rain", **fields) -> Quote:
    return anchor_quote(Quote(source=of or source(), exact=exact, **fields), by=a_person_with("analyst"), at=NOW)


def trigger(in_case: Case | None = None, **fields) -> Trigger:
    values = {"case": in_case or case(), "statement": f"Event {next(_numbers)} takes place"} | fields
    return pose_trigger(Trigger(**values), by=a_person_with("analyst"), at=NOW)


def occurrence(of: Trigger, at: datetime = START + timedelta(days=50), **fields) -> TriggerOccurrence:
    row = TriggerOccurrence(trigger=of, occurred_at=at, **fields)
    return record_occurrence(row, by=a_person_with("analyst"), at=NOW)


def prediction(in_case: Case | None = None, *, criteria=("It happens.",), at: datetime = NOW, **fields) -> Prediction:
    """Open from 1 January to 11 April 2026 (100 days), judged by one criterion, (a), unless told otherwise."""
    own = {"theme": "weather"} | {
        k: fields.pop(k) for k in ("theme", "trigger", "external_id", "origin") if k in fields
    }
    values = {"statement": f"Statement {next(_numbers)}", "opens_at": on_day(0), "closes_at": on_day(100)} | fields
    rows = [Criterion(label=label, text=text) for label, text in zip("abcdefgh", criteria, strict=False)]
    return pose_prediction(
        Prediction(case=in_case or case(), **own),
        PredictionRevision(**values),
        rows,
        by=a_person_with("analyst"),
        at=at,
    )


def forecaster(name: str = "", **fields) -> Forecaster:
    row = Forecaster(name=name or f"Forecaster {next(_numbers)}", **fields)
    return name_forecaster(row, by=a_person_with("analyst"), at=NOW)


def forecast(
    on: Prediction | None = None, words: str = "70%", *, by: Forecaster | None = None, at: datetime = NOW, **fields
) -> Forecast:
    values = {"issued_at": on_day(0)} | fields
    row = Forecast(prediction=on or prediction(), forecaster=by or forecaster(), words=words, **values)
    return log_forecast(row, by=a_person_with("analyst"), at=at)


def evidence(on: Prediction | None = None, **fields) -> Evidence:
    on = on or prediction()
    values = {"stance": "supports", "note": "It was seen.", "credibility": 2} | fields
    if "source" not in values:
        values["source"] = source(on.case)
    return link_evidence(Evidence(prediction=on, **values), by=a_person_with("analyst"), at=NOW)


def resolution(
    of: Prediction, outcome: float | None = 1.0, *, verdict="met", relied_on=(), at=NOW, **fields
) -> Resolution:
    values = {"known_at": on_day(50)} | fields
    labels = [criterion.label for criterion in of.revision.criteria.all()]
    return resolve(
        Resolution(prediction=of, outcome=outcome, **values),
        verdicts=dict.fromkeys(labels, verdict),
        relied_on=relied_on,
        by=a_person_with("resolver"),
        at=at,
    )
