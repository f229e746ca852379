from hypothesis import given
from hypothesis import strategies as st

from predictions.admin.passages import Piece, paragraphs

TEXT = "It may rain.\n\nIt will not.\r\nOr will it?"


def test_lines_become_paragraphs_and_empty_ones_none():
    told = ["".join(piece.text for piece in pieces) for pieces in paragraphs(TEXT, [])]
    assert told == ["It may rain.", "It will not.", "Or will it?"]


def test_overlapping_quotes_are_cut_where_either_ends():
    (pieces,) = paragraphs("abcdef", [(1, 4, 1), (3, 5, 2)])
    assert pieces == [
        Piece("a"),
        Piece("bc", (1,), (1,)),
        Piece("d", (1, 2), (2,)),
        Piece("e", (2,)),
        Piece("f"),
    ]


def test_quote_across_lines_is_marked_in_both():
    marked = [[piece.text for piece in pieces if piece.quotes] for pieces in paragraphs(TEXT, [(7, 21, 1)])]
    assert marked == [["rain."], ["It will"], []]


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))


@given(st.text("ab \n\r", max_size=60), st.lists(spans, max_size=5))
def test_no_word_is_lost_and_each_is_marked_by_exactly_its_quotes(text, places):
    quotes = [(start, end, number) for number, (start, end) in enumerate(places, 1)]
    told = [(sign, piece.quotes) for pieces in paragraphs(text, quotes) for piece in pieces for sign in piece.text]
    expected = [
        (sign, tuple(n for start, end, n in sorted(quotes) if start <= at < end))
        for at, sign in enumerate(text)
        if sign not in "\r\n"
    ]
    assert told == expected
