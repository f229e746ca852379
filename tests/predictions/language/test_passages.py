from hypothesis import given
from hypothesis import strategies as st

from predictions.language.passages import Piece, paragraphs, places_of_paragraphs

TEXT = "It may rain.\n\nIt will not.\r\nOr will it?"


def test_lines_become_paragraphs_and_empty_ones_none():
    told = [(each.start, each.end, "".join(piece.text for piece in each.pieces)) for each in paragraphs(TEXT, [])]
    assert told == [(0, 12, "It may rain."), (14, 26, "It will not."), (28, 39, "Or will it?")]


def test_overlapping_marks_are_cut_where_either_ends():
    (paragraph,) = paragraphs("abcdef", [(1, 4, 1), (3, 5, 2)])
    assert paragraph.pieces == (
        Piece("a"),
        Piece("bc", (1,), (1,)),
        Piece("d", (1, 2), (2,), (1,)),
        Piece("e", (2,), (), (2,)),
        Piece("f"),
    )


def test_mark_across_lines_is_shown_in_both():
    marked = [[piece.text for piece in each.pieces if piece.marks] for each in paragraphs(TEXT, [(7, 21, 1)])]
    assert marked == [["rain."], ["It will"], []]


def test_positions_are_code_points_whatever_the_plane():
    (paragraph,) = paragraphs("𝔄👩‍🚀 b", [(1, 4, 1)])
    assert [piece.text for piece in paragraph.pieces] == ["𝔄", "👩‍🚀", " b"]


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], sum(pair)))
texts = st.text("ab \n\r𝔄👩\u200d\u05d0\u202e", max_size=60) | st.lists(
    st.sampled_from(["the strategy will", "be revised", "soon", "\n", "\r\n", " "]), max_size=40
).map("".join)
marks_of = st.lists(spans, max_size=6).map(lambda found: [(*span, number) for number, span in enumerate(found, 1)])


@given(texts, marks_of)
def test_no_sign_is_lost_and_each_bears_exactly_its_marks(text, marks):
    told = [
        (paragraph.start + at, sign, piece)
        for paragraph in paragraphs(text, marks)
        for at, (sign, piece) in enumerate((sign, piece) for piece in paragraph.pieces for sign in piece.text)
    ]
    assert all(text[at] == sign for at, sign, _ in told)
    assert len({at for at, _, _ in told}) == len(told)
    assert {at for at, sign in enumerate(text) if not sign.isspace()} <= {at for at, _, _ in told}
    for at, _, piece in told:
        assert set(piece.marks) == {number for start, end, number in marks if start <= at < end}


@given(texts, marks_of)
def test_each_mark_begins_and_ends_at_most_once(text, marks):
    pieces = [piece for paragraph in paragraphs(text, marks) for piece in paragraph.pieces]
    for told in ([n for piece in pieces for n in piece.begins], [n for piece in pieces for n in piece.ends]):
        assert len(told) == len(set(told))
    assert all({*piece.begins, *piece.ends} <= set(piece.marks) for piece in pieces)


BROKEN = """The government said on Monday that the strategy is likely to be revised
before the end of the year. It gave no date. Officials expect that the text
will name China.

The second paragraph begins here and goes on for as long as the first one,
and then it ends."""


def test_lines_broken_to_a_width_are_one_paragraph():
    first, second = [BROKEN[start:end] for start, end in places_of_paragraphs(BROKEN)]
    assert (first.split()[-1], second.split()[0]) == ("China.", "The")


def test_a_list_keeps_its_lines_and_a_short_line_ends_a_paragraph():
    text = BROKEN.split("\n\n", maxsplit=1)[0] + "\n- one\n- two"
    assert len(list(places_of_paragraphs(text))) == 3
    assert len(list(places_of_paragraphs("A heading\nA line.\nAnother line."))) == 3
    assert len(list(places_of_paragraphs("This is one sentence in a line of its own.\nAnd here is another."))) == 2
