"""Every verb of the product, ready to be done in a case: for laws that hold of all of them."""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from accounts.models import User
from predictions.models import (
    Capture,
    Case,
    Criterion,
    DocumentComparison,
    Erasure,
    Evidence,
    Forecast,
    Forecaster,
    HouseScale,
    Prediction,
    PredictionRevision,
    Quote,
    QuoteStanding,
    Resolution,
    Source,
    Team,
    Trigger,
    TriggerOccurrence,
)
from predictions.operations import (
    accounts,
    assessments,
    assumptions,
    captures,
    cases,
    codings,
    disputes,
    erasures,
    evidence,
    forecasters,
    forecasts,
    leagues,
    quotes,
    ratings,
    resolutions,
    scales,
    sources,
    teams,
    triggers,
)
from predictions.operations import predictions as posing
from predictions.policy import can
from tests import builders as a
from tests.predictions import coding_deeds as coding
from tests.predictions import judging_deeds as judging
from tests.predictions import reading_deeds as reading

TEXT = "The paper says that it is likely to rain, and that nobody will mind."


class Deed(NamedTuple):
    """An operation, the verb it demands of the policy, the kind of its ledger entry, how to get ready for it.

    `prepare` takes the case to work in and returns the operation, which then wants only `by` and `at`.
    """

    operation: Callable[..., Any]
    verb: str
    kind: str
    prepare: Callable[[Case], Callable[..., Any]]

    @property
    def __name__(self) -> str:
        return f"{self.operation.__name__}_{self.kind}"


def changed(row: Any, **values: Any) -> Any:
    for name, value in values.items():
        setattr(row, name, value)
    return row


def guest(*roles: str) -> User:
    return User.objects.filter(username="guest").first() or a.person("guest", *roles)


def _dismiss(case: Case) -> Callable[..., Any]:
    cases.admit(case, guest(), by=a.a_person_with("analyst"), at=a.NOW)
    return partial(cases.dismiss, case, guest())


def _dismiss_team(case: Case) -> Callable[..., Any]:
    cases.admit_team(case, team := a.team(), by=a.a_person_with("analyst"), at=a.NOW)
    return partial(cases.dismiss_team, case, team)


def _revision(**values: Any) -> PredictionRevision:
    return PredictionRevision(statement="It rains.", opens_at=a.on_day(0), closes_at=a.on_day(100), **values)


def _pose(case: Case) -> Callable[..., Any]:
    row = Prediction(case=case, theme="weather", trigger=a.trigger(case))
    return partial(posing.pose_prediction, row, _revision(), [Criterion(label="a", text="Rain falls.")])


def _amend(case: Case) -> Callable[..., Any]:
    revision = _revision(prediction=a.prediction(case))
    return partial(posing.amend_prediction, revision, [Criterion(label="a", text="Rain falls.")])


def _forecast(case: Case, words: str = "likely", **values: Any) -> Callable[..., Any]:
    row = Forecast(prediction=a.prediction(case), forecaster=a.forecaster(), words=words, issued_at=a.on_day(1))
    return partial(forecasts.log_forecast, changed(row, quote=a.quote(a.source(case)), rationale="Clouds.", **values))


def _replace_forecast(case: Case) -> Callable[..., Any]:
    first = a.forecast(a.prediction(case))
    values = {"prediction": first.prediction, "forecaster": first.forecaster, "issued_at": a.on_day(1)}
    return partial(forecasts.log_forecast, Forecast(words="60%", supersedes=first, reason="Misread.", **values))


def _evidence(case: Case, on: Prediction | None = None, **values: Any) -> Callable[..., Any]:
    row = Evidence(prediction=on or a.prediction(case), stance="supports", note="Wet.", credibility=2, **values)
    return partial(evidence.link_evidence, changed(row, source=a.source(case)))


def compare(case: Case) -> Callable[..., Any]:
    reference, revised = a.two_texts(case)
    row = Evidence(prediction=a.prediction(case), stance="supports", note="Oftener.", credibility=2)
    row.source = revised.source
    comparison = DocumentComparison(reference=reference, revised=revised, term="economic security")
    return partial(evidence.link_evidence, row, comparison=comparison)


def _replace_evidence(case: Case) -> Callable[..., Any]:
    first = a.evidence(a.prediction(case))
    return _evidence(case, first.prediction, supersedes=first, reason="Misread.")


def _resolve(case: Case, **values: Any) -> Callable[..., Any]:
    prediction = a.prediction(case)
    row = Resolution(prediction=prediction, outcome=1.0, known_at=a.on_day(50), rationale="It rained.", **values)
    return partial(resolutions.resolve, row, verdicts={"a": "met"}, relied_on=[a.evidence(prediction)])


def _replace_resolution(case: Case) -> Callable[..., Any]:
    first = a.resolution(a.prediction(case))
    values = {"prediction": first.prediction, "supersedes": first, "reason": "Misread."}
    row = Resolution(outcome=0.0, known_at=a.on_day(50), **values)
    return partial(resolutions.resolve, row, verdicts={"a": "not_met"})


def _erase(case: Case) -> Callable[..., Any]:
    entry = a.forecast(a.prediction(case), rationale="Clouds, dark ones.").entry
    return partial(erasures.erase, Erasure(erased=entry, reason="A court ordered it."))


def _undo(case: Case) -> Callable[..., Any]:
    return partial(triggers.undo_occurrence, a.occurrence(a.trigger(case)).trigger, reason="It did not.")


def _unwatch(case: Case) -> Callable[..., Any]:
    trigger = a.trigger(case)
    for user in (user for user in User.objects.all() if can(user, "watch", trigger)):
        triggers.watch_trigger(trigger, by=user, at=a.NOW)
    return partial(triggers.unwatch_trigger, trigger)


def _attach(case: Case) -> Callable[..., Any]:
    return partial(sources.attach_text, a.quote(a.source(case)).source, TEXT)


def _capture(case: Case) -> Callable[..., Any]:
    return partial(captures.capture_source, Capture(case=case, way="text", title="Paper"), content=TEXT.encode())


def _settle(case: Case) -> Callable[..., Any]:
    quote = a.quote(a.source(case), "likely to rain")
    for text in (TEXT, "Another text."):
        newest = sources.attach_text(quote.source, text, by=a.a_person_with("analyst"), at=a.NOW)
    row = QuoteStanding(quote=quote, snapshot=newest, standing="gone", reason="It was cut.")
    return partial(quotes.settle_quote, row)


def _quote(case: Case) -> Callable[..., Any]:
    source = a.source(case)
    sources.attach_text(source, TEXT, by=a.a_person_with("analyst"), at=a.NOW)
    return partial(quotes.anchor_quote, Quote(source=source, exact="likely to rain"))


def _add_scale(version: str, **values: Any) -> Callable[..., Any]:
    return partial(scales.add_scale, HouseScale(name="House", version=version, terms="likely: 50%, 60%, 70%", **values))


def _disabled(key: str) -> Callable[..., Any]:
    scales.switch_scale(key, is_enabled=False, by=a.a_person_with("analyst"), at=a.NOW)
    return partial(scales.switch_scale, key, is_enabled=True)


IN_A_CASE = [
    Deed(cases.amend_case, "amend_case", "case.amended", lambda c: partial(cases.amend_case, changed(c, title="New"))),
    Deed(cases.admit, "amend_case", "case.member_admitted", lambda c: partial(cases.admit, c, guest())),
    Deed(cases.dismiss, "amend_case", "case.member_dismissed", _dismiss),
    Deed(cases.admit_team, "amend_case", "case.team_admitted", lambda c: partial(cases.admit_team, c, a.team())),
    Deed(cases.dismiss_team, "amend_case", "case.team_dismissed", _dismiss_team),
    Deed(
        sources.record_source,
        "record_source",
        "source.recorded",
        lambda c: partial(sources.record_source, Source(case=c, title="Paper")),
    ),
    Deed(
        sources.amend_source,
        "amend_source",
        "source.amended",
        lambda c: partial(sources.amend_source, changed(a.source(c), title="New")),
    ),
    Deed(sources.attach_text, "attach_text", "snapshot.added", _attach),
    Deed(captures.capture_source, "capture_source", "capture.asked", _capture),
    Deed(quotes.settle_quote, "settle_quote", "quote.settled", _settle),
    Deed(quotes.anchor_quote, "anchor_quote", "quote.anchored", _quote),
    Deed(
        triggers.pose_trigger,
        "pose_trigger",
        "trigger.posed",
        lambda c: partial(triggers.pose_trigger, Trigger(case=c, statement="Rain.")),
    ),
    Deed(
        triggers.amend_trigger,
        "amend_trigger",
        "trigger.amended",
        lambda c: partial(triggers.amend_trigger, changed(a.trigger(c), statement="New")),
    ),
    Deed(
        triggers.record_occurrence,
        "record_occurrence",
        "trigger.occurred",
        lambda c: partial(
            triggers.record_occurrence, TriggerOccurrence(trigger=a.trigger(c), occurred_at=a.on_day(50))
        ),
    ),
    Deed(triggers.undo_occurrence, "undo_occurrence", "trigger.occurrence_undone", _undo),
    Deed(
        triggers.watch_trigger,
        "watch",
        "trigger.watched",
        lambda c: partial(triggers.watch_trigger, a.trigger(c)),
    ),
    Deed(triggers.unwatch_trigger, "watch", "trigger.unwatched", _unwatch),
    Deed(posing.pose_prediction, "pose_prediction", "prediction.posed", _pose),
    Deed(posing.amend_prediction, "amend_prediction", "prediction.revised", _amend),
    Deed(forecasts.log_forecast, "log_forecast", "forecast.created", _forecast),
    Deed(forecasts.log_forecast, "log_forecast", "forecast.superseded", _replace_forecast),
    Deed(
        forecasts.log_forecast,
        "log_forecast",
        "forecast.withdrawn",
        lambda c: _forecast(c, words="", kind="withdrawn"),
    ),
    Deed(codings.ask_coder, "ask_coder", "coding.asked", coding.ask),
    Deed(codings.withdraw_coding, "withdraw_coding", "coding.withdrawn", coding.withdraw),
    Deed(codings.decline_coding, "decline_coding", "coding.declined", coding.decline),
    Deed(codings.submit_coding, "submit_coding", "forecast.coded", coding.submit),
    Deed(evidence.link_evidence, "link_evidence", "evidence.captured", _evidence),
    Deed(evidence.link_evidence, "link_evidence", "evidence.captured", compare),
    Deed(evidence.link_evidence, "link_evidence", "evidence.superseded", _replace_evidence),
    Deed(ratings.rate_evidence, "rate_evidence", "rating.made", reading.rate),
    Deed(ratings.rate_evidence, "rate_evidence", "rating.superseded", lambda c: reading.rate_again(c, "C")),
    Deed(ratings.rate_evidence, "rate_evidence", "rating.taken_back", lambda c: reading.rate_again(c, "")),
    Deed(assumptions.note_assumption, "note_assumption", "assumption.noted", reading.assume),
    Deed(assumptions.amend_assumption, "amend_assumption", "assumption.amended", reading.assume_again),
    Deed(assumptions.note_indicator, "note_indicator", "indicator.noted", reading.indicate),
    Deed(assumptions.amend_indicator, "amend_indicator", "indicator.amended", reading.see),
    Deed(resolutions.resolve, "resolve", "resolution.made", _resolve),
    Deed(resolutions.resolve, "replace_resolution", "resolution.superseded", _replace_resolution),
    Deed(assessments.draw_resolvers, "draw_resolvers", "assignment.made", judging.draw),
    Deed(assessments.assign_resolver, "assign_resolver", "assignment.made", judging.assign),
    Deed(assessments.withdraw_assignment, "withdraw_assignment", "assignment.withdrawn", judging.withdraw),
    Deed(assessments.submit_assessment, "assess", "assessment.submitted", judging.assess),
    Deed(assessments.submit_assessment, "assess", "assessment.superseded", judging.replace_assessment),
    Deed(resolutions.confirm, "confirm", "resolution.made", judging.confirm),
    Deed(resolutions.adjudicate, "adjudicate", "resolution.made", judging.adjudicate),
    Deed(disputes.raise_dispute, "dispute", "dispute.raised", judging.dispute),
    Deed(disputes.answer_dispute, "answer_dispute", "dispute.answered", judging.answer),
    Deed(erasures.erase, "erase", "payload.erased", _erase),
]
ELSEWHERE = [
    Deed(
        cases.open_case,
        "open_case",
        "case.opened",
        lambda c: partial(
            cases.open_case,
            Case(external_id="new", title="New", selection="All.", is_private=True),
            members=[guest("viewer")],
        ),
    ),
    Deed(
        forecasters.name_forecaster,
        "name_forecaster",
        "forecaster.named",
        lambda c: partial(forecasters.name_forecaster, Forecaster(name="Someone")),
    ),
    Deed(
        forecasters.amend_forecaster,
        "amend_forecaster",
        "forecaster.amended",
        lambda c: partial(forecasters.amend_forecaster, changed(a.forecaster(), description="New")),
    ),
    Deed(teams.form_team, "manage_teams", "team.formed", lambda c: partial(teams.form_team, Team(name="Desk"))),
    Deed(
        teams.amend_team,
        "manage_teams",
        "team.amended",
        lambda c: partial(teams.amend_team, changed(a.team(), name="New")),
    ),
    Deed(
        teams.add_member,
        "manage_teams",
        "team.member_added",
        lambda c: partial(teams.add_member, a.team(), guest()),
    ),
    Deed(
        teams.remove_member,
        "manage_teams",
        "team.member_removed",
        lambda c: partial(teams.remove_member, a.team("", guest()), guest()),
    ),
    Deed(leagues.name_staff, "amend_league", "league.amended", lambda c: partial(leagues.name_staff, True)),
    Deed(scales.add_scale, "add_scale", "scale.added", lambda c: _add_scale("1")),
    Deed(
        scales.add_scale,
        "add_scale",
        "scale.superseded",
        lambda c: _add_scale("2", supersedes=a.scale(), reason="Clearer."),
    ),
    Deed(
        scales.switch_scale,
        "switch_scale",
        "scale.disabled",
        lambda c: partial(scales.switch_scale, "kent-1964", is_enabled=False),
    ),
    Deed(scales.switch_scale, "switch_scale", "scale.enabled", lambda c: _disabled("kent-1964")),
    Deed(
        accounts.grant_role,
        "manage_people",
        "role.granted",
        lambda c: partial(accounts.grant_role, guest(), "viewer"),
    ),
    Deed(
        accounts.revoke_role,
        "manage_people",
        "role.revoked",
        lambda c: partial(accounts.revoke_role, guest("viewer"), "viewer"),
    ),
    Deed(
        accounts.open_account,
        "manage_people",
        "account.opened",
        lambda c: partial(accounts.open_account, User(username="new"), a.PASSWORD),
    ),
    Deed(
        accounts.amend_account,
        "manage_people",
        "account.amended",
        lambda c: partial(accounts.amend_account, changed(guest(), first_name="New")),
    ),
    Deed(
        accounts.set_password,
        "manage_people",
        "account.password_set",
        lambda c: partial(accounts.set_password, guest(), a.PASSWORD),
    ),
]
DEEDS = [*IN_A_CASE, *ELSEWHERE]
DOER = {
    "resolve": "resolver",
    "undo_occurrence": "resolver",
    "replace_resolution": "adjudicator",
    "assign_resolver": "administrator",
    "withdraw_assignment": "administrator",
    "assess": "resolver",
    "confirm": "adjudicator",
    "adjudicate": "adjudicator",
    "answer_dispute": "adjudicator",
    "manage_people": "administrator",
    "manage_teams": "administrator",
    "amend_league": "administrator",
    "erase": "administrator",
}


def doer(deed: Deed) -> User:
    """Somebody whose role lets them do it."""
    return a.a_person_with(DOER.get(deed.verb, "analyst"))
