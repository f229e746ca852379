"""While a prediction is open, nobody is shown what others said of it before having said it themselves: by no door."""

import re
from datetime import UTC, datetime

import pytest

from predictions.models import Case, Forecast, Forecaster, LedgerEntry, Prediction
from predictions.operations.cases import amend_case
from predictions.operations.forecasts import log_forecast
from predictions.operations.triggers import undo_occurrence
from tests import builders as a

pytestmark = pytest.mark.django_db

SAID = ("31.4159%", "0.314159", "Veiled reason")
LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)
FAR = a.on_day(100_000)
TOKENS = re.compile(r'[A-Za-z0-9]{64}|csrfmiddlewaretoken" value="[^"]*"')


@pytest.fixture
def case(db):
    return a.case(title="Rains of spring", hides_forecasts=True)


@pytest.fixture
def prediction(case):
    return a.prediction(case, trigger=a.trigger(case), opens_at=LONG_AGO, closes_at=FAR)


@pytest.fixture
def herald(db):
    return a.forecaster("The Herald")


@pytest.fixture
def reader(db):
    """An analyst with a name to forecast in, who has recorded nothing."""
    person = a.person("reader", "analyst")
    a.forecaster("The reader", account=person)
    return person


def said_by(herald, on):
    return a.forecast(on, "31.4159%", by=herald, issued_at=LONG_AGO.replace(day=2), rationale="Veiled reason")


def own(on, reader, words="60%", **fields):
    name = fields.pop("forecaster", None) or Forecaster.objects.get(account=reader)
    row = Forecast(prediction=on, forecaster=name, words=words, issued_at=LONG_AGO, **fields)
    return log_forecast(row, by=reader, at=a.NOW)


# --- who sees what another said ----------------------------------------------------------------------------------


def _mended_to_a_withdrawal(on, reader):
    own(on, reader, "", kind="withdrawn", supersedes=own(on, reader), reason="A slip.")


def _withdrawn_later(on, reader):
    own(on, reader)
    own(on, reader, "", kind="withdrawn")


def _switched_off(on, reader):
    case = Case.objects.get(pk=on.case_id)
    case.hides_forecasts = False
    amend_case(case, by=reader, at=a.NOW)


def _undone(on, reader):
    a.occurrence(on.trigger)
    undo_occurrence(on.trigger, reason="It did not.", by=a.a_person_with("resolver"), at=a.NOW)


STATES = {
    "open": (lambda on, reader: None, False),
    "own forecast logged": (own, True),
    "own forecast withdrawn later": (_withdrawn_later, True),
    "nothing but a withdrawal": (lambda on, reader: own(on, reader, "", kind="withdrawn"), False),
    "own forecast replaced by a withdrawal": (_mended_to_a_withdrawal, False),
    "words without a probability": (lambda on, reader: own(on, reader, "", kind="unquantifiable"), False),
    "own forecast on another": (lambda on, reader: own(a.prediction(on.case, opens_at=LONG_AGO), reader), False),
    "another's forecast recorded": (lambda on, reader: own(on, reader, forecaster=a.forecaster()), False),
    "resolved": (lambda on, reader: a.resolution(on), True),
    "annulled": (lambda on, reader: a.resolution(on, None, annulled="ambiguous"), True),
    "trigger occurred": (lambda on, reader: a.occurrence(on.trigger), True),
    "occurrence taken back": (_undone, False),
    "switched off": (_switched_off, True),
}
DOORS = {
    "home": "/",
    "list": "/predictions/forecast/",
    "search": "/predictions/forecast/?q=Herald",
    "filter": "/predictions/forecast/?prediction__id__exact={on.pk}",
    "its page": "/predictions/forecast/{said.pk}/change/",
    "predictions": "/predictions/prediction/",
    "prediction": "/predictions/prediction/{on.pk}/change/",
    "history": "/predictions/prediction/{on.pk}/history/",
    "ledger": "/predictions/ledgerentry/",
    "ledger searched": "/predictions/ledgerentry/?q=1415",
    "ledger entry": "/predictions/ledgerentry/{said.entry_id}/change/",
    "API": "/api/forecasts/",
    "API, of one": "/api/forecasts/?prediction={on.uuid}",
    "API, one": "/api/forecasts/{said.uuid}/",
}
SCORECARDS = ("/scorecards/", "/scorecards/card/", "/scorecards/card.csv", "/scorecards/card.json", "/api/scorecards/")


def tells(client, address):
    text = client.get(address).getvalue().decode()
    return any(words in text for words in SAID)


@pytest.mark.parametrize("state", STATES)
def test_others_forecasts_are_seen_once_ones_own_is_logged_or_the_prediction_is_closed(
    client, prediction, herald, reader, state
):
    said = said_by(herald, prediction)
    bring_about, is_seen = STATES[state]
    bring_about(prediction, reader)
    client.force_login(reader)
    told = {door: tells(client, address.format(on=prediction, said=said)) for door, address in DOORS.items()}
    assert told == dict.fromkeys(DOORS, is_seen)
    assert is_seen or not any(tells(client, address) for address in SCORECARDS)


@pytest.mark.parametrize(
    ("bounds", "is_seen"),
    [
        ({"closes_at": FAR}, False),
        ({"closes_at": None, "origin": "imported"}, False),
        ({"opens_at": a.on_day(99_999), "closes_at": FAR}, False),
        ({"closes_at": LONG_AGO.replace(year=2002)}, True),
    ],
    ids=["open", "no scheduled close", "not yet open", "closed"],
)
def test_the_scheduled_close_opens_what_was_hidden(viewer, case, herald, bounds, is_seen):
    said = said_by(herald, a.prediction(case, **{"opens_at": LONG_AGO} | bounds))
    assert Forecast.objects.visible_to(viewer).filter(pk=said.pk).exists() == is_seen
    assert LedgerEntry.objects.visible_to(viewer).filter(pk=said.entry_id).exists() == is_seen


@pytest.mark.parametrize("role", ["viewer", "analyst", "resolver", "adjudicator", "administrator"])
def test_no_role_sees_more_and_who_recorded_it_always_does(people, case, prediction, herald, role):
    said = said_by(herald, prediction)
    assert not Forecast.objects.visible_to(people[role]).exists()
    assert Forecast.objects.visible_to(a.a_person_with("analyst")).get() == said


def test_a_new_case_hides_forecasts_and_the_switch_is_on_record(client, analyst):
    client.force_login(analyst)
    form = client.get("/predictions/case/add/").context["adminform"].form
    assert form["hides_forecasts"].value() is True
    case = a.case(by=analyst, hides_forecasts=Case().hides_forecasts)
    case.hides_forecasts = False
    amend_case(case, by=analyst, at=a.NOW)
    told = client.get(f"/predictions/case/{case.pk}/history/").content.decode()
    assert "hides forecasts from yes to no" in told


# --- what is hidden leaves no trace ------------------------------------------------------------------------------


def answers(client, on, key, uuid):
    """What each door answers; `key` and `uuid` name a forecast that is hidden, or none."""
    add = f"/predictions/forecast/add/?prediction={on.pk}"
    amend = f"/predictions/prediction/{on.pk}/amend/"
    named = {"on": on, "said": Forecast(pk=key, uuid=uuid, entry_id=10**9)}
    addresses = [each.format(**named) for each in DOORS.values()]
    addresses += ["/predictions/forecaster/", add, f"{add}&supersedes={key}", amend, "/scorecards/"]
    got = {address: client.get(address) for address in addresses}
    herald = Forecaster.objects.get(name="The Herald")
    entered = {"prediction": on.pk, "forecaster": herald.pk, "words": "", "kind": "probability"}
    got["replace"] = client.post(add, {**entered, "supersedes": key, "reason": "Misread."})
    got["amend"] = client.post(amend, {"statement": "Another", "criteria": "It rains.", "outcome_rule": "judged"})
    body = {"prediction": str(on.uuid), "forecaster": str(herald.uuid), "words": "60%", "supersedes": str(uuid)}
    got["API"] = client.post("/api/forecasts/", body, content_type="application/json")
    return {
        door.replace(str(key), "KEY").replace(str(uuid), "UUID"): (
            answer.status_code,
            TOKENS.sub("", answer.content.decode()).replace(str(key), "KEY"),
        )
        for door, answer in got.items()
    }


def test_a_hidden_forecast_changes_no_answer_at_all(client, prediction, herald, reader):
    client.force_login(reader)
    stranger = Forecast()
    before = answers(client, prediction, 987_654, stranger.uuid)
    said = said_by(herald, prediction)
    after = answers(client, prediction, 987_654, said.uuid)
    assert after == before
    for address in (f"/predictions/forecast/{said.pk}/change/", f"/api/forecasts/{said.uuid}/"):
        assert client.get(address).status_code == 404


def test_an_entry_that_was_replaced_by_a_hidden_one_says_no_more_than_that(client, prediction, herald, reader):
    first = own(prediction, reader, forecaster=herald)
    later = a.forecast(prediction, "31.4159%", by=herald, issued_at=LONG_AGO, supersedes=first, reason="Veiled reason")
    client.force_login(reader)
    for address in (f"/predictions/forecast/{first.pk}/change/", f"/predictions/prediction/{prediction.pk}/change/"):
        told = client.get(address).content.decode()
        assert "replaced" in told
        assert not any(words in told for words in (*SAID, f"/predictions/forecast/{later.pk}/"))
    add = client.get(f"/predictions/forecast/add/?prediction={prediction.pk}&supersedes={first.pk}")
    assert add.status_code == 200


def test_an_own_entry_does_not_tell_the_hidden_one_that_it_replaced(client, case, prediction, herald, reader):
    case.hides_forecasts = False
    amend_case(case, by=reader, at=a.NOW)
    first = said_by(herald, prediction)
    second = own(prediction, reader, forecaster=herald, supersedes=first, reason="Misread.")
    address = f"/predictions/forecast/{second.pk}/change/"
    client.force_login(reader)
    assert "31.4159%" in client.get(address).content.decode()
    case.hides_forecasts = True
    amend_case(case, by=reader, at=a.NOW)
    assert "31.4159%" not in client.get(address).content.decode()


# --- what is said instead ----------------------------------------------------------------------------------------


def test_the_page_says_what_is_hidden_and_until_when(client, people, prediction):
    page = f"/predictions/prediction/{prediction.pk}/change/"
    client.force_login(people["analyst"])
    told = client.get(page).content.decode()
    assert "hidden until you log your own" in told
    assert f"/predictions/forecast/add/?prediction={prediction.pk}" in told
    client.force_login(people["viewer"])
    told = client.get(page).content.decode()
    assert "hidden until it closes" in told
    assert "/predictions/forecast/add/" not in told


@pytest.mark.parametrize(("hides", "told"), [(True, "others’ are hidden"), (False, "none yet")])
def test_the_list_says_that_others_are_hidden_where_they_would_be(client, viewer, hides, told):
    a.prediction(a.case(hides_forecasts=hides), opens_at=LONG_AGO, closes_at=FAR)
    client.force_login(viewer)
    assert told in client.get("/predictions/prediction/").content.decode()


def test_the_ledger_says_that_numbers_may_be_missing(client, viewer, prediction):
    client.force_login(viewer)
    assert "others’ forecasts on predictions that are open" in client.get("/predictions/ledgerentry/").content.decode()
    assert Prediction.objects.filter(pk=prediction.pk).exists()
