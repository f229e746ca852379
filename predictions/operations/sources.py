from datetime import datetime

from django.db import transaction

from accounts.models import User
from predictions import record
from predictions.capture import add_snapshot
from predictions.models import Snapshot, Source
from predictions.policy import demand


@transaction.atomic
def record_source(source: Source, *, by: User, at: datetime) -> Source:
    demand(by, "record_source", source.case)
    source.full_clean()
    record.keep(source, "source.recorded", by=by, at=at)
    return source


@transaction.atomic
def amend_source(source: Source, *, by: User, at: datetime) -> Source:
    demand(by, "amend_source", Source.objects.select_for_update().get(pk=source.pk))
    source.full_clean()
    record.amend(source, "source.amended", by=by, at=at)
    return source


@transaction.atomic
def attach_text(source: Source, text: str, *, by: User, at: datetime) -> Snapshot:
    """Keep `text` as the newest snapshot of `source`, and look for every standing quote in it.

    The first text is refused if a quote is missing from it; in a later one such a quote is orphaned.
    """
    source = Source.objects.select_for_update().get(pk=source.pk)
    demand(by, "attach_text", source)
    return add_snapshot(source, text, by=by, at=at)
