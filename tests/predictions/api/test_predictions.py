import pytest
from django.utils import timezone

from predictions.models import Prediction, judgement
from tests import builders as a


def test_a_prediction_is_read_with_its_criteria_its_trigger_and_its_close(api, fill):
    row = fill()["predictions"]
    shown = api.get(f"/api/predictions/{row.uuid}/").json()
    assert (shown["status"], shown["closing_at"]) == ("resolved", "2026-02-20T00:00:00.000000Z")
    assert (shown["revision"]["number"], shown["revision"]["statement"]) == (1, row.statement)
    assert [(each["label"], each["text"]) for each in shown["revision"]["criteria"]] == [("a", "It happens.")]
    assert shown["trigger"]["occurrence"]["occurred"]["at"] == "2026-02-20T00:00:00.000000Z"
    assert shown["trigger"]["expected"]["at"] == "2026-02-10T00:00:00.000000Z"
    assert shown["resolution"] == str(row.resolutions.get().uuid)


def test_a_revision_bears_the_digest_that_the_ledger_holds(api):
    row = a.prediction(criteria=["It happens.", "It is seen."])
    shown = api.get(f"/api/predictions/{row.uuid}/").json()["revision"]
    assert shown["sha256"] == row.revision.digest(list(row.revision.criteria.all()))
    assert shown["sha256"] in row.revision.entry.payload.text
    assert shown["seq"] == row.revision.entry_id


def test_what_awaits_no_event_has_no_trigger_and_closes_on_schedule(api):
    row = a.prediction()
    shown = api.get(f"/api/predictions/{row.uuid}/").json()
    assert (shown["trigger"], shown["resolution"]) == (None, None)
    assert shown["revision"]["closes_in_words"] == "10 April 2026"
    assert shown["closing_at"] == shown["revision"]["closes_at"] == "2026-04-11T00:00:00.000000Z"


def asked(count: int, *verdicts: str, **fields) -> Prediction:
    row = a.prediction(a.case(resolvers_asked=count), **fields)
    a.panel(row, *verdicts)
    return row


@pytest.mark.parametrize(
    ("state", "is_made"),
    [
        ("waiting", lambda _: asked(2, closes_at=a.on_day(10_000))),
        ("direct", lambda _: a.prediction()),
        ("assessing", lambda _: asked(2, "met")),
        ("agreed", lambda _: asked(2, "met", "met")),
        ("disagreed", lambda _: asked(2, "met", "not_met")),
        ("cannot_tell", lambda _: asked(2, "cannot_tell", "cannot_tell")),
        ("provisional", lambda _: a.resolution(a.prediction(a.case(notice_hours=24)), at=timezone.now()).prediction),
        ("final", lambda _: a.resolution(a.prediction()).prediction),
        ("disputed", lambda fill: fill()["predictions"]),
    ],
)
def test_a_prediction_says_how_far_its_judging_has_come(api, fill, state, is_made):
    row = is_made(fill)
    shown = api.get(f"/api/predictions/{row.uuid}/").json()
    told = Prediction.objects.get(pk=row.pk)
    assert shown["judgement"] == judgement(told, timezone.now()) == state
    assert shown["resolvers_asked"] == told.case.resolvers_asked
