"""One's own second factor: an authenticator app, passkeys, and the codes for when both are lost."""

from typing import Any

from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.http import HttpResponse
from django.urls import reverse, reverse_lazy
from django.utils.safestring import SafeString

from accounts.factors import show
from accounts.sessions import end_others
from predictions.admin.base import reader
from predictions.admin.own_page import OwnPage


class Changing:
    """Ends the other sessions, which were begun by other means than those that count from now on."""

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)  # type: ignore[misc]
        request = self.request  # type: ignore[attr-defined]
        show(request, request.user)
        end_others(request, reader(request))
        return answer

    def get_success_url(self) -> str:
        """To the recovery codes, where this has made some."""
        made = getattr(self, "did_generate_recovery_codes", False)
        return reverse("mfa_view_recovery_codes" if made else "mfa_index")


class SetUpApp(Changing, OwnPage, ActivateTOTPView):
    title, template_name = "Set up an authenticator app", "admin/own_app.html"

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["code"].label = "Code"
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        given = super().get_context_data(**kwargs)
        secret = given["form"].secret
        drawn = given["totp_svg"].partition("?>")[2] or given["totp_svg"]
        parts = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
        return given | {"drawn": SafeString(drawn), "secret": parts}


class TakeOffApp(Changing, OwnPage, DeactivateTOTPView):
    title, submit_label = "Take off the authenticator app", "Take it off"
    intro = "Its codes open nothing from then on. Your other sessions end."


class AddPasskey(Changing, OwnPage, AddWebAuthnView):
    title, template_name, submit_label = "Add a passkey", "admin/own_passkey.html", "Add it"
    intro = (
        "Your machine asks you for a fingerprint, your face or a PIN, and keeps the key. "
        "With it you sign in without password and code."
    )

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["name"].help_text = "Such as: laptop."
        alone = form.fields["passwordless"]
        alone.initial, alone.label = True, "Signs in alone"
        alone.help_text = "Off: it is asked for besides the password, as a key without PIN or fingerprint must be."
        return form


class RemovePasskey(Changing, OwnPage, RemoveWebAuthnView):
    title, submit_label = "Remove a passkey", "Remove it"
    intro = "It opens nothing from then on. Your other sessions end."
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # The admin's frame would take the object for a row of a list that it has.
        return super().get_context_data(**kwargs) | {"subject": str(self.object), "object": None}


class RenamePasskey(OwnPage, EditWebAuthnView):
    title = "Rename a passkey"


class NewRecoveryCodes(OwnPage, GenerateRecoveryCodesView):
    title, submit_label = "New recovery codes", "Make new ones"
    intro = "The codes you have now open nothing from then on. The new ones are shown once."
    success_url = reverse_lazy("mfa_view_recovery_codes")


class RecoveryCodes(OwnPage, ViewRecoveryCodesView):
    title, template_name = "Recovery codes", "admin/own_recovery_codes.html"
