"""The page of agreement between resolvers: every number with its n, undefined said, nobody named."""

import json

import pytest
from django.urls import reverse

from predictions.models import Resolution
from predictions.operations.resolutions import confirm
from tests import builders as a
from tests.predictions.views.world import Page

pytestmark = pytest.mark.django_db


PARTS = ["sample", "figures", "methods", "pairs", "predictions"]


@pytest.fixture
def reader(client, administrator):
    client.force_login(administrator)
    return client


def look(reader, **asked):
    return reader.get(reverse("agreement"), asked)


def test_without_verdicts_it_says_when_they_appear(reader):
    assert "No verdicts to compare yet." in str(Page(look(reader)))


def test_the_page_tells_agreement_over_all_pair_by_pair_and_prediction_by_prediction(reader):
    case = a.case(resolvers_asked=2)
    on = a.prediction(case, criteria=["One.", "Two."], closes_at=a.on_day(50))
    resolvers = a.panel(on, "met", "met")
    confirm(Resolution(prediction=on, known_at=a.on_day(50)), by=a.a_person_with("resolver"), at=a.NOW)
    page = Page(look(reader))
    assert [each for each in page.ids if each in PARTS] == PARTS
    assert "n = 2 criteria with two verdicts or more" in str(page)
    assert "Krippendorff’s alpha few undefined nothing varies" in str(page)
    assert "Two resolvers judged two criteria of one prediction." in str(page)
    assert "100.0% undefined A/B undefined (n = 2) undefined confirmed as judged" in str(page)
    assert reverse("admin:predictions_prediction_change", args=[on.pk]) in page.links
    assert not any(who.username in str(page) for who in resolvers)


def test_one_case_is_asked_for_by_its_short_name_and_a_hidden_one_is_not_found(reader):
    cases = [a.case(resolvers_asked=2), a.case(resolvers_asked=2)]
    for case in cases:
        a.panel(a.prediction(case), "met", "not_met")
    page = Page(look(reader))
    ways = [f"{reverse('agreement')}?case={case.external_id}" for case in cases]
    assert set(ways) <= set(page.links)
    assert look(reader, case=cases[0].external_id).context["found"].figures.predictions == 1
    secret = a.case(is_private=True)
    answers = [look(reader, case=name) for name in (secret.external_id, "no-such-case", "nul\x00")]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert look(reader, cases="typo").status_code == 400


def test_the_json_holds_the_figures_and_the_text(reader):
    a.panel(a.prediction(a.case(resolvers_asked=2)), "met", "not_met")
    found = json.loads(reader.get(reverse("agreement-json")).content)
    assert found["figures"]["percent"]["value"] == 0
    assert found["decisions"]["undecided"] == 1
    assert len(found["methods"]) == 3
    assert "pk" not in found["predictions"][0]


def test_on_paper_the_conventions_are_notes(reader):
    a.panel(a.prediction(a.case(resolvers_asked=2)), "met", "not_met")
    paper = look(reader, print="1")
    assert all(str(Page(paper)).count(note) == 1 for note in paper.context["notes"])
    assert b"<script" not in paper.content


def test_the_queries_do_not_grow_with_the_predictions(reader, django_assert_max_num_queries):
    case = a.case(resolvers_asked=2)
    a.panel(a.prediction(case), "met", "not_met")
    with django_assert_max_num_queries(20) as before:
        look(reader)
    for _ in range(2):
        a.panel(a.prediction(case), "met", "met")
    with django_assert_max_num_queries(len(before)):
        look(reader)
