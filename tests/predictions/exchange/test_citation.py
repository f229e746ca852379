"""Sources as citations: the fields, their escaping, and dates as exactly as they are known."""

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.citation import MONTH, Work, bibtex, csl

WORK = Work(
    id="urn:uuid:1a2b3c4d-0000-4000-8000-000000000000",
    title="How Russia’s Invasion Changed Japan’s Security Policy",
    publisher="The Diplomat",
    url="https://example.org/a_b?c={d}%20&e=1#f",
    language="en",
    issued=(date(2022, 3, 24),),
    accessed=date(2026, 3, 1),
    sha256="ab" * 32,
)


def test_a_page_of_the_web_is_cited_with_its_dates():
    told = csl(WORK)
    assert told["type"] == "webpage"
    assert told["issued"] == {"date-parts": [[2022, 3, 24]]}
    assert told["accessed"] == {"date-parts": [[2026, 3, 1]]}
    assert told["container-title"] == told["publisher"] == "The Diplomat"
    assert told["URL"] == WORK.url
    assert told["note"].endswith("ab" * 32)
    assert "author" not in told


@pytest.mark.parametrize(
    ("issued", "precision", "parts", "iso"),
    [
        ((date(2022, 12, 16),), "day", [[2022, 12, 16]], "2022-12-16"),
        ((date(2022, 12, 1),), MONTH, [[2022, 12]], "2022-12"),
        ((date(2022, 3, 24), date(2022, 4, 24)), "day", [[2022, 3, 24], [2022, 4, 24]], "2022-03-24/2022-04-24"),
    ],
)
def test_a_date_is_told_as_exactly_as_it_is_known(issued, precision, parts, iso):
    work = replace(WORK, issued=issued, precision=precision)
    assert csl(work)["issued"]["date-parts"] == parts
    assert csl(work)["issued"].get("circa", False) is (len(issued) > 1)
    assert f"date = {{{iso}}}" in bibtex(work)
    assert "year = {2022}" in bibtex(work)


def test_what_is_not_known_is_left_out():
    bare = Work("urn:uuid:1a2b3c4d", "Paper")
    assert csl(bare) == {"id": bare.key, "type": "document", "title": "Paper"}
    assert bibtex(bare) == "@misc{anonymous-undated-paper-1a2b3c4d,\n  title = {{Paper}},\n}\n"


def test_names_stand_as_they_are_given():
    work = replace(WORK, author="Smith and Sons; 山田太郎")
    assert csl(work)["author"] == [{"literal": "Smith and Sons"}, {"literal": "山田太郎"}]
    assert "author = {{Smith and Sons} and {山田太郎}}" in bibtex(work)


def test_keys_are_plain_and_differ_where_sources_differ():
    assert WORK.key == "thediplomat-2022-russias-1a2b3c4d"
    other = replace(WORK, id="urn:uuid:9a2b3c4d-0000-4000-8000-000000000000")
    assert other.key != WORK.key
    assert re.fullmatch("[a-z0-9-]+", replace(WORK, title="日本の国家", publisher="外務省").key)


def test_no_sign_of_an_address_ends_its_field():
    assert "url = {https://example.org/a_b?c=%7Bd%7D%20&e=1#f}" in bibtex(WORK)


FIELD = re.compile(r"  [a-z]+ = \{(.*)\},")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50), st.text('\\{}"@%&#$_~^,=\n ab', max_size=50))
def test_whatever_a_title_holds_the_entry_stays_one_and_its_braces_pair(title, publisher):
    text = bibtex(replace(WORK, title=title, publisher=publisher))
    first, *fields, last = text.splitlines()
    assert (first, last) == (f"@online{{{replace(WORK, title=title, publisher=publisher).key},", "}")
    for line in fields:
        depth = 0
        for sign in FIELD.fullmatch(line)[1]:
            depth += {"{": 1, "}": -1}.get(sign, 0)
            assert depth >= 0
        assert depth == 0
    assert json.loads(json.dumps(csl(replace(WORK, title=title))))


@pytest.mark.parametrize(
    ("sign", "written"),
    [
        ("100% & #1 $_", r"100\% \& \#1 \$\_"),
        ("a\\b{c}", r"a\textbackslash{}b\textbraceleft{}c\textbraceright{}"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"),
        ("two\nlines\u200b", "two lines"),
    ],
)
def test_signs_that_tex_acts_on_are_spelled_out(sign, written):
    assert f"title = {{{{{written}}}}}" in bibtex(replace(WORK, title=sign))
