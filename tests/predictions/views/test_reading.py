"""The reading page: who opens it, what it shows of a text, and what it lets a browser do."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from predictions.operations.sources import attach_text
from predictions.queries import readings
from tests import builders as a
from tests.predictions.views.world import Page

TEXT = "It is likely that the cabinet will fall. Nobody minds.\nPrices will rise, and wages may not.\n"

pytestmark = pytest.mark.django_db


def held(in_case=None, text=TEXT, **fields):
    source = a.source(in_case or a.case(), **fields)
    attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def opened(client, source, *rest, user=None, **asked):
    client.force_login(user or a.a_person_with("viewer"))
    name = "reading-text" if rest else "reading"
    return client.get(reverse(name, args=[source.uuid, *rest]), asked)


def test_paragraphs_are_numbered_and_claims_and_quotes_can_be_gone_to(client):
    source = held()
    quote = a.quote(source, "the cabinet will fall")
    page = Page(opened(client, source))
    assert {"p1", "p2", "claim-1", "claim-2", f"quote-{quote.uuid}"} <= set(page.ids)
    assert {"#p1", "#p2", "#claim-1", f"#quote-{quote.uuid}"} <= set(page.links)
    assert len(page.ids) == len(set(page.ids))
    assert "Foretold here 2" in str(page)


def test_the_margin_names_what_was_made_of_a_quote(client):
    source = held()
    prediction = a.posed_from(a.quote(source, "the cabinet will fall"))
    page = Page(opened(client, source))
    assert prediction.statement in str(page)
    assert "likely (55–80%), taken as 67.5% (ICD 203)" in str(page)
    assert f"/predictions/prediction/{prediction.pk}/change/" in page.links


@pytest.mark.parametrize(("role", "may_settle"), [("analyst", True), ("viewer", False)])
def test_a_quote_that_was_not_found_again_leads_to_the_decision(client, role, may_settle):
    quote = a.orphaned()
    page = Page(opened(client, quote.source, user=a.a_person_with(role)))
    assert "Not found again in the newest text" in str(page)
    assert (f"/predictions/quote/{quote.pk}/settle/" in page.links) == may_settle


def test_a_quote_that_was_found_again_awaits_no_decision(client):
    source = held()
    a.quote(source, "the cabinet will fall")
    assert "Not found again" not in str(Page(opened(client, source)))


def test_a_policy_lets_the_browser_run_our_own_files_alone(client):
    answer = opened(client, held())
    policy = dict(each.split(" ", 1) for each in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    told = answer.content.decode()
    assert "<style" not in told
    assert " style=" not in told
    assert "<script>" not in told


def test_what_stands_in_a_text_is_shown_and_never_obeyed(client):
    told = opened(client, held(text="<script>alert(1)</script> <b>will</b> rise.", title="<i>T</i>")).content.decode()
    assert "<script>alert" not in told
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
    assert "&lt;i&gt;T&lt;/i&gt;" in told


def test_only_who_poses_predictions_is_offered_it(client):
    source = held()
    assert "Pose" not in opened(client, source).content.decode()
    assert "Pose a prediction" in opened(client, source, user=a.a_person_with("analyst")).content.decode()


def test_a_quote_that_nothing_was_made_of_yet_can_be_posed(client):
    source = held()
    place = a.quote(source, "wages may not").anchors.get()
    page = Page(opened(client, source, user=a.a_person_with("analyst")))
    assert any(link.endswith(f"&start={place.start}&end={place.end}") for link in page.links)
    assert "Pose one" not in str(Page(opened(client, source)))


def test_an_earlier_text_has_its_own_address_and_says_what_it_is(client):
    source = held()
    attach_text(source, f"Reviewed. {TEXT}", by=a.a_person_with("analyst"), at=a.NOW.replace(second=30))
    newest, older = source.snapshots.all()
    assert "Reviewed." in str(Page(opened(client, source)))
    page = str(Page(opened(client, source, older.uuid)))
    assert "This is an earlier text" in page
    assert "Reviewed." not in page
    assert "This is an earlier text" not in str(Page(opened(client, source, newest.uuid)))


def test_a_text_of_another_source_is_not_found(client):
    source, other = held(), held()
    assert opened(client, source, other.snapshots.get().uuid).status_code == 404


def test_a_private_case_is_not_found_by_anybody_else(client):
    keeper = a.person("keeper", "analyst", "administrator")
    source = held(a.case(by=keeper, is_private=True, members=[a.a_person_with("analyst")]))
    assert opened(client, source).status_code == 404
    assert opened(client, source, source.snapshots.get().uuid).status_code == 404
    assert opened(client, source, user=keeper).status_code == 200


def test_a_source_without_text_shows_its_quotes(client):
    source = a.source()
    a.quote(source, "words of it")
    page = str(Page(opened(client, source)))
    assert "is not held here" in page
    assert "words of it" in page


@pytest.mark.parametrize(("asked", "status"), [({"part": "x"}, 400), ({"part": "²"}, 400), ({"quote": "x"}, 404)])
def test_an_address_that_makes_no_sense_is_refused(client, asked, status):
    assert opened(client, held(), **asked).status_code == status


def test_a_long_text_is_read_in_parts(client, monkeypatch):
    monkeypatch.setattr(readings, "PART", 60)
    page = Page(opened(client, held(), part="2"))
    assert "Prices" in str(page)
    assert "Nobody" not in str(page)
    assert "p2" in page.ids
    assert "?part=1" in " ".join(page.links)


def test_the_number_of_queries_does_not_depend_on_the_number_of_quotes(client):
    few, many = held(), held()
    a.posed_from(a.quote(few, "the cabinet will fall"))
    for exact in ("the cabinet will fall", "Prices will rise", "wages may not"):
        a.posed_from(a.quote(many, exact))
    client.force_login(a.a_person_with("analyst"))
    counts = []
    for source in (few, many):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("reading", args=[source.uuid])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_hidden_forecast_leaves_no_trace_on_the_page(client):
    source = held(a.case(hides_forecasts=True))
    quote = a.quote(source, "the cabinet will fall")
    prediction = a.prediction(source.case, closes_at=a.on_day(30_000))
    stranger = a.person("stranger", "analyst")
    before = opened(client, source, user=stranger).content
    a.forecast(prediction, quote=quote)
    assert opened(client, source, user=stranger).content == before
    assert prediction.statement in opened(client, source, user=a.a_person_with("analyst")).content.decode()
