"""A receipt is downloaded, kept and checked offline, as the README says: with nothing but Python and the verifier."""

import hashlib
import re
import subprocess
import sys

import pytest
from django.urls import reverse

from predictions import checkpoints
from tests import builders as a

pytestmark = pytest.mark.django_db

LATER = a.on_day(70)


@pytest.fixture
def checked(client, tmp_path):
    """What the verifier says, downloaded from the site and held against the hash that the page shows."""
    program = client.get(reverse("verifier")).content
    [shown] = re.findall(r"\b[0-9a-f]{64}\b", client.get(reverse("receipts")).content.decode())
    assert hashlib.sha256(program).hexdigest() == shown
    (tmp_path / "verify_receipt.py").write_bytes(program)

    def check(content, *arguments):
        (tmp_path / "receipt.json").write_bytes(content)
        command = [sys.executable, "-I", "verify_receipt.py", "receipt.json", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return check


@pytest.fixture
def rows():
    forecast = a.forecast(words="70%")
    return {"forecasts": forecast, "resolutions": a.resolution(forecast.prediction)}


def by_api(client, shelf, row):
    """A session does as well as a token."""
    return client.get(client.get(f"/api/{shelf}/{row.uuid}/").json()["receipt"]).content


def by_admin(client, shelf, row):
    page = client.get(f"/predictions/{shelf.removesuffix('s')}/{row.pk}/change/").content.decode()
    [link] = re.findall(r'href="(/ledger/receipts/\d+\.json)"', page)
    return client.get(link).content


@pytest.mark.parametrize("door", [by_api, by_admin])
@pytest.mark.parametrize("shelf", ["forecasts", "resolutions"])
def test_a_downloaded_receipt_is_checked_offline(client, viewer, checked, rows, door, shelf):
    client.force_login(viewer)
    status, told = checked(door(client, shelf, rows[shelf]))
    assert status == 0, told
    assert str(rows[shelf].uuid) in told
    assert "Not proved:" in told


def test_a_kept_key_and_a_kept_checkpoint_find_what_was_changed(client, viewer, checked, rows, tmp_path):
    client.force_login(viewer)
    content = by_api(client, "forecasts", rows["forecasts"])
    [key] = map(str, checkpoints.verifier_keys())
    (tmp_path / "kept.txt").write_text(checkpoints.sign(LATER).note)
    assert checked(content, "--key", key, "--older", "kept.txt")[0] == 0
    moved = content.replace(b'"index":', b'"index":1')
    assert checked(moved, "--key", key)[0] == 1
