"""`manage.py find_claims`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions.management import text_files

TEXT = "\ufeffOutlook\r\n\r\n😀 Prices may fall. Rain is likely to\r\nfall by 2030. It rained.\r\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "article.txt"
    path.write_bytes(TEXT.encode())
    return path


def told(*args) -> str:
    out = StringIO()
    call_command("find_claims", *map(str, args), stdout=out)
    return out.getvalue()


def test_json_gives_each_proposal_with_its_place_in_the_text_as_decoded(file):
    found = json.loads(told(file, "--json"))
    assert [set(each) for each in found] == [{"start", "end", "text", "kind", "words", "reason"}] * 2
    assert [each["text"] for each in found] == ["Rain is likely to\r\nfall by 2030.", "😀 Prices may fall."]
    assert [TEXT[each["start"] : each["end"]] for each in found] == [each["text"] for each in found]
    assert found[0]["words"] == ["is likely", "by 2030"]


def test_the_terminal_shows_rank_kind_place_and_reason_on_clean_lines(file):
    text = told(file)
    start = TEXT.index("Rain")
    for part in (
        "1  Rain is likely to fall by 2030.",
        f"Forecast at {start}–",
        "(“is likely”)",
        "2 sentences proposed",
    ):
        assert part in text
    assert "\r" not in text


def test_where_nothing_is_foretold_it_says_so(file):
    file.write_text("It rained.\n")
    assert told(file).startswith("No sentence proposed")
    assert json.loads(told(file, "--json")) == []


def test_japanese_is_read_by_its_own_rules(file):
    file.write_text("雨が降るだろう。晴れた。", encoding="utf-8")
    assert [each["text"] for each in json.loads(told(file, "--json", "--language", "ja"))] == ["雨が降るだろう。"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"ab\ncaf\xe9", r"is not UTF-8: byte 0xE9 at position 6 \(line 2\)"),
        (b"\xff\xfea\x00", "is not UTF-8"),
        (b"", "is empty: there is no sentence to read"),
        (b" \n\r\n", "is empty"),
        ("\ufeff\n".encode(), "is empty"),
        (b"it is likely to rain" * 20, "is too large"),
    ],
)
def test_a_file_that_is_no_text_is_refused(file, monkeypatch, content, message):
    monkeypatch.setattr(text_files, "LARGEST_FILE", 100)
    file.write_bytes(content)
    with pytest.raises(CommandError, match=message):
        told(file, "--json")


def test_a_missing_file_a_directory_and_an_unknown_language_are_refused(file, tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        told(tmp_path / "absent.txt")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        told(tmp_path)
    with pytest.raises(CommandError, match=r"no rules for finding claims in “fr”\. Choose one of: en, ja"):
        told(file, "--language", "fr")
