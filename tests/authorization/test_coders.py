"""From being asked until they have coded or declined, a coder sees nothing of the prediction but the words to code."""

from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError

from accounts.models import User
from predictions.models import CodingRequest, Dispute, Forecast, LedgerEntry, Prediction, Score
from predictions.operations.codings import decline_coding, withdraw_coding
from predictions.operations.disputes import raise_dispute
from predictions.queries.agreement import agreement
from predictions.queries.coding_agreement import coding_agreement
from predictions.queries.scorecard_version import version
from predictions.queries.worklists import worklist
from tests import builders as a
from tests.authorization.world import (
    EXPORTS,
    KINDS,
    SHELVES,
    in_admin,
    listed,
    read,
    sent,
    session_of,
    token_of,
)
from tests.predictions.operations.import_files import bring_in, rain

pytestmark = [pytest.mark.authorization, pytest.mark.django_db]

MEAN = "0.0506"  # the Brier score of 77.5% that came true: what the scorecard would tell
TOLD = ("The ferry never sailed", "67.5%", "77.5%", "87.5%")


@pytest.fixture
def cy(db):
    return a.person("cy-coder", "analyst")


@pytest.fixture
def asked(people, cy, django_capture_on_commit_callbacks):
    """Cy and Di are asked to code what some analyst took for 67.5%; Di took it for 87.5%. It came true."""
    on = a.prediction(statement="The ferry sails.")
    forecast = a.coded(on, rationale="The ferry never sailed.")
    evidence = a.evidence(on, note="The ferry never sailed.")
    a.rating(evidence)
    request, other = a.asked(forecast, cy, a.person("di", "analyst"))
    with django_capture_on_commit_callbacks(execute=True):
        a.coding(other, "very likely")
        resolution = a.resolution(on)
    held = {"criterion": on.revision.criteria.get(), "evidence": evidence, "text": "The ferry never sailed."}
    raise_dispute(Dispute(prediction=on, **held), by=people["viewer"], at=a.NOW)
    assert Score.objects.filter(prediction=on).exists()
    assert resolution.outcome == 1
    return request


def answer(request):
    a.coding(request)


def decline(request):
    decline_coding(request, reason="I know how it ended.", by=request.coder, at=a.NOW)


def withdraw(request):
    withdraw_coding(request, reason="On leave.", by=a.a_person_with("analyst"), at=a.NOW)


ENDS = pytest.mark.parametrize("end", [answer, decline, withdraw])


def of_prediction(model, prediction):
    """Condition on rows of `model` that belong to `prediction`; None where none can."""
    for field in model._meta.concrete_fields:
        if field.related_model is Prediction:
            return {field.name: prediction}
    return None


@ENDS
def test_no_row_about_the_prediction_is_seen_until_it_is_coded_or_declined(asked, cy, end):
    def seen():
        models = apps.get_app_config("predictions").get_models()
        found = {}
        for model in models:
            condition = of_prediction(model, asked.prediction)
            if condition and hasattr(model.objects, "visible_to") and model is not CodingRequest:
                found[model.__name__] = model.objects.visible_to(cy).filter(**condition).exists()
        return found

    names = {"Forecast", "Evidence", "Assignment", "Assessment", "Resolution", "Dispute", "Score", "Rating"}
    assert (seen().keys() & names, set(seen().values())) == (names, {False})
    assert not Prediction.objects.visible_to(cy).filter(pk=asked.prediction_id).exists()
    assert [row.pk for row in CodingRequest.objects.visible_to(cy)] == [asked.pk]
    end(asked)
    told = seen()
    assert {told[name] for name in ("Forecast", "Evidence", "Rating", "Resolution", "Dispute", "Score")} == {True}
    assert Prediction.objects.visible_to(cy).filter(pk=asked.prediction_id).exists()


@ENDS
def test_no_page_of_the_admin_opens_or_lists_it(asked, cy, end):
    client, on = session_of(cy), asked.prediction
    forecast = Forecast.objects.standing().get(prediction=on)
    rows = {"prediction": on, "forecast": forecast, "evidence": on.evidence.get(), "resolution": on.resolutions.get()}
    rows["dispute"] = on.disputes.get()
    places = [f"/predictions/{kind}/{row.pk}/{page}/" for kind, row in rows.items() for page in ("change", "history")]
    assert {client.get(place).status_code for place in places} == {HTTPStatus.NOT_FOUND}
    assert not any(in_admin(client, kind) for kind in rows)
    assert client.get(f"/predictions/forecast/add/?prediction={on.pk}").status_code == HTTPStatus.NOT_FOUND
    end(asked)
    assert {client.get(place).status_code for place in places} == {HTTPStatus.OK}
    assert all(in_admin(client, kind) for kind in rows)


def test_no_list_worklist_search_count_or_export_tells_of_it(asked, cy):
    client, case = session_of(cy), asked.prediction.case
    pages = ["/", *(f"/predictions/{kind}/" for kind in KINDS if kind != "assessment"), "/agreement/", *EXPORTS]
    pages += [f"/worklists/{name}/" for name in ("due", "open", "closing-soon", "unscored", "stale")]
    pages += ["/search/?s=ferry", "/scorecards/", "/scorecards/card/", f"/scorecards/card/?case={case.uuid}"]
    told = {page: read(client, page) for page in pages}
    assert not [(page, words) for page, text in told.items() for words in (*TOLD, MEAN) if words in text]
    assert "The ferry sails." not in "".join(text for page, text in told.items() if page != "/")


def test_the_api_neither_lists_nor_finds_it(asked, cy):
    client, on = token_of(cy), asked.prediction
    shelves = [name for name in SHELVES if name not in {"cases", "assignments", "assessments"}]
    rows = {"predictions": on, "evidence": on.evidence.get(), "resolutions": on.resolutions.get()}
    rows |= {"disputes": on.disputes.get(), "ratings": on.evidence.get().ratings.get()}
    rows["forecasts"] = Forecast.objects.standing().get(prediction=on)
    assert rows.keys() == set(shelves)
    assert not any(listed(client, shelf) for shelf in shelves)
    assert {client.get(f"/api/{shelf}/{row.uuid}/").status_code for shelf, row in rows.items()} == {404}
    assert listed(client, "codings") == []
    assert [row["uuid"] for row in client.get("/api/coding-requests/").json()["results"]] == [str(asked.uuid)]
    answer(asked)
    assert all(listed(client, shelf) for shelf in shelves)
    assert len(listed(client, "codings")) == 3


def test_nothing_is_written_on_it_meanwhile(asked, cy):
    on = str(asked.prediction.uuid)
    body = {"prediction": on, "forecaster": str(a.forecaster().uuid), "words": "70%", "issued": "2026-02-01"}
    refused = sent(token_of(cy), "/api/forecasts/", body)
    assert (refused.status_code, list(refused.json())) == (HTTPStatus.BAD_REQUEST, ["prediction"])


def test_the_ledger_and_the_histories_are_silent_on_it(asked, cy):
    subject = {"subject": asked.prediction.uuid}
    assert LedgerEntry.objects.filter(**subject).count() >= 5
    assert not LedgerEntry.objects.visible_to(cy).filter(**subject).exists()
    assert LedgerEntry.objects.visible_to(cy).exists()
    told = read(session_of(cy), "/predictions/ledgerentry/?q=ferry")
    assert "never sailed" not in told
    assert "predictions on which you are asked to code" in told
    answer(asked)
    assert LedgerEntry.objects.visible_to(cy).filter(**subject).count() == LedgerEntry.objects.filter(**subject).count()


def test_scorecards_that_were_computed_for_others_are_not_shown(asked, cy, people):
    assert MEAN in read(session_of(people["viewer"]), "/scorecards/card/")
    assert MEAN not in read(session_of(cy), "/scorecards/card/")
    assert version(cy).shared != version(people["viewer"]).shared
    answer(asked)
    assert version(cy).shared == version(people["viewer"]).shared


def test_nor_is_their_agreement(asked, cy):
    assert coding_agreement(cy).figures.n == 0
    assert agreement(cy).figures is None
    answer(asked)
    assert coding_agreement(cy).figures.n == 1


def test_a_trigger_does_not_list_it_and_a_case_does_not_count_it(people, cy):
    case = a.case()
    trigger = a.trigger(case)
    (request,) = a.asked(a.coded(a.prediction(case, trigger=trigger, statement="The ferry sails.")), cy)
    client, page = session_of(cy), f"/predictions/trigger/{trigger.pk}/change/"
    assert "The ferry sails." not in read(client, page)
    counts = [client.get(f"/predictions/{kind}/").context["cl"].result_list[0].posed for kind in ("trigger", "case")]
    assert counts == [0, 0]
    answer(request)
    assert "The ferry sails." in read(client, page)


def test_the_page_to_code_tells_the_words_and_no_number(asked, cy):
    told = read(session_of(cy), f"/predictions/codingrequest/{asked.pk}/code/")
    assert {words in told for words in ("it is likely to rain", "The ferry sails.", "It happens.")} == {True}
    assert not [words for words in (*TOLD, "resolved", "median of") if words in told]
    # What a scale says of its words is not what anybody took them for.
    assert "55–80%" in told


def test_only_who_is_asked_opens_that_page(asked, people, cy):
    page = f"/predictions/codingrequest/{asked.pk}/code/"
    assert session_of(cy).get(page).status_code == HTTPStatus.OK
    for role in ("analyst", "viewer", "administrator"):
        assert session_of(people[role]).get(page).status_code == HTTPStatus.FORBIDDEN


def test_a_request_says_nothing_of_the_other_coders(asked, cy):
    other = a.person("eli", "analyst")
    before = read(token_of(cy), "/api/coding-requests/")
    (request,) = a.asked(Forecast.objects.standing().get(prediction=asked.prediction), other)
    a.coding(request, "unlikely")
    assert read(token_of(cy), "/api/coding-requests/") == before


def test_two_accounts_of_one_person_are_one_coder(asked, cy):
    second = a.person("cy-again", "viewer")
    assert Prediction.objects.visible_to(second).filter(pk=asked.prediction_id).exists()
    User.objects.filter(pk=second.pk).update(email=cy.email.upper())
    second = User.objects.get(pk=second.pk)
    assert not Prediction.objects.visible_to(second).filter(pk=asked.prediction_id).exists()


def test_who_is_asked_learns_nothing_by_a_file_either(cy):
    bring_in([rain()], [])
    on = Prediction.objects.get()
    a.asked(a.coded(on, issued_at=datetime(2020, 1, 5, tzinfo=UTC)), cy)
    with pytest.raises(ValidationError, match="You are asked to code"):
        bring_in([rain(outcome="0")], [], by=cy)


def test_what_they_are_asked_stands_on_their_worklist_alone(asked, cy, people):
    assert [row.pk for row in worklist(cy, now=a.NOW).shelves["to-code"].rows] == [asked.pk]
    assert worklist(people["analyst"], now=a.NOW).shelves["to-code"].count == 0
    assert "The ferry sails." in read(session_of(cy), "/worklists/to-code/")
    assert session_of(people["viewer"]).get("/worklists/to-code/").status_code == HTTPStatus.FORBIDDEN
    answer(asked)
    assert worklist(cy, now=a.NOW).shelves["to-code"].count == 0


def test_who_coded_sees_it_as_others_do_where_forecasts_are_hidden_until_ones_own(cy):
    on = a.prediction(a.case(hides_forecasts=True), closes_at=a.on_day(36500))
    forecast = a.coded(on)
    first, second = a.asked(forecast, cy, a.person("di", "analyst"))
    a.coding(first), a.coding(second)
    standing = Forecast.objects.standing().get(prediction=on)
    seers = [User.objects.get(username=name) for name in ("cy-coder", "di", "some-analyst")]
    seen = [
        Forecast.objects.visible_to(who).filter(pk=standing.pk).exists() for who in (*seers, a.person("eli", "analyst"))
    ]
    assert seen == [True, True, True, False]
