import pytest
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from accounts.models import User
from predictions.models import LedgerEntry
from predictions.operations import accounts
from tests import builders as a
from tests import second_factors

pytestmark = pytest.mark.django_db

ADD = "/accounts/user/add/"
SETTINGS = "/accounts/user/my-settings/"
BY_MAIL = {"by_mail": "daily", "digest_hour": "7"}
PASSWORD = "a calm lake at dawn"


def entered(**fields):
    passwords = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    return {"username": "ana", "first_name": "Ana", "is_active": "on"} | passwords | fields


def change(user):
    return f"/accounts/user/{user.pk}/change/"


def as_it_stands(user, **fields):
    standing = {"username": user.username, "email": user.email, "roles": sorted(user.roles), "is_active": "on"}
    return standing | fields


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_adding_opens_the_account_on_record(client, administrator):
    client.force_login(administrator)
    assert client.post(ADD, entered()).status_code == 302
    assert kinds() == ["account.opened"]
    ana = User.objects.get(username="ana")
    assert ana.check_password(PASSWORD)
    assert not ana.roles


def test_roles_given_at_once_are_each_on_record_and_let_in(client, administrator):
    client.force_login(administrator)
    client.post(ADD, entered(roles=["analyst", "resolver"]))
    assert kinds() == ["account.opened", "role.granted", "role.granted"]
    assert User.objects.get(username="ana").roles == {"analyst", "resolver"}
    client.logout()
    answer = client.post("/login/", {"username": "ana", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == "/"


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"username": "administrator"}, "username", "already exists"),
        ({"username": ""}, "username", "required"),
        ({"new_password": "", "new_password_again": ""}, "new_password", "required"),
        ({"new_password_again": "another"}, "new_password_again", "differ"),
        ({"new_password": "password", "new_password_again": "password"}, "new_password", "too common"),
        ({"zone": "Tokyo"}, "zone", "no time zone"),
        ({"roles": ["king"]}, "roles", "king"),
    ],
)
def test_unsound_account_is_refused_at_its_field(client, administrator, wrong, field, words):
    client.force_login(administrator)
    answer = client.post(ADD, entered(**wrong))
    assert words in str(answer.context["adminform"].form.errors[field])
    assert not User.objects.filter(username="ana").exists()
    assert not kinds()


def test_nobody_becomes_superuser_or_gets_permissions_by_a_form(client, administrator):
    client.force_login(administrator)
    client.post(ADD, entered(is_superuser="on", user_permissions=["1"], groups=["1"]))
    ana = User.objects.get(username="ana")
    assert not ana.is_superuser
    assert not ana.user_permissions.exists()
    assert not ana.groups.exists()


def test_roles_are_granted_and_revoked_on_record(client, people):
    viewer = people["viewer"]
    client.force_login(people["administrator"])
    client.post(change(viewer), as_it_stands(viewer, roles=["analyst"]))
    assert kinds() == ["role.granted", "role.revoked"]
    assert User.objects.get(pk=viewer.pk).roles == {"analyst"}
    text = client.get(f"/accounts/user/{viewer.pk}/history/").content.decode()
    assert "administrator gave viewer the role analyst" in text


def test_change_of_an_account_is_on_record(client, people):
    viewer = people["viewer"]
    client.force_login(people["administrator"])
    client.post(change(viewer), as_it_stands(viewer, zone="Asia/Tokyo"))
    client.post(change(viewer), as_it_stands(viewer, zone="Asia/Tokyo"))
    assert kinds() == ["account.amended"]
    assert User.objects.get(pk=viewer.pk).zone == "Asia/Tokyo"


def test_closed_account_cannot_sign_in(client, people):
    viewer = people["viewer"]
    client.force_login(people["administrator"])
    client.post(change(viewer), {k: v for k, v in as_it_stands(viewer).items() if k != "is_active"})
    client.logout()
    assert not client.login(username="viewer", password=a.PASSWORD)


def test_new_password_ends_the_old_one(client, people):
    viewer = people["viewer"]
    client.force_login(people["administrator"])
    new = {"new_password": PASSWORD, "new_password_again": PASSWORD}
    client.post(change(viewer), as_it_stands(viewer, **new))
    assert kinds() == ["account.password_set"]
    assert PASSWORD not in LedgerEntry.objects.get().payload.text
    assert User.objects.get(pk=viewer.pk).check_password(PASSWORD)


def test_administrators_do_not_shut_themselves_out(client, administrator):
    client.force_login(administrator)
    answer = client.post(change(administrator), as_it_stands(administrator, roles=["viewer"]))
    assert "cannot take this role from yourself" in str(answer.context["adminform"].form.errors["roles"])
    closed = {k: v for k, v in as_it_stands(administrator).items() if k != "is_active"}
    assert "is_active" in client.post(change(administrator), closed).context["adminform"].form.errors
    assert not kinds()


def test_password_digests_cannot_be_guessed_by_filtering(client, administrator):
    client.force_login(administrator)
    assert client.get("/accounts/user/", {"password__startswith": "md5"}).status_code == 400


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator"])
def test_people_are_for_administrators_only(client, people, role):
    client.force_login(people[role])
    for address in ("/accounts/user/", ADD, change(people["nobody"])):
        assert client.get(address).status_code == 403


def test_list_filters_by_role(client, people):
    client.force_login(people["administrator"])
    for asked, name in {"resolver": "resolver", "none": "nobody"}.items():
        found = client.get("/accounts/user/", {"role": asked}).context["cl"].result_list
        assert [user.username for user in found] == [name]


@pytest.mark.parametrize("role", ["viewer", "administrator"])
def test_everyone_sets_their_own_time_zone_on_record(client, people, role):
    client.force_login(people[role])
    assert client.post(SETTINGS, {"zone": "Asia/Tokyo"} | BY_MAIL).status_code == 302
    assert User.objects.get(username=role).zone == "Asia/Tokyo"
    assert kinds() == ["account.amended"]
    assert "Asia/Tokyo" in client.get(SETTINGS).content.decode()


def test_unknown_time_zone_is_refused_at_its_field(client, viewer):
    client.force_login(viewer)
    answer = client.post(SETTINGS, {"zone": "Tokyo"} | BY_MAIL)
    assert "no time zone" in str(answer.context["form"].errors["zone"])
    assert not kinds()


def test_everyone_chooses_how_notices_reach_them_on_record(client, viewer):
    client.force_login(viewer)
    client.post(SETTINGS, {"zone": "", "by_mail": "at_once", "digest_hour": "22"})
    choice = User.objects.get(pk=viewer.pk).notice_choice
    assert (choice.by_mail, choice.digest_hour) == ("at_once", 22)
    assert kinds() == ["account.notices_chosen"]
    form = client.get(SETTINGS).context["form"]
    assert (form["by_mail"].value(), form["digest_hour"].value()) == ("at_once", 22)


@pytest.mark.parametrize(("field", "value"), [("by_mail", "hourly"), ("digest_hour", "24")])
def test_what_cannot_be_chosen_is_refused_at_its_field_and_nothing_is_kept(client, viewer, field, value):
    client.force_login(viewer)
    answer = client.post(SETTINGS, {"zone": "Asia/Tokyo"} | BY_MAIL | {field: value})
    assert field in answer.context["form"].errors
    assert not kinds()


def test_settings_are_behind_the_sign_in(client):
    assert client.post(SETTINGS, {"zone": "Asia/Tokyo"}).url.startswith("/login/")


def test_everyone_changes_their_own_password(client, viewer):
    client.force_login(viewer)
    new = {"oldpassword": a.PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    assert client.post("/password_change/", new).status_code == 302
    assert User.objects.get(pk=viewer.pk).check_password(PASSWORD)


@pytest.mark.parametrize("deed", ["sign-out", "factors"])
def test_an_administrator_ends_what_a_lost_machine_could_open(client, people, deed):
    viewer, theirs = people["viewer"], Client()
    second_factors.app_of(viewer)
    theirs.force_login(viewer)
    client.force_login(people["administrator"])
    page = f"/accounts/user/{viewer.pk}/{deed}/"
    assert "viewer" in client.get(page).content.decode()
    assert theirs.get("/").status_code == 200
    assert client.post(page).status_code == 302
    assert theirs.get("/").url.startswith("/login/")
    assert kinds() == [{"sign-out": "account.sessions_ended", "factors": "account.factors_removed"}[deed]]
    assert Authenticator.objects.exists() is (deed == "sign-out")
    told = {"sign-out": "signed viewer out everywhere", "factors": "took the second factor off"}
    assert told[deed] in client.get(f"/accounts/user/{viewer.pk}/history/").content.decode()


def test_what_is_not_there_is_not_taken_off_and_nobody_takes_off_their_own_unasked(client, people):
    client.force_login(people["administrator"])
    assert client.post(f"/accounts/user/{people['viewer'].pk}/factors/").status_code == 409
    second_factors.app_of(people["administrator"])
    answer = client.post(f"/accounts/user/{people['administrator'].pk}/factors/")
    assert "another administrator" in answer.content.decode()
    assert Authenticator.objects.exists()


@pytest.mark.parametrize(
    "deed",
    [
        lambda user, by, at: accounts.sign_out_everywhere(user, by=by, at=at),
        lambda user, by, at: accounts.remove_factors(user, by=by, at=at),
        lambda user, by, at: accounts.open_account(User(username="eve"), PASSWORD, by=by, at=at),
        lambda user, by, at: accounts.amend_account(user, by=by, at=at),
        lambda user, by, at: accounts.set_password(user, PASSWORD, by=by, at=at),
        lambda user, by, at: accounts.settle_roles(user, ["administrator"], by=by, at=at),
    ],
)
def test_operations_refuse_who_is_no_administrator(people, deed):
    with pytest.raises(PermissionDenied):
        deed(people["viewer"], people["analyst"], timezone.now())
