"""Cases 1 to 10: who gets in, and who may write what."""

import re
from datetime import timedelta
from http import HTTPStatus

import pytest

from accounts.models import User
from accounts.roles import Role
from predictions.models import Dispute, Forecast, LedgerEntry
from predictions.models.times import iso_utc
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from tests import builders as a
from tests.authorization.world import api_about, sent, session_of, token_of
from tests.journeys.test_role_matrix import addresses, expected, sign

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

HASHES = "/ledger/tile/<int:level>/<path:number>"  # tests of views/ledger
OPEN_TO_ALL = {"/favicon.ico", "/login/", "/logout/", "/api/tokens/", "/ledger/checkpoint", "/ledger/keys", HASHES}
OPEN_TO_ALL |= {"/livez", "/readyz", "/ledger/", "/ledger/verify_receipt.py"}
OPEN_TO_ALL |= {"/login/forgotten/", "/login/forgotten/sent/", "/login/forgotten/done/"}
BY_A_MAIL = {"/login/forgotten/<slug:uidb36>/<str:key>/"}  # whoever holds no key is told so: tests of admin/sign_in
OPEN_TO_ALL |= BY_A_MAIL
BY_A_PROVIDER = {"/login/with/<slug:provider_id>/", "/login/with/<slug:provider_id>/back/"}
MORE_ADDRESSES = """
/api/assignments/{id}/                 -nooooo -nmmmmm
/api/assessments/{id}/                 -nooooo -nmmmmm
/api/disputes/{id}/                    -nooooo -nmmmmm
/predictions/assessment/{id}/history/  --ooooo --ooooo
/predictions/assessment/{id}/delete/   --nnnnn --nnnnn
/predictions/assessment/{id}/change/   --ooooo --nnnnn
/predictions/assessment/{id}/          --ooooo --ooooo
/predictions/dispute/{id}/answer/      --nnnon --nnnon
/predictions/dispute/{id}/history/     --ooooo --ooooo
/predictions/dispute/{id}/delete/      --nnnnn --nnnnn
/predictions/dispute/{id}/change/      --ooooo --nnnnn
/predictions/dispute/{id}/             --ooooo --ooooo
"""
MORE = {line.split()[0]: line.split()[1:] for line in MORE_ADDRESSES.strip().splitlines()}
CATCH_ALL = {"/r/<path:content_type_id>/{id}/", "/(?P<app_label>accounts|predictions)/", "/(?P<url>.*)"}
OF_ONE_PERSON = {"/notices/<uuid:uuid>/", "/calendar/<str:token>.ics"}  # whoever else asks: cases 23 and 54
OF_ONE_PERSON |= {f"/my-sign-in/passkeys/<int:pk>/{each}/" for each in ("remove", "rename")}
OF_ONE_PERSON |= {"/my-sign-in/sessions/<int:key>/end/"}
BY_TWO_KEYS = {"/reading/{id}/<uuid:snapshot>/"}  # an older text, as the newest: tests of views/reading
ALL = list(dict.fromkeys(addresses()))


def concrete(address, pk=1):
    return re.sub(r"\(\?P<url>.*\)|\(\?P<app_label>.*\)|<[^>]*>", "predictions", address).replace("{id}", str(pk))


def test_case_01_anonymous_gets_nothing_from_any_address(client, administrator):
    closed = [each for each in ALL if each not in OPEN_TO_ALL]
    for address in closed:
        for method in ("get", "post"):
            answer = getattr(client, method)(concrete(address))
            assert sign(answer) in {"-", "0", "m"}, (address, method, answer.status_code)
    plain = [each for each in closed if concrete(each) == each]
    somebody = session_of(administrator)
    assert sum(sign(somebody.get(each)) == "o" for each in plain) > len(plain) / 2


def test_case_02_every_address_stands_in_a_table_of_roles():
    assert set(ALL) - set(expected()) - set(
        MORE
    ) - CATCH_ALL == OF_ONE_PERSON | BY_TWO_KEYS | BY_A_MAIL | BY_A_PROVIDER | {HASHES}


def test_case_02_what_is_judged_opens_to_whom_the_table_says(people, world):
    world.reach_quorum()
    world.decide()
    on = world.prediction
    held = {"criterion": on.revision.criteria.get(), "evidence": a.evidence(on), "text": "It was dry."}
    dispute = raise_dispute(Dispute(prediction=on, **held), by=a.a_person_with("analyst"), at=a.NOW)
    rows = {"assignment": on.assignments.first(), "assessment": on.assessments.first(), "dispute": dispute}
    visitors = [session_of(who) for who in (None, people["nobody"], *(people[role] for role in Role))]
    told = {}
    for address in MORE:
        row = rows[address.split("/")[2].removesuffix("s")]
        url = address.replace("{id}", str(row.uuid if address.startswith("/api/") else row.pk))
        told[address] = ["".join(sign(getattr(who, method)(url)) for who in visitors) for method in ("get", "post")]
    assert told == MORE


@pytest.mark.parametrize("role", list(Role))
def test_case_02_no_role_changes_or_deletes_anything_by_the_api(people, world, role):
    world.reach_quorum()
    world.decide()
    client, before = token_of(people[role]), LedgerEntry.objects.count()
    for address in api_about(world.prediction):
        assert client.get(address).status_code == HTTPStatus.OK
        told = {getattr(client, method)(address).status_code for method in ("put", "patch", "delete")}
        assert told == {HTTPStatus.METHOD_NOT_ALLOWED}
    assert LedgerEntry.objects.count() == before


@pytest.fixture
def private(people):
    """A private case with one of everything; of all roles only the analyst, a member, sees it."""
    resolver, member = a.a_person_with("resolver"), people["analyst"]
    everybody = [a.a_person_with("analyst"), resolver, member]
    case = a.case(by=a.a_person_with("administrator"), is_private=True, resolvers_asked=1, members=everybody)
    prediction = a.prediction(case, trigger=a.trigger(case))
    source = a.source(case)
    rows = {"cases": case, "sources": source, "quotes": a.quote(source), "predictions": prediction}
    rows |= {"forecasts": a.forecast(prediction), "evidence": a.evidence(prediction, source=source)}
    [rows["assignments"]] = a.assigned(prediction, resolver)
    return rows | {"assessments": a.assessment(prediction, by=resolver)}


STRANGERS = [role for role in Role if role != Role.ANALYST]
SINGULAR = {"cases": "case", "sources": "source", "quotes": "quote", "predictions": "prediction"}
SINGULAR |= {"forecasts": "forecast", "evidence": "evidence", "assessments": "assessment"}


@pytest.mark.parametrize("role", STRANGERS)
def test_case_03_what_is_anothers_is_not_found_by_its_id(people, private, role):
    api, admin, member = token_of(people[role]), session_of(people[role]), session_of(people["analyst"])
    for shelf, row in private.items():
        address = f"/api/{shelf}/{row.uuid}/"
        assert api.get(address).status_code == HTTPStatus.NOT_FOUND
        assert member.get(address).status_code == (404 if shelf == "assessments" else 200)
    for shelf, kind in SINGULAR.items():
        for page in ("change", "history"):
            address = f"/predictions/{kind}/{private[shelf].pk}/{page}/"
            assert admin.get(address).status_code == HTTPStatus.NOT_FOUND, address
            assert member.get(address).status_code == (404 if shelf == "assessments" else 200), address


@pytest.mark.parametrize("role", list(Role))
def test_case_03_nobody_elses_account_is_read_but_by_administrators(people, role):
    address = f"/accounts/user/{a.person('somebody').pk}/change/"
    expected_status = HTTPStatus.OK if role == Role.ADMINISTRATOR else HTTPStatus.FORBIDDEN
    assert session_of(people[role]).get(address).status_code == expected_status


def test_case_04_what_is_anothers_is_not_changed(people, private, world):
    source, other = private["sources"], a.person("other", "analyst")
    address = f"/predictions/source/{source.pk}/change/"
    entered = {"case": source.case_id, "title": "Renamed", "zone": "Asia/Tokyo", "reliability": "B"}
    assert session_of(other).post(address, entered).status_code == HTTPStatus.NOT_FOUND
    source.refresh_from_db()
    assert source.title != "Renamed"
    assert session_of(people["analyst"]).post(address, entered).status_code == HTTPStatus.FOUND
    source.refresh_from_db()
    assert source.title == "Renamed"


def test_case_04_the_api_patches_nothing_whether_it_is_there_or_not(world):
    hidden = world.ben_submits()
    answers = [token_of(world.ann).patch(f"/api/assessments/{uuid}/") for uuid in (hidden.uuid, world.prediction.uuid)]
    assert [answer.status_code for answer in answers] == [HTTPStatus.METHOD_NOT_ALLOWED] * 2
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("role", list(Role))
def test_case_05_a_forecast_is_never_changed_or_deleted(people, role):
    row = a.forecast()
    client = token_of(people[role])
    assert client.get(f"/api/forecasts/{row.uuid}/").status_code == HTTPStatus.OK
    body = {"data": '{"probability": 0.1}', "content_type": "application/json"}
    for method in ("put", "patch", "delete"):
        assert getattr(client, method)(f"/api/forecasts/{row.uuid}/", **body).status_code == 405
    admin = session_of(people[role]).post(f"/predictions/forecast/{row.pk}/change/", {"words": "10%"})
    assert admin.status_code == HTTPStatus.FORBIDDEN
    assert Forecast.objects.get().probability == row.probability


def sender(people, world, who):
    return token_of(world.ann if who == "ann" else people[who])


OURS = ["actor", "at", "seq", "role", "recorded_by", "resolver_id", "submitted_at", "origin", "uuid"]


@pytest.mark.parametrize("shelf", ["forecasts", "evidence", "assignments", "assessments", "disputes", "captures"])
def test_case_06_nobody_assigns_what_we_write_ourselves(people, world, bodies, shelf):
    who, body = bodies[shelf]
    client, before = sender(people, world, who), LedgerEntry.objects.count()
    for field in OURS:
        answer = sent(client, f"/api/{shelf}/", body | {field: "1"})
        assert (answer.status_code, list(answer.json())) == (HTTPStatus.BAD_REQUEST, [field])
    assert LedgerEntry.objects.count() == before
    assert sent(client, f"/api/{shelf}/", body).status_code == HTTPStatus.CREATED


def test_case_06_nobody_gives_themselves_a_role_by_way_of_a_form(people, analyst):
    entered = {
        "zone": "Asia/Tokyo",
        "by_mail": "daily",
        "digest_hour": "7",
        "user": "1",
        "roles": "administrator",
        "is_superuser": "on",
        "is_staff": "on",
    }
    assert session_of(analyst).post("/accounts/user/my-settings/", entered).status_code == HTTPStatus.FOUND
    kept = User.objects.get(pk=analyst.pk)
    assert (kept.zone, kept.roles, kept.is_superuser) == ("Asia/Tokyo", {"analyst"}, False)


def put(who, name, on, **fields):
    """Sends a forecast by `who` in the name of `name`."""
    body = {"prediction": str(on.uuid), "forecaster": str(name.uuid), "words": "60%", "issued": "2026-01-15"}
    return sent(token_of(who), "/api/forecasts/", body | fields)


@pytest.fixture
def own_forecast(analyst, in_own_name):
    """Puts a forecast of the analyst in their own name on a prediction."""

    def log(on):
        row = Forecast(prediction=on, forecaster=in_own_name(analyst), words="70%", issued_at=a.on_day(1))
        return log_forecast(row, by=analyst, at=a.NOW)

    return log


def test_case_07_nobody_replaces_the_forecast_of_another(analyst, own_forecast, in_own_name):
    other, on = a.person("other", "analyst"), a.prediction(closes_at=a.on_day(10_000))
    first, name = own_forecast(on), in_own_name(other)
    replacing = {"supersedes": str(first.uuid), "reason": "Misread."}
    assert put(other, name, on, **replacing).status_code == HTTPStatus.BAD_REQUEST
    assert put(other, first.forecaster, on, **replacing).status_code == HTTPStatus.FORBIDDEN
    assert put(analyst, first.forecaster, on, **replacing).status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(("state", "status"), [("open", 201), ("closed", 400), ("resolved", 400)])
def test_case_08_ones_own_forecast_stands_once_it_is_closed_or_resolved(people, analyst, own_forecast, state, status):
    on = a.prediction(closes_at=a.on_day(100 if state == "closed" else 10_000))
    first = own_forecast(on)
    if state == "resolved":
        a.resolution(on)
    replacing = {"supersedes": str(first.uuid), "reason": "Misread."}
    assert put(people["adjudicator"], first.forecaster, on, **replacing).status_code == HTTPStatus.FORBIDDEN
    answer = put(analyst, first.forecaster, on, **replacing)
    assert answer.status_code == status
    assert status == HTTPStatus.CREATED or list(answer.json()) == ["supersedes"]


def test_case_08_a_decision_is_replaced_by_an_adjudicator_with_a_reason_alone(people):
    on = a.prediction()
    first = a.resolution(on)
    address = f"/predictions/resolution/add/?prediction={on.pk}"
    entered = {"verdict_a": "not_met", "outcome": "no", "known": "2026-02-20", "supersedes": first.pk}
    by_resolver = session_of(people["resolver"]).post(address, entered | {"reason": "Misread."})
    without = session_of(people["adjudicator"]).post(address, entered)
    assert (by_resolver.status_code, without.status_code) in {(403, 200), (409, 200)}
    on.refresh_from_db()
    assert on.resolution == first
    session_of(people["adjudicator"]).post(address, entered | {"reason": "Misread."})
    on.refresh_from_db()
    assert on.resolution.supersedes == first


@pytest.mark.parametrize(("microseconds", "status"), [(-1, 201), (0, 400), (1, 400)])
@pytest.mark.parametrize("by", ["schedule", "trigger"])
def test_case_09_no_forecast_is_issued_from_the_close_on(analyst, by, microseconds, status):
    case, close = a.case(), a.on_day(50)
    on = a.prediction(case, trigger=a.trigger(case), closes_at=close if by == "schedule" else a.on_day(90))
    if by == "trigger":
        a.occurrence(on.trigger, close)
    body = {"prediction": str(on.uuid), "forecaster": str(a.forecaster().uuid), "words": "60%"}
    body["issued"] = iso_utc(close + timedelta(microseconds=microseconds))
    assert sent(token_of(analyst), "/api/forecasts/", body).status_code == status


@pytest.mark.parametrize("shelf", ["forecasts", "evidence", "assignments", "assessments"])
def test_case_10_a_viewer_creates_nothing_by_the_api(people, world, bodies, shelf):
    who, body = bodies[shelf]
    assert sent(token_of(people["viewer"]), f"/api/{shelf}/", body).status_code == HTTPStatus.FORBIDDEN
    assert sent(sender(people, world, who), f"/api/{shelf}/", body).status_code == HTTPStatus.CREATED


ADDING = {"case": "analyst", "source": "analyst", "trigger": "analyst", "prediction": "analyst", "quote": "analyst"}
ADDING |= {"forecaster": "analyst", "forecast": "analyst", "evidence": "analyst", "resolution": "resolver"}


def test_case_10_no_page_on_which_something_is_added_opens_to_a_viewer(people):
    viewer = session_of(people["viewer"])
    for kind, role in ADDING.items():
        address = f"/predictions/{kind}/add/"
        assert viewer.get(address).status_code == viewer.post(address).status_code == HTTPStatus.FORBIDDEN
        assert session_of(people[role]).get(address).status_code in {HTTPStatus.OK, HTTPStatus.FOUND}, kind
