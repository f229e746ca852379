"""One mail for each person and time, sent once: however often, by however many, and whatever breaks in between."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from threading import Barrier

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection

from predictions import notices
from predictions.models import Mail, Notice, NoticeChoice
from predictions.notices import mailing
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.cases import dismiss
from predictions.operations.triggers import watch_trigger
from tests import builders as a
from tests.predictions.notices.people import found

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _mails_go(settings):
    settings.SENDS_MAIL, settings.SITE_URL = True, "https://forsooth.example.org"
    mail.outbox = []


class Broken(EmailBackend):
    """A server that refuses, and says more than a log should hold."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({"ann@example.org": (550, b"no such user")})


def choose(user, by_mail, hour=7, zone=""):
    NoticeChoice.objects.update_or_create(user=user, defaults={"by_mail": by_mail, "digest_hour": hour})
    user.zone = zone
    user.save()
    return type(user).objects.get(pk=user.pk)


@pytest.fixture
def ann(people):
    return choose(a.person("ann", "resolver"), "at_once")


def ask(user, count=1):
    """Makes `user` notices, one for each assignment."""
    case = a.case(resolvers_asked=2)
    rows = [row for _ in range(count) for row in a.assigned(a.prediction(case), user)]
    found()
    return rows


def sent(at=a.NOW):
    before = len(mail.outbox)
    notices.send_mails(at=at)
    return mail.outbox[before:]


def test_all_that_is_to_be_told_goes_in_one_mail_and_once(ann):
    ask(ann, 3)
    [letter] = sent()
    assert letter.to == ["ann@example.org"]
    assert letter.subject == "Forsooth: 3 notices (asked to assess)"
    assert letter.body.count("You are asked to assess “") == 3
    assert sent() == sent(a.NOW + 2 * HOUR) == []


def test_a_mail_leads_to_its_notices_and_to_where_mails_are_switched_off(ann):
    ask(ann)
    [letter] = sent()
    site = "https://forsooth.example.org"
    [notice] = Notice.objects.all()
    assert f"{site}/notices/{notice.uuid}/\n" in letter.body
    assert f"{site}/accounts/user/my-settings/" in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<{site}/accounts/user/my-settings/>"
    assert letter.message()["Message-ID"] == f"<{notice.mail.uuid}@forsooth.example.org>"


def test_a_subject_stays_on_one_line_and_short(ann):
    a.assigned(a.prediction(a.case(resolvers_asked=2), statement="So\nit " + "rains " * 60), ann)
    found()
    [letter] = sent()
    assert letter.message() is not None
    assert letter.subject.startswith("Forsooth: You are asked to assess “So it rains")
    assert len(letter.subject) <= 120


@pytest.mark.parametrize("why", ["none", "no address", "no server"])
def test_who_gets_no_mails_gets_none_later_either(ann, settings, why):
    if why == "none":
        choose(ann, "none")
    elif why == "no address":
        type(ann).objects.update(email="")
    else:
        settings.SENDS_MAIL = False
    ask(ann)
    assert sent() == []
    settings.SENDS_MAIL = True
    type(ann).objects.filter(pk=ann.pk).update(email="ann@example.org")
    choose(ann, "at_once")
    assert sent() == []
    assert notices.unread_count(ann) == 1


def test_a_daily_mail_goes_at_its_hour_with_what_was_to_be_told_by_then(ann):
    choose(ann, "daily", hour=14)
    ask(ann, 2)  # at 12:00
    assert sent(a.NOW + timedelta(minutes=119)) == []
    [row] = a.assigned(a.prediction(a.case(resolvers_asked=2)), ann)
    notices.find(at=a.NOW + 2 * HOUR + timedelta(minutes=1))
    [letter] = sent(a.NOW + 3 * HOUR)
    assert letter.body.count("You are asked") == 2
    assert sent(a.NOW + 25 * HOUR) == []
    [next_day] = sent(a.NOW + 26 * HOUR)
    assert str(row.prediction) in next_day.body


@pytest.mark.parametrize("change", ["withdrawn", "dismissed", "closed account", "submitted", "read"])
def test_what_came_to_nothing_before_it_was_sent_is_not_sent(ann, change):
    case = a.case(is_private=True, members=[ann, a.a_person_with("administrator")], resolvers_asked=2)
    [row] = a.assigned(a.prediction(case), ann)
    found()
    mailing._put_together(a.NOW)
    if change == "withdrawn":
        withdraw_assignment(row, reason="Ill.", by=a.a_person_with("administrator"), at=a.NOW)
    elif change == "dismissed":
        dismiss(case, ann, by=a.a_person_with("analyst"), at=a.NOW)
    elif change == "closed account":
        type(ann).objects.filter(pk=ann.pk).update(is_active=False)
    elif change == "submitted":
        a.assessment(row.prediction, by=ann)
    else:
        notices.mark_read(ann, at=a.NOW)
    assert sent() == []
    assert Mail.objects.get().dropped_at == a.NOW


def test_times_are_told_by_the_clock_of_the_reader(ann):
    choose(ann, "at_once", zone="Asia/Tokyo")
    case = a.case()
    watch_trigger(trigger := a.trigger(case), by=ann, at=a.NOW)
    a.occurrence(trigger, at=datetime(2026, 2, 1, 20, tzinfo=UTC))
    found()
    [letter] = sent()
    assert "2 February 2026, 05:00 JST" in letter.body


def test_a_mail_that_could_not_be_sent_is_tried_again_under_the_same_id(ann, settings, caplog):
    ask(ann)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    told = notices.send_mails(at=a.NOW)
    assert (told.sent, told.failed) == (0, 1)
    assert "could not be sent: SMTPRecipientsRefused" in caplog.text
    assert "example.org" not in caplog.text
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sent(a.NOW + timedelta(minutes=4)) == []
    [letter] = sent(a.NOW + timedelta(minutes=5))
    assert letter.extra_headers["Message-ID"] == f"<{Mail.objects.get().uuid}@forsooth.example.org>"
    assert Mail.objects.get().attempt_count == 2


def test_a_mail_that_never_goes_is_given_up_after_five_days(ann, settings, caplog):
    ask(ann)
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    for hours in range(0, 130, 4):
        notices.send_mails(at=a.NOW + hours * HOUR)
    assert "is given up" in caplog.text
    assert Mail.objects.get().dropped_at is not None
    assert notices.unread_count(ann) == 1


def test_one_broken_mail_does_not_stop_the_others(ann, monkeypatch):
    bob = choose(a.person("bob", "resolver"), "at_once")
    ask(ann)
    ask(bob)

    def refuse_ann(self, messages):
        if messages[0].to == ["ann@example.org"]:
            raise OSError("cut off")
        return super(Choosy, self).send_messages(messages)

    monkeypatch.setattr(Choosy, "send_messages", refuse_ann, raising=False)
    monkeypatch.setattr("django.conf.settings.EMAIL_BACKEND", f"{__name__}.Choosy")
    assert [letter.to for letter in sent()] == [["bob@example.org"]]


class Choosy(EmailBackend):
    pass


def test_a_kill_between_claim_and_sending_repeats_it_later_under_the_same_id(ann):
    ask(ann)
    mailing._put_together(a.NOW)
    row = Mail.objects.get()
    assert mailing._claim(row.pk, a.NOW)  # and here the process is killed
    assert sent(a.NOW + timedelta(minutes=29)) == []
    [letter] = sent(a.NOW + timedelta(minutes=30))
    assert letter.extra_headers["Message-ID"] == f"<{row.uuid}@forsooth.example.org>"
    assert sent(a.NOW + 9 * HOUR) == []


def test_a_kill_between_sending_and_saying_so_repeats_the_same_mail(ann):
    ask(ann)
    [first] = sent()
    Mail.objects.update(sent_at=None)
    [second] = sent(a.NOW + HOUR)
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_of_two_who_claim_a_mail_one_gets_it(ann):
    ask(ann)
    mailing._put_together(a.NOW)
    key = Mail.objects.get().pk
    assert [mailing._claim(key, a.NOW), mailing._claim(key, a.NOW)] == [True, False]


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its tests in one connection")
def test_two_workers_at_once_find_once_and_send_once(ann):
    people = [ann, *(choose(a.person(f"ann-{k}", "resolver"), "at_once") for k in range(3))]
    case = a.case(resolvers_asked=2)
    for user in people:
        a.assigned(a.prediction(case), user)
    Notice.objects.all().delete()  # those that the commits brought about
    start = Barrier(4)

    def work():
        try:
            start.wait(10)
            notices.find(at=a.NOW)
            notices.send_mails(at=a.NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work) for _ in range(4)]:
            done.result(30)
    notices.send_mails(at=a.NOW)
    told = [(letter.to, re.findall("“(Statement [^”]*)”", letter.body)) for letter in mail.outbox]
    assert sorted(to for [to], _ in told) == sorted(user.email for user in people)
    assert Notice.objects.count() == len({text for _, [text] in told}) == len(people)
