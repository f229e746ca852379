import pytest

from accounts.roles import Role
from predictions.models import LedgerEntry
from predictions.operations.accounts import grant_role
from tests import builders as a

pytestmark = pytest.mark.django_db

LEDGER = "/predictions/ledgerentry/"


def entries(client, **asked):
    return client.get(LEDGER, asked).context["cl"].result_list


def test_ledger_is_told_in_words_newest_first(client, viewer):
    a.forecast(words="likely", by=a.forecaster("The Diplomat"))
    client.force_login(viewer)
    lines = [entry.line.sentence for entry in entries(client)]
    assert lines[0] == "some-analyst logged likely (55–80%), taken as 67.5% (ICD 203) for The Diplomat"
    assert lines[-1] == "some-analyst added the forecaster The Diplomat"


def test_entries_of_a_private_case_are_for_its_people(client, people):
    a.trigger()
    a.trigger(a.case(is_private=True, members=[people["viewer"]]))
    for role, count in {"viewer": 4, "resolver": 2, "administrator": 2}.items():
        client.force_login(people[role])
        assert len(entries(client)) == count


def test_hidden_entry_is_not_there(client, viewer):
    a.case(is_private=True)
    client.force_login(viewer)
    assert client.get(f"{LEDGER}0/change/").status_code == 404


@pytest.mark.parametrize("role", Role)
def test_entries_about_people_are_for_administrators(client, people, role):
    grant_role(people["nobody"], Role.VIEWER, by=people["administrator"], at=a.NOW)
    client.force_login(people[role])
    is_shown = role == Role.ADMINISTRATOR
    assert len(entries(client)) == is_shown
    assert client.get(f"{LEDGER}0/change/").status_code == (200 if is_shown else 404)


def test_nobody_adds_changes_or_removes_entries(client, people):
    a.case()
    for role in Role:
        client.force_login(people[role])
        for address in (f"{LEDGER}add/", f"{LEDGER}0/change/", f"{LEDGER}0/delete/"):
            assert client.post(address, {"kind": "x"}).status_code == 403
        client.post(LEDGER, {"action": "delete_selected", "_selected_action": "0", "post": "yes"})
    assert LedgerEntry.objects.count() == 1


def test_entry_shows_what_was_recorded_and_its_hashes(client, viewer):
    a.case(title="Rain <in> May")
    client.force_login(viewer)
    text = client.get(f"{LEDGER}0/change/").content.decode()
    entry = LedgerEntry.objects.get()
    assert bytes(entry.leaf_hash).hex() in text
    assert entry.commit in text
    assert "Rain &lt;in&gt; May" in text
    assert "<in>" not in text


def test_erased_entry_stands_without_its_words(client, viewer):
    a.case(title="Rain in May")
    a.erasure(LedgerEntry.objects.get())
    client.force_login(viewer)
    assert entries(client)[-1].line.sentence == "erased"
    text = client.get(f"{LEDGER}0/change/").content.decode()
    assert "erased" in text
    assert "opened the case" not in text


@pytest.mark.parametrize(
    ("asked", "kinds"), [({"about": "source."}, {"source.recorded"}), ({"q": "Zebra"}, {"case.opened"})]
)
def test_list_is_filtered_and_searched(client, viewer, asked, kinds):
    a.source(a.case(title="Zebra crossing"), title="Rain")
    client.force_login(viewer)
    assert {entry.kind for entry in entries(client, **asked)} == kinds


def test_kinds_about_people_are_offered_to_administrators_only(client, people):
    for role in (Role.VIEWER, Role.ADMINISTRATOR):
        client.force_login(people[role])
        assert ("about=role." in client.get(LEDGER).content.decode()) == (role == Role.ADMINISTRATOR)


def test_history_of_an_entry_is_that_of_its_subject(client, viewer):
    source = a.source(title="Rain in May")
    a.quote(source, "likely to rain")
    client.force_login(viewer)
    text = client.get(f"{LEDGER}{LedgerEntry.objects.latest('seq').seq}/history/").content.decode()
    assert "recorded the source “Rain in May”" in text
    assert "quoted “likely to rain”" in text


@pytest.mark.parametrize(
    ("role", "held", "told"),
    [
        ("viewer", {"a private case", "a role"}, "accounts and private cases"),
        ("viewer", {"a role"}, "accounts"),
        ("viewer", {"a private case"}, "private cases"),
        ("viewer", set(), ""),
        ("administrator", {"a role"}, ""),
        ("administrator", {"a private case", "a role"}, "private cases"),
    ],
)
def test_it_is_said_which_entries_are_not_shown(client, people, role, held, told):
    a.case(is_private="a private case" in held)
    if "a role" in held:
        grant_role(people["nobody"], Role.VIEWER, by=people["administrator"], at=a.NOW)
    client.force_login(people[role])
    text = client.get(LEDGER).content.decode()
    assert (f"Entries about {told} are not shown to you, so numbers may be missing." in text) == bool(told)
