"""What people were told, in short: for laws of notices."""

from predictions import notices
from predictions.models import Dispute, Forecast, Notice
from predictions.notices.telling import seen
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from tests import builders as a


def found(at=a.NOW):
    """Finds, and gives who was newly told what: pairs of a username and a kind."""
    before = set(Notice.objects.values_list("pk", flat=True))
    notices.find(at=at)
    new = Notice.objects.exclude(pk__in=before).values_list("recipient__username", "kind")
    return sorted((who, str(kind)) for who, kind in new)


def told(user, now=a.NOW):
    """The sentences that `user` is shown, newest first."""
    return [each.text for each in notices.tell(seen(user), now=now)]


def forecast_by(user, on):
    """A forecast that `user` makes in their own name."""
    name = getattr(user, "forecaster", None) or a.forecaster(f"{user.username} in person", account=user)
    row = Forecast(prediction=on, forecaster=name, words="70%", issued_at=a.on_day(1))
    return log_forecast(row, by=user, at=a.NOW)


def disputed(prediction, by):
    on = {"criterion": prediction.revision.criteria.get(), "evidence": a.evidence(prediction)}
    return raise_dispute(Dispute(prediction=prediction, text="It was dry.", **on), by=by, at=a.NOW)
