from datetime import datetime
from typing import Any, ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.timezone import localtime

from accounts.models import ApiToken, User
from accounts.roles import Role
from predictions.admin.base import (
    CheckboxSelectMultiple,
    PasswordInput,
    RadioSelect,
    RowAdmin,
    Select,
    TextInput,
    action,
    display,
    reader,
    sent,
)
from predictions.models import NoticeChoice
from predictions.operations.accounts import (
    amend_account,
    open_account,
    remove_factors,
    set_password,
    settle_roles,
    sign_out_everywhere,
)
from predictions.operations.notices import settle_own
from predictions.operations.tokens import revoke_tokens
from predictions.policy import can
from predictions.queries.histories import display_name

# Rights come from roles alone; tokens, and how one signs in, are for each to settle on pages of their own.
NOT_EDITED = (Group, ApiToken, Authenticator, EmailAddress, SocialAccount, SocialApp, SocialToken, UserSession)
for model in NOT_EDITED:
    if admin.site.is_registered(model):
        admin.site.unregister(model)

ACTING = Q(is_active=True) & (Q(groups__isnull=False) | Q(is_superuser=True))
ZONE_HELP = "Such as Asia/Tokyo or Europe/Paris. Blank: the time zone of the site."


def people_where(condition: Q) -> QuerySet[User]:
    return User.objects.filter(condition).distinct().order_by("first_name", "username")


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: Any) -> str:
        return display_name(person)


class PeopleField(forms.ModelMultipleChoiceField):
    widget = CheckboxSelectMultiple

    def label_from_instance(self, person: Any) -> str:
        return display_name(person)


class AccountForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        choices=[(role, role) for role in Role],
        widget=CheckboxSelectMultiple,
        required=False,
        help_text="Without a role a person sees nothing.",
    )
    new_password = forms.CharField(
        required=False, strip=False, widget=PasswordInput({"autocomplete": "new-password"}), label="New password"
    )
    new_password_again = forms.CharField(
        required=False, strip=False, widget=PasswordInput({"autocomplete": "new-password"}), label="The same again"
    )

    class Meta:
        help_texts: ClassVar = {"is_active": "Off: the account can no longer sign in. Accounts are never deleted."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["roles"] = [str(role) for role in roles_of(self.instance)] if self.instance.pk else []
        self.fields["new_password"].required = not self.instance.pk

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("new_password", "") != self.cleaned_data.get("new_password_again", ""):
            self.add_error("new_password_again", "The two passwords differ. Type the same one twice.")
        return cleaned


def roles_of(user: User) -> list[Role]:
    """As `User.roles`, in their order, from groups that are already loaded."""
    held = {group.name for group in user.groups.all()} | ({Role.ADMINISTRATOR} if user.is_superuser else set())
    return [role for role in Role if role in held]


class RoleFilter(admin.SimpleListFilter):
    title, parameter_name = "role", "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*((str(role), str(role)) for role in Role), ("none", "no role yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        if self.value() == "none":
            return queryset.filter(groups__isnull=True)
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class SettingsForm(forms.Form):
    zone = forms.CharField(max_length=64, required=False, widget=TextInput, label="Time zone", help_text=ZONE_HELP)
    by_mail = forms.ChoiceField(
        choices=NoticeChoice.ByMail.choices,
        widget=RadioSelect,
        label="Notices by e-mail",
        help_text="In the application they are always shown, under Notices.",
    )
    digest_hour = forms.TypedChoiceField(
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
        coerce=int,
        widget=Select,
        label="Hour of the daily mail",
        help_text="In the time zone above.",
    )


@admin.register(User)
class AccountAdmin(RowAdmin):
    """People and what they may do. For administrators; everyone has a page for their own time zone."""

    form = AccountForm
    read_verb = add_verb = change_verb = "manage_people"
    list_display = ("name", "username", "held_roles", "zone", "is_active", "last_seen")
    list_filter = (RoleFilter, "is_active")
    search_fields = ("username", "first_name", "last_name", "email")
    ordering = ("username",)
    actions_detail = ("sign_out_page", "remove_factors_page", "revoke_tokens_page")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "zone")}),
        ("What they may do", {"fields": ("roles", "is_active")}),
        ("Password", {"fields": ("new_password", "new_password_again")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @display(description="name", ordering="first_name")
    def name(self, user: User) -> str:
        return display_name(user)

    @display(description="roles", label=True)
    def held_roles(self, user: User) -> list[str]:
        return [str(role) for role in roles_of(user)] or ["no role yet"]

    @display(description="last sign-in", ordering="last_login")
    def last_seen(self, user: User) -> str:
        return f"{localtime(user.last_login):%-d %b %Y, %H:%M}" if user.last_login else "never"

    def add_row(self, row: User, form: Any, *, by: User, at: datetime) -> None:
        open_account(row, form.cleaned_data["new_password"], by=by, at=at)
        settle_roles(row, form.cleaned_data["roles"], by=by, at=at)

    def amend_row(self, row: User, form: Any, *, by: User, at: datetime) -> None:
        amend_account(row, by=by, at=at)
        settle_roles(row, form.cleaned_data["roles"], by=by, at=at)
        if password := form.cleaned_data["new_password"]:
            set_password(row, password, by=by, at=at)

    # --- whose machine or telephone is lost ----------------------------------------------------------------------

    @action(description="Sign out everywhere", url_path="sign-out", permissions=["manage_people"], icon="logout")
    def sign_out_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.row_for("manage_people", request, object_id)

        def end(_: dict[str, Any], at: datetime) -> str:
            sign_out_everywhere(user, by=reader(request), at=at)
            return f"{display_name(user)} is signed out everywhere."

        shown = {"title": "Sign out everywhere", "submit_label": "End every session", "subject": display_name(user)}
        shown["intro"] = "Every browser must sign in again. API tokens stand; a new password ends them as well."
        return self.deed_page(request, user, forms.Form(*sent(request)), end, **shown)

    @action(description="Take off second factor", url_path="factors", permissions=["manage_people"], icon="lock_open")
    def remove_factors_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        user = self.row_for("manage_people", request, object_id)

        def remove(_: dict[str, Any], at: datetime) -> str:
            remove_factors(user, by=reader(request), at=at)
            return f"{display_name(user)} signs in by password alone, until another factor is set up."

        shown = {"title": "Take off the second factor", "submit_label": "Take it off", "subject": display_name(user)}
        shown["intro"] = (
            "For who lost app, passkeys and recovery codes. All of them are deleted and every session ends. "
            "Be sure that it is this person who asks you."
        )
        return self.deed_page(request, user, forms.Form(*sent(request)), remove, **shown)

    def has_manage_people_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return can(request.user, "manage_people")

    # --- tokens of others: how many there are, and an end to them ---------------------------------------------------

    @action(description="Revoke API tokens", url_path="end-tokens", permissions=["manage_people"], icon="key_off")
    def revoke_tokens_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        person = self.row_for("manage_people", request, object_id)

        def revoke(_: dict[str, Any], at: datetime) -> str:
            count = revoke_tokens(person, by=reader(request), at=at)
            return f"{count} API token{'' if count == 1 else 's'} of {display_name(person)} revoked."

        standing = ApiToken.objects.standing(timezone.now()).filter(user=person).count()
        shown = {"title": f"Revoke the API tokens of {display_name(person)}", "submit_label": "Revoke all"}
        shown["intro"] = f"Tokens that stand: {standing}. Programs that use them are turned away from then on."
        return self.deed_page(request, person, forms.Form(*sent(request)), revoke, **shown)

    # --- one's own settings --------------------------------------------------------------------------------------

    def get_urls(self) -> list[URLPattern]:
        own = path("my-settings/", self.admin_site.admin_view(self.my_settings), name="my_settings")
        return [own, *super().get_urls()]

    def my_settings(self, request: HttpRequest) -> HttpResponse:
        person = reader(request)

        def choose(entered: dict[str, Any], at: datetime) -> str:
            chosen = {name: entered[name] for name in ("by_mail", "digest_hour")}
            settle_own(person, zone=entered["zone"], choice=NoticeChoice(user=person, **chosen), at=at)
            return "Your settings are saved."

        stood = NoticeChoice.of(person)
        initial = {"zone": person.zone, "by_mail": stood.by_mail, "digest_hour": stood.digest_hour}
        form = SettingsForm(*sent(request), initial=initial)
        shown = {"title": "My settings", "submit_label": "Save", "back": reverse("admin:my_settings"), "is_own": True}
        return self.deed_page(request, person, form, choose, **shown)
