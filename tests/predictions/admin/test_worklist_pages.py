import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.admin.worklist_pages import WORDS
from predictions.models import Dispute, Forecast
from predictions.operations.disputes import raise_dispute
from predictions.operations.forecasts import log_forecast
from predictions.queries.worklists import KINDS
from tests import builders as a

pytestmark = pytest.mark.django_db

RESOLVE = "/predictions/resolution/add/?prediction={}"
PAGE = "/predictions/prediction/{}/change/#judgement"


def page(name, number=""):
    return f"/worklists/{name}/{number and f'?page={number}'}"


def asked(resolver):
    a.assigned(row := a.prediction(a.case(resolvers_asked=2)), resolver)
    return row.pk


def assessed(*verdicts):
    def build(_):
        a.panel(row := a.prediction(a.case(resolvers_asked=2)), *verdicts)
        return row.pk

    return build


def disputed(_):
    a.resolution(row := a.prediction())
    criterion = row.revision.criteria.get()
    row.refresh_from_db()
    contested = Dispute(prediction=row, criterion=criterion, evidence=a.evidence(row), text="It was dry all day.")
    raise_dispute(contested, by=a.a_person_with("viewer"), at=a.NOW)
    return row.pk


def late(_):
    case = a.case()
    a.prediction(case, trigger=(trigger := a.trigger(case, expected_at=a.START)))
    return trigger.pk


def to_review(analyst):
    row = a.prediction(closes_at=a.on_day(100_000))
    a.assumption(row, by=analyst, review_on=a.NOW.date())
    return row.pk


def stale(analyst):
    row = a.prediction(closes_at=a.on_day(100_000))
    said = Forecast(prediction=row, forecaster=a.forecaster(), words="70%", issued_at=a.START)
    log_forecast(said, by=analyst, at=a.NOW)
    return row.pk


def orphaned(_):
    return a.orphaned().pk


KINDS_OF_ROW = [
    ("to-assess", "resolver", asked, ["/predictions/assessment/add/?prediction={}"], "weather, closed 10 April 2026"),
    ("to-confirm", "resolver", assessed("met", "met"), [PAGE], "weather, closed"),
    ("to-adjudicate", "adjudicator", assessed("met", "not_met"), [PAGE], "weather, closed"),
    ("to-answer", "adjudicator", disputed, [PAGE], "criterion (a): It was dry all day."),
    ("to-resolve", "resolver", lambda _: a.prediction().pk, [PAGE, RESOLVE], "Resolve"),
    ("resolve-or-extend", "analyst", late, ["/predictions/trigger/{}/change/"], "expected 1 January 2026"),
    (
        "to-review",
        "analyst",
        to_review,
        [f"{PAGE.removesuffix('judgement')}assumptions"],
        "to review since 1 March 2026",
    ),
    ("orphaned", "analyst", orphaned, ["/predictions/quote/{}/settle/"], "Quotes orphaned"),
    ("stale", "analyst", stale, ["/predictions/forecast/add/?prediction={}"], ": 70%, issued"),
]


@pytest.mark.parametrize(("name", "role", "build", "links", "told"), KINDS_OF_ROW, ids=[row[0] for row in KINDS_OF_ROW])
def test_each_row_leads_to_where_it_is_dealt_with(name, role, build, links, told, client, people):
    key = build(people[role])
    client.force_login(people[role])
    text = client.get(page(name)).content.decode()
    assert told in text
    for link in links:
        assert f'href="{link.format(key)}' in text


@pytest.mark.parametrize(
    ("name", "role", "build"), [row[:3] for row in KINDS_OF_ROW], ids=[row[0] for row in KINDS_OF_ROW]
)
def test_page_asks_as_often_for_three_rows_as_for_one(name, role, build, client, people):
    client.force_login(people[role])
    counts = []
    for more in (1, 2):
        for _ in range(more):
            build(people[role])
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page(name))
        counts.append(len(queries))
    assert len(answer.context["lines"]) == 3
    assert counts[0] == counts[1]


def test_page_whose_kind_does_not_concern_the_readers_roles_is_refused(client, viewer):
    client.force_login(viewer)
    told = {name: client.get(page(name)).status_code for name in KINDS}
    assert {name for name, status in told.items() if status == 200} == {"due", "open", "closing-soon", "unscored"}
    assert set(told.values()) == {200, 403}


def test_long_worklist_goes_on_over_pages(client, viewer, monkeypatch):
    monkeypatch.setattr("predictions.admin.worklist_pages.PER_PAGE", 2)
    for _ in range(3):
        a.prediction()
    client.force_login(viewer)
    first, second, beyond = (client.get(page("due", number)) for number in ("", 2, "beyond"))
    assert [len(answer.context["lines"]) for answer in (first, second, beyond)] == [2, 1, 2]
    assert "1–2 of 3" in first.content.decode()
    assert 'href="?page=2" rel="next"' in first.content.decode()
    assert 'href="?page=1" rel="prev"' in second.content.decode()


@pytest.mark.parametrize("name", KINDS)
def test_empty_worklist_says_what_is_empty(name, client):
    client.force_login(a.person("everybody", "analyst", "resolver", "adjudicator"))
    assert WORDS[name].empty in client.get(page(name)).content.decode()
