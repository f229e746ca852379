"""The ledger's bytes: one spelling for every payload, and hashes that bind to it."""

import hashlib
import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from predictions import merkle

KEYS = st.text(st.characters(max_codepoint=127), max_size=8)
LEAVES = st.none() | st.booleans() | st.integers(-merkle.LARGEST_INTEGER, merkle.LARGEST_INTEGER) | st.text(max_size=12)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4))
SALT = bytes(range(32))


@given(VALUES)
def test_the_spelling_is_that_of_rfc_8785(value):
    assert merkle.canonical(value) == rfc8785.dumps(value)


@given(VALUES)
def test_what_is_spelt_reads_back_as_it_was(value):
    assert json.loads(merkle.canonical(value)) == value


@pytest.mark.parametrize(
    "value",
    [
        0.5,
        -0.0,
        float("nan"),
        float("inf"),
        2**53,
        -(2**53),
        {"é": 1},
        {1: "a"},
        {None: "a"},
        "\ud800",
        "a\udfff",
        b"bytes",
        {1, 2},
        Ellipsis,
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "wrap", [lambda v: v, lambda v: [v], lambda v: {"a": [{"b": v}]}], ids=["bare", "list", "deep"]
)
def test_what_has_no_single_spelling_is_refused(value, wrap):
    with pytest.raises(ValueError):  # noqa: PT011 - a surrogate is refused by the encoder, in its own words
        merkle.canonical(wrap(value))


@pytest.mark.parametrize(
    ("content", "digest"),
    [
        # RFC 6962, as in the reference vectors of Certificate Transparency (merkle_tree_test).
        ("", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        ("00", "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"),
    ],
)
def test_leaves_are_hashed_as_in_certificate_transparency(content, digest):
    assert merkle.leaf_hash(bytes.fromhex(content)).hex() == digest


@given(st.binary(max_size=40))
def test_a_leaf_is_never_taken_for_an_inner_node(content):
    assert merkle.leaf_hash(content) == hashlib.sha256(b"\x00" + content).digest()
    assert merkle.leaf_hash(content) != hashlib.sha256(b"\x01" + content).digest()


def test_the_commitment_is_the_documented_hash():
    expected = hashlib.sha256(b"forsooth/payload/v1\n" + SALT + b'{"p":"0.7"}').hexdigest()
    assert merkle.commitment(b'{"p":"0.7"}', SALT) == expected


@given(st.binary(max_size=20), st.binary(max_size=20), st.binary(min_size=32, max_size=32))
def test_the_commitment_binds_to_payload_and_salt(one, other, salt):
    assert (merkle.commitment(one, SALT) == merkle.commitment(other, SALT)) == (one == other)
    assert (merkle.commitment(one, salt) == merkle.commitment(one, SALT)) == (salt == SALT)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_salt_of_another_length_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        merkle.commitment(b"{}", b"x" * length)


def test_the_leaf_is_that_of_format_v1():
    commit = "ab" * 32
    leaf = merkle.leaf(seq=41, at="2026-11-22T05:19:03.123456Z", kind="forecast.created", commit=commit, log="example")
    assert leaf.decode() == (
        f'{{"at":"2026-11-22T05:19:03.123456Z","commit":"{commit}","kind":"forecast.created",'
        '"log":"example","seq":41,"v":1}'
    )
