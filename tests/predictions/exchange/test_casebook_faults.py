import pytest

from predictions.exchange.casebook import CasebookFaults, Fault, parse_casebook
from tests.predictions.exchange.casebook_example import EXAMPLE


def faults_of(*changes):
    """The faults of the example after each `old` (which stands in it once) gives way to `new`."""
    text = EXAMPLE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    with pytest.raises(CasebookFaults) as caught:
        parse_casebook(text.encode())
    return caught.value.faults


# fmt: off
FAULTS = [  # (old, new, what is said)
    ("author: A.", "autor: A.", "line 13: sources[1]: unknown key 'autor': did you mean author?"),
    ("note: Page", "xyz: Page", "line 14: sources[1]: unknown key 'xyz'"),
    ("resolutions:", "resolution:", "line 64: casebook: unknown key 'resolution': did you mean resolutions?"),
    ("    theme: floods\n", "", "line 29: predictions[1]: the key theme is missing"),
    ("label: b, ", "", "line 38: predictions[1].criteria[2]: the key label is missing"),
    ("title: Yearly report", "title: {a: b}", "line 16: sources[2].title: must be text, not a list or a mapping"),
    ("title: Yearly report", "title: [a, b]", "line 16: sources[2].title: must be text, not a list or a mapping"),
    ("relied_on: [e1]", "relied_on: e1",
     "line 70: resolutions[1].relied_on: must be a list: one item after each hyphen"),
    ("  - {id: q2, source", "  - q3\n  - {id: q2, source", "line 19: quotes[2]: must be a mapping of keys to values"),
    ("{a: met, b: cannot_tell}", "met", "line 69: resolutions[1].verdicts: must be a mapping of keys to values"),
    ("{id: implied,", "{id: stated,", "line 54: forecasts[3].id: 'stated' is taken: it stands on line 53 already"),
    ("id: tides", "id: the tides",
     "line 3: case.id: 'the tides' must be an id of letters, digits, dots and hyphens, at most 64"),
    ("{id: q2, source: office", "{id: q2, source: of",
     "line 19: quotes[2].source: nothing under sources has the id 'of'"),
    ("trigger: report", "trigger: x", "line 31: predictions[1].trigger: nothing under triggers has the id 'x'"),
    ("quote: q1}", "quote: q9}", "line 37: predictions[1].criteria[1].quote: nothing under quotes has the id 'q9'"),
    ("20, source: office", "20, source: x",
     "line 27: triggers[1].occurred.source: nothing under sources has the id 'x'"),
    ("relied_on: [e1]", "relied_on: [e1, e9]",
     "line 70: resolutions[1].relied_on[2]: nothing under evidence has the id 'e9'"),
    ("relied_on: [e1]", "relied_on: [q1]",
     "line 70: resolutions[1].relied_on[1]: nothing under evidence has the id 'q1'"),
    ("outcome_rule: share", "outcome_rule: table",
     "line 29: predictions[1].outcome_table: goes with outcome_rule: table, and that with it"),
    ("outcome_rule: share", "outcome_rule: share\n    outcome_table: 'a met: 1'",
     "line 35: predictions[1].outcome_table: goes with outcome_rule: table, and that with it"),
    ("criterion: a", "criterion: c", "line 57: evidence[1].criterion: 'c' is no criterion of flood"),
    ("is broken.}]", "is broken.}, {label: a, text: It is.}]",
     "line 40: predictions[2].criteria[2].label: 'a' is the label of an earlier criterion"),
    ("criteria: [{label: a, text: The pier is broken.}]", "criteria: []",
     "line 40: predictions[2].criteria: needs at least one criterion"),
    ("b: cannot_tell", "", "line 69: resolutions[1].verdicts: a verdict is missing for b"),
    ("b: cannot_tell", "b: met, c: met", "line 69: resolutions[1].verdicts.c: 'c' is no criterion of flood"),
    ("b: cannot_tell", "b: perhaps",
     "line 69: resolutions[1].verdicts.b: 'perhaps' must be one of: met, partly_met, not_met, cannot_tell"),
    ("outcome: 0.5", "outcome: 0.5\n    annulled: ambiguous",
     "line 65: resolutions[1]: needs either outcome or annulled, and not both"),
    ("    outcome: 0.5\n", "", "line 65: resolutions[1]: needs either outcome or annulled, and not both"),
    ("r2, prediction: storm", "r2, prediction: flood",
     "line 73: resolutions[2].prediction: flood is resolved on line 65 already"),
    ("relied_on: [e1]", "relied_on: [e2]", "line 70: resolutions[1].relied_on[1]: 'e2' is evidence on storm"),
    ("quote: q2,", "quote: q1,", "line 57: evidence[1].quote: stands in gazette, not in office"),
    ("a1, prediction: flood, resolver: first", "a1, prediction: flood, resolver: second",
     "line 61: assessments[2].resolver: second assessed flood on line 60 already"),
    ("a1, prediction: flood, resolver: first", "a1, prediction: flood",
     "line 60: assessments[1]: the key resolver is missing"),
    ("b: not_met}", "}", "line 61: assessments[2].verdicts: a verdict is missing for b"),
    ("a1, prediction: flood", "a1, outcome: 1, prediction: flood",
     "line 60: assessments[1].outcome: follows from the verdicts by the rule of flood: leave it out"),
    (" outcome: 0, verdicts", " verdicts",
     "line 62: assessments[3].outcome: is missing: storm has no rule that makes it of the verdicts"),
    ("relied_on: [e2]", "relied_on: [e1]", "line 63: assessments[3].relied_on[1]: 'e1' is evidence on flood"),
    ("    basis: adjudicated\n", "",
     "line 65: resolutions[1]: needs a basis, agreed or adjudicated, for the case asks for resolvers"),
    ("    basis: adjudicated\n", "    basis: direct\n",
     "line 72: resolutions[1].basis: 'direct' must be one of: agreed, adjudicated"),
    ("title: Yearly report", "title: ''", "line 16: sources[2].title: is empty: give it a value or leave the key out"),
    ("note: It always is.", "note: '  '", "line 26: triggers[1].note: is empty: give it a value or leave the key out"),
    ("note: It always is.", "note:", "line 26: triggers[1].note: is empty: give it a value or leave the key out"),
    ("note: It always is.", "note: null", "line 26: triggers[1].note: is empty: give it a value or leave the key out"),
    ("note: It always is.", r'note: "a\0"',
     "line 26: triggers[1].note: holds the control character U+0000: take it out"),
    ("note: It always is.", r'note: "a\x07"',
     "line 26: triggers[1].note: holds the control character U+0007: take it out"),
    ("name: A. Writer", r'name: "A.\nW."', "line 21: forecasters[1].name: must be one line, without tabs"),
    ("kind: person", "kind: user", "line 21: forecasters[1].kind: 'user' must be one of: person, outlet, crowd, model"),
    ("private: true", "private: yes", "line 8: case.private: 'yes' must be one of: true, false"),
    ("zone: Europe/London", "zone: Europe/Wells",
     "line 6: case.zone: 'Europe/Wells' must be an IANA time zone such as Asia/Tokyo or UTC"),
    ("zone: Europe/London", "zone: Europe",
     "line 6: case.zone: 'Europe' must be an IANA time zone such as Asia/Tokyo or UTC"),
    ("zone: Asia/Tokyo", "zone: ../../etc/passwd",
     "line 39: predictions[2].zone: '../../etc/passwd' must be an IANA time zone such as Asia/Tokyo or UTC"),
    ("https://example.org/floods", "javascript:alert(1)",
     "line 14: sources[1].url: 'javascript:alert(1)' must be an https or http address without a user name"),
    ("https://example.org/floods", "https://a:b@c.org",
     "line 14: sources[1].url: 'https://a:b@c.org' must be an https or http address without a user name"),
    ("https://example.org/floods", "https:///floods",
     "line 14: sources[1].url: 'https:///floods' must be an https or http address without a user name"),
    ("https://example.org/floods", "http://[::1",
     "line 14: sources[1].url: 'http://[::1' must be an https or http address without a user name"),
    ("cdef, length", ", length",
     "line 15: sources[1].sha256: '0123456789abcdef0123456789abcdef0123456…' "
     "must be 64 hexadecimal digits in small letters"),
    ("length: 4200", "length: 0", "line 15: sources[1].length: '0' must be a whole number from 1 to 100000000"),
    ("language: en-GB", "language: English",
     "line 14: sources[1].language: 'English' must be a language tag such as en or ja"),
    ("reliability: B", "reliability: G", "line 13: sources[1].reliability: 'G' must be one of: A, B, C, D, E, F"),
    ("credibility: 1,", "credibility: 7,", "line 57: evidence[1].credibility: '7' must be a whole number from 1 to 6"),
    ("weight: 2", "weight: 0",
     "line 37: predictions[1].criteria[1].weight: '0' must be a whole number from 1 to 1000"),
    ("issued: 2022-05-02T08:00:00+01:00", "issued: 2022-05-02T08:00:00",
     "line 45: forecasts[1].issued: '2022-05-02T08:00:00' has no offset: add one such as +09:00, or Z for UTC"),
    ("at: 2023-01-20", "at: 2023-02-29",
     "line 27: triggers[1].occurred.at: '2023-02-29' is no day: write it like 2022-12-16"),
    ("latest: 2023-03-31", "latest: 2022-03-31",
     "line 25: triggers[1].expected: the latest day, 2022-03-31, comes before the earliest, 2023-01-01"),
    ("latest: 2023-03-31", "latest: 2023-03",
     "line 25: triggers[1].expected.latest: '2023-03' is no day: write it like 2022-12-16"),
    (", latest: 2023-03-31", "", "line 25: triggers[1].expected: the key latest is missing"),
    ("expected: {earliest: 2023-01-01, latest: 2023-03-31}", "expected: [2023]",
     "line 25: triggers[1].expected: must be a mapping of keys to values"),
    ("    closes: 2022-12-31", "    closes: 2022-05-01", "line 33: predictions[1].closes: must come after opens"),
    ("    closes: 2022-12-31", "    closes: 2022-05-01T23:00Z",
     "line 33: predictions[1].closes: must come after opens"),
    ("    term: likely\n", "",
     "line 42: forecasts[1].term: is missing: a forecast that is coded needs words, scale, term"),
    ("    scale: icd203-2015\n", "",
     "line 42: forecasts[1].scale: is missing: a forecast that is coded needs words, scale, term"),
    ("    words: probably\n", "",
     "line 42: forecasts[1].words: is missing: a forecast that is coded needs words, scale, term"),
    ("term: likely\n", "term: likely\n    low: 0.5\n",
     "line 50: forecasts[1].low: does not go with a forecast that is coded: leave it out"),
    (", probability: 0.70", "",
     "line 53: forecasts[2].probability: is missing: a forecast that is stated needs probability or words"),
    ("0.70}", "0.70, scale: icd203-2015}",
     "line 53: forecasts[2].scale: does not go with a forecast that is stated: leave it out"),
    (", low: 0.3", "",
     "line 54: forecasts[3].low: is missing: a forecast that is implied needs words, probability, low, high"),
    (", words: mend the pier", "",
     "line 54: forecasts[3].words: is missing: a forecast that is implied needs words, probability, low, high"),
    ("low: 0.3", "low: 0.61", "line 55: forecasts[3].low: low, probability and high must rise in this order"),
    ("high: 0.9", "high: 0.59", "line 55: forecasts[3].low: low, probability and high must rise in this order"),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "said"), FAULTS, ids=[said for *_, said in FAULTS])
def test_fault_is_told_with_its_line_and_place(old, new, said):
    assert [str(fault) for fault in faults_of((old, new))] == [said]


def test_what_rests_on_resolvers_goes_only_with_a_case_that_asks_for_them():
    faults = faults_of(("  resolvers: 2\n", ""))
    places = [*(f"assessments[{number}]" for number in (1, 2, 3)), *(f"resolutions[{n}].basis" for n in (1, 2))]
    assert [fault.where for fault in faults] == places
    assert {fault.message for fault in faults} == {
        "goes only with a case that asks for resolvers: give case.resolvers, or leave it out"
    }


# fmt: off
ODD = [
    "1.2", "-0", "-0.1", "1.0001", "NaN", "inf", "0_1", "７０%", "70%", "٠٫٧",
    "7e-1", ".5", "0.", "00.5", "1/2", "+0.5", "0,5", "0x1",
    "1" * 5000, "0." + "1" * 26,
]
# fmt: on


@pytest.mark.parametrize("odd", ODD)
def test_what_is_no_plain_decimal_from_nought_to_one_is_refused(odd):
    (fault,) = faults_of(("probability: 0.70", f"probability: '{odd}'"))
    assert (fault.line, fault.where) == (53, "forecasts[2].probability")
    assert fault.message.endswith("must be a plain decimal from 0 to 1, such as 0.7")
    assert len(fault.message) < 120


@pytest.mark.parametrize(
    ("body", "where", "message"),
    [
        ("sources: []", "casebook", "the key case is missing"),
        ("case: tides", "case", "must be a mapping"),
        ("case: {id: c, title: T, selection: S, zone: UTC}\nquotes: none", "quotes", "must be a list"),
        ("case: {id: c, title: T, selection: S, zone: UTC}\nquotes:", "quotes", "must be a list"),
        ("case: {id: c, title: T, selection: S, zone: UTC}\nquotes: {}", "quotes", "must be a list"),
    ],
)
def test_section_of_another_shape_is_refused(body, where, message):
    with pytest.raises(CasebookFaults) as caught:
        parse_casebook(f"forsooth-casebook: 1\n{body}\n".encode())
    (fault,) = caught.value.faults
    assert (fault.where, message in fault.message) == (where, True)


def test_lone_surrogate_is_refused_by_either_yaml_loader():
    assert [fault.line for fault in faults_of(("note: It always is.", r'note: "\ud800"'))] == [26]


def test_all_faults_are_told_together_in_the_order_of_the_lines():
    faults = faults_of(
        ("0.70}", "1.70}"),
        ("at: 2023-01-20", "at: soon"),
        ("reliability: B", "reliability: Z"),
        ("source: office, note: As", "source: nobody, note: As"),
    )
    assert [(fault.line, fault.where) for fault in faults] == [
        (13, "sources[1].reliability"),
        (27, "triggers[1].occurred.at"),
        (27, "triggers[1].occurred.source"),
        (53, "forecasts[2].probability"),
    ]


def test_faulty_row_makes_no_second_fault_where_it_is_referred_to():
    assert len(faults_of(("exact: the quay will probably flood", "exact: ''"))) == 1


def test_faults_print_as_one_line_each():
    fault = Fault(12, "predictions[1].closes", "must come after opens")
    assert str(CasebookFaults([fault, Fault(3, "case", "x")])) == f"line 3: case: x\n{fault}"
    assert str(fault) == "line 12: predictions[1].closes: must come after opens"


@pytest.mark.parametrize(
    ("data", "line", "message"),
    [
        (b"", 1, "is empty"),
        (b"a: 1\nb: \xff\n", 2, "is not in UTF-8"),
        ("forsooth-casebook: 1\n".encode("utf-16"), 1, "is not in UTF-8"),
        (b"case: {}\n", 1, "its first line must be forsooth-casebook: 1"),
        (b"- a\n", 1, "its first line must be forsooth-casebook: 1"),
        (b"# ours\nforsooth-casebook: 2\ncase: {}\n", 2, "this version cannot be read here, only 1"),
        (b"forsooth-casebook: [1]\n", 1, "this version cannot be read here"),
        (b" " * 50_000_000, 1, "is larger than 1,048,576 bytes"),
    ],
)
def test_file_that_is_no_casebook_is_refused_as_a_whole(data, line, message):
    with pytest.raises(CasebookFaults, match=message) as caught:
        parse_casebook(data)
    assert [fault.line for fault in caught.value.faults] == [line]
