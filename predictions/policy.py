"""Who may do what, and when. Data first: the roles that may use a verb, and the states that a prediction takes it in.

Everything else is refused.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from predictions.models import (
    Assessment,
    Assignment,
    Case,
    Coding,
    CodingRequest,
    Dispute,
    Forecast,
    Forecaster,
    HouseScale,
    Judgement,
    League,
    Prediction,
    ScoringRun,
    Source,
    Trigger,
    judgement,
)
from predictions.models.forecast import READ_OUT_OF_WORDS
from predictions.models.team import forecast_by

EVERYONE = frozenset(Role)
JUDGES = frozenset({Role.RESOLVER, Role.ADJUDICATOR})
RECORDERS = frozenset({Role.ANALYST})
IS_ASKED_TO_CODE = "is asked to turn words of a forecast on it into a probability"
OUTSIDE_CASES = (Forecaster, HouseScale, League, ScoringRun, User)

ROLES_BY_VERB: dict[str, frozenset[Role]] = {
    "read": EVERYONE,
    "open_case": RECORDERS | {Role.ADMINISTRATOR},
    "amend_case": RECORDERS | {Role.ADMINISTRATOR},
    "record_source": RECORDERS,
    "amend_source": RECORDERS,
    "attach_text": RECORDERS,
    "capture_source": RECORDERS,
    "anchor_quote": RECORDERS,
    "settle_quote": RECORDERS,
    "name_forecaster": RECORDERS,
    "amend_forecaster": RECORDERS,
    "pose_trigger": RECORDERS,
    "amend_trigger": RECORDERS,
    "record_occurrence": RECORDERS | JUDGES,
    "undo_occurrence": JUDGES,
    "watch": EVERYONE,
    "pose_prediction": RECORDERS,
    "amend_prediction": RECORDERS,
    "log_forecast": RECORDERS,
    "import_forecasts": RECORDERS,  # outcomes among them want the right to resolve as well
    "ask_coder": RECORDERS,
    "withdraw_coding": RECORDERS,
    "submit_coding": RECORDERS,
    "decline_coding": RECORDERS,
    "link_evidence": RECORDERS | JUDGES,
    "rate_evidence": RECORDERS,
    "note_assumption": RECORDERS,
    "amend_assumption": RECORDERS,
    "note_indicator": RECORDERS,
    "amend_indicator": RECORDERS,
    "draw_resolvers": RECORDERS | {Role.ADJUDICATOR, Role.ADMINISTRATOR},
    "assign_resolver": frozenset({Role.ADJUDICATOR, Role.ADMINISTRATOR}),
    "withdraw_assignment": frozenset({Role.ADJUDICATOR, Role.ADMINISTRATOR}),
    "assess": frozenset({Role.RESOLVER}),
    "confirm": JUDGES,
    "adjudicate": frozenset({Role.ADJUDICATOR}),
    "resolve": JUDGES,
    "replace_resolution": frozenset({Role.ADJUDICATOR}),
    "dispute": EVERYONE,
    "answer_dispute": frozenset({Role.ADJUDICATOR}),
    "waive_independence": frozenset({Role.ADMINISTRATOR}),
    "manage_people": frozenset({Role.ADMINISTRATOR}),
    "manage_teams": frozenset({Role.ADMINISTRATOR}),
    "amend_league": frozenset({Role.ADMINISTRATOR}),
    "keep_ledger": frozenset({Role.ADMINISTRATOR}),
    "erase": frozenset({Role.ADMINISTRATOR}),
    "add_scale": RECORDERS | {Role.ADMINISTRATOR},
    "switch_scale": RECORDERS | {Role.ADMINISTRATOR},
}

GATHERING = frozenset({"draw_resolvers", "assign_resolver", "withdraw_assignment", "assess", "amend_prediction"})
DECIDED = frozenset({"replace_resolution", "dispute", "answer_dispute"})
VERBS_BY_STATE: dict[Judgement, frozenset[str]] = {
    Judgement.WAITING: GATHERING,  # the answer may come before the scheduled close
    Judgement.DIRECT: frozenset({"resolve", "amend_prediction"}),
    Judgement.ASSESSING: GATHERING,
    Judgement.AGREED: frozenset({"confirm"}),
    Judgement.DISAGREED: frozenset({"adjudicate"}),
    Judgement.CANNOT_TELL: frozenset({"confirm", "adjudicate"}),
    Judgement.PROVISIONAL: DECIDED,
    Judgement.DISPUTED: DECIDED - {"replace_resolution"},  # a dispute is answered, not sidestepped
    Judgement.FINAL: DECIDED,
}
READS = frozenset({"rate_evidence", "note_assumption", "amend_assumption", "note_indicator", "amend_indicator"})
"""To say what one makes of a prediction: not for whoever is asked to judge it, before they have."""
DECIDES = frozenset({"confirm", "adjudicate", "resolve", "replace_resolution"})


def is_time_to(verb: str, prediction: Prediction, now: datetime) -> bool:
    """Whether the judging of `prediction` has come to where `verb` is done."""
    return verb in VERBS_BY_STATE[judgement(prediction, now)]


def demand_time_to(verb: str, prediction: Prediction, now: datetime) -> None:
    """Raise ValidationError, as of a conflict, unless it is time to `verb`."""
    state = judgement(prediction, now)
    if verb not in VERBS_BY_STATE[state]:
        message = f"This cannot be done now ({verb.replace('_', ' ')}): the prediction is {state.label}."
        raise ValidationError(message, code="conflict")


def can(user: Any, verb: str, row: Model | None = None) -> bool:
    """Whether `user` may use `verb` at all and, where `row` is given, on it. A verb that nobody knows is nobody's."""
    if not isinstance(user, User) or not user.is_active or not user.roles & ROLES_BY_VERB.get(verb, frozenset()):
        return False
    if row is None or row.pk is None:
        return row is None or _has_readers(type(row))
    return _sees(user, row) and _is_independent(user, verb, row)


def demand(user: Any, verb: str, row: Model | None = None) -> None:
    """Raise PermissionDenied unless `user` may use `verb`."""
    if not can(user, verb, row):
        raise PermissionDenied(f"Your roles do not let you do this here: {verb.replace('_', ' ')}.")


def seen_by(user: Any, rows: Any) -> QuerySet[Any]:
    """Those of `rows` that `user` sees: rows of a case by its privacy, what no case holds by everyone with a role.

    Of a table that says neither, nobody sees anything.
    """
    if not can(user, "read") or not _has_readers(rows.model):
        return rows.none()
    return rows.visible_to(user) if hasattr(rows, "visible_to") else rows


def _sees(user: User, row: Model) -> bool:
    return isinstance(row, OUTSIDE_CASES) or seen_by(user, type(row)._default_manager.all()).filter(pk=row.pk).exists()


def _has_readers(model: type[Model]) -> bool:
    return hasattr(model._default_manager, "visible_to") or issubclass(model, OUTSIDE_CASES)


def _is_independent(user: User, verb: str, row: Model) -> bool:
    """Nobody judges what they forecast in their own name, nobody speaks in another's name or for a consensus."""
    match row:
        case Trigger():
            return _is_free_of_trigger(user, verb, row)
        case Prediction():
            return _is_free_of_prediction(user, verb, row)
        case Dispute() if verb == "answer_dispute":
            deciders = row.prediction.resolutions.values_list("resolved_by", flat=True)
            is_party = selves(user).filter(pk__in={row.raised_by_id, *deciders}).exists()
            return not (is_party or _forecast_on(user, row.prediction) or has_judged(user, row.prediction))
        case CodingRequest() if verb in {"submit_coding", "decline_coding"}:
            return row.coder_id == user.pk
        case Forecaster() if verb in {"log_forecast", "amend_forecaster"}:
            return row.kind != Forecaster.Kind.CONSENSUS and _speaks_as(user, row)
    return True


def _speaks_as(user: User, name: Forecaster) -> bool:
    """In one's own name, that of a team one is of, or that of somebody who is merely quoted."""
    return user in name.speakers() or (name.account_id is None and name.team_id is None)


def _is_free_of_trigger(user: User, verb: str, trigger: Trigger) -> bool:
    """Who forecast what waits for it says nothing of it; who judged that does not have it all judged anew."""
    accounts = selves(user)
    judged = Assessment.objects.filter(resolver__in=accounts, prediction__trigger=trigger)
    if verb not in {"record_occurrence", "undo_occurrence"}:
        return True
    if Forecast.objects.filter(forecast_by(accounts), prediction__trigger=trigger).exists():
        return False
    return verb == "record_occurrence" or not judged.exists()


def _is_free_of_prediction(user: User, verb: str, prediction: Prediction) -> bool:
    if verb == "assess":
        asked = prediction.assignments.standing().filter(resolver=user)
        return ineligible_because(user, prediction) is None and asked.exists()
    if verb in READS:
        return not Prediction.objects.to_be_judged_by(user).filter(pk=prediction.pk).exists()
    if verb in {"amend_prediction", "adjudicate", "replace_resolution"} and has_judged(user, prediction):
        return False
    return verb not in DECIDES | {"assign_resolver", "withdraw_assignment"} or not _forecast_on(user, prediction)


def selves(user: User) -> Any:
    """The accounts of one person: theirs, and others of the same e-mail address."""
    return User.objects.filter(Q(pk=user.pk) | Q(email__iexact=user.email) if user.email else Q(pk=user.pk))


def _forecast_on(user: User, prediction: Prediction) -> bool:
    """Whether they did in their own name, or a team that they are of."""
    return prediction.forecasts.filter(forecast_by(selves(user))).exists()


def has_judged(user: User, prediction: Prediction) -> bool:
    """Whether they assessed it, or are asked to."""
    accounts = selves(user)
    return (
        Assessment.objects.filter(prediction=prediction, resolver__in=accounts).exists()
        or Assignment.objects.standing().filter(prediction=prediction, resolver__in=accounts).exists()
    )


def ineligible_because(user: User, prediction: Prediction) -> str | None:
    """Why `user` may not judge `prediction`; None if they may."""
    accounts = selves(user)
    coded = Q(codings__coder__in=accounts) | Q(recorded_by__in=accounts, basis__in=READ_OUT_OF_WORDS)
    names = {name for each in accounts for name in _names(each)}
    authors = _authors(prediction)
    if Role.RESOLVER not in user.roles or not user.is_active:
        return "is no resolver"
    if not Prediction.objects.visible_to(user).filter(pk=prediction.pk).exists():
        is_asked = CodingRequest.objects.open().filter(prediction=prediction, coder__in=accounts).exists()
        return IS_ASKED_TO_CODE if is_asked else "does not see this case"
    if _forecast_on(user, prediction):
        return "forecast on it"
    if prediction.forecasts.filter(coded).exists():
        return "turned words of a forecast on it into a probability"
    if names & authors:
        return "wrote what foretold it"
    return None


def able_to_judge(prediction: Prediction) -> list[User]:
    """All against whom `ineligible_because` has nothing, in as many queries whether they are few or many."""
    people = User.objects.filter(groups__name=Role.RESOLVER, is_active=True).order_by("pk")
    if prediction.case.is_closed(timezone.now()):
        people = people.filter(pk__in=prediction.case.its_people().order_by().values("pk"))
    parties = _parties(prediction)
    emails = {each.email.casefold() for each in parties if each.email}
    return [each for each in people if each not in parties and each.email.casefold() not in emails]


def _parties(prediction: Prediction) -> set[User]:
    """The accounts of those who forecast on it, code or coded words about it, or wrote what foretold it."""
    forecasts = prediction.forecasts.order_by()
    keys = forecasts.values_list("forecaster__account").union(
        forecasts.filter(basis__in=READ_OUT_OF_WORDS).values_list("recorded_by"),
        forecasts.values_list("codings__coder"),
        CodingRequest.objects.open().filter(prediction=prediction).order_by().values_list("coder"),
        _members_of_teams(prediction),
    )
    authors = _authors(prediction)
    named = {key for (key,) in keys}
    return {each for each in User.objects.all() if each.pk in named or _names(each) & authors}


def _members_of_teams(prediction: Prediction) -> Any:
    """Keys of those who are of a team that forecast on it, or were when it did."""
    forecasts = prediction.forecasts.order_by().filter(forecaster__team__isnull=False)
    stayed = Q(forecaster__team__memberships__ended_at=None)
    left_later = Q(forecaster__team__memberships__ended_at__gte=F("recorded_at"))
    return forecasts.filter(stayed | left_later).values_list("forecaster__team__memberships__user")


def _authors(prediction: Prediction) -> set[str]:
    authors = Source.objects.filter(quotes__forecasts__prediction=prediction).values_list("author", flat=True)
    return {author.casefold() for author in authors}


def _names(user: User) -> set[str]:
    return {name.casefold() for name in (user.get_full_name(), user.username) if name}


def uncodable_because(user: User, forecast: Forecast) -> str | None:
    """Why `user` may not be asked to code the words of `forecast`; None if they may."""
    accounts, prediction = selves(user), forecast.prediction
    alike = Coding.objects.filter(forecast__quote=forecast.quote) if forecast.quote else Coding.objects.of(forecast)
    asked = CodingRequest.objects.open().filter(forecast=forecast, coder__in=accounts)
    own = accounts.filter(pk=forecast.forecaster.account_id)
    author = forecast.quote.source.author.casefold() if forecast.quote else ""
    grounds: dict[str, Callable[[], bool]] = {
        "is no analyst": lambda: Role.ANALYST not in user.roles or not user.is_active,
        "does not see this case": lambda: not Case.objects.visible_to(user).filter(pk=prediction.case_id).exists(),
        "coded these words already": lambda: alike.filter(coder__in=accounts).exists(),
        "is asked to code it already": asked.exists,
        "is asked to judge this prediction, or has judged it": lambda: has_judged(user, prediction),
        "decided this prediction": lambda: prediction.resolutions.filter(resolved_by__in=accounts).exists(),
        "wrote these words": lambda: own.exists() or any(author in _names(each) for each in accounts),
    }
    return next((why for why, holds in grounds.items() if holds()), None)
