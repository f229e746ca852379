"""Sign by sign the page shows the text that is held, whatever is marked in it; what nobody sees is made visible."""

from html.parser import HTMLParser
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.claims import Claim
from predictions.queries.readings import QuoteNote, Reading
from predictions.views.reading_text import shown_paragraphs, words

TEXT = "It is <likely>.\r\nמחר 👩‍🚀 it will rain\u202e.\n\nA third\u200b one.\n"


class Inner(HTMLParser):
    """The text of some HTML, the ids in it, and for each sign the classes of the mark around it."""

    def __init__(self, html):
        super().__init__()
        self.text, self.ids, self.marks, self._open = "", [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.ids += [found["id"]] if "id" in found else []
        self._open.append((tag, found))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        kinds = [found["class"] for tag, found in self._open if tag == "mark"]
        self.marks += [" ".join(kinds)] * len(data)


def a_reading(text, claims=(), quotes=()):
    notes = [QuoteNote(n, SimpleNamespace(uuid=UUID(int=n)), place, ()) for n, place in enumerate(quotes, 1)]
    found = [Claim(*place, text[slice(*place)], "forecast", (), 'says "will" & <so>') for place in claims]
    empty = {"source": None, "snapshots": (), "snapshot": None, "part": 1, "parts": 1, "elsewhere": ()}
    return Reading(text=text, offset=7, paragraphs_before=3, claims=tuple(found), quotes=tuple(notes), **empty)


signs = st.text("ab \n\r<&\"'𝔄👩\u200d\u05d0\u202e\u200b\x85", max_size=50)
pair = st.tuples(st.integers(0, 50), st.integers(1, 20)).map(lambda each: (each[0], sum(each)))


@given(signs, st.lists(pair, max_size=1), st.lists(pair, max_size=4))
def test_the_page_holds_the_text_sign_by_sign_with_its_marks(text, claims, quotes):
    for paragraph in shown_paragraphs(a_reading(text, claims, quotes)):
        told, start = Inner(paragraph.html), paragraph.start - 7
        assert told.text == text[start : start + len(told.text)]
        for at, kinds in enumerate(told.marks, start=start):
            assert ("claim" in kinds) == any(first <= at < last for first, last in claims)
            assert ("quoted" in kinds) == any(first <= at < last for first, last in quotes)


def test_paragraphs_are_numbered_on_and_say_where_they_stand_in_the_whole_text():
    told = [(each.number, each.start) for each in shown_paragraphs(a_reading(TEXT))]
    assert told == [(4, 7), (5, 7 + TEXT.index("מ")), (6, 7 + TEXT.index("A third"))]


def test_a_quote_is_noted_once_at_the_paragraph_where_it_begins():
    place = TEXT.index("likely"), TEXT.index("will rain")
    told = shown_paragraphs(a_reading(TEXT, quotes=[place]))
    assert [[note.number for note in each.notes] for each in told] == [[1], [], []]
    assert [Inner(each.html).ids for each in told] == [[f"quote-{UUID(int=1)}"], [], []]


def test_a_quote_that_began_in_the_part_before_is_noted_at_the_first_paragraph():
    first, *_ = shown_paragraphs(a_reading(TEXT, quotes=[(-40, 5)]))
    assert [note.number for note in first.notes] == [1]


def test_the_reason_for_a_mark_cannot_break_out_of_its_title():
    first, *_ = shown_paragraphs(a_reading(TEXT, claims=[(0, 15)]))
    assert 'title="foretells: says &quot;will&quot; &amp; &lt;so&gt;"' in first.html


@pytest.mark.parametrize(("sign", "short"), [("\u202e", "RLO"), ("\u200b", "ZWSP"), ("\ufeff", "BOM"), ("\x85", "85")])
def test_a_sign_that_is_not_seen_is_named_and_turns_nothing_around_it(sign, short):
    told = words(f"a{sign}b")
    assert f'<bdi class="unseen" data-sign="{short}" title="U+{ord(sign):04X}' in told
    assert Inner(told).text == f"a{sign}b"


def test_joiners_that_spell_words_and_pictures_stay_with_them():
    assert words("👩\u200d🚀") == "👩\u200d🚀"
