import pytest

from predictions.models import Forecast, LedgerEntry, Prediction, Trigger, TriggerOccurrence
from predictions.operations.forecasts import log_forecast
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/trigger/add/"


def page(trigger, name="change"):
    return f"/predictions/trigger/{trigger.pk}/{name}/"


def kinds():
    return list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))


def test_adding_poses_the_trigger_on_record(client, analyst):
    case = a.case()
    client.force_login(analyst)
    entered = {"statement": "The strategy is adopted", "case": case.pk, "expected": "2022-12", "zone": "Asia/Tokyo"}
    assert client.post(ADD, entered).status_code == 302
    assert kinds()[-1] == "trigger.posed"
    assert Trigger.objects.get().expected_in_words() == "December 2022"


def test_change_is_on_record(client, analyst):
    trigger = a.trigger(zone="Asia/Tokyo")
    client.force_login(analyst)
    client.post(page(trigger), {"statement": "It is adopted", "zone": "Asia/Tokyo", "expected": "2022-12-16"})
    trigger.refresh_from_db()
    assert (trigger.statement, trigger.expected_in_words()) == ("It is adopted", "16 December 2022")
    assert kinds()[-1] == "trigger.amended"


def test_other_zone_moves_a_day_with_it(client, analyst):
    trigger = a.trigger()
    client.force_login(analyst)
    for zone in ("UTC", "Asia/Tokyo"):
        client.post(page(trigger), {"statement": "It is adopted", "zone": zone, "expected": "2022-12-16"})
    trigger.refresh_from_db()
    assert trigger.expected_in_words() == "16 December 2022"
    assert trigger.expected_at.isoformat() == "2022-12-15T15:00:00+00:00"


def test_recording_that_it_occurred_closes_what_waits(client, analyst):
    trigger = a.trigger(case := a.case(), zone="Asia/Tokyo")
    prediction, source = a.prediction(case, trigger=trigger), a.source(case)
    client.force_login(analyst)
    entered = {"occurred": "2026-02-20", "source": source.pk, "note": "By the Cabinet."}
    assert client.post(page(trigger, "occurred"), entered).url == page(trigger)
    assert kinds()[-1] == "trigger.occurred"
    occurrence = TriggerOccurrence.objects.get()
    assert (occurrence.in_words(), occurrence.source) == ("20 February 2026", source)
    assert Prediction.objects.get(pk=prediction.pk).closing_at == occurrence.occurred_at


@pytest.mark.parametrize(
    ("occurred", "words"),
    [("", "required"), ("soon", "no time"), ("2999-01-01", "lies in the future"), ("2026-02-30", "no time")],
)
def test_unsound_time_is_refused_at_the_field(client, analyst, occurred, words):
    trigger = a.trigger()
    client.force_login(analyst)
    answer = client.post(page(trigger, "occurred"), {"occurred": occurred})
    assert words in str(answer.context["form"].errors["occurred"])
    assert not TriggerOccurrence.objects.exists()


def test_second_record_is_refused_and_kept_from_sight(client, analyst):
    trigger = a.trigger()
    a.occurrence(trigger)
    client.force_login(analyst)
    assert page(trigger, "occurred") not in client.get(page(trigger)).content.decode()
    answer = client.post(page(trigger, "occurred"), {"occurred": "2026-02-20"})
    assert answer.context["form"].errors
    assert TriggerOccurrence.objects.count() == 1


def test_source_of_another_case_cannot_be_named(client, analyst):
    trigger, elsewhere = a.trigger(), a.source()
    client.force_login(analyst)
    answer = client.post(page(trigger, "occurred"), {"occurred": "2026-02-20", "source": elsewhere.pk})
    assert "source" in answer.context["form"].errors


def test_undoing_needs_a_reason_and_opens_what_waited(client, resolver):
    trigger = a.trigger(case := a.case())
    prediction = a.prediction(case, trigger=trigger)
    a.occurrence(trigger)
    client.force_login(resolver)
    assert "reason" in client.post(page(trigger, "undo"), {"reason": ""}).context["form"].errors
    assert client.post(page(trigger, "undo"), {"reason": "It was a draft."}).status_code == 302
    assert kinds()[-1] == "trigger.occurrence_undone"
    assert Prediction.objects.get(pk=prediction.pk).closing_at == a.on_day(100)
    assert "It was a draft." in client.get(page(trigger)).content.decode()


def test_undoing_what_did_not_occur_is_refused(client, resolver):
    client.force_login(resolver)
    answer = client.post(page(a.trigger(), "undo"), {"reason": "It was a draft."})
    assert "No occurrence of this trigger is on record." in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "allowed"),
    [("occurred", {"analyst", "resolver", "adjudicator"}), ("undo", {"resolver", "adjudicator"})],
)
def test_only_those_whom_policy_names_record_and_undo(client, people, name, allowed):
    trigger = a.trigger()
    if name == "undo":
        a.occurrence(trigger)
    for role, user in people.items():
        if role == "nobody":
            continue
        client.force_login(user)
        assert client.get(page(trigger, name)).status_code == (200 if role in allowed else 403)
        assert (page(trigger, name) in client.get(page(trigger)).content.decode()) == (role in allowed)


@pytest.mark.parametrize("name", ["occurred", "undo"])
def test_hidden_trigger_is_not_there(client, people, name):
    trigger = a.trigger(a.case(is_private=True))
    client.force_login(people["resolver"])
    assert client.post(page(trigger, name), {}).status_code == 404


def test_page_lists_the_predictions_that_wait(client, viewer):
    trigger = a.trigger(case := a.case())
    waiting, other = a.prediction(case, trigger=trigger), a.prediction(case)
    client.force_login(viewer)
    text = client.get(page(trigger)).content.decode()
    assert waiting.statement in text
    assert other.statement not in text


@pytest.mark.parametrize("state", ["waiting", "occurred"])
def test_list_is_filtered_by_state(client, viewer, state):
    rows = {"waiting": a.trigger(), "occurred": a.trigger()}
    a.occurrence(rows["occurred"])
    client.force_login(viewer)
    answer = client.get("/predictions/trigger/", {"state": state})
    assert list(answer.context["cl"].result_list) == [rows[state]]
    assert "20 February 2026" in client.get("/predictions/trigger/").content.decode()


def test_readers_see_when_it_is_expected(client, viewer):
    trigger = a.trigger(expected_at=a.on_day(3), expected_precision="day", expected_until=a.on_day(4))
    client.force_login(viewer)
    assert "4 January 2026" in client.get(f"/predictions/trigger/{trigger.pk}/change/").content.decode()


@pytest.mark.parametrize(("expected_at", "is_late"), [(a.START, True), (a.on_day(100_000), False), (None, False)])
def test_trigger_past_its_date_is_to_be_resolved_or_extended(client, analyst, expected_at, is_late):
    trigger = a.trigger(expected_at=expected_at)
    client.force_login(analyst)
    assert ("Resolve or extend" in client.get(page(trigger)).content.decode()) == is_late
    assert bool(client.get("/predictions/trigger/?state=past its date").context["cl"].result_count) == is_late
    a.occurrence(trigger)
    assert "Resolve or extend" not in client.get(page(trigger)).content.decode()
    assert client.get("/predictions/trigger/?state=past its date").context["cl"].result_count == 0


def test_whoever_reads_can_watch_a_trigger_and_stop(client, viewer):
    trigger = a.trigger()
    client.force_login(viewer)

    def buttons():
        told = client.get(page(trigger)).content.decode()
        return [deed for deed in ("watch", "unwatch") if page(trigger, deed) in told]

    assert buttons() == ["watch"]
    assert "You watch this trigger" in client.post(page(trigger, "watch"), follow=True).content.decode()
    assert buttons() == ["unwatch"]
    assert trigger.watches.get().user == viewer
    client.post(page(trigger, "unwatch"))
    assert buttons() == ["watch"]


def test_who_forecast_what_waits_is_not_offered_what_would_be_refused(client, analyst):
    trigger = a.trigger()
    client.force_login(analyst)
    assert page(trigger, "occurred") in client.get(page(trigger)).content.decode()
    own = Forecast(forecaster=a.forecaster(account=analyst), words="70%", issued_at=a.on_day(1))
    own.prediction = a.prediction(trigger.case, trigger=trigger)
    log_forecast(own, by=analyst, at=a.NOW)
    assert page(trigger, "occurred") not in client.get(page(trigger)).content.decode()
    assert client.get(page(trigger, "occurred")).status_code == 403
