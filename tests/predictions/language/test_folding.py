import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.language.folding import Folded, cuts_cluster, fold, places

VARIED = st.text("aé’'“\" \n\xa0\u2003\xad\u200b\ufeff-\u2011–", max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("China’s", "China's"),
        ("‘a’ ‚b‛ ʼc", "'a' 'b' 'c"),
        ("“a” „b‟", '"a" "b"'),
        ("a\xa0b\u202fc\u3000d\te", "a b c d e"),
        ("a \r\n\n b", "a b"),
        ("a\u2028b\x85c\x1fd", "a b c d"),
        ("Japan\u2011U.S. Japan\u2010U.S.", "Japan-U.S. Japan-U.S."),
        ("\ufeffde\xadfence\u200b\u2060", "defence"),
        ("a \u200b\xad b", "a b"),
        ("a\xad\xad\u200bb", "ab"),
        ("ﬁnd the eﬀect, ﬂow, oﬃce, waﬄe, ﬅ, ﬆ", "find the effect, flow, office, waffle, st, st"),
        ("\u202bשלום\u202c \u200fעולם\u200e \u2067a\u2069 \u061c", "שלום עולם a "),
        ("", ""),
    ],
)
def test_typographic_variants_are_folded(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    "text",
    [
        "a–b",
        "a—b",
        "−1",
        "5′ 3″",
        "«a»",
        "vis-à-vis",
        "e\u0301",
        "A",
        "７０",
        "æ",
        "œ",
        "ĳ",
        "می\u200cخواهم",
        "👩\u200d🔬",
        "…",
    ],
)
def test_what_may_carry_meaning_is_left_alone(text):
    assert fold(text) == text


@given(VARIED)
def test_folding_a_folded_text_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(VARIED)
def test_every_folded_character_leads_back_to_its_own(text):
    folded = Folded(text)
    last = -1
    for at, sign in enumerate(folded.text):
        if sign != " ":
            start, end = folded.span(at, at + 1)
            assert (fold(text[start:end]), end) == (sign, start + 1)
            assert start > last
            last = start


@given(VARIED)
def test_a_folded_passage_folds_from_the_original_it_leads_back_to(text):
    folded = Folded(text)
    seen = [at for at, sign in enumerate(folded.text) if sign != " "]
    for first in seen:
        for last in (last for last in seen if last >= first):
            start, end = folded.span(first, last + 1)
            assert fold(text[start:end]) == folded.text[first : last + 1]


@given(st.text("aﬁﬄ \xad\u200b", max_size=20))
def test_the_letters_of_a_ligature_lead_back_to_it(text):
    folded = Folded(text)
    for at, sign in enumerate(folded.text):
        if sign != " ":
            start, end = folded.span(at, at + 1)
            assert end == start + 1
            assert sign in fold(text[start:end])


def test_a_cut_inside_a_ligature_is_known():
    folded = Folded("aﬃ\xadﬁb")
    assert folded.text == "affifib"
    assert [at for at in range(9) if folded.parts_ligature(at)] == [2, 3, 5]


def test_places_may_overlap():
    assert list(places("aaba aa", "aa")) == [0, 5]
    assert list(places("aaaa", "aa")) == [0, 1, 2]
    assert list(places("aaaa", "b")) == []


@pytest.mark.parametrize(
    ("whole", "cuts"),
    [
        ("ab", [False]),
        ("e\u0301", [True]),
        ("e\u0301\u0323x", [True, True, False]),
        ("\r\n", [True]),
        ("\n\r", [False]),
        ("👍🏽", [True]),
        ("👩\u200d🔬a", [True, True, False]),
        ("a\u200db", [True, True]),
        ("می\u200cخ", [False, True, False]),
        ("🇯🇵🇺🇸", [True, False, True]),
        ("x🇯🇵", [False, True]),
        ("각", []),
        ("\u1100\u1161\u11a8", [True, True]),
        ("가\u11a8나", [True, False]),
        ("❤\ufe0f", [True]),
        ("कि", [True]),
        ("กำ", [True]),
        ("ｶﾞ", [True]),
        ("\ud83d\ude00", [True]),
        ("\ude00\ud83d", [False]),
        ("日本", [False]),
        ("a\u200b", [False]),
    ],
)
def test_a_cut_inside_what_reads_as_one_character_is_known(whole, cuts):
    assert [cuts_cluster(whole, at) for at in range(1, len(whole))] == cuts


@pytest.mark.parametrize("text", ["", "\u0301", "a\u0301"])
def test_the_ends_of_a_text_cut_nothing(text):
    assert not cuts_cluster(text, 0)
    assert not cuts_cluster(text, len(text))
