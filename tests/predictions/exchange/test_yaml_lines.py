import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange import yaml_lines
from predictions.exchange.casebook_faults import CasebookFaults, FaultList
from predictions.exchange.yaml_lines import Entry, Mapping, Scalar, Sequence, read_nodes


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request, monkeypatch):
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_lines, "LOADER", getattr(yaml, request.param))


def faults_of(text):
    with pytest.raises(CasebookFaults) as caught:
        read_nodes(text, FaultList())
    return [(fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_nodes_keep_the_text_as_written_and_the_line_it_stands_on(newline):
    text = newline.join(
        ["# a comment", "a: 0.70", "b:", "  - 2022-12-16", "  - >-", "    folded", "    text", "c: 'no'"]
    )
    assert read_nodes(text, FaultList()) == Mapping(
        2,
        {
            "a": Entry(2, Scalar(2, "0.70")),
            "b": Entry(3, Sequence(4, [Scalar(4, "2022-12-16"), Scalar(5, "folded text", plain=False)])),
            "c": Entry(8, Scalar(8, "no", plain=False)),
        },
    )


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "is empty"),
        ("# only a comment\n", 1, "is empty"),
        ("a: &name x\n", 1, "anchors and aliases are not allowed: write 'name' out"),
        ("a: 1\nb: *name\n", 2, "anchors and aliases are not allowed"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "tags are not allowed"),
        ("a: 1\nb: ! x\n", 2, "tags are not allowed"),
        ("a: !set [x]\n", 1, "tags are not allowed"),
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands here twice: first on line 1"),
        ("b:\n  ? [x]\n  : y\n", 2, "a key must be a single word"),
        ("a: 1\n---\nb: 2\n", 2, "a second document"),
        ("a: 1\n b: 2\n", 2, "cannot be read"),
        ("a: 1\nb: [1, 2\n", 3, "cannot be read"),
        ("a: 1\nb: 'never closed\n", 3, "quoted scalar that begins on line 2"),
        ("a: 1\n\tb: 2\n", 2, "cannot be read"),
        ("a: 1\nb: \0\n", 2, "U+0000 may not stand in a file"),
        ("a: 1\nb: x\x85y\n", 2, "U+0085 may not stand in a file"),
        ("a: 1\nb: x\u2028y\n", 2, "U+2028 may not stand in a file"),
        ("a: 1\nb: x\ud800y\n", 2, "U+D800 may not stand in a file"),
        ("[" * 11, 1, "nested more than 10 deep"),
        ("a:\n" + "- " * 500_000, 2, "nested more than 10 deep"),
        ("{a: " * 200_000, 1, "nested more than 10 deep"),
    ],
)
def test_faulty_yaml_is_refused_on_its_line(text, line, message):
    found = faults_of(text)
    assert [at for at, _ in found] == [line]
    assert message in found[0][1]


@pytest.mark.usefixtures("loader")
def test_ten_levels_are_read():
    assert read_nodes("[" * 10 + "]" * 10, FaultList())


@pytest.mark.usefixtures("loader")
def test_alias_bomb_is_refused_before_anything_is_built():
    bomb = "a0: &a0 [lol, lol]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
    found = faults_of(bomb)
    assert len(found) == 30 + 2 * 29
    assert all("anchors and aliases" in message for _, message in found)


def test_every_fault_of_the_yaml_is_told_at_once():
    assert [line for line, _ in faults_of("a: &x 1\nb: !t 2\nb: *x\n")] == [1, 2, 3, 3]


def test_reading_stops_after_a_hundred_faults():
    found = faults_of("a: 1\n" * 200_000)
    assert len(found) == 101
    assert "mend these first" in found[-1][1]


def lines_of_faults(text):
    """The lines at fault; none when the text is sound. Any other error comes through."""
    try:
        read_nodes(text, FaultList())
    except CasebookFaults as refusal:
        return {fault.line for fault in refusal.faults}
    return set()


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize("escape", [r"\U00110000", r"\UFFFFFFFF", r"\q", r"\x4"])
def test_escape_that_means_no_character_is_a_fault(escape):
    assert lines_of_faults(f'a: "{escape}"') == {1}


@given(st.text() | st.text("-[]{}:,?&*!|>'\"%@#~ \n\tab0", max_size=60), st.sampled_from(["CSafeLoader", "SafeLoader"]))
def test_any_text_gives_nodes_or_casebook_faults(text, name):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml_lines, "LOADER", getattr(yaml, name, yaml.SafeLoader))
        assert all(1 <= line <= text.count("\n") + text.count("\r") + 1 for line in lines_of_faults(text))
