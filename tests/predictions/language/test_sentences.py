import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.claim_rules import RULES
from predictions.language.sentences import sentence_spans

GLUE = [
    "Prices fell",
    ". ",
    ".\n",
    "\r\n",
    "\n\n",
    "“",
    "”",
    '"',
    "'",
    "• ",
    "3.5",
    "U.S. ",
    "Dr. ",
    "😀",
    "…",
    "(",
    ")",
]
TEXTS = st.lists(st.sampled_from(GLUE), max_size=40).map("".join) | st.text(max_size=300)


def parts(text: str, language: str = "en") -> list[str]:
    rules = RULES[language]
    return [text[a:b] for a, b in sentence_spans(text, splitter=rules.splitter, continues=rules.continues)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Lee left. Mr. Po came.", ["Dr. Lee left.", "Mr. Po came."]),
        ("The U.S. economy grew 3.5 percent. It fell.", ["The U.S. economy grew 3.5 percent.", "It fell."]),
        ("The Japan-U.S. alliance holds. Good.", ["The Japan-U.S. alliance holds.", "Good."]),
        ("No. 5 is shut. So is No. 6.", ["No. 5 is shut.", "So is No. 6."]),
        ("“It will. It must.” She left.", ["“It will. It must.”", "She left."]),
        ('"It will rain," he said. It did.', ['"It will rain," he said.', "It did."]),
        ('He left. "We\'ll see," she said.', ["He left.", '"We\'ll see," she said.']),
        ('It ended badly. " He added: no.', ['It ended badly. "', "He added: no."]),
        ("😀 It rains. 😀😀 It pours.", ["😀 It rains.", "😀😀 It pours."]),
        ("One.\r\nTwo.\r\n\r\nThree.", ["One.", "Two.", "Three."]),
        ("Outlook\nPrices will fall.", ["Outlook", "Prices will fall."]),
        ("# Outlook\n\n- Prices fall\n- Wages rise", ["Outlook", "Prices fall", "Wages rise"]),
        ("1. Prices fall.\n2) Wages rise.", ["Prices fall.", "Wages rise."]),
        ("It was sold to\niPhone makers and\nothers.", ["It was sold to", "iPhone makers and\nothers."]),
        ("The aims are:\nfish and\nbread.", ["The aims are:", "fish and\nbread."]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text, expected):
    assert parts(text) == expected


def test_a_line_that_was_full_goes_on_in_the_next():
    lines = [
        "The council of the island will in all likelihood raise the",
        "Harbour dues before the summer, and few of the owners who",
        "Keep a boat there will pay them. Nobody minds.",
    ]
    assert parts("\n".join(lines)) == ["\n".join(lines).removesuffix(" Nobody minds."), "Nobody minds."]


def test_titles_on_lines_of_their_own_are_not_run_together():
    lines = ["Why the dollar fell", "What the council wants", "Five questions about the new harbour", "More news"]
    assert parts("\n".join(lines)) == lines


def test_a_japanese_quotation_stays_with_who_said_it():
    text = "「雨が降る。」と彼は言った。価格は3.5%上がる。"
    assert parts(text, "ja") == ["「雨が降る。」と彼は言った。", "価格は3.5%上がる。"]


@given(TEXTS)
def test_sentences_are_in_order_apart_without_blanks_around_and_leave_out_no_letter(text):
    rules = RULES["en"]
    end = 0
    for start, stop in sentence_spans(text, splitter=rules.splitter, continues=rules.continues):
        assert end <= start < stop
        assert text[start:stop] == text[start:stop].strip()
        assert not re.search(r"[^\W\d_]{4}", text[end:start])
        end = stop
    assert not re.search(r"[^\W\d_]{4}", text[end:])
