"""The admin and the API end in the same operations: what one refuses the other refuses, with the same words."""

import html
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from predictions.models import Assessment, Evidence, Forecast, LedgerEntry
from predictions.operations.assessments import withdraw_assignment
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


@pytest.fixture
def resolved():
    prediction = a.prediction(closes_at=a.on_day(60))
    a.resolution(prediction)
    return prediction


def through_the_admin(desk, table, prediction, **fields):
    """The messages shown, if refused, and the page's status."""
    address = f"{reverse(f'admin:predictions_{table}_add')}?prediction={prediction.pk}"
    answer = desk.post(address, {"prediction": prediction.pk, **fields})
    return answer.status_code, html.unescape(answer.content.decode())


def through_the_api(desk, address, prediction, **fields):
    body = {"prediction": str(prediction.uuid), **fields}
    answer = desk.post(address, data=json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json()


def counts():
    return *(rows.objects.count() for rows in (Forecast, Evidence, Assessment)), LedgerEntry.objects.count()


@pytest.mark.parametrize(
    ("words", "issued", "field"),
    [
        ("1.2", "2026-01-05", "words"),
        ("120%", "2026-01-05", "words"),
        ("-0", "2026-01-05", "words"),
        ("−0", "2026-01-05", "words"),
        ("NaN", "2026-01-05", "words"),
        ("0", "2026-01-05", "words"),
        ("1", "2026-01-05", "words"),
        ("99.95%", "2026-01-05", "words"),
        ("0_1", "2026-01-05", "words"),
        ("７０%", "2026-01-05", "words"),
        ("٠٫٧", "2026-01-05", "words"),
        ("perhaps", "2026-01-05", "words"),
        ("may", "2026-01-05", "words"),
        ("3 to 1", "2026-01-05", "words"),
        ("at least 70%", "2026-01-05", "words"),
        ("80 to 70%", "2026-01-05", "words"),
        ("", "2026-01-05", "words"),
        ("70%", "2099-01-01", "issued"),
        ("70%", "2026-02-20", "issued"),
        ("70%", "2026-02-25", "issued"),
    ],
)
def test_a_forecast_that_one_door_refuses_the_other_refuses_with_the_same_words(desk, resolved, words, issued, field):
    forecaster = a.forecaster()
    before = counts()
    status, shown = through_the_api(
        desk, "/api/forecasts/", resolved, forecaster=str(forecaster.uuid), words=words, issued=issued
    )
    assert status == 400
    assert list(shown) == [field]
    status, page = through_the_admin(
        desk, "forecast", resolved, forecaster=forecaster.pk, words=words, issued=issued, kind="probability"
    )
    assert status == 200
    assert shown[field][0] in re.sub("</?bdi>", "", page)
    assert counts() == before


@pytest.mark.parametrize("issued", ["yesterday", "2026-02-30"])
def test_a_time_that_one_door_cannot_read_the_other_refuses_at_the_same_field(desk, resolved, issued):
    """Each door says how times are written there: the admin takes a clock time and two days, the API an offset."""
    forecaster = a.forecaster()
    before = counts()
    fields = {"words": "70%", "issued": issued}
    status, shown = through_the_api(desk, "/api/forecasts/", resolved, forecaster=str(forecaster.uuid), **fields)
    assert (status, list(shown)) == (400, ["issued"])
    address = f"{reverse('admin:predictions_forecast_add')}?prediction={resolved.pk}"
    answer = desk.post(address, {"forecaster": forecaster.pk, "kind": "probability", **fields})
    assert list(answer.context["adminform"].form.errors) == ["issued"]
    assert counts() == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"stance": ""}, "stance"),
        ({"note": ""}, "note"),
        ({"credibility": 7}, "credibility"),
        ({"note": "a\x00b"}, None),
    ],
)
def test_evidence_that_one_door_refuses_the_other_refuses(desk, resolved, change, field):
    source = a.source(resolved.case)
    fields = {"stance": "supports", "note": "It was seen.", "credibility": 2} | change
    before = counts()
    status, shown = through_the_api(desk, "/api/evidence/", resolved, source=str(source.uuid), **fields)
    assert status == 400
    assert field is None or list(shown) == [field]
    status, _ = through_the_admin(desk, "evidence", resolved, source=source.pk, **fields)
    assert status == 200
    assert counts() == before


@pytest.mark.parametrize("door", ["admin", "api"])
def test_what_is_accepted_is_the_same_row_by_either_door(desk, resolved, door):
    forecaster = a.forecaster()
    fields = {"words": "very likely", "issued": "2026-01-05", "rationale": "Because."}
    if door == "api":
        status, _ = through_the_api(desk, "/api/forecasts/", resolved, forecaster=str(forecaster.uuid), **fields)
    else:
        status, _ = through_the_admin(
            desk, "forecast", resolved, forecaster=forecaster.pk, kind="probability", **fields
        )
    assert status in {201, 302}
    row = Forecast.objects.get()
    assert (row.probability, row.low, row.high, row.basis) == (0.875, 0.8, 0.95, "coded")
    assert (row.issued_precision, row.rationale, row.recorded_by.username) == ("day", "Because.", "analyst")
    assert row.is_in_hindsight


@pytest.fixture
def judged(resolver):
    """A prediction of two criteria that the resolver and one other are asked to judge."""
    prediction = a.prediction(a.case(resolvers_asked=2), criteria=["It rains.", "It is reported."])
    a.assigned(prediction, resolver, a.person("other", "resolver"))
    return prediction


@pytest.fixture
def bench(client, resolver):
    client.force_login(resolver)
    return client


FOUND = {"verdict_a": "met", "verdict_b": "partly_met", "share": 0.75, "confidence": "high", "rationale": "So it was."}


def assess_through_the_admin(bench, prediction, **fields):
    return through_the_admin(bench, "assessment", prediction, outcome="share", **FOUND | fields)


def assess_through_the_api(bench, prediction, **fields):
    """The same fields as the admin takes."""
    told = FOUND | fields
    told["verdicts"] = {key[-1]: told.pop(key) for key in ("verdict_a", "verdict_b")}
    return through_the_api(bench, "/api/assessments/", prediction, outcome=told.pop("share"), **told)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verdict_b": ""}, "verdicts"),
        ({"verdict_b": "maybe"}, "verdicts"),
        ({"share": 1.2}, "outcome"),
        ({"share": ""}, "outcome"),
        ({"share": "٠.٧"}, "outcome"),
        ({"confidence": ""}, "confidence"),
        ({"confidence": "very"}, "confidence"),
        ({"rationale": ""}, "rationale"),
        ({"rationale": " "}, "rationale"),
        ({"rationale": "a\x00b"}, None),
        ({"relied_on": ["another's"]}, "relied_on"),
    ],
)
def test_an_assessment_that_one_door_refuses_the_other_refuses(bench, judged, change, field):
    stranger = a.evidence() if "relied_on" in change else None
    before = counts()
    by_uuid = change | ({"relied_on": [str(stranger.uuid)]} if stranger else {})
    status, shown = assess_through_the_api(bench, judged, **by_uuid)
    assert status == 400
    assert field is None or list(shown) == [field]
    status, _ = assess_through_the_admin(bench, judged, **change | ({"relied_on": [stranger.pk]} if stranger else {}))
    assert status == 200
    assert counts() == before


def test_neither_door_takes_a_second_assessment_or_one_after_the_quorum(bench, judged, resolver):
    a.assessment(judged, by=resolver)
    before = counts()
    status, shown = assess_through_the_api(bench, judged)
    assert (status, list(shown)) == (409, ["non_field_errors"])
    status, page = assess_through_the_admin(bench, judged)
    assert (status, shown["non_field_errors"][0] in page) == (409, True)
    assert counts() == before

    a.assessment(judged, by=judged.assignments.exclude(resolver=resolver).get().resolver)
    before = counts()
    status, shown = assess_through_the_api(bench, judged)
    assert status == 409
    status, page = assess_through_the_admin(bench, judged)
    assert (status, shown["non_field_errors"][0] in page) == (409, True)
    assert counts() == before


def test_both_doors_close_with_the_assignment(bench, judged, resolver, administrator):
    withdraw_assignment(judged.assignments.get(resolver=resolver), reason="Away.", by=administrator, at=timezone.now())
    before = counts()
    assert assess_through_the_api(bench, judged)[0] == 403
    assert assess_through_the_admin(bench, judged)[0] == 403
    assert counts() == before


@pytest.mark.parametrize("door", ["admin", "api"])
def test_what_a_resolver_found_is_the_same_row_by_either_door(bench, judged, resolver, door):
    evidence = a.evidence(judged)
    if door == "api":
        status, _ = assess_through_the_api(bench, judged, relied_on=[str(evidence.uuid)])
    else:
        status, _ = assess_through_the_admin(bench, judged, relied_on=[evidence.pk])
    assert status in {201, 302}
    row = Assessment.objects.get()
    assert {each.criterion.label: each.verdict for each in row.verdicts.all()} == {"a": "met", "b": "partly_met"}
    assert (row.outcome, row.confidence, row.rationale) == (0.75, "high", "So it was.")
    assert (row.resolver, [each.evidence for each in row.relied_on.all()]) == (resolver, [evidence])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"consistency": "X"}, "valid choice"),
        ({"note": "x" * 501}, "500 characters"),
        ({"consistency": "C"}, "replaced"),  # it was rated before, and no reason is given
    ],
)
def test_a_rating_that_one_door_refuses_the_other_refuses(desk, analyst, resolved, change, message):
    item = a.evidence(resolved)
    first = a.rating(item, by=analyst)
    told = {"consistency": "II", "note": "", "reason": ""} | change
    before = counts()
    named = {"evidence": str(item.uuid), "supersedes": str(first.uuid), **{k: v for k, v in told.items() if v}}
    status, shown = through_the_api(desk, "/api/ratings/", resolved, **named)
    assert status == 400
    key, page = f"{item.pk}-{resolved.pk}", f"/predictions/case/{resolved.case_id}/matrix/"
    entered = {f"cell-{key}": told["consistency"], f"note-{key}": told["note"], "reason": told["reason"]}
    answer = desk.post(page, entered)
    assert (answer.status_code, counts()) == (200, before)
    for words in (str(shown), answer.content.decode()):
        assert message in words


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, None),
        ({"address": "ftp://example.org/"}, "address"),
        ({"address": "javascript:alert(1)"}, "address"),
        ({"text": " "}, "text"),
        ({"text": "a\x00b"}, None),
        ({"text": "It may rain.", "title": "x" * 301}, "title"),
    ],
)
def test_a_capture_that_one_door_refuses_the_other_refuses(desk, told, field):
    case = a.case()
    before = LedgerEntry.objects.count()
    body = json.dumps({"case": str(case.uuid), **told})
    answer = desk.post("/api/captures/", data=body, content_type="application/json")
    assert answer.status_code == 400
    assert field is None or list(answer.json()) == [field]
    page = desk.post("/predictions/capture/add/", {"case": case.pk, **told})
    assert page.status_code == 200
    assert field is None or field in page.context["adminform"].form.errors
    assert LedgerEntry.objects.count() == before
