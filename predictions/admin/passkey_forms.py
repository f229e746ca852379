"""What a browser sends of a passkey. allauth's forms break off on what is none; these refuse it."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)

NONE_OF_IT = (AttributeError, LookupError, TypeError, ValueError)
"""What fido2 raises on text that merely looks like a credential."""


class Checked:
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]
        except NONE_OF_IT as fault:
            raise get_adapter().validation_error("incorrect_passkey") from fault


class SignInByPasskey(Checked, LoginWebAuthnForm):
    pass


class ShowPasskey(Checked, AuthenticateWebAuthnForm):
    pass


class AgainByPasskey(Checked, ReauthenticateWebAuthnForm):
    pass


class AddPasskey(AddWebAuthnForm):
    def clean(self) -> Any:
        try:
            return super().clean()
        except NONE_OF_IT as fault:
            raise get_adapter().validation_error("incorrect_passkey") from fault
