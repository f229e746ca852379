"""From bytes to plain rows and faults: whatever stands in a file, it is read or told, never a crash."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from predictions.exchange import forecast_import_records
from predictions.exchange.forecast_import import (
    ALL_COLUMNS,
    COLUMNS,
    FORECASTS,
    PREDICTIONS,
    Fault,
    Reject,
    Unreadable,
    read_forecasts,
    read_predictions,
    reject_lines,
)
from predictions.exchange.forecast_import_cells import instant, instants

HEAD = b"external_id,forecaster,probability,made_at\n"
ROW = b"rain,Ann,0.7,2020-01-01T00:00:00Z\n"
US_2020 = 1577836800_000000
READERS = {PREDICTIONS: read_predictions, FORECASTS: read_forecasts}


def rows(content):
    return list(read_forecasts(io.BytesIO(content)))


def only(content):
    (row,) = rows(content)
    return row


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW,
        b"\xef\xbb\xbf" + HEAD + ROW,
        (HEAD + ROW).replace(b"\n", b"\r\n"),
        (HEAD + ROW).rstrip(),
        b"\n\n" + HEAD + b"\n" + ROW + b"\n,,,\n",
        b"made_at,probability,forecaster,external_id\n2020-01-01T00:00:00Z,0.7,Ann,rain\n",
        HEAD + b'"rain"," Ann ","0.7 ",2020-01-01 09:00+09:00\n',
        HEAD + b"rain,Ann,7e-1,2019-12-31T19:00:00.000000-0500\n",
    ],
)
def test_one_row_however_it_is_written(content):
    row = only(content)
    assert (row.external_id, row.forecaster, row.probability, row.made_us) == ("rain", "Ann", 0.7, US_2020)


def test_a_row_is_known_by_the_first_line_of_its_record():
    quoted = b'rain,"Ann\r\nand ""Bo""",0.7,2020-01-01T00:00:00Z\n'
    first, second = rows(HEAD + b"\n" + quoted + ROW)
    assert (first.line, first.forecaster, second.line) == (3, 'Ann\r\nand "Bo"', 5)


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (b"", [""]),
        (b"\n , \n", [""]),
        (b"external_id,forecaster,probability\n", ["made_at"]),
        (b"external_id,forecaster,probability,made_at,note\n", ["'note'"]),
        (b"external_id,forecaster,probability,made_at,made_at\n", ["made_at"]),
        (b'"external_id', [""]),
    ],
)
def test_another_header_is_no_file_of_forecasts(head, columns):
    with pytest.raises(Unreadable) as refusal:
        rows(head)
    told = [fault.column for fault in refusal.value.faults]
    assert len(told) == len(columns)
    assert all(column in {None, name} for column, name in zip(columns, told, strict=True))


PREDICTION_HEAD = ",".join(COLUMNS[PREDICTIONS]).encode()


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (HEAD.replace(b",", b";") + ROW.replace(b",", b";"), "is separated by semicolons"),
        (b"\xef\xbb\xbf" + HEAD.replace(b",", b";"), "is separated by semicolons"),
        (HEAD.replace(b",", b"\t"), "is separated by tabs"),
        (b"sep=;\n" + HEAD.replace(b",", b";"), "take the line “sep=” out"),
        (b"sep=,\n" + HEAD + ROW, "take the line “sep=” out"),
        (HEAD.decode().encode("utf-16"), "is UTF-16"),
        (HEAD.decode().encode("utf-16-be"), "is UTF-16"),
        (b"PK\x03\x04\x14\x00\x06\x00,\x08", "is a spreadsheet or an archive"),
        (b"\x1f\x8b\x08\x00", "is compressed"),
        (PREDICTION_HEAD + b"\nrain,It rains,,,,,\n", "columns of the predictions: are the two files swapped?"),
        (ROW, "has no header: its first line must be external_id,forecaster,probability,made_at"),
    ],
)
def test_another_kind_of_file_is_told_in_one_message(content, hint):
    with pytest.raises(Unreadable) as refusal:
        rows(content)
    (fault,) = refusal.value.faults
    assert hint in fault.message


def test_empty_columns_beside_the_last_are_passed_over_while_they_are_empty():
    head, row = HEAD.strip() + b",,\r\n", ROW.strip() + b",,\r\n"
    sound, rejected = rows(head + row + ROW.strip() + b",,x\r\n")
    assert (sound.external_id, sound.made_us) == ("rain", US_2020)
    assert rejected.faults[0].message == "has 6 cells under 4 headings, too many: ',x'"


@pytest.mark.parametrize("open_quote", [b'rain,"Ann,0.7,2020-01-01T00:00:00Z\n', b'rain,"Ann,0.7\n', b'"\n'])
@pytest.mark.parametrize("end", [b"", b'rain,"Bo",0.7,2020-01-01T00:00:00Z\n'])
def test_a_quote_left_open_does_not_swallow_the_rows_below(open_quote, end):
    rejected, *sound = rows(HEAD + open_quote + ROW * 2_000 + end)
    assert rejected.faults == [Fault(FORECASTS, 2, "", "is no CSV record: a quotation mark is opened and not closed")]
    assert rejected.cells == (open_quote.decode().strip(),)
    assert [row.line for row in sound] == list(range(3, len(sound) + 3))
    assert len(sound) == 2_000 + bool(end)


def test_a_line_without_end_is_cut_short():
    rejected, row = rows(HEAD + b"x," * 1_500_000 + b"\n" + ROW)
    assert "line of more than 1,000,000 characters" in rejected.faults[0].message
    assert (row.line, len(rejected.cells[0])) == (3, 1_000)


def test_a_row_of_another_length_keeps_its_cells_where_they_stood():
    head = b"made_at,external_id,forecaster,probability\n"
    short, long = rows(head + b"2020-01-01T00:00:00Z,rain\n2020-01-01T00:00:00Z,rain,Ann,0,7\n")
    assert list(short.cells) == ["rain", "", "", "2020-01-01T00:00:00Z"]
    assert list(long.cells) == ["rain", "Ann", "0", "2020-01-01T00:00:00Z"]
    assert long.faults[0].message == "has 5 cells under 4 headings, too many: '7'"


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (b"rain,Ann,0.7\n", ""),
        (b"rain,Ann,0.7," + b" " * 2_000 + b"2020-01-01T00:00:00Z\n", "made_at"),
        (b"rain,Ann,0.7," + b"x" * 200_000 + b"\n", ""),
        (b"rain,Ann,0.7,2020-01-01T24:00:00Z\n", "made_at"),
        (b"rain,Ann,0.7,2016-12-31T23:59:60Z\n", "made_at"),
        (b"rain,Ann,0.7,2020-01-01T00:00:00+24:00\n", "made_at"),
        (b"rain,Ann,1e400,2020-01-01T00:00:00Z\n", "probability"),
        (b"rain,Ann,70%,2020-01-01T00:00:00Z\n", "probability"),
        (b"rain,Ann,0.7,2020-01-01T00:00:00Z,\n", ""),
        (b'rain,"Ann"x,0.7,2020-01-01T00:00:00Z\n', ""),
        (b"rain,An\xffn,0.7,2020-01-01T00:00:00Z\n", "forecaster"),
        (b"rain,An\x00n,0.7,2020-01-01T00:00:00Z\n", "forecaster"),
        (b"rain,Ann,0.7,2020-01-01T00:00:00\n", "made_at"),
        (b"rain,Ann,0.7,2020-01-01T25:00:00Z\n", "made_at"),
        (b"rain," + b"A" * 201 + b",0.7,2020-01-01T00:00:00Z\n", "forecaster"),
        (b"rain,Ann," + b"0" * 101 + b",2020-01-01T00:00:00Z\n", "probability"),
    ],
)
def test_a_broken_row_is_told_and_the_next_one_read(line, column):
    rejected, row = rows(HEAD + line + ROW)
    assert [(fault.line, fault.column) for fault in rejected.faults] == [(2, column)]
    assert (row.line, row.external_id) == (3, "rain")


def test_every_fault_of_a_row_is_told():
    rejected = only(HEAD + b",,x,y\n")
    assert [fault.column for fault in rejected.faults] == ["external_id", "forecaster", "probability", "made_at"]


def test_a_prediction_says_as_much_as_its_cells():
    head = ",".join(COLUMNS[PREDICTIONS]) + "\n"
    text = head + "a,,,,,,\nb,B,2020-01-01T00:00:00Z,,,ANNULLED,x\nc,C,,,,0.25,x\n"
    bare, annulled, shared = read_predictions(io.BytesIO(text.encode()))
    assert bare[1:9] == ("a", "a", None, None, None, False, None, "")
    assert (annulled.is_decided, annulled.outcome, annulled.opens_us) == (True, None, US_2020)
    assert (shared.is_decided, shared.outcome) == (True, 0.25)


def test_rejects_keep_their_cells_and_can_be_read_again_from_where_they_stand():
    rejects = [
        Reject(("rain", "It rains", "", "", "", "perhaps", "=x"), [Fault(PREDICTIONS, 2, "outcome", "is no number")]),
        Reject(("rain", "Ann", "0,7", "2020-01-01T00:00:00Z"), [Fault(FORECASTS, 9, "probability", "is no number")]),
    ]
    text = io.StringIO()
    csv.writer(text).writerows([ALL_COLUMNS, *reject_lines(rejects)])
    assert ",'=x," in text.getvalue()
    mended = text.getvalue().replace("perhaps", "1").replace('"0,7"', "0.7").encode()
    (prediction,), (forecast,) = (list(read(io.BytesIO(mended))) for read in READERS.values())
    assert (prediction.external_id, prediction.outcome, prediction.theme) == ("rain", 1.0, "=x")
    assert (forecast.forecaster, forecast.probability) == ("Ann", 0.7)


cells = st.one_of(
    st.text(st.characters(codec="utf-8"), max_size=12),
    st.sampled_from(["0.5", "1e-3", "nan", "2020-01-01T00:00:00Z", "annulled", "a", '"', "0001-01-01T00:00:00+23:59"]),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, min_size=1, max_size=8), max_size=5), st.sampled_from(list(COLUMNS)))
def test_whatever_stands_in_the_cells_it_is_read_or_told(lines, file):
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS[file], *lines])
    for row in READERS[file](io.BytesIO(text.getvalue().encode())):
        assert not isinstance(row, Reject) or row.faults


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(list(COLUMNS)))
def test_whatever_bytes_follow_the_header_they_are_read_or_told(content, file):
    for row in READERS[file](io.BytesIO(",".join(COLUMNS[file]).encode() + b"\n" + content)):
        assert not isinstance(row, Reject) or row.faults


lines = st.sampled_from(
    [
        "rain,Ann,0.7,2020-01-01T00:00:00Z\n",
        'rain,"Ann\nand Bo",0.2,2020-01-01T00:00:00Z\r\n',
        '"rain","A ""B""",1,2020-01-01T00:00:00+09:00\n',
        "rain,Ann,1.7,2020-02-30T00:00:00Z\n",
        "rain,Ann,0.7\n",
        "rain,Ann,0.7,2020-01-01T00:00:00Z,,\n",
        'rain,An"n,"0.7,2020-01-01T00:00:00Z\n',
        "rain,Ann,0.7,2020-01-01T00:00:00Z\r",
        f"rain,{'A' * 60},0.7,2020-01-01T00:00:00Z\n",
        "\n",
        " ,,,\n",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(lines, max_size=12), st.integers(1, 6), st.sampled_from([50, 1_000_000]))
def test_many_lines_at_once_are_read_as_one_by_one_would_be(lines, at_once, longest):
    content = HEAD + "".join(lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(forecast_import_records, "LONGEST_LINE", longest)
        patch.setattr(forecast_import_records, "LINES_AT_ONCE", 0)
        one_by_one = rows(content)
        patch.setattr(forecast_import_records, "LINES_AT_ONCE", at_once)
        assert rows(content) == one_by_one


heads = st.one_of(
    st.datetimes().map(lambda moment: moment.isoformat(timespec="seconds")),
    st.from_regex(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9]", fullmatch=True),
    st.sampled_from(["2020-01-01 00:00:00", "2020-1-01T00:00:000", "２020-01-01T00:00:00", ""]),
)
ends = st.sampled_from(["Z", "+00:00", "-0530", "+14", ".25Z", ".1234567Z", "", " ", "z", "+99:00"])


@settings(max_examples=500, deadline=None)
@given(st.lists(heads, min_size=1, max_size=3), ends)
def test_times_spelled_alike_are_read_as_one_by_one_would_be(heads, end):
    told, found = [f"{head}{end}" for head in heads], instants([f"{head}{end}" for head in heads])
    if found is not None:
        assert found == [instant(each) for each in told]


def test_times_spelled_alike_are_read_at_once():
    assert instants(["2020-01-01T09:00:00+09:00", "2020-01-01T09:00:01+09:00"]) == [US_2020, US_2020 + 1_000_000]
    assert instants(["2020-01-01T00:00:00Z", "2020-01-01T09:00:01+09:00"]) is None


def test_lines_are_held_a_few_at_a_time_however_long_they_are():
    content = io.BytesIO(HEAD + (b"x" * 999_999 + b"\n") * 30)
    tracemalloc.start()
    try:
        assert sum(len(row.faults) for row in read_forecasts(content)) == 30
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()
