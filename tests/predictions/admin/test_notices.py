import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Notice
from predictions.operations.assessments import withdraw_assignment
from tests import builders as a
from tests.predictions.notices.people import found

pytestmark = pytest.mark.django_db
PAGE = "/notices/"


@pytest.fixture
def ask(resolver):
    """Makes a notice for `resolver`: they are asked to assess something more."""
    case = a.case(resolvers_asked=2)

    def more():
        [row] = a.assigned(a.prediction(case), resolver)
        found()
        return row

    return more


def badge(client):
    groups = client.get("/").context["sidebar_navigation"]
    [item] = [item for group in groups for item in group["items"] if item["title"] == "Notices"]
    return item.get("badge", "")


def test_without_notices_the_page_says_so(client, resolver):
    client.force_login(resolver)
    assert "No notices yet." in client.get(PAGE).content.decode()
    assert badge(client) == ""


def test_the_page_shows_ones_own_and_the_sidebar_counts_the_unread(client, resolver, viewer, ask):
    row = ask()
    ask()
    client.force_login(resolver)
    page = client.get(PAGE).content.decode()
    assert f"You are asked to assess “{row.prediction}”" in page
    assert page.count("<strong>unread</strong>") == 2
    assert badge(client) == "2"
    client.force_login(viewer)
    assert str(row.prediction) not in client.get(PAGE).content.decode()
    assert badge(client) == ""


def test_opening_a_notice_leads_to_what_it_is_about_and_marks_it_read(client, resolver, ask):
    row = ask()
    client.force_login(resolver)
    answer = client.get(f"{PAGE}{Notice.objects.get().uuid}/")
    assert answer.url == f"/predictions/prediction/{row.prediction_id}/change/#judgement"
    assert badge(client) == ""
    assert "unread" not in client.get(PAGE).content.decode()


def test_all_are_marked_read_at_once(client, resolver, ask):
    ask()
    ask()
    client.force_login(resolver)
    assert client.get(f"{PAGE}read/").status_code == 405
    assert "marked as read" in client.post(f"{PAGE}read/", follow=True).content.decode()
    assert badge(client) == ""


def test_anothers_notice_is_not_found_and_stays_unread(client, viewer, ask):
    ask()
    client.force_login(viewer)
    assert client.get(f"{PAGE}{Notice.objects.get().uuid}/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_what_one_is_asked_no_longer_is_neither_shown_nor_counted(client, resolver, ask):
    withdraw_assignment(ask(), reason="Ill.", by=a.a_person_with("administrator"), at=a.NOW)
    client.force_login(resolver)
    assert "No notices yet." in client.get(PAGE).content.decode()
    assert badge(client) == ""
    assert client.get(f"{PAGE}{Notice.objects.get().uuid}/").status_code == 404


def test_the_badge_counts_no_further_than_it_must(client, resolver):
    [row] = a.assigned(a.prediction(a.case(resolvers_asked=2)), resolver)
    Notice.objects.bulk_create(
        Notice(recipient=resolver, kind="assigned", about=row.uuid, stamp=str(k), made_at=a.NOW) for k in range(105)
    )
    client.force_login(resolver)
    assert badge(client) == "99+"
    assert "1–50 of 105" in client.get(PAGE).content.decode()


def test_three_notices_take_as_many_queries_as_one(client, resolver, ask):
    client.force_login(resolver)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        return len(asked)

    ask()
    queries()
    once = queries()
    ask()
    ask()
    assert queries() == once


def test_the_page_says_how_mails_come(client, resolver):
    client.force_login(resolver)
    assert "By e-mail: once a day, at 07:00 in your time zone." in client.get(PAGE).content.decode()
