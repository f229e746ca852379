"""Who may do what. Data first: verbs and the roles that may use them; everything else is refused."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from accounts.models import User
from accounts.roles import Role
from predictions.models import Forecast, Forecaster, League, Prediction, ScoringRun, Trigger

EVERYONE = frozenset(Role)
JUDGES = frozenset({Role.RESOLVER, Role.ADJUDICATOR})
RECORDERS = frozenset({Role.ANALYST})
OUTSIDE_CASES = (Forecaster, League, ScoringRun, User)

ROLES_BY_VERB: dict[str, frozenset[Role]] = {
    "read": EVERYONE,
    "open_case": RECORDERS | {Role.ADMINISTRATOR},
    "amend_case": RECORDERS | {Role.ADMINISTRATOR},
    "record_source": RECORDERS,
    "amend_source": RECORDERS,
    "attach_text": RECORDERS,
    "anchor_quote": RECORDERS,
    "name_forecaster": RECORDERS,
    "amend_forecaster": RECORDERS,
    "pose_trigger": RECORDERS,
    "amend_trigger": RECORDERS,
    "record_occurrence": RECORDERS | JUDGES,
    "undo_occurrence": JUDGES,
    "pose_prediction": RECORDERS,
    "amend_prediction": RECORDERS,
    "log_forecast": RECORDERS,
    "import_forecasts": RECORDERS,  # outcomes among them want the right to resolve as well
    "link_evidence": RECORDERS | JUDGES,
    "resolve": JUDGES,
    "replace_resolution": frozenset({Role.ADJUDICATOR}),
    "manage_people": frozenset({Role.ADMINISTRATOR}),
    "amend_league": frozenset({Role.ADMINISTRATOR}),
}


def can(user: Any, verb: str, row: Model | None = None) -> bool:
    """Whether `user` may use `verb` at all and, where `row` is given, on it."""
    if not isinstance(user, User) or not user.is_active or not user.roles & ROLES_BY_VERB[verb]:
        return False
    if row is None or row.pk is None:
        return True
    return _sees(user, row) and _is_independent(user, verb, row)


def demand(user: Any, verb: str, row: Model | None = None) -> None:
    """Raise PermissionDenied unless `user` may use `verb`."""
    if not can(user, verb, row):
        raise PermissionDenied(f"Your roles do not let you do this here: {verb.replace('_', ' ')}.")


def _sees(user: User, row: Model) -> bool:
    """Rows of a case by its privacy; what no case holds, by everyone with a role; anything else, by nobody."""
    visible = getattr(type(row)._default_manager, "visible_to", None)
    return visible(user).filter(pk=row.pk).exists() if visible else isinstance(row, OUTSIDE_CASES)


def _is_independent(user: User, verb: str, row: Model) -> bool:
    """Nobody judges what they forecast in their own name, nobody speaks in another's name or for a consensus."""
    own = Forecast.objects.filter(forecaster__account=user)
    if verb in {"resolve", "replace_resolution"} and isinstance(row, Prediction):
        return not own.filter(prediction=row).exists()
    if verb in {"record_occurrence", "undo_occurrence"} and isinstance(row, Trigger):
        return not own.filter(prediction__trigger=row).exists()
    if verb in {"log_forecast", "amend_forecaster"} and isinstance(row, Forecaster):
        return row.kind != Forecaster.Kind.CONSENSUS and row.account_id in {None, user.pk}
    return True
