"""The way in by the organisation's own identity provider (OpenID Connect), where the environment names one."""

import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base.constants import AuthError
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from predictions.operations.accounts import open_own_account

log = logging.getLogger(__name__)


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Lets newcomers in as far as an account without a role. Nobody gets at an account by an e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return bool(settings.OIDC_NAME)

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        """An address that the provider has not verified is nobody's."""
        user = super().populate_user(request, sociallogin, data)
        sociallogin.email_addresses = [each for each in sociallogin.email_addresses if each.verified]
        if user.email.casefold() not in {each.email.casefold() for each in sociallogin.email_addresses}:
            user.email = ""
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """What is told of a person must be told of the one whom the signed token names: OpenID Connect Core, 5.3.2."""
        told = sociallogin.account.extra_data
        named = [told[part].get("sub") for part in ("id_token", "userinfo") if part in told]
        if "id_token" not in told or len(set(named)) != 1:
            self.on_authentication_error(request, sociallogin.provider)

    @transaction.atomic
    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Any:
        user = sociallogin.user
        get_adapter(request).populate_username(request, user)
        open_own_account(user, at=timezone.now())
        sociallogin.save(request)
        return user

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return reverse("mfa_index")

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        cancelled = told.get("error") == AuthError.CANCELLED
        say = "You did not sign in" if cancelled else "Signing in did not succeed"
        messages.error(request, f"{say} by {settings.OIDC_NAME}.")
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))


def _answered(view: Callable[..., HttpResponseBase], request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A provider that cannot be reached, or says what is no answer, is no fault of this site."""
    try:
        return view(request, provider_id)
    except (RequestException, AttributeError, LookupError, TypeError, ValueError) as fault:
        log.warning("The identity provider did not answer as it should: %s", type(fault).__name__)
        messages.error(request, f"{settings.OIDC_NAME} cannot be reached at the moment.")
        return HttpResponseRedirect(reverse("account_login"))


@require_POST
@never_cache
def go_to_provider(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """By way of a page: our policy lets no form end on another site, be it by a redirection."""
    answer = _answered(views.login, request, provider_id)
    onward = answer.headers.get("Location", "")
    if not urlsplit(onward).netloc:
        return answer
    shown = {"title": "One moment", "onward": onward, "oidc_name": settings.OIDC_NAME}
    return TemplateResponse(request, "sign_in/onward.html", shown)


@require_GET
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    return _answered(views.callback, request, provider_id)
