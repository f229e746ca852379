from datetime import datetime

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.models import League
from predictions.policy import demand


@transaction.atomic
def name_staff(names_staff: bool, *, by: User, at: datetime) -> League:
    """Let the league table name people who have an account here, or no longer. It does not until this is asked for."""
    demand(by, "amend_league")
    League.objects.get_or_create(pk=1)
    league = League.objects.select_for_update().get(pk=1)
    league.names_staff = names_staff
    league.full_clean()
    record.amend(league, "league.amended", by=by, at=at)
    return league
