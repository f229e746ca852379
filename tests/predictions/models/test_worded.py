"""What is put into SQL once for a person finds what the question itself finds, and finds it anew each time."""

import pytest
from django.db.models import Count, OuterRef, Q

from accounts.models import User
from accounts.roles import Role
from predictions import models
from predictions.models import Case, CodingRequest, Forecast, Forecaster, LedgerEntry, Prediction, Score
from predictions.models.coding_request import predictions_asked_of
from predictions.models.forecast import predictions_hiding_from
from predictions.models.worded import worded
from predictions.operations.forecasts import log_forecast
from predictions.tasks import rescore_stale
from tests import builders as a

pytestmark = pytest.mark.django_db

ASKS = {
    (predictions_hiding_from, "pk"),
    (predictions_hiding_from, "uuid"),
    (predictions_asked_of, "prediction"),
    (Prediction.objects.to_be_judged_by, "uuid"),
    (CodingRequest.objects.coded_beside, "forecast"),
    (models.case._memberships, "case"),
    (models.case._admissions_of_teams, "case"),
    (models.forecast._forecasting_as, "pk"),
    (models.ledger._predictions_to_code, "uuid"),
}
SEEN = (Case, Prediction, Forecast, LedgerEntry, CodingRequest, Score)


def still_hiding(*members):
    """A prediction that is still open by the database's clock."""
    return a.prediction(a.case(hides_forecasts=True, members=[*members]), closes_at=a.on_day(100_000))


def own_forecast(on, *, by):
    row = Forecast(prediction=on, forecaster=a.forecaster(account=by), words="70%", issued_at=a.on_day(0))
    log_forecast(row, by=by, at=a.NOW)


def much_hidden(reader):
    """Rows that each of the questions finds, for `reader`."""
    a.forecast(still_hiding())
    own_forecast(still_hiding(reader), by=reader)
    a.assigned(a.forecast(a.prediction(a.case(resolvers_asked=2))).prediction, reader)
    (request,) = a.asked(a.coded(), reader)
    a.coding(request)
    a.asked(a.coded(), reader)
    resolver = a.a_person_with("resolver")
    for members, teams in (([], []), ([reader], []), ([], [a.team("Desk", reader)])):
        closed = a.case(is_private=True, members=[resolver, *members], teams=teams)
        a.resolution(a.forecast(a.prediction(closed)).prediction)
    rescore_stale()


def test_what_one_may_see_is_what_the_questions_themselves_find(monkeypatch):
    coder, another = a.person("coder", Role.ANALYST, Role.RESOLVER), a.person("another", Role.VIEWER)
    much_hidden(coder)
    asked = set()

    def anew(ask, user, column):
        asked.add((ask, column))
        found = ask(user).order_by().values(column)
        assert found.exists() == (user == coder or ask is predictions_hiding_from)
        return found

    def seen():
        return [list(model.objects.visible_to(user).order_by("pk")) for model in SEEN for user in (coder, another)]

    once = seen()
    for module in (models.case, models.coding_request, models.forecast, models.ledger):
        monkeypatch.setattr(module, "worded", anew)
    assert once == seen()
    assert asked == ASKS
    assert all(once[::2]), "nothing to see, or to hide"


def test_wording_depends_on_nothing_of_a_person_but_key_and_address(django_assert_num_queries):
    a.person("coder")
    known = User.objects.only("pk", "email").get(username="coder")
    with django_assert_num_queries(0):  # what else is asked of the person would be read now
        for ask, column in ASKS:
            assert str(ask(known).values(column).query)


def test_what_is_counted_is_not_grouped_by_it():
    reader = a.person("reader", Role.ANALYST)
    rows = [still_hiding() for _ in range(2)]
    hidden = Q(pk__in=worded(predictions_hiding_from, reader, "pk"))
    counted = Prediction.objects.annotate(is_hiding=hidden, n=Count("forecasts")).filter(Q(n__gt=0) | hidden)
    assert [(row.is_hiding, row.n) for row in counted] == [(True, 0) for _ in rows]


def test_a_question_that_nothing_answers_is_one():
    reader = a.person("reader", Role.ANALYST)
    nothing = worded(_nothing, reader, "pk")
    assert not User.objects.filter(pk__in=nothing)
    assert list(User.objects.exclude(pk__in=nothing)) == [reader]


def _nothing(user):
    return Forecaster.objects.none()


def test_the_answer_is_never_kept_and_wording_it_asks_nothing(django_assert_num_queries):
    reader = a.person("reader", Role.ANALYST)
    hiding = still_hiding(reader)
    with django_assert_num_queries(0):
        question = worded(predictions_hiding_from, reader, "pk")
        assert worded(predictions_hiding_from, reader, "pk") is question
    rows = Prediction.objects.filter(pk__in=question)
    assert list(rows) == [hiding]
    own_forecast(hiding, by=reader)
    assert not rows.all()


def test_whoever_changes_their_address_is_asked_by_the_new_one():
    a.asked(a.coded(), a.person("coder", Role.ANALYST))
    other = a.person("other", Role.ANALYST)
    assert not Prediction.objects.filter(pk__in=worded(predictions_asked_of, other, "prediction"))
    other.email = User.objects.get(username="coder").email.upper()
    assert Prediction.objects.filter(pk__in=worded(predictions_asked_of, other, "prediction")).count() == 1


def _around(user):
    return Forecaster.objects.filter(account=user, pk=OuterRef("forecaster"))


def test_a_question_about_a_row_around_it_is_refused():
    with pytest.raises(ValueError, match="outer query"):
        worded(_around, a.person("reader", Role.VIEWER), "pk")
