import dataclasses
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.exchange.casebook import MAX_BYTES, Casebook, CasebookFaults, parse_casebook
from tests.predictions.exchange.casebook_example import EXAMPLE

BOOK = parse_casebook(EXAMPLE.encode())
SECTIONS = [field.name for field in dataclasses.fields(Casebook) if field.name not in ("line", "case")]


def parsed(old, new):
    assert EXAMPLE.count(old) == 1
    return parse_casebook(EXAMPLE.replace(old, new).encode())


def test_every_section_is_read_in_the_order_of_the_file():
    assert {name: [row.id for row in getattr(BOOK, name)] for name in SECTIONS} == {
        "sources": ["gazette", "office"],
        "quotes": ["q1", "q2"],
        "forecasters": ["writer"],
        "triggers": ["report"],
        "predictions": ["flood", "storm"],
        "forecasts": ["coded", "stated", "implied"],
        "evidence": ["e1", "e2"],
        "assessments": ["a1", "a2", "a3"],
        "resolutions": ["r1", "r2"],
    }


def test_every_row_knows_the_line_it_begins_on():
    lines = EXAMPLE.splitlines()
    for row in (BOOK.case, *(row for name in SECTIONS for row in getattr(BOOK, name))):
        assert f"id: {row.id}" in lines[row.line - 1]


def test_every_key_of_the_format_reaches_its_row():
    def rows(row):
        yield row
        for field in dataclasses.fields(row):
            value = getattr(row, field.name)
            for part in value if isinstance(value, tuple) else [value]:
                if dataclasses.is_dataclass(part) and hasattr(part, "line"):
                    yield from rows(part)

    by_table = "outcome_rule: table\n    outcome_table: 'a met: 1'\n    cannot_tell_limit: 0.4"
    tabled = parse_casebook(EXAMPLE.replace("outcome_rule: share", by_table).encode())
    seen = {}
    for row in (*rows(BOOK), *rows(tabled)):
        given = {field.name for field in dataclasses.fields(row) if getattr(row, field.name) not in (None, (), {})}
        seen.setdefault(type(row), set()).update(given)
    assert {kind: {field.name for field in dataclasses.fields(kind)} for kind in seen} == seen
    assert len(seen) == 13


def test_numbers_stay_the_decimals_that_were_written():
    coded, stated, implied = BOOK.forecasts
    assert (coded.probability, str(stated.probability), str(implied.probability)) == (None, "0.70", "0.6")
    assert [str(criterion.weight) for criterion in BOOK.predictions[0].criteria] == ["2", "1"]
    assert BOOK.resolutions[0].outcome == Decimal("0.5")
    assert (BOOK.sources[0].length, BOOK.evidence[0].credibility) == (4200, 1)


def test_dates_are_those_of_the_case_unless_the_prediction_names_a_zone():
    flood, storm = BOOK.predictions
    assert flood.opens.at == datetime(2022, 5, 1, 23, tzinfo=UTC)
    assert flood.closes.ends_at == datetime(2023, 1, 1, tzinfo=UTC)
    assert storm.opens.at == datetime(2022, 5, 1, 15, tzinfo=UTC)
    assert BOOK.resolutions[1].known.at == datetime(2023, 1, 20, tzinfo=UTC)


def test_moments_keep_their_precision():
    assert BOOK.sources[0].published.precision == "instant"
    assert BOOK.sources[1].published.precision == "month"
    assert BOOK.triggers[0].expected.precision == "estimated"
    assert BOOK.triggers[0].occurred.at.precision == "day"


def test_verdicts_that_resolvers_agree_on_may_be_left_out():
    told = "    verdicts: {a: met, b: cannot_tell}\n    relied_on: [e1]\n", "    basis: adjudicated\n"
    text = EXAMPLE.replace(told[0], "").replace(told[1], "    basis: agreed\n")
    agreed = parse_casebook(text.encode()).resolutions[0]
    assert (agreed.basis, agreed.verdicts, agreed.relied_on) == ("agreed", {}, ())


def test_a_resolver_who_cannot_tell_gives_no_outcome():
    assert parsed("outcome: 0, verdicts: {a: not_met}", "verdicts: {a: cannot_tell}").assessments[2].outcome is None


def test_sections_may_stand_in_any_order():
    head, *sections = EXAMPLE.replace("\n  ", "\0 ").splitlines()
    turned = "\n".join([head, *reversed(sections)]).replace("\0 ", "\n  ")
    assert parse_casebook(turned.encode()).predictions[1].criteria[0].text == "The pier is broken."


def test_case_alone_is_a_casebook():
    book = parse_casebook(b"forsooth-casebook: 1\ncase: {id: c, title: T, selection: None yet., zone: UTC}\n")
    assert (book.case.private, book.sources, book.resolutions) == (False, (), ())


def test_byte_order_mark_and_windows_line_ends_change_nothing():
    assert parse_casebook(b"\xef\xbb\xbf" + EXAMPLE.replace("\n", "\r\n").encode()) == BOOK


def test_quotation_is_kept_to_the_last_space_and_prose_is_trimmed():
    assert BOOK.quotes[0].prefix == "Next year "
    assert (
        parsed("note: It always is.", "note: |\n      It is,\n\n      always.\n").triggers[0].note
        == "It is,\n\nalways."
    )


def test_quotation_of_five_hundred_code_points_is_read_and_one_more_refused():
    assert len(parsed("the quay will probably flood", "𝒲" * 500).quotes[0].exact) == 500
    with pytest.raises(CasebookFaults, match="is 501 characters long: quote at most 500"):
        parsed("the quay will probably flood", "𝒲" * 501)


def test_file_at_the_limit_is_read_and_one_byte_more_refused_unread():
    padded = EXAMPLE.encode().ljust(MAX_BYTES, b"\n")
    assert parse_casebook(padded) == BOOK
    with pytest.raises(CasebookFaults, match=r"line 1: file: is larger than 1,048,576 bytes"):
        parse_casebook(padded + b"\n")


def test_rows_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        BOOK.case.title = "Another"


def never_another_error(data):
    """Read the bytes; if they are refused, the refusal must be fit to print and its lines those of the file."""
    try:
        outcome = parse_casebook(data)
    except CasebookFaults as refusal:
        outcome = refusal
    if isinstance(outcome, CasebookFaults):
        said = str(outcome)
        assert said.encode().decode().splitlines() == [str(fault) for fault in outcome.faults] != []
        lines = data.count(b"\n") + data.count(b"\r") + 1
        assert all(1 <= fault.line <= lines for fault in outcome.faults)


@given(st.binary())
def test_any_bytes_are_a_casebook_or_casebook_faults(data):
    never_another_error(data)


@given(st.text().map(lambda text: f"forsooth-casebook: 1\n{text}".encode()))
def test_any_text_is_a_casebook_or_casebook_faults(data):
    never_another_error(data)


@given(
    st.integers(0, len(EXAMPLE)),
    st.integers(0, 30),
    st.text(max_size=8) | st.sampled_from([": ", "- ", "[", "{", "}", "&a ", "*a", "!", '"\\0"', "null", "\n", "\n  "]),
)
def test_spoiled_casebook_is_a_casebook_or_casebook_faults(start, length, put_in):
    never_another_error((EXAMPLE[:start] + put_in + EXAMPLE[start + length :]).encode())


NODES = st.recursive(
    st.sampled_from(["x", "1", "0.5", "2022-12", "Asia/Tokyo", "~", '""', '"\\x07"', "met", "q1", "flood", "a"]),
    lambda nodes: (
        st.lists(nodes, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(
            st.sampled_from(["id", "zone", "criteria", "label", "at", "earliest", "latest", "verdicts", '"\\ud7ff"']),
            nodes,
            max_size=3,
        ).map(lambda entries: "{" + ", ".join(f"{name}: {node}" for name, node in entries.items()) + "}")
    ),
    max_leaves=6,
)
VALUES = sorted(
    {line.split(": ", 1)[1] for line in EXAMPLE.splitlines()[2:] if line.startswith("    ") and ": " in line}
)


@given(st.sampled_from(VALUES), NODES)
def test_value_of_any_other_shape_is_a_casebook_or_casebook_faults(value, node):
    never_another_error(EXAMPLE.replace(value, node, 1).encode())
