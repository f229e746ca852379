"""What changed between two texts is told by the paragraph, and within a paragraph by the word."""

import pytest

from predictions.language.changes import changes


def told(older, newer):
    found = changes(older, newer).paragraphs
    return [(each.kind, "|".join(f"{piece.kind[0]}:{piece.text}" for piece in each.pieces)) for each in found]


def test_paragraphs_stay_change_come_and_go():
    older = "One stays.\n\nTwo is likely to be full by May.\n\nThree goes, and nobody misses it."
    newer = "One stays.\n\nTwo is now likely to be full by May.\n\nSomething else comes instead."
    assert told(older, newer) == [
        ("same", "s:One stays."),
        ("changed", "s:Two is |a:now |s:likely to be full by May."),
        ("removed", "r:Three goes, and nobody misses it."),
        ("added", "a:Something else comes instead."),
    ]


@pytest.mark.parametrize(
    ("older", "newer"),
    [("a b\nc", "a b\r\n\r\nc"), ("a b\n c ", "a b\nc"), ("", ""), ("日本は雨だ。", "日本は雨だ。")],
    ids=["line ends", "blanks at the edges", "nothing", "Japanese"],
)
def test_the_same_paragraphs_are_no_change(older, newer):
    assert {kind for kind, _ in told(older, newer)} <= {"same"}


def test_a_script_without_blanks_is_compared_sign_by_sign():
    assert told("日本は来年も雨だろう。", "日本は来年は雨だろう。") == [
        ("changed", "s:日本は来年|r:も|a:は|s:雨だろう。")
    ]


def test_both_texts_can_be_read_off_the_changes():
    older = "\n".join(f"Paragraph {n} says that it is likely to rain on day {n}." for n in range(60))
    newer = older.replace("day 7.", "day 8.").replace("Paragraph 30 ", "Chapter 30 ").replace("day 50.\n", "")
    found = changes(older, newer)
    for text, left_out in ((older, "added"), (newer, "removed")):
        lines = ["".join(p.text for p in each.pieces if p.kind != left_out) for each in found.paragraphs]
        assert [line for line in lines if line] == text.split("\n")
    kinds = ("same", "changed", "added", "removed")
    assert sum(found.count(kind) for kind in kinds) == len(found.paragraphs)


def test_what_is_too_long_to_compare_is_shown_whole():
    before, after = "rain " * 1200, "rain " * 1199 + "snow"
    assert [kind for kind, _ in told(before, after)] == ["removed", "added"]
