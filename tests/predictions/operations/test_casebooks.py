"""A casebook is loaded whole or not at all, and loading it twice changes nothing."""

from pathlib import Path

import pytest

from predictions.exchange.casebook import CasebookFaults, parse_casebook
from predictions.models import Case, Forecast, LedgerEntry, Prediction, PredictionRevision, Quote, Resolution, Source
from predictions.operations.accounts import command_line_account
from predictions.operations.casebook_loading import Judges
from predictions.operations.casebooks import STEPS, load_casebook
from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db

SMALL = """
forsooth-casebook: 1
case: {id: small, title: A small case, selection: All of them., zone: Asia/Tokyo}
sources:
  - {id: paper, title: A paper, reliability: B, published: 2026-01-01}
quotes:
  - {id: words, source: paper, exact: rain is likely}
forecasters:
  - {id: someone, name: Someone, kind: person}
triggers:
  - {id: weekend, statement: The weekend comes., occurred: {at: 2026-01-10, source: paper}}
predictions:
  - id: rain
    theme: weather
    trigger: weekend
    opens: 2026-01-01
    closes: 2026-01-31
    outcome_rule: all
    statement: It rains.
    criteria:
      - {label: a, text: Water falls from the sky., quote: words}
forecasts:
  - {id: f, prediction: rain, forecaster: someone, issued: 2026-01-02, basis: coded, words: likely, scale: icd203-2015,
     term: likely, quote: words, rationale: So it says.}
evidence:
  - {id: wet, prediction: rain, criterion: a, stance: supports, source: paper, credibility: 2, note: Wet streets.}
resolutions:
  - {id: r, prediction: rain, outcome: 1, known: 2026-01-10, verdicts: {a: met}, relied_on: [wet], rationale: Wet.}
"""


def load(text: str, **options):
    return load_casebook(parse_casebook(text.encode()), by=command_line_account(at=a.NOW), at=a.NOW, **options)


def everything() -> int:
    return LedgerEntry.objects.count()


def test_every_section_becomes_rows_with_one_ledger_entry_each():
    command_line_account(at=a.NOW)
    before = everything()
    made = load(SMALL).created
    assert made == {step: 1 for step, _, _ in STEPS if step not in {"assignments", "assessments"}}
    assert everything() == before + 10
    forecast = Forecast.objects.for_show().get()
    assert (forecast.in_words(), forecast.origin) == ("likely (55–80%), taken as 67.5% (ICD 203)", "casebook")
    assert forecast.rationale == "So it says."
    prediction = Prediction.objects.for_show().get()
    assert prediction.closing_at.isoformat() == "2026-01-09T15:00:00+00:00"
    assert prediction.revision.closes_at.isoformat() == "2026-01-31T15:00:00+00:00"
    assert [str(item.evidence) for item in prediction.resolution.relied_on.all()] == ["B2 for: Wet streets."]


def test_a_casebook_that_says_nothing_of_resolvers_brings_its_own_decisions():
    load(SMALL)
    resolution, case = Resolution.objects.get(), Case.objects.get()
    assert (case.resolvers_asked, case.notice_hours) == (0, 0)
    assert (resolution.basis, resolution.resolver_count, resolution.is_final(a.NOW)) == ("direct", 0, True)


def test_a_dry_run_says_what_it_would_create_and_writes_nothing():
    command_line_account(at=a.NOW)
    before = everything()
    assert load(SMALL, dry_run=True).created["predictions"] == 1
    assert everything() == before
    assert not Case.objects.exists()


def test_loading_twice_changes_nothing():
    load(SMALL)
    before = everything()
    again = load(SMALL)
    assert (again.created, again.notices) == ({}, [])
    assert everything() == before


def test_a_row_added_to_the_file_is_added_to_the_case():
    load(SMALL)
    longer = SMALL.replace("quotes:\n", "  - {id: other, title: Another paper, reliability: C}\nquotes:\n")
    assert load(longer).created == {"sources": 1}


def test_what_is_recorded_stays_and_the_difference_is_told_by_its_line():
    load(SMALL)
    changed = load(SMALL.replace("reliability: B", "reliability: C"))
    told = "line 5: sources.paper.reliability: differs from what is recorded, which was left as it is"
    assert changed.notices == [told]
    assert Source.objects.get().reliability == "B"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("words: likely, scale", "words: maybe, scale", "line 23: forecasts.f.words: "),
        ("term: likely", "term: unlikely", "line 23: forecasts.f.term: on this scale the words read as “likely”"),
        ("icd203-2015", "icd203-1999", "line 23: forecasts.f.words: There is no scale"),
        ("issued: 2026-01-02", "issued: 2026-01-10", "line 23: forecasts.f.issued: the outcome could be known"),
        ("known: 2026-01-10", "known: 2026-01-02", "line 23: forecasts.f.issued: the outcome could be known"),
        ("occurred: {at: 2026-01-10", "occurred: {at: 2026-01-02", "line 23: forecasts.f.issued_at: "),
        ("outcome: 1,", "outcome: 0,", "line 28: resolutions.r.outcome: By its rule"),
        ("known: 2026-01-10", "known: 2031-01-10", "line 28: resolutions.r.known_at: That lies in the future"),
        ("occurred: {at: 2026-01-10", "occurred: {at: 2031-01-10", "line 11: triggers.weekend.occurred.occurred_at: "),
    ],
)
def test_what_an_operation_refuses_is_told_by_its_line_and_nothing_is_loaded(old, new, fault):
    command_line_account(at=a.NOW)
    before = everything()
    assert old in SMALL
    with pytest.raises(CasebookFaults) as refused:
        load(SMALL.replace(old, new, 1))
    assert str(refused.value).startswith(fault)
    assert everything() == before
    assert not Case.objects.exists()


def test_a_quote_that_the_held_text_does_not_have_is_refused_with_the_closest_passage():
    load(SMALL)
    attach_text(Source.objects.get(), "Tomorrow rain is likely in Tokyo.", by=command_line_account(at=a.NOW), at=a.NOW)
    longer = SMALL.replace("forecasters:", "  - {id: q2, source: paper, exact: rain is very likely in}\nforecasters:")
    with pytest.raises(CasebookFaults, match="closest passage") as refused:
        load(longer)
    assert "“rain is likely in”" in str(refused.value)
    assert Quote.objects.count() == 1


def test_the_shipped_casebook_is_sound():
    path = Path(__file__).parents[3] / "predictions" / "casebooks" / "japan-nss-2022.yaml"
    resolvers = {name: a.person(name, "resolver") for name in ("first", "second")}
    judges = Judges(resolvers, a.person("judge", "adjudicator"))
    assert load(path.read_text("utf-8"), judges=judges).created["forecasts"] == 4


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("statement: It rains.", "statement: It pours.", "line 13: predictions.rain.statement"),
        ("text: Water falls from the sky.", "text: Water falls.", "line 13: predictions.rain.criteria"),
        ("closes: 2026-01-31", "closes: 2026-02-28", "line 13: predictions.rain.closes"),
        ("outcome_rule: all", "outcome_rule: any", "line 13: predictions.rain.outcome_rule"),
        ("occurred: {at: 2026-01-10", "occurred: {at: 2026-01-09", "line 11: triggers.weekend.occurred.occurred_at"),
        ("verdicts: {a: met}", "verdicts: {a: not_met}", "line 28: resolutions.r.verdicts"),
        ("relied_on: [wet]", "relied_on: []", "line 28: resolutions.r.relied_on"),
        ("words: likely, scale", "words: will be likely, scale", "line 23: forecasts.f.words"),
    ],
)
def test_every_difference_from_the_record_is_told(old, new, told):
    load(SMALL)
    assert old in SMALL
    before = everything()
    notices = load(SMALL.replace(old, new, 1)).notices
    assert notices[0] == f"{told}: differs from what is recorded, which was left as it is"
    assert everything() == before


def with_table(table: str) -> str:
    rule = f'outcome_rule: table\n    outcome_table: "{table}"\n    cannot_tell_limit: 0.25'
    return SMALL.replace("outcome_rule: all", rule)


def test_the_outcome_may_be_made_by_a_table():
    load(with_table(r"a met: 1\notherwise: 0"))
    revision = PredictionRevision.objects.get()
    assert (revision.outcome_rule, revision.outcome_table) == ("table", "a met: 1\notherwise: 0")
    assert revision.cannot_tell_limit == 0.25
    assert Resolution.objects.get().outcome == 1.0


@pytest.mark.parametrize("table", ["a fulfilled: 1", "b met: 1", "a met: 2"])
def test_a_table_that_cannot_be_read_is_told_by_its_line_and_nothing_is_loaded(table):
    with pytest.raises(CasebookFaults, match=r"line 13: predictions\.rain"):
        load(with_table(table))
    assert not Case.objects.exists()


def test_a_private_casebook_names_who_may_see_it():
    private = SMALL.replace("zone: Asia/Tokyo}", "zone: Asia/Tokyo, private: true}")
    with pytest.raises(CasebookFaults, match="nobody would see this case"):
        load(private)
    keeper, other = a.person("keeper", "viewer"), a.person("other", "viewer")
    load(private, admit=[keeper])
    assert Case.objects.visible_to(keeper).exists()
    assert not Case.objects.visible_to(other).exists()


@pytest.mark.parametrize(("told", "hides"), [("", True), (", hides_forecasts: false", False)])
def test_a_casebook_may_say_that_forecasts_are_not_hidden(told, hides):
    load(SMALL.replace("zone: Asia/Tokyo}", f"zone: Asia/Tokyo{told}}}"))
    assert Case.objects.get().hides_forecasts == hides
