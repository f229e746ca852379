"""What the verdicts of several resolvers come to, who reads them when, and in what order each judges."""

from itertools import permutations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from predictions.models import Assessment, Criterion, Prediction, PredictionRevision
from predictions.models.assessment import panel_of
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.predictions import amend_prediction, pose_prediction
from tests import builders as a

SIGNS = {"+": "met", "~": "partly_met", "-": "not_met", "?": "cannot_tell"}
TABLE = "a met, b met: 1\na met: 0.5\nb cannot tell: 0.25\na not met: 0"

pytestmark = pytest.mark.django_db


def posed(rule, *, resolvers=2, weights=(1, 1), **fields):
    fields |= {"outcome_table": TABLE} if rule == "table" else {}
    values = {"statement": "It rains.", "opens_at": a.on_day(0), "closes_at": a.on_day(100), "outcome_rule": rule}
    criteria = [Criterion(label=x, text="So it is.", weight=weight) for x, weight in zip("abc", weights, strict=False)]
    prediction = Prediction(case=a.case(resolvers_asked=resolvers), theme="weather")
    by = a.a_person_with("analyst")
    return pose_prediction(prediction, PredictionRevision(**values, **fields), criteria, by=by, at=a.NOW)


def judged(prediction, *found, outcomes=()):
    """The assessments of as many resolvers, each given by the signs of its verdicts in the order of the criteria."""
    people = [a.person(f"judge-{prediction.revision.pk}-{k}", "resolver") for k, _ in enumerate(found)]
    a.assigned(prediction, *people)
    for k, (by, signs) in enumerate(zip(people, found, strict=True)):
        verdicts = {label: SIGNS[sign] for label, sign in zip("abc", signs, strict=False)}
        a.assessment(prediction, verdicts, by=by, outcome=outcomes[k] if outcomes else None)
    prediction.refresh_from_db()
    return list(prediction.assessments.counting())


@pytest.mark.parametrize(
    ("rule", "found", "panel", "outcome"),
    [
        ("all", ("++", "++"), "agreed", 1.0),
        ("all", ("+-", "-+"), "agreed", 0.0),
        ("all", ("++", "+-"), "disagreed", None),
        ("all", ("-?", "-+"), "agreed", 0.0),
        ("all", ("+?", "++"), "disagreed", None),
        ("all", ("+?", "+?"), "disagreed", None),
        ("all", ("??", "+?"), "cannot_tell", None),
        ("any", ("+-", "-+"), "agreed", 1.0),
        ("any", ("+?", "+-"), "agreed", 1.0),
        ("any", ("--", "~-"), "agreed", 0.0),
        ("any", ("+-", "--"), "disagreed", None),
        ("any", ("??", "+?"), "cannot_tell", None),
        ("share", ("+-", "-+"), "agreed", 0.5),
        ("share", ("+-", "~~"), "agreed", 0.5),
        ("share", ("++", "+~"), "disagreed", None),
        ("share", ("+?", "++"), "disagreed", None),
        ("table", ("++", "++"), "agreed", 1.0),
        ("table", ("+-", "+~"), "agreed", 0.5),
        ("table", ("-?", "~?"), "agreed", 0.25),
        ("table", ("++", "-+"), "disagreed", None),
        ("table", ("~+", "~+"), "disagreed", None),  # no line fits: the table leaves it open
    ],
)
def test_resolvers_agree_where_the_rule_makes_one_outcome_of_the_verdicts_of_each(rule, found, panel, outcome):
    prediction = posed(rule)
    assert panel_of(prediction.revision, judged(prediction, *found)) == (panel, outcome)
    assert prediction.panel == panel


@pytest.mark.parametrize(
    ("found", "outcomes", "panel", "outcome"),
    [
        (("+-", "+-"), (0.75, 0.75), "agreed", 0.75),
        (("+-", "+-"), (0.75, 0.5), "disagreed", None),
        (("+-", "+~"), (0.75, 0.75), "disagreed", None),
        (("+?", "+?"), (None, None), "disagreed", None),
        (("??", "?+"), (1.0, 1.0), "cannot_tell", None),
    ],
)
def test_without_a_rule_they_agree_if_they_judged_all_alike_and_gave_one_outcome(found, outcomes, panel, outcome):
    prediction = posed("judged")
    assert panel_of(prediction.revision, judged(prediction, *found, outcomes=outcomes)) == (panel, outcome)


@pytest.mark.parametrize(
    ("limit", "weights", "found", "panel"),
    [
        (0.0, (1, 1), ("-?", "--"), "cannot_tell"),
        (0.25, (1, 1), ("-?", "--"), "agreed"),
        (0.5, (1, 1), ("-?", "-?"), "agreed"),
        (0.5, (1, 2), ("-?", "-?"), "cannot_tell"),
        (0.5, (2, 1), ("-?", "-?"), "agreed"),
        (1.0, (1, 1), ("??", "??"), "disagreed"),
        (0.29, (71, 29), ("-?",), "agreed"),  # 0.29 × 100 is 28.999999999999996
        (0.28, (71, 29), ("-?",), "cannot_tell"),
    ],
)
def test_annulment_is_proposed_above_the_share_of_cannot_tell_and_not_at_it(limit, weights, found, panel):
    prediction = posed("all", resolvers=len(found), weights=weights, cannot_tell_limit=limit)
    judged(prediction, *found)
    assert prediction.panel == panel


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(["judged", "all", "any", "share", "table"]),
    st.lists(st.text("+~-?", min_size=2, max_size=2), min_size=2, max_size=3),
    st.lists(st.sampled_from([0.0, 0.5, 1.0, None]), min_size=3, max_size=3),
)
def test_the_order_of_the_resolvers_never_matters(rule, found, outcomes):
    prediction = posed(rule, resolvers=len(found))
    rows = judged(prediction, *found, outcomes=outcomes)
    assert len({panel_of(prediction.revision, order) for order in permutations(rows)}) == 1


# --- what counts -------------------------------------------------------------------------------------------------


def test_what_was_replaced_or_belongs_to_a_withdrawn_assignment_does_not_count():
    prediction = posed("all", resolvers=3)
    first, withdrawn = judged(prediction, "++", "++")
    second = a.assessment(prediction, by=first.resolver, supersedes=first, reason="Misread.")
    by = a.a_person_with("administrator")
    withdraw_assignment(withdrawn.assignment, reason="On leave.", by=by, at=a.NOW)
    assert list(Assessment.objects.counting()) == [second]
    assert Assessment.objects.count() == 3


def test_what_was_found_by_an_earlier_wording_does_not_count():
    prediction = posed("all", resolvers=2)
    (first,) = judged(prediction, "++")
    revision = PredictionRevision(prediction=prediction, statement="It pours.", outcome_rule="all")
    revision.opens_at, revision.closes_at = a.on_day(0), a.on_day(100)
    criteria = [Criterion(label="a", text="More than a little.")]
    amend_prediction(revision, criteria, by=a.a_person_with("analyst"), at=a.NOW)
    assert not prediction.assessments.counting().exists()
    prediction.refresh_from_db()
    assert not prediction.assignments.standing().exists()
    a.assigned(prediction, first.resolver)
    assert a.assessment(prediction, by=first.resolver).verdicts.count() == 1
    judged(prediction, "+")
    prediction.refresh_from_db()
    assert prediction.panel == "agreed"


# --- blindness ---------------------------------------------------------------------------------------------------


def readers_of(prediction, people):
    """Who reads how many of its assessments."""
    rows = Assessment.objects.filter(prediction=prediction)
    return {name: rows.visible_to(person).count() for name, person in people.items()}


def test_until_as_many_as_were_asked_have_submitted_each_reads_their_own_alone(people):
    prediction = posed("all", resolvers=2)
    a.assigned(prediction, people["resolver"])
    a.assessment(prediction, by=people["resolver"])
    told = dict.fromkeys(people, 0)
    assert readers_of(prediction, people) == {**told, "resolver": 1}


@pytest.mark.parametrize(("verdict", "adjudicator_reads"), [("met", 0), ("not_met", 2), ("cannot_tell", 2)])
def test_then_the_resolvers_read_each_other_and_who_must_adjudicate_reads_all(people, verdict, adjudicator_reads):
    prediction = posed("all", resolvers=2, cannot_tell_limit=0.2)
    a.assigned(prediction, people["resolver"])
    a.assessment(prediction, by=people["resolver"])
    a.panel(prediction, verdict)
    told = {"viewer": 0, "analyst": 0, "resolver": 2, "adjudicator": adjudicator_reads, "administrator": 2, "nobody": 0}
    assert readers_of(prediction, people) == told


# --- the row -----------------------------------------------------------------------------------------------------


def test_each_resolver_has_an_order_of_their_own_that_stays_the_same():
    prediction = a.prediction(a.case(resolvers_asked=9), criteria=[f"{n}." for n in range(8)])
    assignments = a.assigned(prediction, *(a.person(f"r{n}", "resolver") for n in range(5)))
    criteria = list(prediction.revision.criteria.all())
    orders = [[row.pk for row in one.in_own_order(criteria)] for one in assignments]
    assert len({tuple(order) for order in orders}) == len(orders)
    assert orders == [[row.pk for row in one.in_own_order(reversed(criteria))] for one in assignments]
    assert all(sorted(order) == [row.pk for row in criteria] for order in orders)


def test_nobody_replaces_the_assessment_of_another():
    prediction = posed("all", resolvers=3)
    (first,) = judged(prediction, "++")
    other = a.person("other", "resolver")
    a.assigned(prediction, other)
    with pytest.raises(ValidationError, match="another resolver's"):
        a.assessment(prediction, by=other, supersedes=first, reason="Wrong.")
