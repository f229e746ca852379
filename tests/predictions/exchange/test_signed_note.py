"""Signed notes and checkpoints: the published examples byte for byte, and nothing that is not exactly of the format."""

import base64
from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.signed_note import (
    Checkpoint,
    NoteFault,
    VerifierKey,
    checkpoint_text,
    parse_checkpoint,
    read_note,
    sign,
    verify,
)

# The example of c2sp.org/signed-note.
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
# The example of golang.org/x/mod/sumdb/note, its private key with it.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PETER_SEED = base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PROBLEM = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
BY_PETER = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
BY_ENOCH = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NAME = "example.org/forsooth"
TRUSTED = VerifierKey.of(NAME, KEY)
LINES = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20)
TEXTS = st.lists(LINES, min_size=1, max_size=5).map(lambda lines: "".join(f"{line}\n" for line in lines))
NAMES = st.text(st.characters(min_codepoint=33, exclude_categories=["Cs", "Zs", "Zl", "Zp", "Cc"]), min_size=1)
NAMES = NAMES.map(lambda name: name.replace("+", "-"))


@pytest.mark.parametrize(
    ("key", "note", "text"),
    [
        (EXAMPLE_KEY, EXAMPLE, "This is an example message.\n"),
        (PETER, f"{PROBLEM}\n{BY_PETER}", PROBLEM),
        (ENOCH, f"{PROBLEM}\n{BY_PETER}{BY_ENOCH}", PROBLEM),
    ],
    ids=["C2SP", "Go", "Go, two signatures"],
)
def test_the_published_examples_are_believed(key, note, text):
    assert verify(note, [VerifierKey.read(key)]) == (text, (VerifierKey.read(key),))
    assert str(VerifierKey.read(key)) == key


def test_a_note_is_signed_as_the_published_example_is_byte_for_byte():
    peter = Ed25519PrivateKey.from_private_bytes(PETER_SEED)
    assert str(VerifierKey.of("PeterNeumann", peter)) == PETER
    assert sign(PROBLEM, "PeterNeumann", peter) == f"{PROBLEM}\n{BY_PETER}"


@given(TEXTS, NAMES)
def test_what_is_signed_is_believed_and_reads_back(text, name):
    note = sign(text, name, KEY, OTHER)
    keys = VerifierKey.of(name, KEY), VerifierKey.of(name, OTHER)
    assert verify(note, keys) == (text, keys)
    assert [(each.name, each.key_id) for each in read_note(note).signatures] == [(key.name, key.id) for key in keys]


@given(NAMES, st.binary(min_size=32, max_size=32))
def test_a_verifier_key_reads_back(name, public):
    assert VerifierKey.read(str(VerifierKey(name, public))) == VerifierKey(name, public)


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32), NAMES)
def test_a_checkpoint_reads_back(size, root, origin):
    assert parse_checkpoint(checkpoint_text(origin, size, root)) == Checkpoint(origin, size, root)


def test_the_checkpoint_of_the_specification_is_read():
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    checkpoint = parse_checkpoint(text)
    assert (checkpoint.origin, checkpoint.size) == ("example.com/behind-the-sofa", 20852163)
    assert checkpoint_text(checkpoint.origin, checkpoint.size, checkpoint.root) == text


def test_lines_after_the_root_are_kept_apart():
    assert parse_checkpoint(checkpoint_text("a", 1, bytes(32)) + "more\nand more\n").extensions == ("more", "and more")


@given(st.integers(0, len(EXAMPLE.encode()) * 8 - 1))
def test_one_bit_changed_anywhere_is_not_believed(at):
    content = bytearray(EXAMPLE.encode())
    content[at // 8] ^= 1 << at % 8
    with pytest.raises(NoteFault):
        verify(content.decode(errors="surrogateescape"), [VerifierKey.read(EXAMPLE_KEY)])


def test_unknown_signatures_are_passed_over_and_a_false_one_of_a_known_key_refuses_all():
    note = sign("text\n", NAME, KEY)
    stranger = sign("text\n", NAME, OTHER).removeprefix("text\n\n")
    another_name = sign("text\n", "someone.else", KEY).removeprefix("text\n\n")
    false = sign("other\n", NAME, KEY).removeprefix("other\n\n")
    assert verify(note + stranger + another_name, [TRUSTED]) == ("text\n", (TRUSTED,))
    for signatures in (stranger, another_name):
        with pytest.raises(NoteFault, match="none of the known keys"):
            verify(f"text\n\n{signatures}", [TRUSTED])
    with pytest.raises(NoteFault, match="is not that of its key"):
        verify(note + false, [TRUSTED])


SIGNED = sign("text\n", NAME, KEY)


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("", "an empty line"),
        ("text\n", "an empty line"),
        ("text\n\n", "a line of its own"),
        (SIGNED[:-1], "a line of its own"),
        (SIGNED + "\n", "a line of its own"),
        (SIGNED.replace("— ", "- "), "em dash"),
        (SIGNED.replace("— ", "—"), "em dash"),
        (SIGNED.replace("\n— ", "\n\t— "), "em dash"),
        (SIGNED.replace(NAME + " ", NAME), "em dash"),
        (SIGNED.replace(NAME, "a+b"), "neither spaces"),
        (SIGNED.replace(NAME, "a\N{NO-BREAK SPACE}b"), "neither spaces"),
        (SIGNED.replace(NAME, ""), "is not empty"),
        (SIGNED.replace("=\n", "\n"), "no Base64"),
        (SIGNED[:-1] + " \n", "no Base64"),
        ("text\n\n— a AAAAAB==\n", "as it is written"),
        ("text\n\n— a AAAA\n", "more than 4 bytes"),
        ("te\txt\n\n— a AAAAAAA=\n", "control"),
        ("te\rxt\n\n— a AAAAAAA=\n", "control"),
        ("te\ud800xt\n\n— a AAAAAAA=\n", "UTF-8"),
        ("text\n\n" + "— a AAAAAAA=\n" * 101, "at most 100"),
        ("x" * 1_000_001, "at most 1,000,000"),
    ],
)
def test_what_is_no_note_is_refused(note, words):
    with pytest.raises(NoteFault, match=words):
        read_note(note)


@pytest.mark.parametrize(
    ("text", "name", "keys"),
    [
        ("no newline", NAME, [KEY]),
        ("a\x00\n", NAME, [KEY]),
        ("a\ud800\n", NAME, [KEY]),
        ("", NAME, [KEY]),
        ("a\n", "two words", [KEY]),
        ("a\n", "", [KEY]),
        ("a\n", NAME, []),
    ],
)
def test_what_would_be_no_note_is_not_signed(text, name, keys):
    with pytest.raises(NoteFault):
        sign(text, name, *keys)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "name",
        "name+00000000",
        EXAMPLE_KEY.replace("530d903a", "530d903b"),
        EXAMPLE_KEY.replace("530d903a", "530D903A"),
        EXAMPLE_KEY.replace("example.com/foo", "example.com/bar"),
        EXAMPLE_KEY[:-4],
        EXAMPLE_KEY + "\n",
        EXAMPLE_KEY + "=",
        # As in Go's tests: another length, and an unknown kind, each with the ID that such a key would have.
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
    ],
)
def test_what_is_no_verifier_key_is_refused(key):
    with pytest.raises(NoteFault):
        VerifierKey.read(key)


ROOT = base64.b64encode(bytes(32)).decode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n",
        "a\n1\n",
        f"a\n1\n{ROOT}",
        f"\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n",
        f"a\n-1\n{ROOT}\n",
        f"a\n+1\n{ROOT}\n",
        f"a\n1_0\n{ROOT}\n",
        f"a\n١\n{ROOT}\n",
        f"a\n{2**53}\n{ROOT}\n",
        f"a\n1 \n{ROOT}\n",
        f"a\n1\n{ROOT[:-1]}\n",
        f"a\n1\n{ROOT} \n",
        "a\n1\nAAAA\n",
        f"a\n1\n{ROOT}\n\n",
        f"a\n1\n{ROOT}\n\nmore\n",
        f"a\r\n1\n{ROOT}\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    with pytest.raises(NoteFault):
        parse_checkpoint(text)


@given(st.text() | st.text(st.sampled_from("\n—+ aA=1/")))
def test_any_text_is_read_or_refused_and_breaks_nothing(text):
    for read in (read_note, parse_checkpoint, VerifierKey.read):
        with suppress(NoteFault):
            read(text)
