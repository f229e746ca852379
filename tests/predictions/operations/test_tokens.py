from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import ApiToken
from predictions.models import LedgerEntry
from predictions.operations.accounts import amend_account
from predictions.operations.tokens import LONGEST, MOST_AT_ONCE, make_token, revoke_token, revoke_tokens
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


def row(**fields):
    values = {"name": "Nightly export", "scopes": "read", "expiry": a.NOW + timedelta(days=1)}
    return ApiToken(**values | fields)


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_the_token_is_returned_and_only_its_digest_kept(viewer):
    secret = make_token(row(), by=viewer, at=a.NOW)
    kept = ApiToken.objects.get()
    assert (kept.user, kept.name, kept.scope_names, kept.last_used_on) == (viewer, "Nightly export", ["read"], None)
    assert secret not in {kept.digest, kept.token_key}
    assert secret.startswith(kept.token_key)


def test_the_ledger_says_that_it_was_made_and_tells_neither_it_nor_its_name(viewer):
    secret = make_token(row(), by=viewer, at=a.NOW)
    [entry] = LedgerEntry.objects.filter(kind="account.token_made")
    assert entry.subject == viewer.uuid
    assert '"scopes":"read"' in entry.payload.text
    kept = ApiToken.objects.get()
    assert not any(told in entry.payload.text for told in (secret, kept.digest, kept.token_key, "Nightly"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"scopes": ""}, "scopes"),
        ({"scopes": "read read"}, "scopes"),
        ({"scopes": "read  assess"}, "scopes"),
        ({"scopes": "admin"}, "scopes"),
        ({"expiry": None}, "expiry"),
        ({"expiry": a.NOW}, "expiry"),
        ({"expiry": a.NOW + LONGEST + timedelta(microseconds=1)}, "expiry"),
    ],
)
def test_an_unsound_token_is_refused_at_its_field(viewer, wrong, field):
    with refused(field):
        make_token(row(**wrong), by=viewer, at=a.NOW)
    assert not ApiToken.objects.exists()


def test_a_token_may_last_as_long_as_the_longest(viewer):
    make_token(row(expiry=a.NOW + LONGEST), by=viewer, at=a.NOW)
    assert ApiToken.objects.exists()


def test_nobody_has_more_than_twenty_and_one_that_ended_does_not_count(viewer):
    for _ in range(MOST_AT_ONCE):
        make_token(row(), by=viewer, at=a.NOW)
    with refused(saying="Revoke one"):
        make_token(row(), by=viewer, at=a.NOW)
    later = a.NOW + timedelta(days=2)
    make_token(row(expiry=later + timedelta(days=1)), by=viewer, at=later)


def test_who_has_no_role_makes_none(people):
    with pytest.raises(PermissionDenied):
        make_token(row(), by=people["nobody"], at=a.NOW)


def test_its_person_revokes_it_and_twice_is_as_once(viewer):
    make_token(row(), by=viewer, at=a.NOW)
    token = ApiToken.objects.get()
    revoke_token(token, by=viewer, at=a.NOW)
    revoke_token(token, by=viewer, at=a.NOW)
    assert not ApiToken.objects.exists()
    assert kinds() == ["account.token_made", "account.token_revoked"]


def test_an_administrator_revokes_all_of_an_account_and_nobody_else_does(people, viewer, analyst):
    for _ in range(2):
        make_token(row(), by=viewer, at=a.NOW)
    make_token(row(), by=analyst, at=a.NOW)
    with pytest.raises(PermissionDenied):
        revoke_tokens(viewer, by=analyst, at=a.NOW)
    assert revoke_tokens(viewer, by=people["administrator"], at=a.NOW) == 2
    assert ApiToken.objects.get().user == analyst


def test_closing_an_account_ends_its_tokens_for_good(viewer, administrator):
    make_token(row(), by=viewer, at=a.NOW)
    for is_active in (False, True):
        viewer.is_active = is_active
        amend_account(viewer, by=administrator, at=a.NOW)
    assert not ApiToken.objects.exists()
