from datetime import datetime, timedelta

from django.utils import timezone

from tests import builders as a


def test_a_resolution_is_read_with_its_verdicts_and_what_it_rests_on(api, fill):
    rows = fill()
    shown = api.get(f"/api/resolutions/{rows['resolutions'].uuid}/").json()
    assert (shown["outcome"], shown["reading"], shown["rationale"]) == (1.0, "yes", "It rained.")
    assert [(each["label"], each["verdict"]) for each in shown["verdicts"]] == [("a", "met")]
    assert shown["relied_on"] == [str(rows["evidence"].uuid)]
    assert shown["known"]["words"] == "20 February 2026, 00:00 UTC"


def test_an_annulled_prediction_has_a_ground_and_no_outcome(api):
    row = a.resolution(a.prediction(), None, annulled="premise_failed", known_precision="day", known_until=a.on_day(51))
    shown = api.get(f"/api/resolutions/{row.uuid}/").json()
    assert (shown["outcome"], shown["annulled"], shown["reading"]) == (
        None,
        "premise_failed",
        "annulled: its premise failed",
    )
    assert shown["known"]["words"] == "20 February 2026"


def test_a_resolution_says_what_it_rests_on_and_from_when_it_is_final(api, fill):
    shown = api.get(f"/api/resolutions/{fill()['resolutions'].uuid}/").json()
    assert (shown["basis"], shown["resolver_count"], shown["final_at"], shown["is_final"]) == ("agreed", 1, None, True)


def test_a_decision_made_just_now_is_not_final_before_its_notice_period_is_over(api):
    at = timezone.now()
    row = a.resolution(a.prediction(a.case(resolvers_asked=0, notice_hours=48)), at=at)
    shown = api.get(f"/api/resolutions/{row.uuid}/").json()
    assert (shown["basis"], shown["resolver_count"], shown["is_final"]) == ("direct", 0, False)
    assert datetime.fromisoformat(shown["final_at"]) == at + timedelta(hours=48)
