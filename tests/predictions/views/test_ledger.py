"""Anybody can fetch what is signed, by whom, and the hashes to check it with: those alone, and no account is asked."""

from uuid import UUID

import pytest
from django.urls import reverse

from predictions import checkpoints, merkle, record
from predictions.exchange.signed_note import VerifierKey, parse_checkpoint, verify
from predictions.models import LedgerEntry
from predictions.models.bulk import as_uuid
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaves():
    """600 entries or a few more are signed; three came since."""
    for count in (600, 3):
        said = [(as_uuid(UUID(int=k)), f'{{"n":{k}}}') for k in range(count)]
        record.append_many("test.made", said, case=None, by=a.a_person_with("analyst"), at=a.NOW)
        if count > 3:
            checkpoints.sign(a.NOW)
    return [bytes(each) for each in LedgerEntry.objects.order_by("seq").values_list("leaf_hash", flat=True)][:-3]


def tile(client, level, number):
    return client.get(f"/ledger/tile/{level}/{number}")


def split(content):
    return [content[k : k + 32] for k in range(0, len(content), 32)]


def test_the_newest_checkpoint_is_fetched_as_text(client, leaves):
    answer = client.get("/ledger/checkpoint")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Cache-Control"] == "public, max-age=10"
    keys = [VerifierKey.read(line) for line in client.get("/ledger/keys").content.decode().splitlines()]
    text, _ = verify(answer.content.decode(), keys)
    told = parse_checkpoint(text)
    assert (told.size, told.root) == (len(leaves), merkle.root(leaves))


def test_before_the_first_checkpoint_there_is_none_and_there_are_no_keys(client):
    assert client.get("/ledger/checkpoint").status_code == 404
    assert tile(client, 0, "000.p/1").status_code == 404
    assert client.get("/ledger/keys").content == b""


def test_from_the_published_hashes_anybody_makes_the_signed_root(client, leaves):
    rest = len(leaves) % 256
    content = b"".join(tile(client, 0, name).content for name in ("000", "001", f"002.p/{rest}"))
    assert split(content) == leaves
    assert split(tile(client, 1, "000.p/2").content) == [merkle.root(leaves[:256]), merkle.root(leaves[256:512])]
    assert tile(client, 0, "000")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "address",
    ["0/002", "0/003", "0/002.p/0", "0/002.p/256", "0/000.p/0", "0/0", "0/x000/000", "0/00a", "0/000/", "0/000.p/01",
     "1/000", "1/000.p/3", "2/000.p/1", "6/000.p/1", "99/000.p/1", "0/x999/x999/x999/x999/999", "0/-01", "0/000.p/1/",
     "0/٠٠٠"],
)  # fmt: skip
def test_nothing_else_is_published(client, leaves, address):
    assert client.get(f"/ledger/tile/{address}").status_code == 404


def test_what_came_after_the_checkpoint_is_not_published_yet(client, leaves):
    rest = len(leaves) % 256
    assert tile(client, 0, f"002.p/{rest}").status_code == 200
    assert tile(client, 0, f"002.p/{rest + 1}").status_code == 404


@pytest.mark.parametrize(
    ("address", "count"), [("checkpoint", 1), ("keys", 1), ("tile/0/001", 2), ("tile/1/000.p/2", 2)]
)
def test_each_asks_as_few_questions_however_long_the_ledger(client, leaves, django_assert_num_queries, address, count):
    with django_assert_num_queries(count):
        client.get(f"/ledger/{address}")


def test_the_list_of_the_ledger_shows_the_newest_checkpoint_and_lets_an_administrator_sign(client, people):
    page = reverse("admin:predictions_ledgerentry_changelist")
    client.force_login(people["administrator"])
    assert "is not signed yet" in client.get(page).content.decode()
    a.case()
    client.post(reverse("admin:predictions_ledgerentry_sign"))
    shown = client.get(page).content.decode()
    assert checkpoints.verifier_keys()[0].id.hex() in shown
    assert "Nothing came since" in shown
    a.source()
    client.force_login(people["viewer"])
    shown = client.get(page).content.decode()
    assert "came since" in shown
    assert "Sign now" not in shown
