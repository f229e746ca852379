"""The way in: by password or passkey, then by a second factor; and a new password by mail where mails are sent."""

import logging
import time
from smtplib import SMTPException
from typing import Any, ClassVar

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import LoginForm, ResetPasswordForm, default_token_generator
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.password_reset import request_password_reset
from allauth.account.internal.stagekit import clear_login
from allauth.account.views import (
    LoginView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from allauth.mfa.base.views import AuthenticateView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.attempts import counted_by, tell_locked_out
from accounts.factors import PASSKEY, factors_of
from accounts.models import User
from predictions.operations.accounts import set_password

SAID = {
    "account/messages/password_changed.txt": "Your password is changed.",
    "mfa/messages/totp_activated.txt": "Your authenticator app is set up.",
    "mfa/messages/totp_deactivated.txt": "Your authenticator app is taken off.",
    "mfa/messages/webauthn_added.txt": "Your passkey is added.",
    "mfa/messages/webauthn_removed.txt": "The passkey is removed.",
    "socialaccount/messages/account_connected.txt": "From now on you can sign in that way, too.",
    "socialaccount/messages/account_connected_other.txt": "That account belongs to somebody else here.",
    "socialaccount/messages/account_disconnected.txt": "You can no longer sign in that way.",
}
"""What allauth may say, by the file it would say it from."""
SUBJECTS = {
    "password_reset_key": "Forsooth: a new password",
    "unknown_account": "Forsooth: no account of this address",
}
NO_ROLE = "Your account has no role yet. Ask an administrator to give you one."

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """What allauth asks the house: who may enter, how a password is written, where its mails go."""

    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "The username or the password is wrong. Capital letters count in both.",
        "too_many_login_attempts": "Too many attempts. Wait five minutes, then try again.",
        "rate_limited": "Too many attempts. Wait five minutes, then try again.",
        "incorrect_password": "This is not your password.",
        "enter_current_password": "This is not your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the passkey's button asks in JSON; a form is answered as a page whatever the caller says of itself."""
        match = request.resolver_match
        return bool(match and match.url_name == "mfa_login_webauthn") and super().is_ajax(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who signed in a moment ago has just said who they are: they are not asked twice."""
        return not signed_in_lately(self.request)

    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponseBase | None:
        if user.is_active and user.is_staff:
            return None
        clear_login(request)
        messages.error(request, NO_ROLE if user.is_active else "This account is closed.")
        return HttpResponseRedirect(reverse("account_login"))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Who has neither password nor factor says who they are by signing in at the provider anew."""
        again = {"id": "provider", "description": "Sign in again", "url": reverse("sign_in_again")}
        return super().get_reauthentication_methods(user) or ([again] if user.is_authenticated else [])

    def add_message(  # noqa: PLR0917
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: Any = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """In our words or, where we have none for it, not at all."""
        if told := message or SAID.get(message_template or ""):
            messages.add_message(request, level, told)

    def set_password(self, user: Any, password: str) -> None:
        set_password(user, password, by=user, at=timezone.now())

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("mfa_index")

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By the name alone. allauth's counts anew for every host that a caller says it wants."""
        return counted_by(str(credentials.get("username", "")))

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            tell_locked_out()
            raise

    # --- mails ---------------------------------------------------------------------------------------------------

    def get_reset_password_from_key_url(self, key: str) -> str:
        """On the address of the site, not on the one that whoever asked for the mail chose to call."""
        uid, _, token = key.partition("-")
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": uid, "key": token})
        return f"{settings.SITE_URL}{path}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In our words, which stand in a folder of ours; a mail that does not go is not told to who asked for it."""
        name = template_prefix.rpartition("/")[2]
        message = EmailMessage(
            SUBJECTS[name],
            render_to_string(f"sign_in/mails/{name}.txt", context | {"site": settings.SITE_URL}),
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
        try:
            message.send()
        except (SMTPException, OSError, ValueError) as fault:
            log.error("A mail about a sign-in could not be sent: %s", type(fault).__name__)

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """To the address on record, which the one that was typed may only resemble."""
        self.send_mail("account/email/password_reset_key", user.email, context)


def signed_in_lately(request: HttpRequest) -> bool:
    """Whether the newest proof of who holds this session is a few minutes old at most."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < account_settings.REAUTHENTICATION_TIMEOUT


class SignInForm(LoginForm):
    """By the names that browsers know. Tells those whose password was right, but who may not enter, what is missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        undressed(self)
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        return super().add_prefix("username" if field_name == "login" else field_name)

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.user is not None and not self.user.is_staff:
            raise ValidationError(NO_ROLE, code="no_role")
        return cleaned


class AskForMailForm(ResetPasswordForm):
    """Finds the accounts that a password can be set for; what is answered does not say whether there are any."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        undressed(self)

    def clean_email(self) -> str:
        given = self.cleaned_data["email"]
        found = User.objects.filter(email__iexact=given, is_active=True)
        self.users = [user for user in found if user.has_usable_password()]
        return given

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """One mail whether there is an account or not, so that neither answer takes longer."""
        given = self.cleaned_data["email"]
        if self.users:
            request_password_reset(request, given, self.users, default_token_generator)
        else:
            get_adapter(request).send_mail("account/email/unknown_account", given, {})
        return given


def undressed(form: Any) -> None:
    """A label says what belongs into a field; allauth repeats it inside."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class AtTheGate:
    """A page outside: laid out without the admin's scripts."""

    title: ClassVar[str]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        told: dict[str, Any] = {
            "title": self.title,
            "oidc_name": settings.OIDC_NAME,
            "provider": settings.OIDC_PROVIDER,
        }
        told["sends_mail"] = settings.SENDS_MAIL
        return super().get_context_data(**kwargs) | told  # type: ignore[misc]


class SignIn(AtTheGate, LoginView):
    title, form_class, template_name = "Sign in", SignInForm, "sign_in/sign_in.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Who is signed in, but has lost the right to enter, would be sent back and forth without end."""
        if isinstance(request.user, User) and not request.user.is_staff:
            messages.error(request, f"You were signed in as {request.user.get_username()}. {NO_ROLE}")
            logout(request)
        return super().dispatch(request, *args, **kwargs)


class ShowFactor(AtTheGate, AuthenticateView):
    title, template_name = "Second factor", "sign_in/factor.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        undressed(self.auth_form)
        has_passkey = factors_of(self.stage.login.user).filter(type=PASSKEY).exists()
        return super().get_context_data(**kwargs) | {"has_passkey": has_passkey}


@require_POST
def leave_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Forget whose password was typed, before the second factor was shown."""
    clear_login(request)
    return HttpResponseRedirect(reverse("account_login"))


class OnlyWithMail:
    """A page that is not there on a site that sends no mails."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SENDS_MAIL:
            raise Http404("This site sends no mails. An administrator can set a new password.")
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


class AskForMail(OnlyWithMail, AtTheGate, PasswordResetView):
    title, form_class, template_name = "Forgotten password", AskForMailForm, "sign_in/ask_for_mail.html"


class MailSent(OnlyWithMail, AtTheGate, PasswordResetDoneView):
    title, template_name = "Look into your mails", "sign_in/mail_sent.html"


class NewPassword(OnlyWithMail, AtTheGate, PasswordResetFromKeyView):
    title, template_name = "New password", "sign_in/new_password.html"


class PasswordIsNew(OnlyWithMail, AtTheGate, PasswordResetFromKeyDoneView):
    title, template_name = "New password", "sign_in/password_is_new.html"
