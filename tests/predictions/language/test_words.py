import pytest

from predictions.language.words import count_characters, count_words, is_unspaced


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        (" \n—… !", 0),
        ("one two  three", 3),
        ("China's allies don’t agree", 4),
        ("the Japan-U.S. alliance", 5),
        ("2% of GDP in FY2027", 5),
        ("cafe\u0301 noir", 2),
        ("सुरक्षा नीति", 2),
    ],
)
def test_words_are_runs_of_letters_and_digits(text, count):
    assert count_words(text) == count


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("国家安全保障戦略について", True),
        ("The 安全保障 strategy", False),
        ("ความมั่นคง", True),
        ("안보 전략", False),
        ("", False),
        ("Стратегия", False),
    ],
)
def test_scripts_without_blanks_are_told_by_most_of_their_signs(text, is_so):
    assert is_unspaced(text) is is_so


def test_characters_are_code_points_that_are_no_blanks():
    assert count_characters("日本 の\u3000安全\n保障") == 7


@pytest.mark.parametrize("text", ["." * 300_000, "'" * 300_000, "a" * 300_000, "a'" * 150_000])
def test_a_long_line_without_words_is_counted_at_once(text):
    assert count_words(text) in {0, 1}
