"""What is taken for a secret, and what is refused before the site starts."""

import secrets

import pytest
from django.core.exceptions import ImproperlyConfigured

from config.secrecy import require_no_sample, require_random, secret_from, secret_keys

GOOD = "Hh3c03fLDMZKKx8t_EbFvIPFEu0Bv2Z9Z_e_wEe7DtqB_qOOCmJk_1B9P_wCzhq9qA8"
EARLIER = "vgYcKHRm3JaAD8GXFSAna4lJjrJWS6_XSOQYOHnZoqfDIPGCf_QTLFdYBGndDmp20g8"


def test_a_secret_comes_from_the_environment_or_from_the_file_it_names(tmp_path):
    (tmp_path / "key").write_text(f"{GOOD}\n")
    assert secret_from({"KEY": GOOD}, "KEY") == GOOD
    assert secret_from({"KEY_FILE": str(tmp_path / "key")}, "KEY") == GOOD
    assert secret_from({}, "KEY") == ""


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"KEY": "a", "KEY_FILE": "/b"}, "KEY or KEY_FILE, not both"),
        ({"KEY_FILE": "/nowhere/at/all"}, "KEY_FILE cannot be read"),
        ({"KEY_FILE": "/"}, "KEY_FILE cannot be read"),
    ],
)
def test_a_secret_that_cannot_be_had_is_said(environment, words):
    with pytest.raises(ImproperlyConfigured, match=words):
        secret_from(environment, "KEY")


@pytest.mark.parametrize(
    "key",
    [
        "",
        "sample",
        GOOD[:49],
        "x" * 60,
        "abc" * 20,
        "django-insecure-" + GOOD,
        "change-me-" + GOOD,
        "ChangeThisKeyToSomethingElse-0123456789-abcdefghijkl",
        "your-secret-key-goes-here-and-it-is-quite-a-long-one-1234567890",
        "an-example-key-an-example-key-an-example-key-0123456789",
    ],
)
def test_a_key_that_others_could_know_is_refused_and_not_repeated(key):
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY to a random text") as refusal:
        require_random("SECRET_KEY", key)
    assert not key or key not in str(refusal.value)


def test_a_thousand_random_keys_are_taken():
    for _ in range(1000):
        require_random("SECRET_KEY", secrets.token_urlsafe(50))


def test_keys_of_before_are_believed_and_must_be_good_too(tmp_path):
    told = {"SECRET_KEY": GOOD, "SECRET_KEY_FALLBACKS": f"{EARLIER}, {GOOD}"}
    assert secret_keys(told, own=None) == (GOOD, [EARLIER, GOOD])
    (tmp_path / "earlier").write_text(f"{EARLIER}\n{GOOD}\n")
    told = {"SECRET_KEY": GOOD, "SECRET_KEY_FALLBACKS_FILE": str(tmp_path / "earlier")}
    assert secret_keys(told, own=None) == (GOOD, [EARLIER, GOOD])
    with pytest.raises(ImproperlyConfigured, match="Set SECRET_KEY_FALLBACKS"):
        secret_keys({"SECRET_KEY": GOOD, "SECRET_KEY_FALLBACKS": "short"}, own=None)


def test_a_copy_that_is_tried_out_makes_a_key_of_its_own_that_only_its_owner_reads(tmp_path):
    path = tmp_path / "var" / "secret-key"
    key, _ = secret_keys({}, own=path)
    require_random("SECRET_KEY", key)
    assert path.stat().st_mode & 0o077 == 0
    assert secret_keys({}, own=path) == (key, [])


@pytest.mark.parametrize("password", ["password", "PassWord", "changeme", "secret", "please-change-me", "example"])
def test_a_password_out_of_a_manual_is_refused(password):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL holds a password out of a manual"):
        require_no_sample("EMAIL_URL", password)


@pytest.mark.parametrize("password", ["", "vX3kq", "tr0ub4dor-and-3", "p/w:@ß"])
def test_any_other_is_taken_and_none_is_none(password):
    require_no_sample("EMAIL_URL", password)
