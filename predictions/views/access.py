"""Who may open a page of our own inside the admin, and what every such page is given."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from predictions.policy import demand

View = Callable[..., HttpResponseBase]
"""Given the request, who asks, and what its address names."""
Guarded = Callable[..., HttpResponseBase]


def for_readers(view: View) -> Guarded:
    """Let in who may read: the rest sign in first, or get 403."""
    return require_safe(_guarded(view, "read"))


def for_deeds(verb: str) -> Callable[[View], Guarded]:
    """Let in who may `verb`, by POST alone."""
    return lambda view: require_POST(_guarded(view, verb))


def for_forms(verb: str) -> Callable[[View], Guarded]:
    """Let in who may `verb`, to see its form and to send it."""
    return lambda view: require_http_methods(["GET", "HEAD", "POST"])(_guarded(view, verb))


def shown(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page in the dress of the admin or, where the address asks for `print=1`, bare and laid out for paper."""
    is_print = request.GET.get("print") == "1"
    base = "predictions/paper.html" if is_print else "admin/base_site.html"
    given = admin.site.each_context(request) | {"is_print": is_print, "base": base} | context
    request.wears_dress = not is_print  # type: ignore[attr-defined]
    return TemplateResponse(request, f"predictions/{template}", given, status=status)


def _guarded(view: View, verb: str) -> Guarded:
    @wraps(view)
    def guarded(request: HttpRequest, **named: Any) -> HttpResponseBase:
        demand(request.user, verb)
        return view(request, request.user, **named)

    return never_cache(login_required(guarded, login_url="admin:login"))
