"""For load balancers and supervisors, without an account: does this process live, and can it record?

They tell whether each part is well and nothing more: no count, no time, no name of a machine.
"""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from predictions import tasks
from predictions.models.outages import OUT_OF_SERVICE, RETRY_AFTER_SECONDS
from predictions.queries.health import health


@never_cache
@require_safe
def live(_: HttpRequest) -> HttpResponse:
    """The process answers. Neither the database nor the broker is asked: who restarts us for theirs mends nothing."""
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def ready(_: HttpRequest) -> HttpResponse:
    """200 where forecasts can be recorded, degraded or not; 503 where they cannot."""
    found = health(at=timezone.now(), broker_answers=tasks.broker_answers())
    parts = {name: "ok" if is_well else "failing" for name, is_well in (found.needed | found.useful).items()}
    if found.is_ready:
        return JsonResponse({"status": "ok" if found.is_whole else "degraded", "parts": parts})
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS[OUT_OF_SERVICE])}
    return JsonResponse({"status": "unavailable", "parts": parts}, status=OUT_OF_SERVICE, headers=headers)
