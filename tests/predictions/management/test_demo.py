"""The demo runs the main job, again and again, and never outside DEBUG."""

import io

import pytest
from django.core.management import CommandError, call_command

from predictions.models import LedgerEntry
from predictions.operations.accounts import demo_accounts
from tests import builders as a

pytestmark = pytest.mark.django_db


def run() -> str:
    said = io.StringIO()
    call_command("demo", no_serve=True, stdout=said)
    return said.getvalue()


def test_the_demo_is_refused_outside_debug(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        run()
    assert not LedgerEntry.objects.exists()


def test_the_demo_ends_with_the_scorecard_and_a_second_run_changes_no_record(
    settings, django_capture_on_commit_callbacks
):
    settings.DEBUG = True
    with django_capture_on_commit_callbacks(execute=True):
        first = run()
    assert "n = 4" in first
    assert "0.105625" in first
    before = LedgerEntry.objects.count()
    second = run()
    assert LedgerEntry.objects.count() == before
    assert "Everything is recorded already" in second
    assert first[first.index("n = 4") :] == second[second.index("n = 4") :]


def test_the_demo_without_its_site_leaves_passwords_alone(settings, client):
    settings.DEBUG = True
    passwords = demo_accounts(at=a.NOW)
    run()
    assert client.login(username="demo-resolver-2", password=passwords["demo-resolver-2"])


def test_each_run_gives_each_role_an_account_with_a_new_password_and_grants_it_once(client):
    first = demo_accounts(at=a.NOW)
    before = LedgerEntry.objects.count()
    second = demo_accounts(at=a.NOW)
    names = ("viewer", "analyst", "resolver", "adjudicator", "administrator", "resolver-2")
    assert set(first) == {f"demo-{name}" for name in names}
    assert all(first[name] != second[name] for name in first)
    assert LedgerEntry.objects.count() == before
    assert not client.login(username="demo-analyst", password=first["demo-analyst"])
    assert client.login(username="demo-analyst", password=second["demo-analyst"])
