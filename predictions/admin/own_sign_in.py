"""One's own sign-in: what there is to sign in with, one's password, and the sessions that are open."""

from datetime import timedelta
from typing import Any

from allauth.account.views import PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from allauth.socialaccount.internal.flows.connect import disconnect, validate_disconnect
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors import is_demanded_of
from accounts.sessions import end_others, end_session
from predictions.admin.base import reader
from predictions.admin.devices import device
from predictions.admin.own_page import OwnPage, require_proof


class Overview(OwnPage, IndexView):
    title, template_name = "My sign-in", "admin/own_sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = super().get_context_data(**kwargs)
        user, kinds = reader(self.request), given["authenticators"]
        codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
        provided = SocialAccount.objects.filter(user=user).exists() if settings.OIDC_NAME else False
        return given | {
            "app": kinds.get(Authenticator.Type.TOTP),
            "passkeys": kinds.get(Authenticator.Type.WEBAUTHN, []),
            "codes_left": len(codes.get_unused_codes()) if codes else None,
            "sessions_count": len(UserSession.objects.purge_and_list(user)),
            "has_password": user.has_usable_password(),
            "is_demanded": is_demanded_of(user),
            "owed": getattr(self.request, "factor_owed", None),
            "oidc_name": settings.OIDC_NAME,
            "is_provided": provided,
            "provider": settings.OIDC_PROVIDER,
        }


class ChangePassword(OwnPage, PasswordChangeView):
    title, submit_label = "Change password", "Change it"
    intro = "Your other sessions and your API tokens end with the old password."

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not reader(request).has_usable_password():
            raise Http404("You sign in without a password.")
        return super().dispatch(request, *args, **kwargs)


# --- saying anew who one is -------------------------------------------------------------------------------------------


class Again(OwnPage):
    title, submit_label, told = "Is it you?", "Go on", "admin/own_again.html"

    def get_success_url(self) -> str:
        return self.get_next_url() or reverse("mfa_index")  # type: ignore[attr-defined]


class AgainByPassword(Again, ReauthenticateView):
    intro = "Type your password, as before everything that changes how you sign in."


class AgainByCode(Again, ReauthenticateByCodeView):
    intro = "Type what your authenticator app shows, or one of your recovery codes."


class AgainByPasskey(Again, ReauthenticateWebAuthnView):
    template_name = "admin/own_passkey.html"
    intro = "Use your passkey."


def again_by_provider(request: HttpRequest) -> HttpResponseBase:
    """For who has nothing here but the provider's word."""
    shown = {"title": "Is it you?", "oidc_name": settings.OIDC_NAME, "provider": settings.OIDC_PROVIDER}
    shown["next"] = request.GET.get("next", "")
    return TemplateResponse(request, "admin/own_again_provider.html", admin.site.each_context(request) | shown)


@require_POST
def leave_provider(request: HttpRequest) -> HttpResponseBase:
    """No longer sign in by way of the provider."""
    account = get_object_or_404(SocialAccount, user=reader(request))
    require_proof(request)
    try:
        validate_disconnect(request, account)
        disconnect(request, account)
    except ValidationError:
        messages.error(request, "You have no password: without the provider you could not sign in at all.")
    return HttpResponseRedirect(reverse("mfa_index"))


# --- sessions ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponseBase:
    """The open sessions; by POST all but this one end."""
    user = reader(request)
    if request.method == "POST":
        end_others(request, user)
        messages.success(request, "Your other sessions are ended.")
        return HttpResponseRedirect(reverse("usersessions_list"))
    here = request.session.session_key
    rows = sorted(UserSession.objects.purge_and_list(user), key=lambda row: row.last_seen_at, reverse=True)
    lines = [{"row": row, "device": device(row.user_agent), "is_here": row.session_key == here} for row in rows]
    lasts = {"longest": in_words(settings.SESSION_LONGEST), "idle": in_words(settings.SESSION_IDLE)}
    shown = {"title": "My sessions", "lines": lines, **lasts}
    return TemplateResponse(request, "admin/own_sessions.html", admin.site.each_context(request) | shown)


def in_words(time: timedelta) -> str:
    """Such as “12 hours” or “45 minutes”."""
    minutes = round(time.total_seconds() / 60)
    count, unit = (minutes, "minute") if minutes % 60 else (minutes // 60, "hour")
    return f"{count} {unit}{'' if count == 1 else 's'}"


@require_POST
def end_one(request: HttpRequest, key: int) -> HttpResponseBase:
    user = reader(request)
    session = get_object_or_404(UserSession, user=user, pk=key)
    if session.session_key == request.session.session_key:
        raise PermissionDenied("This is the session you are in: sign out instead.")
    end_session(session, by=user)
    messages.success(request, "The session is ended.")
    return HttpResponseRedirect(reverse("usersessions_list"))
