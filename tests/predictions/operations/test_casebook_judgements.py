"""What a casebook tells of its resolvers is recorded in their names, and what follows from it must follow."""

import pytest

from predictions.exchange.casebook import CasebookFaults, parse_casebook
from predictions.models import Assessment, Case, LedgerEntry, Prediction, Resolution
from predictions.operations.accounts import command_line_account
from predictions.operations.casebook_loading import Judges
from predictions.operations.casebooks import load_casebook
from tests import builders as a

pytestmark = pytest.mark.django_db

AGREED = """\
forsooth-casebook: 1
case: {id: small, title: Rain, selection: All., zone: UTC, resolvers: 2, notice_hours: 0}
sources:
  - {id: paper, title: A paper, reliability: B}
predictions:
  - {id: rain, theme: weather, opens: 2026-01-01, closes: 2026-01-31, outcome_rule: judged, statement: It rains.,
     criteria: [{label: a, text: Water falls.}]}
evidence:
  - {id: wet, prediction: rain, stance: supports, source: paper, credibility: 2, note: Wet streets.}
  - {id: hats, prediction: rain, stance: supports, source: paper, credibility: 2, note: Wet hats.}
assessments:
  - {id: a1, prediction: rain, resolver: first, verdicts: {a: met}, outcome: 1, confidence: high, relied_on: [wet],
     rationale: Streets.}
  - {id: a2, prediction: rain, resolver: second, verdicts: {a: met}, outcome: 1, confidence: low, relied_on: [hats],
     rationale: Hats.}
resolutions:
  - {id: r, prediction: rain, outcome: 1, known: 2026-01-10, basis: agreed, rationale: Both saw it.}
"""
SECOND = "resolver: second, verdicts: {a: met}, outcome: 1"
DECISION = "outcome: 1, known: 2026-01-10, basis: agreed"
ADJUDICATED = AGREED.replace(SECOND, "resolver: second, verdicts: {a: partly_met}, outcome: 0.5").replace(
    DECISION, "outcome: 1, known: 2026-01-10, basis: adjudicated, verdicts: {a: met}, relied_on: [wet]"
)
DIRECT = AGREED[: AGREED.index("assessments:")].replace(", resolvers: 2, notice_hours: 0", "") + (
    "resolutions:\n  - {id: r, prediction: rain, outcome: 1, known: 2026-01-10, verdicts: {a: met}, rationale: Seen.}\n"
)


@pytest.fixture
def judges():
    people = {"first": a.person("ada", "resolver"), "second": a.person("bob", "resolver")}
    return Judges(people, a.person("judge", "adjudicator"))


def load(text: str, judges: Judges, **options):
    book, shell = parse_casebook(text.encode()), command_line_account(at=a.NOW)
    return load_casebook(book, by=shell, at=a.NOW, judges=judges, **options)


def faults_of(text: str, judges: Judges) -> list[str]:
    command_line_account(at=a.NOW)
    before = LedgerEntry.objects.count()
    with pytest.raises(CasebookFaults) as refused:
        load(text, judges)
    assert (LedgerEntry.objects.count(), Case.objects.count()) == (before, 0)
    return [str(fault) for fault in refused.value.faults]


def test_each_resolver_is_asked_and_assesses_in_their_own_name(judges):
    made = load(AGREED, judges).created
    assert (made["assignments"], made["assessments"], made["resolutions"]) == (2, 2, 1)
    assert {row.resolver.username: (row.rationale, row.confidence) for row in Assessment.objects.for_show()} == {
        "ada": ("Streets.", "high"),
        "bob": ("Hats.", "low"),
    }
    acts = LedgerEntry.objects.filter(kind__startswith="ass").values_list("kind", "payload__actor__username")
    assert [*acts.order_by("seq")] == [
        ("assignment.made", "judge"),
        ("assignment.made", "judge"),
        ("assessment.submitted", "ada"),
        ("assessment.submitted", "bob"),
    ]


@pytest.mark.parametrize(
    ("text", "basis", "relied_on"), [(AGREED, "agreed", {"wet", "hats"}), (ADJUDICATED, "adjudicated", {"wet"})]
)
def test_the_adjudicator_decides_on_what_two_resolvers_found(judges, text, basis, relied_on):
    load(text, judges)
    resolution = Resolution.objects.get()
    assert (resolution.basis, resolution.resolver_count, resolution.is_independent) == (basis, 2, True)
    assert (resolution.outcome, resolution.resolved_by.username, resolution.is_final(a.NOW)) == (1.0, "judge", True)
    assert {item.evidence.external_id for item in resolution.relied_on.all()} == relied_on
    assert [each.verdict for each in resolution.verdicts.all()] == ["met"]


def test_who_cannot_tell_agrees_on_annulment(judges):
    text = AGREED.replace("{a: met}, outcome: 1", "{a: cannot_tell}").replace(
        "outcome: 1, known", "annulled: unverifiable, known"
    )
    load(text, judges)
    assert Resolution.objects.get().annulled == "unverifiable"


@pytest.mark.parametrize("text", [AGREED, ADJUDICATED])
def test_loading_twice_changes_nothing(judges, text):
    load(text, judges)
    before = LedgerEntry.objects.count()
    again = load(text, judges)
    assert (again.created, again.notices, LedgerEntry.objects.count()) == ({}, [], before)


def test_a_dry_run_asks_nobody(judges):
    command_line_account(at=a.NOW)
    before = LedgerEntry.objects.count()
    assert load(AGREED, judges, dry_run=True).created["assessments"] == 2
    assert LedgerEntry.objects.count() == before


def test_without_a_decision_the_prediction_waits_for_one(judges):
    load(AGREED[: AGREED.index("resolutions:")], judges)
    assert Prediction.objects.get().panel == "agreed"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("confidence: high", "confidence: low", "line 12: assessments.a1.confidence"),
        ("{a: met}, outcome: 1, confidence: low", "{a: not_met}, outcome: 1, confidence: low", "a2.verdicts"),
        ("relied_on: [hats]", "relied_on: []", "line 14: assessments.a2.relied_on"),
        ("rationale: Hats.", "rationale: Caps.", "line 14: assessments.a2.rationale"),
        ("basis: agreed", "basis: adjudicated, verdicts: {a: met}, relied_on: [wet, hats]", "resolutions.r.basis"),
        ("resolvers: 2", "resolvers: 3", "line 2: case.small.resolvers_asked"),
    ],
)
def test_every_difference_from_the_record_is_told(judges, old, new, told):
    load(AGREED, judges)
    assert AGREED.count(old) == 1
    (notice,) = load(AGREED.replace(old, new), judges).notices
    assert notice.endswith(f"{told}: differs from what is recorded, which was left as it is")


def test_what_one_person_decided_already_is_not_assessed_afterwards(judges):
    load(DIRECT, judges)
    before = LedgerEntry.objects.count()
    again = load(AGREED, judges)
    assert (again.created, LedgerEntry.objects.count()) == ({}, before)
    assert "line 12: assessments.a1: was left out, for the prediction is decided already" in again.notices
    assert Resolution.objects.get().basis == "direct"


# fmt: off
UNFOUNDED = [  # (old, new, what is said)
    (DECISION, DECISION.replace("outcome: 1", "outcome: 0"),
     "line 17: resolutions.r.outcome: is not what the resolvers agree on (yes)"),
    (DECISION, f"{DECISION}, verdicts: {{a: not_met}}",
     "line 17: resolutions.r.verdicts: is not what the resolvers agree on (yes)"),
    (DECISION, f"{DECISION}, relied_on: [wet]",
     "line 17: resolutions.r.relied_on: is not what the resolvers agree on (yes)"),
    (DECISION, "outcome: 1, known: 2026-01-10, basis: adjudicated, verdicts: {a: met}",
     "line 17: resolutions.r: This cannot be done now (adjudicate): "
     "the prediction is assessed alike: to be confirmed."),
    (SECOND, SECOND.replace("met", "not_met"),
     "line 17: resolutions.r: This cannot be done now (confirm): "
     "the prediction is not settled: to be adjudicated."),
    ("resolvers: 2", "resolvers: 3",
     "line 17: resolutions.r: This cannot be done now (confirm): the prediction is being assessed."),
]
# fmt: on


@pytest.mark.parametrize(("old", "new", "told"), UNFOUNDED)
def test_a_decision_that_does_not_follow_is_told_by_its_line(judges, old, new, told):
    assert AGREED.count(old) == 1
    assert faults_of(AGREED.replace(old, new), judges) == [told]


def test_it_must_be_said_whose_the_verdicts_are(judges):
    assert faults_of(AGREED, Judges({"first": judges.resolvers["first"]})) == [
        "line 12: assessments.a1: nobody is named to ask the resolvers and to decide: "
        "say who, with --adjudicator USERNAME",
        "line 14: assessments.a2.resolver: nobody is named: "
        "say whose verdicts these are, with --resolver second=USERNAME",
    ]


@pytest.mark.parametrize(
    ("text", "people", "told"),
    [
        (AGREED, {"second": "viewer"}, "line 14: assessments.a2.resolver: This person is no resolver."),
        (AGREED, {"judge": "resolver"},
         "line 12: assessments.a1: as another: Your roles do not let you do this here: assign resolver."),
    ],
)  # fmt: skip
def test_who_may_not_judge_is_told_by_the_line(judges, text, people, told):
    others = {name: a.person("another", role) for name, role in people.items()}
    adjudicator = others.pop("judge", judges.adjudicator)
    assert faults_of(text, Judges({**judges.resolvers, **others}, adjudicator)) == [told]


def test_who_recorded_the_reading_of_words_is_no_resolver_of_it(judges):
    forecast = """\
forecasters:
  - {id: someone, name: Someone, kind: person}
forecasts:
  - {id: f, prediction: rain, forecaster: someone, issued: 2026-01-02, basis: coded, words: likely, term: likely,
     scale: icd203-2015}
"""
    shell = command_line_account(at=a.NOW)
    told = "This person turned words of a forecast on it into a probability."
    people = Judges({**judges.resolvers, "first": shell}, judges.adjudicator)
    assert faults_of(AGREED + forecast, people) == [f"line 12: assessments.a1.resolver: {told}"]


def test_the_judges_see_the_private_case_that_they_judge(judges):
    load(AGREED.replace("resolvers: 2", "private: true, resolvers: 2"), judges)
    assert {each.user.username for each in Case.objects.get().memberships.all()} >= {"ada", "bob", "judge"}
