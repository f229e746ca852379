"""A person's API tokens: made here and shown once, listed, and revoked one by one or all together."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.scopes import Scope
from predictions.admin.base import CheckboxSelectMultiple, Select, TextInput, reader, sent, show_refusal, status_of
from predictions.operations.tokens import LIFETIMES, USUAL_DAYS, make_token, new_token, revoke_token, revoke_tokens

MAY: dict[str, str] = {
    Scope.READ: "read what you may read",
    Scope.FORECAST: "log forecasts, capture sources, link and rate evidence, code words and ask others to",
    Scope.ASSESS: "assess, dispute, and ask resolvers to",
}


class TokenForm(forms.Form):
    """What a new token is for, may do, and how long it lasts."""

    name = forms.CharField(max_length=80, widget=TextInput, help_text="Its purpose, such as: nightly export.")
    scopes = forms.MultipleChoiceField(
        choices=[(scope, f"{scope}: {told}") for scope, told in MAY.items()],
        initial=[Scope.READ],
        widget=CheckboxSelectMultiple,
        label="It may",
        help_text="Within what your roles let you do yourself.",
    )
    days = forms.TypedChoiceField(
        choices=list(LIFETIMES.items()), coerce=int, initial=USUAL_DAYS, widget=Select, label="It ends after"
    )

    def row(self, at: datetime) -> ApiToken:
        entered = self.cleaned_data
        return new_token(entered["name"], entered["scopes"], entered["days"], at=at)


def tokens_page(request: HttpRequest) -> HttpResponse:
    user, now = reader(request), timezone.now()
    if request.method == "POST" and "revoke" in request.POST:
        return _revoked(request, user, now)
    form, secret, status = TokenForm(*sent(request)), "", 200
    if request.method == "POST" and form.is_valid():
        try:
            secret = make_token(form.row(now), by=user, at=now)
            form = TokenForm()
        except ValidationError as refusal:
            show_refusal(form, refusal)
            status = status_of(refusal)
    return TemplateResponse(request, "admin/tokens.html", _shown(request, user, now, form, secret), status=status)


def _shown(request: HttpRequest, user: User, now: datetime, form: TokenForm, secret: str) -> dict[str, Any]:
    tokens = ApiToken.objects.standing(now).filter(user=user).order_by("-created")
    page = {"title": "API tokens", "form": form, "secret": secret, "tokens": tokens}
    return {**admin.site.each_context(request), **page}


def _revoked(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    """End the token named by uuid, or `all`. Another's is as unknown as one that is not there."""
    named = request.POST["revoke"]
    if named == "all":
        revoke_tokens(user, by=user, at=now)
        messages.success(request, "None of your tokens opens anything any more.")
    else:
        token = _own(user, named)
        revoke_token(token, by=user, at=now)
        messages.success(request, f"The token “{token.name}” opens nothing any more.")
    return HttpResponseRedirect(reverse("my-tokens"))


def _own(user: User, uuid: str) -> ApiToken:
    try:
        return ApiToken.objects.get(user=user, uuid=UUID(uuid))
    except (ValueError, ApiToken.DoesNotExist) as fault:
        raise Http404 from fault
