"""Addresses of the sign-in, under the names by which allauth asks for them. What is not listed is not there."""

from allauth.mfa.webauthn.views import login_webauthn
from django.urls import path

from predictions.admin import own_factors, own_sign_in, sign_in, sign_in_provider
from predictions.admin.own_page import own

NEW_PASSWORD = sign_in.NewPassword.as_view()

urlpatterns = [
    path("login/", sign_in.SignIn.as_view(), name="account_login"),
    path("login/code/", sign_in.ShowFactor.as_view(), name="mfa_authenticate"),
    path("login/leave/", sign_in.leave_sign_in, name="leave-sign-in"),
    path("login/passkey/", login_webauthn, name="mfa_login_webauthn"),
    path("login/with/<slug:provider_id>/", sign_in_provider.go_to_provider, name="openid_connect_login"),
    path("login/with/<slug:provider_id>/back/", sign_in_provider.come_back, name="openid_connect_callback"),
    path("login/forgotten/", sign_in.AskForMail.as_view(), name="account_reset_password"),
    path("login/forgotten/sent/", sign_in.MailSent.as_view(), name="account_reset_password_done"),
    path("login/forgotten/done/", sign_in.PasswordIsNew.as_view(), name="account_reset_password_from_key_done"),
    path("login/forgotten/<slug:uidb36>/<str:key>/", NEW_PASSWORD, name="account_reset_password_from_key"),
    path("password_change/", own(own_sign_in.ChangePassword.as_view()), name="account_change_password"),
    path("my-sign-in/", own(own_sign_in.Overview.as_view()), name="mfa_index"),
    path("my-sign-in/again/", own(own_sign_in.AgainByPassword.as_view()), name="account_reauthenticate"),
    path("my-sign-in/again/code/", own(own_sign_in.AgainByCode.as_view()), name="mfa_reauthenticate"),
    path("my-sign-in/again/passkey/", own(own_sign_in.AgainByPasskey.as_view()), name="mfa_reauthenticate_webauthn"),
    path("my-sign-in/again/provider/", own(own_sign_in.again_by_provider), name="sign_in_again"),
    path("my-sign-in/app/", own(own_factors.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("my-sign-in/app/take-off/", own(own_factors.TakeOffApp.as_view()), name="mfa_deactivate_totp"),
    path("my-sign-in/passkeys/add/", own(own_factors.AddPasskey.as_view()), name="mfa_add_webauthn"),
    path("my-sign-in/passkeys/<int:pk>/remove/", own(own_factors.RemovePasskey.as_view()), name="mfa_remove_webauthn"),
    path("my-sign-in/passkeys/<int:pk>/rename/", own(own_factors.RenamePasskey.as_view()), name="mfa_edit_webauthn"),
    path("my-sign-in/codes/", own(own_factors.RecoveryCodes.as_view()), name="mfa_view_recovery_codes"),
    path("my-sign-in/codes/new/", own(own_factors.NewRecoveryCodes.as_view()), name="mfa_generate_recovery_codes"),
    path("my-sign-in/sessions/", own(own_sign_in.sessions), name="usersessions_list"),
    path("my-sign-in/sessions/<int:key>/end/", own(own_sign_in.end_one), name="end-session"),
    path("my-sign-in/provider/leave/", own(own_sign_in.leave_provider), name="leave-provider"),
]
