"""What a notice says is made for its reader when it is shown; what they see no longer is not told."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions import notices
from predictions.models import Assignment, Notice
from predictions.notices.sentences import TELLINGS
from predictions.notices.telling import seen
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.cases import dismiss
from tests import builders as a
from tests.predictions.notices.people import disputed, forecast_by, found, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def private(people):
    """A private case in which `resolver` is asked to assess."""
    case = a.case(is_private=True, members=[people["resolver"], people["viewer"]], resolvers_asked=2)
    [row] = a.assigned(a.prediction(case), people["resolver"])
    found()
    return row


def test_every_kind_has_its_sentence():
    assert TELLINGS.keys() == set(Notice.Kind)


def test_a_withdrawn_assignment_is_told_no_longer(private):
    assert len(told(private.resolver)) == notices.unread_count(private.resolver) == 1
    withdraw_assignment(private, reason="Ill.", by=a.a_person_with("administrator"), at=a.NOW)
    assert told(private.resolver) == []
    assert notices.unread_count(private.resolver) == 0


def test_who_is_dismissed_from_a_private_case_is_told_nothing_of_it(private):
    dismiss(private.prediction.case, private.resolver, by=a.a_person_with("analyst"), at=a.NOW)
    assert told(private.resolver) == []
    assert notices.unread_count(private.resolver) == 0


@pytest.mark.parametrize("lose", ["account", "roles"])
def test_who_loses_the_account_or_the_last_role_is_told_nothing(private, lose):
    who = private.resolver
    if lose == "account":
        who.is_active = False
    else:
        who.groups.clear()
        del who.roles
    assert told(who) == []
    assert notices.unread_count(who) == 0


def test_who_is_no_resolver_any_more_or_forecasts_on_it_is_not_asked_to_assess_it(private):
    who = private.resolver
    forecast_by(other := a.person("other", "resolver", "analyst"), on := a.prediction(a.case(resolvers_asked=2)))
    Assignment.objects.create(prediction=on, resolver=other, assigned_at=a.NOW, assigned_by=other)
    found()
    assert told(other) == []
    who.groups.set(a.a_person_with("viewer").groups.all())
    del who.roles
    assert told(who) == []


def test_nobody_is_shown_anothers_notice(private, people):
    [notice] = Notice.objects.all()
    for user in people.values():
        shown = notices.notice_of(notice.uuid, user, now=a.NOW)
        assert (shown is not None) == (user == private.resolver)


def test_what_was_read_is_no_news(private):
    [notice] = seen(private.resolver)
    [unread] = notices.tell([notice], now=a.NOW)
    assert (unread.is_read, unread.is_news) == (False, True)
    notices.mark_read(private.resolver, at=a.NOW, only=notice.uuid)
    [read] = notices.tell(seen(private.resolver), now=a.NOW)
    assert (read.is_read, read.is_news) == (True, False)
    assert notices.unread_count(private.resolver) == 0


def test_what_was_read_of_ones_own_leaves_others_unread(private, people):
    notices.mark_read(people["viewer"], at=a.NOW)
    assert notices.unread_count(private.resolver) == 1


def test_what_was_done_meanwhile_is_no_news(private):
    a.assessment(private.prediction, by=private.resolver)
    [told_now] = notices.tell(seen(private.resolver), now=a.NOW)
    assert not told_now.is_news


def test_notices_of_every_kind_are_told_in_as_many_queries_for_three_as_for_one(people):
    analyst = people["analyst"]

    def more():
        case = a.case()
        on = a.prediction(case, trigger=a.trigger(case))
        forecast_by(analyst, on)
        a.occurrence(on.trigger)
        a.resolution(on)
        disputed(on, a.a_person_with("viewer"))
        found()

    def queries():
        with CaptureQueriesContext(connection) as asked:
            shown = told(analyst)
        return len(shown), len(asked)

    more()
    first, once = queries()
    more()
    more()
    assert queries() == (3 * first, once)
