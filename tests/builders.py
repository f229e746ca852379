"""Builders of real rows, made through the operations that users go through."""

from datetime import UTC, datetime, timedelta
from itertools import count

from django.contrib.auth.models import Group
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.roles import Role
from accounts.scopes import Scope
from predictions import capture as capturing
from predictions.models import (
    Assessment,
    Assignment,
    Assumption,
    Capture,
    Case,
    Coding,
    CodingRequest,
    Criterion,
    Erasure,
    Evidence,
    Forecast,
    Forecaster,
    HouseScale,
    Indicator,
    Prediction,
    PredictionRevision,
    Quote,
    Rating,
    Resolution,
    Snapshot,
    Source,
    Team,
    Trigger,
    TriggerOccurrence,
)
from predictions.operations.assessments import assign_resolver, submit_assessment
from predictions.operations.assumptions import note_assumption, note_indicator
from predictions.operations.captures import capture_source
from predictions.operations.cases import open_case
from predictions.operations.codings import ask_coder, submit_coding
from predictions.operations.erasures import erase
from predictions.operations.evidence import link_evidence
from predictions.operations.forecasters import name_forecaster
from predictions.operations.forecasts import log_forecast
from predictions.operations.predictions import pose_prediction
from predictions.operations.quotes import anchor_quote
from predictions.operations.ratings import rate_evidence
from predictions.operations.readings import pose_from_quote
from predictions.operations.resolutions import resolve
from predictions.operations.scales import add_scale
from predictions.operations.sources import attach_text, record_source
from predictions.operations.teams import form_team
from predictions.operations.triggers import pose_trigger, record_occurrence

START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PASSWORD = "correct horse battery staple"
OLD_TEXT = "Strategy\n\nChina is an issue of concern. Relations matter.\n\nAlliances\nThe alliance is firm."
NEW_TEXT = (
    "Strategy\n\nChina is the greatest strategic challenge. Economic security is new.\n\n"
    "Economic security\nEconomic security and the alliance; economic-security measures."
)
_numbers = count(1)


def on_day(day: float) -> datetime:
    """So many days after 1 January 2026, 00:00 UTC."""
    return START + timedelta(days=day)


def person(username: str, *roles: str) -> User:
    user = User.objects.create_user(username, f"{username}@example.org", PASSWORD, is_staff=bool(roles))
    user.groups.set(Group.objects.filter(name__in=roles))
    return user


def token(user: User, *scopes: str) -> str:
    """A token of `user`, as it stands after it was made: for everything, unless scopes are named."""
    told = {"name": "a program", "scopes": " ".join(scopes or Scope), "last_used_on": timezone.now().date()}
    return ApiToken.objects.create(user=user, expiry=timedelta(days=30), **told)[1]


def a_person_with(role: str) -> User:
    """An account of that role, one for all rows of a test that do not care who made them."""
    user = User.objects.filter(username=f"some-{role}").first()
    return user or person(f"some-{role}", role)


def case(*, by: User | None = None, members=(), teams=(), **fields) -> Case:
    """A case in which everybody sees everybody's forecasts and one person decides at once, unless told otherwise."""
    number = next(_numbers)
    values = {"external_id": f"case-{number}", "title": f"Case {number}", "selection": "All of them."}
    values |= (
        {"hides_forecasts": False, "notice_hours": 0}
        | ({} if by and Role.ADMINISTRATOR not in by.roles else {"resolvers_asked": 0})
        | fields
    )
    members = members if by else [*members, a_person_with("analyst")]
    return open_case(Case(**values), members=members, teams=teams, by=by or a_person_with("administrator"), at=NOW)


def team(name: str = "", *members: User) -> Team:
    return form_team(
        Team(name=name or f"Team {next(_numbers)}"), members=members, by=a_person_with("administrator"), at=NOW
    )


def scale(name: str = "House", version: str = "1", terms: str = "likely: 50%, 60%, 70%", **fields) -> HouseScale:
    row = HouseScale(name=name, version=version, terms=terms, **fields)
    return add_scale(row, by=a_person_with("analyst"), at=NOW)


def source(in_case: Case | None = None, **fields) -> Source:
    values = {"case": in_case or case(), "title": f"Article {next(_numbers)}", "reliability": "B"} | fields
    return record_source(Source(**values), by=a_person_with("analyst"), at=NOW)


def two_texts(in_case: Case | None = None, old: str = OLD_TEXT, new: str = NEW_TEXT) -> tuple[Snapshot, Snapshot]:
    """The texts of a reference and a revised document of one case."""
    in_case = in_case or case()
    rows = (source(in_case, title="Strategy of 2013"), source(in_case, title="Strategy of 2022"))
    by = a_person_with("analyst")
    first, second = (attach_text(row, text, by=by, at=NOW) for row, text in zip(rows, (old, new), strict=True))
    return first, second


def quote(of: Source | None = None, exact: str = "it is likely to rain", **fields) -> Quote:
    return anchor_quote(Quote(source=of or source(), exact=exact, **fields), by=a_person_with("analyst"), at=NOW)


def asked_capture(text: str = "It is likely to rain.", *, by: User | None = None, at=NOW, **fields) -> Capture:
    """Asked for and not begun: a pasted text in a case of its own, unless told otherwise. `text` may be bytes."""
    values = {"way": "file" if isinstance(text, bytes) else "text"} | fields
    if not values.get("source"):
        values["case"] = values.get("case") or case()
    content = text if isinstance(text, bytes) else text.encode()
    row = Capture(**values)
    return capture_source(
        row, content=b"" if row.way == "address" else content, by=by or a_person_with("analyst"), at=at
    )


def capture(text: str = "It is likely to rain.", *, at=NOW, **fields) -> Capture:
    """Asked for and ended."""
    row = asked_capture(text, at=at, **fields)
    capturing.run(row.pk, clock=lambda: at)
    return Capture.objects.select_related("source", "snapshot").get(pk=row.pk)


def orphaned(exact: str = "it is likely to rain", later: str = "Another text altogether.", **fields) -> Quote:
    """A quote of a text, which was not found again in the later one."""
    row = quote(source(**fields), exact)
    for text in (f"They say that {exact}, and no more.", later):
        attach_text(row.source, text, by=a_person_with("analyst"), at=NOW)
    return row


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


def posed_from(words: Quote, **fields) -> Prediction:
    """A prediction whose criterion and forecast, "likely", come from these words."""
    values = {"statement": f"Statement {next(_numbers)}", "opens_at": on_day(0), "closes_at": on_day(100)} | fields
    author = Forecaster(name=f"Author {next(_numbers)}")
    return pose_from_quote(
        Prediction(case=words.source.case, theme="weather"),
        PredictionRevision(**values),
        [Criterion(label="a", text="It happens.")],
        quote=Quote(source=words.source, exact=words.exact, prefix=words.prefix, suffix=words.suffix),
        forecast=Forecast(words="likely", forecaster=author, issued_at=on_day(0)),
        by=a_person_with("analyst"),
        at=NOW,
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


def coded(on: Prediction | None = None, words: str = "likely", **fields) -> Forecast:
    """A forecast in words that stand in a quote, coded by some analyst."""
    on = on or prediction()
    return forecast(on, words, **{"quote": quote(source(on.case))} | fields)


def asked(of: Forecast, *coders: User) -> list[CodingRequest]:
    rows = [CodingRequest(forecast=of, coder=coder) for coder in coders]
    return [ask_coder(row, by=a_person_with("analyst"), at=NOW) for row in rows]


def coding(of: CodingRequest, words: str = "likely", *, at: datetime = NOW, **fields) -> Coding:
    """What the coder who was asked makes of it."""
    values = {"had_own_forecast": False} | fields
    return submit_coding(Coding(request=of, words=words, **values), by=of.coder, at=at)


def evidence(on: Prediction | None = None, **fields) -> Evidence:
    on = on or prediction()
    values = {"stance": "supports", "note": "It was seen.", "credibility": 2} | fields
    if "source" not in values:
        values["source"] = source(on.case)
    return link_evidence(Evidence(prediction=on, **values), by=a_person_with("analyst"), at=NOW)


def rating(of: Evidence, on: Prediction | None = None, consistency="I", *, by: User | None = None, **fields) -> Rating:
    row = Rating(evidence=of, prediction=on or of.prediction, consistency=consistency, **fields)
    return rate_evidence(row, by=by or a_person_with("analyst"), at=NOW)


def assumption(on: Prediction | None = None, *, by: User | None = None, **fields) -> Assumption:
    values = {"statement": "Clouds bring rain.", "status": "supported"} | fields
    return note_assumption(
        Assumption(prediction=on or prediction(), **values), by=by or a_person_with("analyst"), at=NOW
    )


def indicator(on: Prediction | None = None, *, by: User | None = None, **fields) -> Indicator:
    values = {"statement": "The glass falls."} | fields
    return note_indicator(Indicator(prediction=on or prediction(), **values), by=by or a_person_with("analyst"), at=NOW)


def assigned(of: Prediction, *resolvers: User) -> list[Assignment]:
    rows = [Assignment(prediction=of, resolver=resolver) for resolver in resolvers]
    return [assign_resolver(row, by=a_person_with("administrator"), at=NOW) for row in rows]


def assessment(of: Prediction, verdict="met", *, by: User, at=NOW, **fields) -> Assessment:
    """What `by` found, who must be assigned: the same verdict on every criterion, or one each by letter."""
    values = {"outcome": {"met": 1.0, "not_met": 0.0}.get(verdict if isinstance(verdict, str) else "")}
    values |= {"confidence": "moderate", "rationale": "So it was reported."} | fields
    labels = [criterion.label for criterion in of.revision.criteria.all()]
    rationale, relied_on = values.pop("rationale"), values.pop("relied_on", ())
    row = Assessment(prediction=of, **values)
    row.rationale = rationale
    verdicts = dict.fromkeys(labels, verdict) if isinstance(verdict, str) else verdict
    return submit_assessment(row, verdicts=verdicts, relied_on=relied_on, by=by, at=at)


def panel(of: Prediction, *verdicts: str) -> list[User]:
    """Resolvers r1, r2, … who were asked and found these verdicts."""
    people = [person(f"r{number}-{next(_numbers)}", "resolver") for number, _ in enumerate(verdicts, 1)]
    assigned(of, *people)
    for who, verdict in zip(people, verdicts, strict=True):
        assessment(of, verdict, by=who)
    return people


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


def erasure(
    of, reason: str = "The court of the town ordered it.", *, by: User | None = None, at: datetime = NOW
) -> Erasure:
    """That what the entry of an append-only row, or an entry itself, recorded is erased."""
    row = Erasure(erased=getattr(of, "entry", of), reason=reason)
    return erase(row, by=by or a_person_with("administrator"), at=at)
