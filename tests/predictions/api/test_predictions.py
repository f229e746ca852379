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
