import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.json_lines import DEEPEST, LARGEST_BYTES, JsonFault, Placed, read_json

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_sound_is_read_as_the_standard_library_reads_it(value):
    text = json.dumps(value)
    assert read_json(text.encode()) == json.loads(text)


@pytest.mark.parametrize(
    ("content", "line", "saying"),
    [
        (b"", 1, "no JSON"),
        (b"{", 1, "no JSON"),
        (b'{"a": 1}\n x', 2, "no JSON"),
        (b"[1,\n2,]", 2, "no JSON"),
        (b"\n\n\xff", 3, "not UTF-8"),
        (b'[\n{"a": 1,\n"a": 2}]', 2, "names 'a' twice"),
        (b'{"b":\n{"a": NaN}}', 2, "NaN"),
        (b"[\n-Infinity]", 1, "-Infinity"),
        (b'{"a": ' + b"9" * 5000 + b"}", 1, "5,000 digits"),
        (b"[" * (DEEPEST + 1), 1, "deeper"),
        (b"[" * 100_000, 1, "deeper"),
        (b'{"a":' * 50 + b"1" + b"}" * 50, 1, "deeper"),
        (b" " * (LARGEST_BYTES + 1), 1, "bytes"),
        (b"'a'", 1, "no JSON"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_is_not_is_refused_with_its_line(content, line, saying):
    with pytest.raises(JsonFault, match=saying) as caught:
        read_json(content)
    assert caught.value.line == line


def test_objects_know_the_line_they_begin_on():
    found = read_json('\ufeff{\n "a": [\n  {"b": 1},\n  {\n "c": 2}]}'.encode())
    assert isinstance(found, Placed)
    assert [found.line, *(each.line for each in found["a"])] == [1, 3, 4]


def test_a_large_file_is_read_in_time():
    items = [{"id": k, "text": "x" * 50, "inner": [{"a": 1}]} for k in range(15_000)]
    assert len(read_json(json.dumps(items, indent=1).encode()[:])) == 15_000


def test_a_name_given_twice_among_many_is_found_in_time():
    names = ",".join(f'"{k}":0' for k in [*range(100_000), 99_999])
    with pytest.raises(JsonFault, match="'99999' twice"):
        read_json(f"{{{names}}}".encode())
