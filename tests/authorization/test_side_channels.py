"""Cases 21 to 30: nothing beside the answer itself tells what is hidden."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from predictions import merkle, scorekeeping
from predictions.models import Assessment, LedgerEntry, Prediction
from predictions.operations.assessments import withdraw_assignment
from predictions.operations.triggers import undo_occurrence
from tests import builders as a
from tests.authorization.world import (
    EXPORTS,
    SECRET,
    VARYING,
    World,
    api_about,
    everything,
    listed,
    pages_about,
    read,
    sent,
    session_of,
    token_of,
)

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

FOUND = {"verdict_a": "not_met", "outcome": "no", "confidence": "low", "rationale": "It did not."}


def judged(world: World, **more):
    body = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "not_met"}, "outcome": 0}
    return body | {"confidence": "low", "rationale": "It did not."} | more


def add_page(world):
    return f"/predictions/assessment/add/?prediction={world.prediction.pk}"


def test_case_21_no_header_or_time_of_change_is_moved_by_what_is_hidden(world):
    client, addresses_told = token_of(world.ann), [*api_about(world.prediction), *EXPORTS]

    def stamps():
        return {address: headers for address, (_, _, headers) in everything(client, addresses_told).items()}

    before = stamps()
    world.ben_submits()
    assert stamps() == before
    assert all({"ETag", "Last-Modified"}.isdisjoint(headers) for headers in before.values())
    told = "".join(read(client, address) for address in addresses_told)
    assert "created_at" in told
    assert "updated_at" not in told
    assert "modified" not in told


def test_case_22_nobody_may_keep_a_copy_of_an_answer(people, world):
    world.reach_quorum()
    world.decide()
    client = session_of(people["administrator"])
    for address in pages_about(world.prediction):
        answer = client.get(address)
        assert answer.status_code in {HTTPStatus.OK, HTTPStatus.FORBIDDEN}, address
        assert answer.status_code == HTTPStatus.FORBIDDEN or "no-store" in answer.headers["Cache-Control"], address


def test_case_22_the_same_address_tells_each_reader_what_they_may_see(world):
    world.ben_submits()
    ann, ben = session_of(world.ann), session_of(world.ben)
    own = f"/predictions/prediction/{world.prediction.pk}/change/"
    for _ in range(2):
        assert [SECRET in read(client, "/api/assessments/") for client in (ben, ann)] == [True, False]
        assert ["Not met" in read(client, own) or "not met" in read(client, own) for client in (ben, ann)] == [
            True,
            False,
        ]


def test_case_22_figures_that_are_remembered_are_told_to_nobody_who_may_not_see_them(people):
    members = [a.a_person_with("analyst"), a.a_person_with("resolver"), people["analyst"]]
    case = a.case(by=a.a_person_with("administrator"), is_private=True, resolvers_asked=0, members=members)
    a.forecast(on := a.prediction(case, statement="Undisclosed matters come out"), "31.4159%")
    a.resolution(on)
    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW)
    member, stranger = session_of(people["analyst"]), session_of(people["viewer"])
    for address in ("/scorecards/card.csv", "/scorecards/card.json", "/api/scorecards/", "/scorecards/card/"):
        told = ["Undisclosed" in read(client, address) for client in (member, stranger, member, stranger)]
        assert told == [True, False, True, False], address
    told = [client.get("/api/scorecards/").json()["n"] for client in (member, stranger)]
    assert told == [1, 0]


def test_case_25_a_refusal_does_not_tell_whether_another_has_submitted(world, dan):
    bodies = [judged(world, verdicts={}), judged(world, supersedes=str(uuid4()), reason="Misread.")]

    def refusals():
        told = [sent(token_of(who), "/api/assessments/", body) for who in (world.ann, dan) for body in bodies]
        told += [session_of(who).post(add_page(world), {"verdict_a": ""}) for who in (world.ann, dan)]
        return [(answer.status_code, VARYING.sub("", answer.content.decode())) for answer in told]

    before = refusals()
    world.ben_submits()
    assert refusals() == before
    assert {status for status, *_ in before} == {200, 400, 403}


def test_case_25_who_submits_twice_is_told_nothing_of_what_was_found(world):
    world.ben_submits()
    again = sent(token_of(world.ben), "/api/assessments/", judged(world, verdicts={"a": "met"}, outcome=1))
    assert again.status_code == HTTPStatus.CONFLICT
    assert "You have submitted" in again.content.decode()
    assert "met" not in again.content.decode().replace("submitted", "")


@pytest.mark.parametrize("role", ["ann", *Role])
def test_case_26_no_export_holds_what_is_hidden(people, world, role):
    client = session_of(world.ann if role == "ann" else people[role])
    a.forecast(world.prediction)
    before = everything(client, EXPORTS)
    world.ben_submits()
    assert everything(client, EXPORTS) == before
    world.ann_submits()
    world.decide()
    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW)
    after = everything(client, EXPORTS)
    assert all(after[address] != before[address] for address in EXPORTS)
    assert SECRET not in str(after)


def test_case_26_no_workbook_holds_what_is_hidden(world):
    a.forecast(world.prediction)
    client = session_of(world.ann)

    def workbook():
        with ZipFile(BytesIO(client.get("/scorecards/card.xlsx").content)) as parts:
            return {name: parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/")}

    before = workbook()
    world.ben_submits()
    assert VARYING.sub("", str(workbook())) == VARYING.sub("", str(before))
    world.ann_submits()
    world.decide()
    scorekeeping.rescore(Prediction.objects.all(), at=a.NOW)
    assert VARYING.sub("", str(workbook())) != VARYING.sub("", str(before))
    assert SECRET not in str(workbook())


def test_case_27_the_entry_of_what_is_hidden_is_shown_to_its_author_alone(people, world, dan):
    entry = world.ben_submits().entry_id
    places = [f"/predictions/ledgerentry/{entry}/{page}/" for page in ("change", "history")]
    places += [f"/ledger/receipts/{entry}.json", f"/ledger/receipts/{entry}.tlog-proof"]
    places += [f"/api/receipts/{entry}/", f"/api/receipts/{entry}/tlog-proof/"]
    digest = LedgerEntry.objects.get(pk=entry).commit
    for who in (world.ann, dan, *(people[role] for role in Role)):
        client = session_of(who)
        assert {client.get(place).status_code for place in places} == {HTTPStatus.NOT_FOUND}
        assert digest not in client.get("/predictions/ledgerentry/").content.decode()
    ben = session_of(world.ben)
    assert {ben.get(place).status_code for place in places} == {HTTPStatus.OK}
    assert digest in ben.get(places[0]).content.decode()


def test_case_27_a_commitment_cannot_be_found_by_trying_verdicts(world):
    entry = LedgerEntry.objects.get(pk=world.ben_submits().entry_id)
    text, salt = entry.payload.text.encode(), bytes(entry.payload.salt)
    assert merkle.commitment(text, salt) == entry.commit
    assert len(salt) == merkle.SALT_LENGTH >= 16
    guesses = [text.replace(b"not_met", verdict) for verdict in (b"met", b"not_met", b"partly_met", b"cannot_tell")]
    salts = [bytes(merkle.SALT_LENGTH), secrets.token_bytes(merkle.SALT_LENGTH), entry.commit.encode()[:32]]
    assert all(merkle.commitment(guess, salt) != entry.commit for guess in guesses for salt in salts)
    page = session_of(world.ben).get(f"/predictions/ledgerentry/{entry.pk}/change/").content.decode()
    assert entry.commit in page
    assert salt.hex() not in page


def test_case_28_ones_own_verdict_stands_once_others_are_seen(world):
    first = world.ben_submits("met")
    changed = judged(world, supersedes=str(first.uuid), reason="Misread.")
    second = sent(token_of(world.ben), "/api/assessments/", changed)
    assert second.status_code == HTTPStatus.CREATED
    world.ann_submits("met", at=timezone.now())
    assert len(listed(token_of(world.ben))) == 3
    again = judged(world, supersedes=second.json()["uuid"], reason="I agree with the other.")
    refused = sent(token_of(world.ben), "/api/assessments/", again)
    assert refused.status_code == HTTPStatus.CONFLICT
    page = f"{add_page(world)}&supersedes={Assessment.objects.get(uuid=second.json()['uuid']).pk}"
    session_of(world.ben).post(page, FOUND | {"reason": "I agree.", "supersedes": page.rsplit("=", 1)[1]})
    assert Assessment.objects.filter(resolver=world.ben).count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.services
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite keeps its tests in one connection")
def test_case_29_a_quorum_that_is_not_through_yet_shows_nothing(world):
    world.ben_submits()
    client = token_of(world.ben)

    def count():
        try:
            return len(listed(client))
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            world.ann_submits()
            assert len(listed(token_of(world.ann))) == 2
            assert pool.submit(count).result(10) == 1
        assert pool.submit(count).result(10) == 2


def test_case_29_a_submission_that_fails_after_the_count_leaves_no_quorum(world):
    world.ben_submits()
    with transaction.atomic():
        world.ann_submits()
        assert len(listed(token_of(world.ann))) == 2
        transaction.set_rollback(True)
    assert Prediction.objects.get(pk=world.prediction.pk).panel == ""
    assert [len(listed(token_of(who))) for who in (world.ann, world.ben)] == [0, 1]


def test_case_30_who_is_asked_no_longer_cannot_judge_from_then_on(people, world):
    session, page = session_of(world.ann), add_page(world)
    shelf = "/worklists/to-assess/"
    assert session.get(page).status_code == HTTPStatus.OK
    assert str(world.prediction) in read(session, shelf)
    withdraw_assignment(world.assignment_of(world.ann), reason="Ill.", by=people["administrator"], at=a.NOW)
    assert session.get(page).status_code == session.post(page, FOUND).status_code == HTTPStatus.FORBIDDEN
    assert sent(token_of(world.ann), "/api/assessments/", judged(world)).status_code == HTTPStatus.FORBIDDEN
    assert str(world.prediction) not in read(session, shelf)
    assert not Assessment.objects.exists()


def test_case_30_who_is_asked_no_longer_sees_others_verdicts_no_longer(people):
    on = a.prediction(case := a.case(resolvers_asked=2), trigger=a.trigger(case))
    a.occurrence(on.trigger)
    first, second = a.panel(on, "met", "not_met")
    client = token_of(first)
    assert len(listed(client)) == 2
    undo_occurrence(on.trigger, reason="It did not.", by=people["adjudicator"], at=a.NOW)
    assert listed(client) == [str(Assessment.objects.get(resolver=first).uuid)]
    assert session_of(first).get(f"/predictions/assessment/{_of(second)}/change/").status_code == HTTPStatus.NOT_FOUND


def _of(who):
    return Assessment.objects.get(resolver=who).pk
