"""Disputes in the admin: listed for all, answered by somebody who did not decide."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import Dispute, DisputeAnswer, Resolution
from predictions.operations.disputes import raise_dispute
from tests import builders as a

pytestmark = pytest.mark.django_db
LISTED = "/predictions/dispute/"


@pytest.fixture
def dispute(people):
    return disputed(people["viewer"])


def disputed(by, row=None):
    row = row or a.prediction()
    item = a.evidence(row)
    if row.resolution is None:
        a.resolution(row)
    row.refresh_from_db()
    found = Dispute(prediction=row, criterion=row.revision.criteria.get(), evidence=item, text="It was hail.")
    return raise_dispute(found, by=by, at=a.NOW)


def answered(client, dispute, **entered):
    return client.post(f"{LISTED}{dispute.pk}/answer/", {"text": "Hail is no rain."} | entered)


def test_who_does_not_uphold_says_only_why(client, dispute, adjudicator):
    client.force_login(adjudicator)
    answer = answered(client, dispute, answer="stands")
    assert answer.url == f"/predictions/prediction/{dispute.prediction_id}/change/#judgement"
    row = DisputeAnswer.objects.get()
    assert (row.is_upheld, row.text, row.answered_by) == (False, "Hail is no rain.", adjudicator)
    assert Resolution.objects.count() == 1


def test_who_upholds_decides_anew(client, dispute, adjudicator):
    client.force_login(adjudicator)
    errors = answered(client, dispute, answer="upheld").context["form"].errors
    assert {"verdict_a", "outcome", "known"} <= set(errors)
    anew = {"answer": "upheld", "verdict_a": "not_met", "outcome": "no", "known": "2026-02-20"}
    assert answered(client, dispute, **anew).status_code == 302
    dispute.prediction.refresh_from_db()
    decision = dispute.prediction.resolution
    assert (decision.outcome, decision.supersedes) == (0.0, dispute.resolution)
    assert [each.verdict for each in decision.verdicts.all()] == ["not_met"]


def test_who_answers_reads_the_prediction_and_all_of_the_dispute_in_its_paragraphs(client, dispute, adjudicator):
    client.force_login(adjudicator)
    words = client.get(f"{LISTED}{dispute.pk}/answer/").content.decode().split('id="content-main"')[1]
    assert str(dispute.prediction) in words
    for told in ("Criterion (a) It happens.", "<p>It was hail.</p>", "It was seen.", "Disputed 1 March 2026", "viewer"):
        assert told in words


def test_a_dispute_is_answered_once(client, dispute, adjudicator):
    client.force_login(adjudicator)
    answered(client, dispute, answer="stands")
    assert client.get(f"{LISTED}{dispute.pk}/answer/").status_code == 302
    assert "answered already" in str(answered(client, dispute, answer="stands").context["form"].non_field_errors())
    assert DisputeAnswer.objects.count() == 1


def test_only_an_adjudicator_who_is_no_party_answers(client, people):
    own = disputed(people["adjudicator"])
    for name in set(people) - {"nobody"}:
        client.force_login(people[name])
        assert answered(client, own, answer="stands").status_code == 403
    assert not DisputeAnswer.objects.exists()


def test_disputes_are_read_by_all_and_changed_by_none(client, dispute, people):
    for name in set(people) - {"nobody"}:
        client.force_login(people[name])
        shown = client.get(f"{LISTED}{dispute.pk}/change/").content.decode()
        assert all(words in shown for words in ("It was hail.", "waiting", "B2 for: It was seen."))
        assert client.post(f"{LISTED}{dispute.pk}/change/", {"text": "x"}).status_code == 403
        assert client.get(f"{LISTED}add/").status_code == 403


def test_the_list_filters_by_what_came_of_them(client, people, dispute):
    other = disputed(people["viewer"])
    client.force_login(people["adjudicator"])
    answered(client, dispute, answer="stands")

    def found(state):
        return list(client.get(LISTED, {"state": state}).context["cl"].result_list)

    assert [found(state) for state in ("waiting", "not upheld", "upheld")] == [[other], [dispute], []]


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(client, viewer):
    client.force_login(viewer)
    disputed(viewer)
    client.get(LISTED)
    with CaptureQueriesContext(connection) as for_one:
        client.get(LISTED)
    disputed(viewer)
    disputed(viewer)
    with CaptureQueriesContext(connection) as for_three:
        assert client.get(LISTED).context["cl"].result_count == 3
    assert len(for_three) == len(for_one)
