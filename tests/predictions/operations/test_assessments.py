"""Resolvers are asked, each judges alone, and what they found is put together once as many as asked have judged."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.models import User
from predictions.models import Assessment, Assignment, Forecast, LedgerEntry, Prediction
from predictions.operations.assessments import draw_resolvers, eligible_resolvers, withdraw_assignment
from predictions.operations.cases import amend_case
from predictions.operations.forecasts import log_forecast
from predictions.policy import ineligible_because
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction():
    """Two resolvers are to judge it."""
    return a.prediction(a.case(resolvers_asked=2))


@pytest.fixture
def resolvers():
    return [a.person(f"resolver-{k}", "resolver") for k in range(3)]


def draw(prediction):
    return draw_resolvers(prediction, by=a.a_person_with("administrator"), at=a.NOW)


def withdraw(assignment, reason="On leave."):
    return withdraw_assignment(assignment, reason=reason, by=a.a_person_with("administrator"), at=a.NOW)


def panel_of(prediction):
    return Prediction.objects.get(pk=prediction.pk).panel


# --- who may be asked --------------------------------------------------------------------------------------------


def forecast_on_it(prediction, someone):
    own = Forecast(prediction=prediction, forecaster=a.forecaster(account=someone), words="70%", issued_at=a.on_day(1))
    someone.groups.set(a.a_person_with("analyst").groups.all() | someone.groups.all())
    log_forecast(own, by=User.objects.get(pk=someone.pk), at=a.NOW)


def code_it(prediction, someone):
    row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="likely", issued_at=a.on_day(1))
    someone.groups.set(a.a_person_with("analyst").groups.all() | someone.groups.all())
    log_forecast(row, by=User.objects.get(pk=someone.pk), at=a.NOW)


def write_the_article(prediction, someone):
    someone.first_name, someone.last_name = "Jo", "Writer"
    someone.save()
    a.forecast(prediction, quote=a.quote(a.source(prediction.case, author="jo writer")))


def lose_the_role(prediction, someone):
    someone.groups.set(a.a_person_with("viewer").groups.all())


def lose_the_account(prediction, someone):
    User.objects.filter(pk=someone.pk).update(is_active=False)


def be_kept_out(prediction, someone):
    prediction.case.is_private = True
    amend_case(prediction.case, by=a.a_person_with("administrator"), at=a.NOW)


BARS = {
    forecast_on_it: "forecast on it",
    code_it: "turned words",
    write_the_article: "wrote what foretold it",
    lose_the_role: "is no resolver",
    lose_the_account: "is no resolver",
    be_kept_out: "does not see this case",
}


@pytest.mark.parametrize("bar", BARS, ids=lambda bar: bar.__name__)
def test_whoever_had_a_part_in_it_or_does_not_see_it_is_neither_asked_nor_drawn(prediction, resolvers, bar):
    barred = resolvers[0]
    assert ineligible_because(barred, prediction) is None
    bar(prediction, barred)
    barred, others = User.objects.get(pk=barred.pk), resolvers[1:]
    prediction.case.refresh_from_db()
    able = {user for user in User.objects.all() if ineligible_because(user, prediction) is None}
    assert able == set(eligible_resolvers(prediction, set())) == (set() if bar is be_kept_out else set(others))
    with refused("resolver", BARS[bar]):
        a.assigned(prediction, barred)
    if bar is be_kept_out:
        with refused(saying="Of 2 resolvers asked for, 0 can be drawn"):
            draw(prediction)
    else:
        assert {row.resolver for row in draw(prediction)} == set(others)


@pytest.mark.parametrize("bar", [forecast_on_it, code_it, write_the_article], ids=lambda bar: bar.__name__)
def test_a_second_account_of_the_same_person_is_barred_like_the_first(prediction, resolvers, bar):
    again = a.person("another-account", "resolver")
    again.email = resolvers[0].email.upper()
    again.save()
    bar(prediction, resolvers[0])
    with refused("resolver", BARS[bar]):
        a.assigned(prediction, again)
    assert eligible_resolvers(prediction, set()) == resolvers[1:]


@pytest.mark.parametrize("bar", [forecast_on_it, code_it], ids=lambda bar: bar.__name__)
def test_who_is_asked_takes_no_part_in_it_any_more(prediction, resolvers, bar):
    a.assigned(prediction, resolvers[0])
    with pytest.raises(ValidationError, match="asked to judge"):
        bar(prediction, resolvers[0])
    assert not prediction.forecasts.exists()


def test_a_number_that_was_stated_is_copied_by_anyone_without_being_barred(prediction, resolvers):
    row = Forecast(prediction=prediction, forecaster=a.forecaster(), words="70%", issued_at=a.on_day(1))
    both = a.person("both", "analyst", "resolver")
    log_forecast(row, by=both, at=a.NOW)
    assert ineligible_because(both, prediction) is None


def test_nobody_is_asked_twice_nor_under_two_accounts(prediction, resolvers):
    again = a.person("another-account", "resolver")
    again.email = resolvers[0].email.upper()
    again.save()
    a.assigned(prediction, resolvers[0])
    with refused(saying="asked to judge it already", code="conflict"):
        a.assigned(prediction, resolvers[0])
    with refused("resolver", "under another account"):
        a.assigned(prediction, again)
    User.objects.filter(pk=resolvers[1].pk).update(is_active=False)
    assert [row.resolver for row in draw(prediction)] == [resolvers[2]]


# --- the draw ----------------------------------------------------------------------------------------------------


def test_as_many_are_drawn_as_are_missing_each_with_an_entry_of_their_own(prediction, resolvers):
    a.assigned(prediction, resolvers[0])
    before = LedgerEntry.objects.count()
    (drawn,) = draw(prediction)
    assert drawn.how == Assignment.How.DRAWN
    assert drawn.resolver in resolvers[1:]
    assert LedgerEntry.objects.count() == before + 1
    with refused(saying="assigned already", code="conflict"):
        draw(prediction)


def test_accounts_of_one_person_are_drawn_as_one(prediction, resolvers):
    User.objects.filter(pk__in=[one.pk for one in resolvers]).update(email="Same@example.org")
    with refused(saying="Of 2 resolvers asked for, 1 can be drawn"):
        draw(prediction)
    other = a.person("other", "resolver")
    assert other in {row.resolver for row in draw(prediction)}


def test_accounts_without_an_address_are_different_people(prediction, resolvers):
    User.objects.filter(pk__in=[one.pk for one in resolvers]).update(email="")
    assert len({row.resolver for row in draw(prediction)}) == 2


@pytest.mark.parametrize("is_private", [False, True])
@pytest.mark.parametrize("count", [1, 3])
def test_who_may_be_asked_is_found_in_as_many_queries_whether_they_are_few_or_many(
    django_assert_num_queries, is_private, count
):
    people = [a.person(f"resolver-{k}", "resolver") for k in range(count)]
    prediction = a.prediction(a.case(resolvers_asked=2, is_private=is_private, members=people))
    a.forecast(prediction, quote=a.quote(a.source(prediction.case, author="Jo Writer")))
    with django_assert_num_queries(4):
        assert eligible_resolvers(prediction, set()) == people


def test_every_resolver_can_be_drawn(resolvers):
    case = a.case(resolvers_asked=1)
    drawn = {draw(a.prediction(case))[0].resolver for _ in range(40)}
    assert drawn == set(resolvers)


def test_where_one_person_decides_nobody_is_asked(resolvers):
    prediction = a.prediction(a.case(resolvers_asked=0))
    for ask in (draw, lambda of: a.assigned(of, resolvers[0])):
        with refused(saying="cannot be done now", code="conflict"):
            ask(prediction)


# --- judging -----------------------------------------------------------------------------------------------------


def test_an_assessment_keeps_what_was_found(prediction, resolvers):
    a.assigned(prediction, *resolvers[:1])
    evidence = a.evidence(prediction)
    kept = Assessment.objects.get(pk=a.assessment(prediction, by=resolvers[0], relied_on=[evidence, evidence]).pk)
    assert (kept.outcome, kept.confidence, kept.rationale) == (1.0, "moderate", "So it was reported.")
    assert (kept.revision, kept.submitted_at) == (prediction.revision, a.NOW)
    assert [(row.criterion.label, row.verdict) for row in kept.verdicts.all()] == [("a", "met")]
    assert [row.evidence for row in kept.relied_on.all()] == [evidence]


def test_only_who_is_asked_judges(prediction, resolvers):
    a.assigned(prediction, resolvers[0])
    with pytest.raises(PermissionDenied):
        a.assessment(prediction, by=resolvers[1])


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("verdicts", {"verdict": {}}),
        ("verdicts", {"verdict": {"a": ""}}),
        ("verdicts", {"verdict": {"a": "perhaps"}}),
        ("verdicts", {"verdict": {"a": "met", "z": "met"}}),
        ("rationale", {"rationale": " "}),
        ("rationale", {"rationale": "a\x00b"}),
        ("confidence", {"confidence": ""}),
        ("outcome", {"outcome": 1.5}),
    ],
    ids=str,
)
def test_bad_input_is_refused_at_its_field(prediction, resolvers, field, given):
    a.assigned(prediction, resolvers[0])
    with refused(field):
        a.assessment(prediction, by=resolvers[0], **given)
    assert not Assessment.objects.exists()


def test_evidence_of_another_prediction_is_not_relied_on(prediction, resolvers):
    a.assigned(prediction, resolvers[0])
    foreign = a.evidence(a.prediction(prediction.case))
    with refused("relied_on"):
        a.assessment(prediction, by=resolvers[0], relied_on=[foreign])


def test_where_a_rule_makes_the_outcome_no_resolver_gives_one(resolvers):
    prediction = a.prediction(a.case(resolvers_asked=2), outcome_rule="all")
    a.assigned(prediction, resolvers[0])
    assert a.assessment(prediction, by=resolvers[0], outcome=0.25).outcome is None


def test_a_second_assessment_replaces_the_first_with_a_reason_and_both_stay(prediction, resolvers):
    a.assigned(prediction, resolvers[0])
    first = a.assessment(prediction, by=resolvers[0])
    with refused(saying="Replace it, with a reason", code="conflict"):
        a.assessment(prediction, "not_met", by=resolvers[0])
    with refused("reason"):
        a.assessment(prediction, "not_met", by=resolvers[0], supersedes=first)
    second = a.assessment(prediction, "not_met", by=resolvers[0], supersedes=first, reason="Misread.")
    assert list(Assessment.objects.all()) == [first, second]
    assert list(prediction.assessments.counting()) == [second]
    assert panel_of(prediction) == ""


def test_once_as_many_as_asked_have_judged_nothing_is_added_replaced_or_withdrawn(prediction, resolvers):
    another = a.person("another", "resolver")
    assignments = a.assigned(prediction, *resolvers)
    first = a.assessment(prediction, by=resolvers[0])
    a.assessment(prediction, by=resolvers[1])
    assert panel_of(prediction) == "agreed"
    late = [
        lambda: a.assessment(prediction, by=resolvers[2]),
        lambda: a.assessment(prediction, by=resolvers[0], supersedes=first, reason="Misread."),
        lambda: a.assigned(prediction, another),
        lambda: withdraw(assignments[0]),
        lambda: draw(prediction),
    ]
    for deed in late:
        with refused(saying="cannot be done now", code="conflict"):
            deed()


# --- withdrawing -------------------------------------------------------------------------------------------------


def test_who_is_asked_no_longer_judges_no_longer_and_what_they_found_does_not_count(prediction, resolvers):
    assignments = a.assigned(prediction, *resolvers)
    a.assessment(prediction, by=resolvers[0])
    for assignment in assignments[:2]:
        withdraw(assignment)
    with pytest.raises(PermissionDenied):
        a.assessment(prediction, by=resolvers[1])
    a.assessment(prediction, by=resolvers[2])
    assert (Assessment.objects.count(), panel_of(prediction)) == (2, "")
    a.assigned(prediction, resolvers[1])
    a.assessment(prediction, "not_met", by=resolvers[1])
    assert panel_of(prediction) == "disagreed"


def test_withdrawing_wants_a_reason_and_is_done_once(prediction, resolvers):
    (assignment,) = a.assigned(prediction, resolvers[0])
    with refused("reason", "Say why"):
        withdraw(assignment, reason=" ")
    withdrawn = withdraw(assignment)
    assert (withdrawn.withdrawn_at, withdrawn.withdrawn_because) == (a.NOW, "On leave.")
    with refused(saying="withdrawn already", code="conflict"):
        withdraw(assignment)
