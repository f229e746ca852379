"""Judging in real browsers: two resolvers who see nothing of each other, an adjudicator, a dispute that is upheld."""

from datetime import UTC, datetime

import pytest

from predictions.models import LedgerEntry, Resolution
from tests import builders as a
from tests.browser.conftest import Visitor

OPENS, CLOSES = datetime(2022, 3, 23, 15, tzinfo=UTC), datetime(2022, 12, 31, 15, tzinfo=UTC)
STATEMENT = "The revised strategy calls out the behaviour of China more explicitly than the one of 2013 did."
CRITERIA = (
    "The text names conduct of China that the strategy of 2013 left unnamed.",
    "The text calls that conduct a threat to the security of Japan.",
)
FOR, AGAINST = "It speaks of the greatest strategic challenge.", "It nowhere says threat."
YES = {"verdict_a": "met", "verdict_b": "met", "outcome": "yes"}
NO = {"verdict_a": "met", "verdict_b": "not_met", "outcome": "no"}
STORY = (
    "posed the prediction",
    "asked a resolver to judge it",
    "asked a resolver to judge it",
    "A resolver submitted an assessment",
    "A resolver submitted an assessment",
    "The prediction was resolved: yes",
    "vera disputed how criterion (b) was judged: A challenge is no threat.",
    "endo upheld the dispute: The text bears that out.",
    "The resolution was replaced: the prediction was resolved: no",
)
NARROW, BROAD = {"width": 390, "height": 900}, {"width": 1440, "height": 900}


@pytest.fixture
def due(live_server):
    """A prediction past its close that two resolvers are to judge, and everybody who has to do with it."""
    roles = {"ann": "analyst", "mori": "resolver", "sato": "resolver", "kato": "adjudicator", "endo": "adjudicator"}
    for name, role in (roles | {"vera": "viewer"}).items():
        a.person(name, role)
    case = a.case(title="Japan’s strategy of 2022", resolvers_asked=2, notice_hours=48, hides_forecasts=True)
    prediction = a.prediction(case, statement=STATEMENT, criteria=CRITERIA, opens_at=OPENS, closes_at=CLOSES)
    a.forecast(prediction, "83%", issued_at=OPENS)
    a.evidence(prediction, note=FOR)
    a.evidence(prediction, note=AGAINST, stance="contradicts")
    return prediction


@pytest.fixture
def arrives(chromium, live_server):
    """Lets a person sign in at a browser of their own."""
    people = []

    def arrive(username):
        person = Visitor(chromium.new_context(viewport=BROAD).new_page(), live_server.url)
        people.append(person)
        person.signs_in(username)
        return person

    yield arrive
    for person in people:
        person.page.context.close()
    assert [each.complaints + each.outside for each in people] == [[]] * len(people)


def fits_a_telephone(page, name):
    page.set_viewport_size(NARROW)
    page.wait_for_load_state("networkidle")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], name
    page.set_viewport_size(BROAD)


def all_that_is_told(person, prediction, *own):
    """The text of every page on which the judging of others could show, hidden parts included."""
    paths = (
        "/",
        f"/predictions/prediction/{prediction.pk}/change/",
        "/predictions/prediction/",
        "/predictions/assessment/",
        "/predictions/ledgerentry/",
        *own,
    )
    return {path: " ".join(person.goes_to(path).locator("#main").text_content().split()) for path in paths}


def judges(page, found, rationale, evidence):
    """Fills what the forms of an assessment and of a decision share."""
    for name, value in found.items():
        page.locator(f"input[name={name}][value={value}]").check()
    page.fill("textarea[name=rationale]", rationale)
    page.get_by_label(evidence).check()


def assesses(page, found, rationale, evidence):
    page.get_by_role("link", name=STATEMENT).first.click()
    judges(page, found, rationale, evidence)
    page.get_by_label("moderate", exact=True).check()
    fits_a_telephone(page, "assess")
    page.get_by_role("button", name="Submit assessment").click()
    page.get_by_text(rationale).first.wait_for()
    fits_a_telephone(page, "assessed")


def adjudicates(page):
    page.get_by_role("link", name=STATEMENT).first.click()
    page.get_by_role("link", name="Adjudicate").last.click()
    verdicts = page.locator(".beside-evidence").text_content()
    told = [name for name in ("Resolver 1", "Resolver 2", "mori", "sato") if name in verdicts]
    assert told == ["Resolver 1", "Resolver 2"]
    judges(page, YES, "A challenge to the security of Japan is as grave.", FOR)
    page.fill("input[name=known]", "2022-12-16")
    fits_a_telephone(page, "adjudicate")
    page.get_by_role("button", name="Adjudicate").click()
    page.locator("#resolution").get_by_text("provisional until").wait_for()
    fits_a_telephone(page, "adjudicated")


def disputes(page):
    page.get_by_role("link", name="Dispute").last.click()
    page.get_by_label(f"(b) {CRITERIA[1]}").check()
    page.get_by_label(AGAINST).check()
    page.fill("textarea[name=text]", "A challenge is no threat.")
    fits_a_telephone(page, "dispute")
    page.get_by_role("button", name="Dispute").click()
    page.get_by_text("Not answered yet.").wait_for()
    fits_a_telephone(page, "disputed")


def upholds(page):
    page.get_by_role("link", name=STATEMENT).first.click()
    page.get_by_role("link", name="Answer", exact=True).click()
    judges(page, {"answer": "upheld", **NO}, "It says challenge, not threat.", AGAINST)
    page.fill("textarea[name=text]", "The text bears that out.")
    page.fill("input[name=known]", "2022-12-16")
    fits_a_telephone(page, "answer")
    page.get_by_role("button", name="Answer").click()
    page.locator("#judgement").get_by_text("Upheld", exact=True).wait_for()
    fits_a_telephone(page, "answered")


def story(page):
    """The lines of the history that are in STORY, in the order of the page."""
    page.get_by_role("link", name="History").click()
    page.locator("#history").wait_for()
    fits_a_telephone(page, "history")
    lines = page.locator("#history li").all_text_contents()
    return [told for line in lines for told in dict.fromkeys(STORY) if told in line]


def test_three_people_in_three_browsers_judge_and_a_fourth_disputes(arrives, due):
    ann, entries = arrives("ann"), LedgerEntry.objects.count()
    ann.goes_to(f"/predictions/prediction/{due.pk}/change/#judgement")
    ann.page.get_by_role("link", name="Draw resolvers").click()
    fits_a_telephone(ann.page, "draw")
    ann.page.get_by_role("button", name="Draw").click()
    ann.page.locator(".asked").get_by_text("sato").wait_for()

    mori, sato, kato = arrives("mori"), arrives("sato"), arrives("kato")
    own = f"/predictions/assessment/add/?prediction={due.pk}", "/worklists/to-assess/"
    blind, waiting = all_that_is_told(sato, due, *own), all_that_is_told(kato, due)
    assert not [path for path, text in blind.items() if "83%" in text]
    assesses(mori.goes_to("/"), YES, "The words are far stronger.", FOR)
    assert mori.page.get_by_text("Nobody is shown another’s verdict").is_visible()
    assert all_that_is_told(sato, due, *own) == blind
    assert all_that_is_told(kato, due) == waiting

    assesses(sato.goes_to("/"), NO, "It speaks of a challenge.", AGAINST)
    told = all_that_is_told(kato, due)
    assert [path for path in told if told[path] == waiting[path]] == ["/predictions/prediction/"]
    adjudicates(kato.goes_to("/"))
    vera = arrives("vera")
    vera.goes_to(f"/predictions/prediction/{due.pk}/change/#judgement")
    disputes(vera.page)
    endo = arrives("endo")
    upholds(endo.page)
    for path in ("/", "/predictions/assessment/", "/predictions/dispute/", "/predictions/resolution/"):
        fits_a_telephone(endo.goes_to(path), path)

    vera.page.reload()
    assert story(vera.page) == list(STORY)
    assert [row.outcome for row in Resolution.objects.order_by("pk")] == [1.0, 0.0]
    due.refresh_from_db()
    assert due.resolution.outcome == 0.0
    assert LedgerEntry.objects.count() == entries + 8
