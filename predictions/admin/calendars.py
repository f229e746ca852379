"""A person's calendar: the secret address of their dates, shown once when it is made."""

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from predictions.admin.base import reader
from predictions.models import CalendarAddress
from predictions.operations.notices import close_calendar, open_calendar


def calendar_page(request: HttpRequest) -> HttpResponse:
    user, address = reader(request), ""
    if request.method == "POST" and "close" in request.POST:
        close_calendar(user, at=timezone.now())
        messages.success(request, "The address leads nowhere any more.")
        return HttpResponseRedirect(reverse("my-calendar"))
    if request.method == "POST":
        address = settings.SITE_URL + reverse("calendar", args=[open_calendar(user, at=timezone.now())])
    context = {
        **admin.site.each_context(request),
        "title": "My calendar",
        "address": address,
        "standing": CalendarAddress.objects.standing().filter(user=user).first(),
    }
    return TemplateResponse(request, "admin/calendar.html", context)
