import json
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from predictions.api.parsing import DEEPEST, LONGEST, Number, TooLong, read_json


def nested(levels: int) -> bytes:
    return b"[" * levels + b"]" * levels


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"a": 1, "a": 2}', "twice"),
        (b'{"x": [{"a": 1, "\\u0061": 2}]}', "twice"),
        (b"NaN", "NaN is no JSON number"),
        (b'{"p": Infinity}', "Infinity is no JSON number"),
        (b"[-Infinity]", "-Infinity is no JSON number"),
        (nested(DEEPEST + 1), "deeper than 32"),
        (b"[" * 200_000, "deeper than 32"),
        (b'{"a":' * 150_000, "deeper than 32"),
        (b'{"a": "caf\xe9"}', "not UTF-8"),
        (b"\xef\xbb\xbf{}", "no JSON"),
        (b'{"a": "\\u0000"}', "NUL"),
        (b'{"\\u0000": 1}', "NUL"),
        (b'{"a": ["\\ud800"]}', "surrogate"),
        (b'{"a": "\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a": 01}', "line 1, column 8"),
        (b"{'a': 1}", "no JSON"),
        (b"", "no JSON"),
    ],
)
def test_what_is_no_sound_json_is_refused_and_said_why(body, told):
    with pytest.raises(ValidationError, match=told):
        read_json(body)


def test_a_body_above_one_megabyte_is_not_even_read():
    assert read_json(b'"' + b"x" * (LONGEST - 2) + b'"')
    with pytest.raises(TooLong):
        read_json(b'"' + b"x" * (LONGEST - 1) + b'"')


@pytest.mark.parametrize("digits", ["-0", "0.70", "1e400", "7E-1", "9" * 5000])
def test_a_number_keeps_its_own_digits(digits):
    [number] = read_json(f"[{digits}]".encode())
    assert isinstance(number, Number)
    assert number == digits


def test_the_deepest_allowed_body_is_read():
    assert read_json(nested(DEEPEST)) is not None


def test_a_whole_surrogate_pair_is_one_character():
    assert read_json(b'"\\ud83d\\ude00"') == "\N{GRINNING FACE}"


SOUND_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
SOUND = st.recursive(
    st.none() | st.booleans() | SOUND_TEXT, lambda inner: st.lists(inner) | st.dictionaries(SOUND_TEXT, inner)
)


@given(SOUND)
def test_sound_json_is_read_as_any_other_reader_would(value):
    assert read_json(json.dumps(value).encode()) == value


@given(st.binary() | st.text(alphabet='[]{}",:\\u0dD8eE+-.1 ').map(str.encode))
def test_no_bytes_whatever_break_the_reader(body):
    with suppress(ValidationError):
        read_json(body)
