"""The dates that concern one person, for their calendar program, which comes without a session.

Whoever has the address may read it, so it is secret: only its digest is kept, it leads nowhere once it is closed or its
person's account is, and no line of the log holds it.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from predictions.exchange.calendar_file import calendar_file
from predictions.models import CalendarAddress
from predictions.models.calendar_address import digest_of
from predictions.queries.agendas import agenda

PLAIN = "text/plain; charset=utf-8"
UNKEPT = {"Cache-Control": "private, no-store"}


@require_safe
def dates(_: HttpRequest, token: str) -> HttpResponse:
    standing = CalendarAddress.objects.standing().filter(digest=digest_of(token), user__is_active=True)
    address = standing.select_related("user").first()
    if address is None:  # a cache must not go on answering so where the address is opened, nor otherwise
        return HttpResponse("No calendar has this address.\n", status=404, content_type=PLAIN, headers=UNKEPT)
    now = timezone.now()
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    told = calendar_file(agenda(address.user, now=now), name="Forsooth", host=host, at=now)
    headers = UNKEPT | {"Content-Disposition": 'inline; filename="forsooth.ics"'}
    return HttpResponse(told, content_type="text/calendar; charset=utf-8", headers=headers)
