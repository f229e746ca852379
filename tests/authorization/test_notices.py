"""Cases 23, 36, 54 and 58: what is told by notices, mails and calendars, to whom, and until when."""

import re
from http import HTTPStatus

import pytest
from django.core import mail

from accounts.models import User
from accounts.roles import Role
from predictions import notices, tasks
from predictions.models import Dispute, DisputeAnswer, Notice, NoticeChoice
from predictions.notices.telling import seen
from predictions.operations.accounts import amend_account, set_password
from predictions.operations.cases import dismiss
from predictions.operations.disputes import answer_dispute, raise_dispute
from predictions.operations.notices import close_calendar, open_calendar
from predictions.operations.triggers import watch_trigger
from tests import builders as a
from tests.authorization.test_independence import grant_to_self
from tests.authorization.world import SECRET, read, session_of

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

TELLING = re.compile(r"\b(met|not_met|cannot tell|annulled|upheld|agree|disagree|adjudicated|alike)\b|\d ?%|\b[01]\.\d")


@pytest.fixture(autouse=True)
def _mails_go(settings):
    settings.SENDS_MAIL, settings.SITE_URL = True, "https://forsooth.example.org"
    mail.outbox = []


def all_told() -> dict[str, list[str]]:
    """Whatever notices say to anybody, in the application and by e-mail."""
    notices.find(at=a.NOW)
    for user in User.objects.all():
        NoticeChoice.objects.get_or_create(user=user, defaults={"by_mail": "at_once"})
    notices.send_mails(at=a.NOW)
    shown = {user.username: [x.text for x in notices.tell(seen(user), now=a.NOW)] for user in User.objects.all()}
    for letter in mail.outbox:
        shown.setdefault(letter.to[0], []).append(letter.subject + letter.body)
    return shown


def test_case_23_before_the_quorum_notices_are_the_same_with_and_without_what_is_hidden(people, world):
    before = all_told()
    world.ben_submits()
    assert all_told() == before
    assert any("You are asked to assess" in text for text in before["ann-quill"])
    assert len(mail.outbox) == 2


def test_case_23_no_notice_and_no_mail_ever_holds_a_verdict_an_outcome_or_a_number(people, world):
    on = world.prediction
    a.forecast(on, "70%")
    world.reach_quorum()
    all_told()
    world.decide()
    tasks.rescore_stale()
    held = {"criterion": on.revision.criteria.get(), "evidence": a.evidence(on), "text": SECRET}
    dispute = raise_dispute(Dispute(prediction=on, **held), by=people["viewer"], at=a.NOW)
    all_told()
    answer = DisputeAnswer(dispute=dispute, is_upheld=False, text=SECRET)
    answer_dispute(answer, by=people["adjudicator"], at=a.NOW)
    texts = [text for told in all_told().values() for text in told]
    assert {str(kind) for kind in Notice.objects.values_list("kind", flat=True)} >= {"resolved", "disputed", "answered"}
    assert SECRET not in str(texts)
    assert [text for text in texts if TELLING.search(text)] == []


def test_case_23_the_page_and_the_count_in_the_sidebar_tell_nothing_of_what_is_hidden(people, world):
    notices.find(at=a.NOW)
    visitors = [session_of(who) for who in (world.ann, *(people[role] for role in Role))]
    before = [read(client, "/notices/") for client in visitors]
    world.ben_submits()
    notices.find(at=a.NOW)
    assert [read(client, "/notices/") for client in visitors] == before


@pytest.mark.parametrize("role", list(Role))
def test_case_23_nobody_opens_anothers_notice(people, world, role):
    notices.find(at=a.NOW)
    for notice in Notice.objects.all():
        assert session_of(people[role]).get(f"/notices/{notice.uuid}/").status_code == HTTPStatus.NOT_FOUND


def test_case_36_a_role_that_an_administrator_takes_is_told_to_every_administrator(people, administrator):
    a.person("other-administrator", "administrator")
    grant_to_self(administrator, "resolver")
    told = all_told()
    informed = {name for name, texts in told.items() if any("gave themselves the role resolver" in x for x in texts)}
    assert informed == {
        "administrator",
        "other-administrator",
        "administrator@example.org",
        "other-administrator@example.org",
    }


@pytest.fixture
def calendar(people):
    """A private case with a trigger that the viewer watches, and the address of their calendar."""
    case = a.case(is_private=True, members=[people["viewer"]])
    watch_trigger(a.trigger(case, expected_at=a.on_day(900)), by=people["viewer"], at=a.NOW)
    return f"/calendar/{open_calendar(people['viewer'], at=a.NOW)}.ics"


def test_case_54_a_calendar_shows_what_its_person_sees_whoever_asks(people, calendar):
    theirs = f"/calendar/{open_calendar(people['analyst'], at=a.NOW)}.ics"
    for visitor in (None, people["viewer"], people["administrator"]):
        client = session_of(visitor)
        assert "Expected: Event" in read(client, calendar)
        assert "Expected" not in read(client, theirs)


@pytest.mark.parametrize("end", ["closed", "replaced", "account"])
def test_case_54_an_address_that_ended_leads_nowhere_and_is_kept_by_nobody(people, administrator, calendar, end):
    client, viewer = session_of(None), people["viewer"]
    answer = client.get(calendar)
    assert answer.status_code == HTTPStatus.OK
    assert {"private", "no-store"} <= set(answer.headers["Cache-Control"].split(", "))
    if end == "account":
        viewer.is_active = False
        amend_account(viewer, by=administrator, at=a.NOW)
    else:
        {"closed": close_calendar, "replaced": open_calendar}[end](viewer, at=a.NOW)
    assert client.get(calendar).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("end", ["closed", "replaced", "account", "password", "opened again"])
def test_case_52_a_link_that_was_revoked_is_gone_for_good_and_no_cache_may_keep_what_it_showed(
    people, administrator, calendar, end
):
    """The address of a calendar is the one link that opens without signing in: case 1 holds the rest."""
    client, viewer = session_of(None), people["viewer"]
    shown = client.get(calendar)
    if end in {"account", "opened again"}:
        for is_active in (False, True)[: 1 + (end == "opened again")]:
            viewer.is_active = is_active
            amend_account(viewer, by=administrator, at=a.NOW)
    elif end == "password":
        set_password(viewer, "another horse another staple", by=viewer, at=a.NOW)
    else:
        {"closed": close_calendar, "replaced": open_calendar}[end](viewer, at=a.NOW)
    gone, never = client.get(calendar), client.get("/calendar/nothing-was-ever-here.ics")
    assert (shown.status_code, gone.status_code, never.status_code) == (200, 404, 404)
    assert gone.content == never.content
    assert {answer.headers["Cache-Control"] for answer in (shown, gone, never)} == {"private, no-store"}


@pytest.mark.parametrize("loss", ["dismissed", "last role"])
def test_case_54_what_its_person_sees_no_longer_leaves_the_calendar(people, calendar, loss):
    viewer = people["viewer"]
    if loss == "dismissed":
        dismiss(viewer.watches.get().trigger.case, viewer, by=a.a_person_with("analyst"), at=a.NOW)
    else:
        viewer.groups.clear()
    assert "VEVENT" not in read(session_of(None), calendar)


def test_case_54_no_page_shows_an_address_again(people, administrator, calendar):
    token = calendar.split("/")[2].removesuffix(".ics")
    viewer = people["viewer"]
    for client, page in (
        (session_of(viewer), "/my-calendar/"),
        (session_of(viewer), "/accounts/user/my-settings/"),
        (session_of(administrator), f"/accounts/user/{viewer.pk}/change/"),
        (session_of(administrator), f"/accounts/user/{viewer.pk}/history/"),
    ):
        assert token not in client.get(page).content.decode()


def test_case_58_a_mail_tells_what_its_reader_may_see_when_it_is_sent(people):
    case = a.case(is_private=True, members=[people["viewer"]])
    watch_trigger(trigger := a.trigger(case), by=people["viewer"], at=a.NOW)
    a.occurrence(trigger)
    NoticeChoice.objects.create(user=people["viewer"], by_mail="at_once")
    tasks.tell()
    dismiss(case, people["viewer"], by=a.a_person_with("analyst"), at=a.NOW)
    tasks.send_mails()
    assert mail.outbox == []
