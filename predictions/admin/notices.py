"""A person's notices: a page of them, and the address under which each is opened, in a mail as well."""

from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.models import User
from predictions import notices
from predictions.admin.base import page_of, reader
from predictions.admin.long_lists import BoundedPaginator
from predictions.admin.prediction_page import page_url
from predictions.models import NoticeChoice, Prediction
from predictions.notices import Told
from predictions.notices.telling import MOST_COUNTED, seen

PER_PAGE = 50


def notices_page(request: HttpRequest) -> HttpResponse:
    user = reader(request)
    page = BoundedPaginator(seen(user), PER_PAGE).get_page(request.GET.get("page"))
    told = notices.tell(page, now=timezone.now())
    context = {
        **admin.site.each_context(request),
        "title": "Notices",
        "page": page,
        "notices": told,
        "has_unread": any(not each.is_read for each in told),
        "by_mail": _by_mail(user),
    }
    return TemplateResponse(request, "admin/notices.html", context)


def open_notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """On to what it is about, which has then been heard of."""
    user, now = reader(request), timezone.now()
    told = notices.notice_of(uuid, user, now=now)
    if told is None:
        raise Http404("No such notice.")
    notices.mark_read(user, at=now, only=uuid)
    return HttpResponseRedirect(_place(told))


@require_POST
def mark_read(request: HttpRequest) -> HttpResponse:
    notices.mark_read(reader(request), at=timezone.now())
    messages.success(request, "All your notices are marked as read.")
    return HttpResponseRedirect(reverse("notices"))


def unread_badge(user: User) -> str:
    """For the sidebar: how many are unread, where any are."""
    count = notices.unread_count(user)
    return "" if not count else str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+"


def _place(told: Told) -> str:
    return page_url(told.about.pk, "judgement") if isinstance(told.about, Prediction) else page_of(told.about)


def _by_mail(user: User) -> str:
    choice = NoticeChoice.of(user)
    daily = f"once a day, at {choice.digest_hour:02}:00 in your time zone"
    return daily if choice.by_mail == NoticeChoice.ByMail.DAILY else NoticeChoice.ByMail(choice.by_mail).label


urlpatterns: list[URLPattern] = [
    path("", admin.site.admin_view(notices_page), name="notices"),
    path("read/", admin.site.admin_view(mark_read), name="notices-read"),
    path("<uuid:uuid>/", admin.site.admin_view(open_notice), name="notice"),
]
