"""Cases 50 and 51: until its embargo ends a case is seen by its people alone, and from that instant by everybody."""

from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest
from django.utils import timezone

from accounts.roles import Role
from predictions import notices, tasks
from predictions.models import Case, LedgerEntry, Source
from predictions.operations.cases import amend_case
from predictions.operations.notices import open_calendar
from predictions.operations.triggers import watch_trigger
from predictions.queries.scorecard_selection import Selection
from predictions.queries.scorecards import scorecard
from tests import builders as a
from tests.authorization.world import EXPORTS, KINDS, SHELVES, WORKLISTS, read, session_of, token_of
from tests.journeys.test_role_matrix import addresses

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

SECRET = "zyzzyva"
"""Stands in every text of the embargoed case, and nowhere else."""
MICROSECOND = timedelta(microseconds=1)
OUTSIDERS = [role for role in Role if role != Role.ANALYST]
CARDS = ("/scorecards/", "/scorecards/card/", "/scorecards/league/", "/scorecards/card/?theme=zyzzyva", *EXPORTS)
PAGES = ["/", "/notices/", "/agreement/", f"/search/?s={SECRET}", "/documents/compare/", *CARDS]
PAGES += [f"/worklists/{name}/" for name in WORKLISTS]
PAGES += [f"/predictions/{kind}/" for kind in (*KINDS, "source", "quote", "trigger", "capture", "codingrequest")]
PAGES += [f"/predictions/{kind}/?q={SECRET}" for kind in ("case", "prediction", "source", "quote", "ledgerentry")]
OPENING = {"/scorecards/", "/predictions/prediction/", "/predictions/case/", "/predictions/ledgerentry/"}
CHOICES = [("forecast", "prediction"), ("evidence", "prediction"), ("quote", "source"), ("forecast", "quote")]
PAGES += [
    f"/autocomplete/?app_label=predictions&model_name={kind}&field_name={field}&term={SECRET}"
    for kind, field in CHOICES
]


@pytest.fixture
def held(people):
    """A resolved and scored prediction of a case under embargo for an hour. Of all roles the analyst is among its
    people."""
    until = timezone.now() + timedelta(hours=1)
    texts = {"title": f"Title {SECRET}", "external_id": SECRET, "description": f"About {SECRET}"}
    members = [a.a_person_with("analyst"), a.a_person_with("resolver"), people["analyst"]]
    case = a.case(embargoed_until=until, members=members, **texts)
    source = a.source(case, title=f"Paper {SECRET}", publisher=f"Press {SECRET}")
    trigger = a.trigger(case, statement=f"Event {SECRET}", expected_at=a.on_day(900))
    prediction = a.prediction(case, statement=f"It comes to {SECRET}", theme=SECRET, trigger=trigger)
    a.forecast(prediction, quote=a.quote(source, exact=f"likely {SECRET}"))
    a.forecast(prediction, words="40%")
    a.evidence(prediction, source=source, note=f"Seen: {SECRET}")
    a.capture(f"It is likely that {SECRET} comes.", case=case, title=f"Capture {SECRET}")
    a.resolution(prediction)
    tasks.rescore([prediction.pk])
    return prediction


def lapse(case, by=MICROSECOND):
    """As if the time had come: the row alone is touched, so that nothing but the clock can tell."""
    Case.objects.filter(pk=case.pk).update(embargoed_until=timezone.now() - by)


def words_of(client, pages):
    """How often each page tells the secret, beyond what its own address made it repeat."""
    return {page: read(client, page).count(SECRET) for page in pages}


def test_case_50_no_page_list_or_choice_tells_of_a_case_under_embargo(people, held):
    """Asked by one who holds every role but is not among its people."""
    client = session_of(a.person("outsider", *Role))
    before = words_of(client, PAGES)
    assert {page for page, count in before.items() if count and SECRET not in page} == set()
    lapse(held.case)
    after = words_of(client, PAGES)
    assert {*OPENING, f"/predictions/prediction/?q={SECRET}"} <= {page for page in PAGES if after[page] > before[page]}


def test_case_50_nor_does_the_api(people, held):
    programs = [token_of(people[role]) for role in OUTSIDERS]
    own = [f"/api/predictions/{held.uuid}/", f"/api/cases/{held.case.uuid}/matrix/"]
    for program in programs:
        assert {shelf for shelf in SHELVES if program.get(f"/api/{shelf}/").json()["results"]} == set()
        assert {program.get(address).status_code for address in own} == {404}
    lapse(held.case)
    for program in programs:
        assert {"cases", "predictions", "forecasts", "evidence", "resolutions"} <= {
            shelf for shelf in SHELVES if program.get(f"/api/{shelf}/").json()["results"]
        }
        assert {program.get(address).status_code for address in own} == {200}


def test_case_50_nor_does_a_receipt(people, held):
    seq = held.forecasts.order_by("pk").first().entry_id
    doors = {session_of(people["viewer"]): f"/ledger/receipts/{seq}.json"}
    doors |= {token_of(people["administrator"]): f"/api/receipts/{seq}/"}
    assert {client.get(address).status_code for client, address in doors.items()} == {404}
    lapse(held.case)
    assert {client.get(address).status_code for client, address in doors.items()} == {200}


def test_case_50_its_people_see_it_all_along(people, held):
    client = session_of(people["analyst"])
    assert SECRET in read(client, f"/predictions/prediction/{held.pk}/change/")
    assert SECRET in read(client, "/scorecards/")


def counted(user):
    return scorecard(Selection(), user=user, now=timezone.now()).n


def test_case_50_no_scorecard_counts_it_before_and_a_kept_one_does_not_last_past_the_boundary(people, held):
    """Nothing is written in between: a figure that was kept must not be told again from the instant on, nor before."""
    viewer, insider = people["viewer"], people["analyst"]
    n = counted(insider)
    assert [counted(viewer), counted(viewer), counted(insider)] == [0, 0, n]
    lapse(held.case)
    assert counted(viewer) == n > 0
    Case.objects.filter(pk=held.case_id).update(embargoed_until=timezone.now() + timedelta(hours=1))
    assert counted(viewer) == 0


def test_case_50_nobody_is_told_by_notice_mail_or_calendar_before(people, held):
    viewer = people["viewer"]
    case = Case.objects.get(pk=held.case_id)
    Case.objects.filter(pk=case.pk).update(embargoed_until=None)
    watch_trigger(held.trigger, by=viewer, at=a.NOW)
    Case.objects.filter(pk=case.pk).update(embargoed_until=case.embargoed_until)
    calendar = f"/calendar/{open_calendar(viewer, at=a.NOW)}.ics"
    a.occurrence(a.trigger(case, statement=f"Another {SECRET}"))
    notices.find(at=timezone.now())
    client = session_of(viewer)
    assert SECRET not in read(client, "/notices/") + read(session_of(None), calendar)
    lapse(case)
    assert SECRET in read(session_of(None), calendar)


def test_case_50_there_is_no_feed_map_or_picture_of_a_scorecard():
    """Whoever adds one asks `visible_to` in it, and says so here."""
    names = [
        each for each in addresses() if any(word in each for word in ("feed", "rss", "atom", "sitemap", "og-image"))
    ]
    assert names == []


# --- the boundary ------------------------------------------------------------------------------------------------


def test_case_51_the_boundary_is_the_very_microsecond(viewer):
    until = a.on_day(400) + timedelta(microseconds=7)
    case = a.case(embargoed_until=until)
    for at, is_open in ((until - MICROSECOND, False), (until, True), (until + MICROSECOND, True)):
        assert Case.objects.visible_to(viewer, at=at).exists() == is_open
        assert case.is_closed(at) != is_open


@pytest.mark.parametrize("whole", [True, False], ids=["on the second", "between seconds"])
def test_case_51_both_doors_open_at_that_microsecond(monkeypatch, viewer, whole):
    until = (timezone.now() + timedelta(hours=1)).replace(microsecond=0 if whole else 123_457)
    source = a.source(a.case(embargoed_until=until))
    doors = {session_of(viewer): f"/predictions/source/{source.pk}/change/", token_of(viewer): "/api/sources/"}
    told = []
    for at in (until - MICROSECOND, until, until + MICROSECOND):
        monkeypatch.setattr(timezone, "now", lambda at=at: at)
        answers = [client.get(address) for client, address in doors.items()]
        told.append((answers[0].status_code, len(answers[1].json()["results"])))
    assert told == [(404, 0), (200, 1), (200, 1)]


ENTERED = {"title": "T", "external_id": "held", "selection": "All.", "resolvers_asked": 2, "notice_hours": 48}
INPUTS = [
    ("Asia/Tokyo", "2099-12-01 09:00", datetime(2099, 12, 1, tzinfo=UTC)),
    ("Asia/Tokyo", "2099-12-01", datetime(2099, 11, 30, 15, tzinfo=UTC)),
    ("Asia/Tokyo", "2099-12-01T09:00:00.000001+09:00", datetime(2099, 12, 1, 0, 0, 0, 1, tzinfo=UTC)),
    ("Europe/Paris", "2027-07-01 09:00", datetime(2027, 7, 1, 7, tzinfo=UTC)),
    ("Europe/Paris", "2027-12-01 09:00", datetime(2027, 12, 1, 8, tzinfo=UTC)),
    ("Europe/Paris", "2027-10-31T02:30:00+01:00", datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ("Europe/Paris", "2027-10-31T02:30:00+02:00", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
]


@pytest.mark.parametrize(("zone", "typed", "instant"), INPUTS, ids=[f"{zone} {typed}" for zone, typed, _ in INPUTS])
def test_case_51_a_time_is_read_in_the_zone_of_the_case_whatever_the_readers(analyst, zone, typed, instant):
    analyst.zone = "America/New_York"
    analyst.save()
    client = session_of(analyst)
    entered = ENTERED | {"zone": zone, "embargo": typed}
    assert client.post("/predictions/case/add/", entered).status_code == HTTPStatus.FOUND
    case = Case.objects.get()
    assert case.embargoed_until == instant
    page = f"/predictions/case/{case.pk}/change/"
    shown = client.get(page).context["adminform"].form["embargo"].value()
    assert client.post(page, entered | {"embargo": shown}).status_code == HTTPStatus.FOUND
    case.refresh_from_db()
    assert case.embargoed_until == instant
    assert LedgerEntry.objects.count() == 1  # what is shown is what was meant: saving it again changes nothing


REFUSED = [
    ("Europe/Paris", "2027-10-31 02:30", "strike it twice"),
    ("Europe/Paris", "2027-03-28 02:30", "skip this time"),
    ("UTC", "2027-12", "Give a day"),
    ("UTC", "2027-01-01 to 2027-02-01", "Give a day"),
    ("UTC", "soon", "That is no time"),
    ("UTC", "2020-01-01 09:00", "This time has passed"),
]


@pytest.mark.parametrize(("zone", "typed", "words"), REFUSED, ids=[typed for _, typed, _ in REFUSED])
def test_case_51_a_time_that_is_none_or_two_is_refused_at_its_field(analyst, zone, typed, words):
    client = session_of(analyst)
    answer = client.post("/predictions/case/add/", ENTERED | {"zone": zone, "embargo": typed})
    errors = answer.context["adminform"].form.errors
    assert words in str(errors.get("embargo") or errors.get("embargoed_until") or errors)
    assert not Case.objects.exists()


def test_case_51_what_was_captured_meanwhile_is_seen_with_the_rest(viewer):
    case = a.case(embargoed_until=timezone.now() + timedelta(hours=1))
    a.capture(case=case)
    assert not Source.objects.visible_to(viewer).exists()
    lapse(case)
    assert Source.objects.visible_to(viewer).count() == 1


def test_case_51_ending_an_embargo_early_is_on_record(analyst):
    case = a.case(by=analyst, embargoed_until=timezone.now() + timedelta(hours=1))
    case.embargoed_until = None
    amend_case(case, by=analyst, at=timezone.now())
    told = read(session_of(analyst), f"/predictions/case/{case.pk}/history/")
    assert "embargo from" in told
    assert "to none" in told
