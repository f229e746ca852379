"""The evidence matrix of a case in the admin: filled cell by cell, saved at once, read by all who may see it."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.models import LedgerEntry, Rating
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    return a.case(resolvers_asked=2)


@pytest.fixture
def one(case):
    return a.prediction(case)


@pytest.fixture
def item(one):
    return a.evidence(one)


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def page(case, query=""):
    return f"/predictions/case/{case.pk}/matrix/{query}"


def cell(item, prediction, kind="cell"):
    return f"{kind}-{item.pk}-{prediction.pk}"


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_page_of_a_case_and_of_its_predictions_lead_to_the_matrix(desk, one, case):
    for address in (f"/predictions/case/{case.pk}/change/", f"/predictions/prediction/{one.pk}/change/"):
        assert page(case) in text(desk.get(address))


def test_one_save_keeps_all_that_was_changed_and_an_entry_for_each(desk, analyst, case, one, item):
    two = a.prediction(case)
    before = LedgerEntry.objects.count()
    entered = {cell(item, one): "C", cell(item, two): "II", cell(item, two, "note"): "It rules that out."}
    assert desk.post(page(case), entered).status_code == 302
    assert LedgerEntry.objects.count() == before + 2
    rows = {each.prediction: each for each in Rating.objects.all()}
    assert (rows[one].consistency, rows[two].consistency, rows[two].note) == ("C", "II", "It rules that out.")
    assert {each.rater for each in rows.values()} == {analyst}
    shown = desk.get(page(case))
    assert "Saved: 2 ratings." in text(shown)
    assert [each.inconsistency for each in shown.context["matrix"].columns] == ["0", "2"]


def test_nothing_is_saved_where_nothing_was_changed(desk, analyst, case, one, item):
    a.rating(item, one, "C", by=analyst, note="So.")
    before = LedgerEntry.objects.count()
    same = {cell(item, one): "C", cell(item, one, "note"): "So."}
    assert desk.post(page(case), same).status_code == 302
    assert LedgerEntry.objects.count() == before
    assert "Nothing was changed." in text(desk.get(page(case)))


def test_a_changed_rating_wants_a_reason_and_replaces_the_earlier(desk, analyst, case, one, item):
    first = a.rating(item, one, "C", by=analyst)
    refused = desk.post(page(case), {cell(item, one): "I"})
    assert "Say why the earlier ratings are replaced." in text(refused)
    assert Rating.objects.count() == 1
    desk.post(page(case), {cell(item, one): "I", "reason": "Read again."})
    second = Rating.objects.standing().get()
    assert (second.supersedes, second.reason, second.consistency) == (first, "Read again.", "I")
    desk.post(page(case), {cell(item, one): "", f"initial-{cell(item, one)}": "I", "reason": "A slip."})
    assert Rating.objects.standing().get().in_words() == "taken back"
    assert desk.get(page(case)).context["matrix"].columns[0].standing.count == 0
    desk.post(page(case), {cell(item, one): "CC", "reason": "After all."})
    assert (Rating.objects.standing().get().consistency, Rating.objects.count()) == ("CC", 4)


def test_a_page_that_was_shown_before_another_save_takes_nothing_back(desk, analyst, case, one, item):
    """The cell came back as it was shown, unrated; it was rated elsewhere meanwhile."""
    two = a.prediction(case)
    a.rating(item, one, "II", by=analyst)
    stale = {cell(item, one): "", f"initial-{cell(item, one)}": "", cell(item, two): "C"}
    assert desk.post(page(case), stale).status_code == 302
    assert Rating.objects.get(prediction=one).consistency == "II"
    assert Rating.objects.get(prediction=two).consistency == "C"


@pytest.mark.parametrize(
    ("entered", "message"),
    [
        ({"cell": "X"}, "Select a valid choice"),
        ({"note": "x" * 501, "cell": "C"}, "at most 500"),
        ({"note": "But."}, "Choose a rating for what you noted."),
        ({"cell": "C", "note": "a\x00b"}, "Null characters are not allowed"),
    ],
)
def test_what_is_wrong_is_told_at_its_cell_and_nothing_is_kept_or_lost(desk, case, one, item, entered, message):
    two = a.prediction(case)
    wrong = {cell(item, one, kind): value for kind, value in entered.items()} | {cell(item, two): "II"}
    answer = desk.post(page(case), wrong)
    assert message in text(answer)
    assert not Rating.objects.exists()
    assert answer.context["form"][cell(item, two)].value() == "II"


def test_what_is_gone_from_the_page_is_told_and_not_lost_in_silence(desk, case, one, item):
    """Evidence that was replaced since the page was opened; evidence of another case looks no different."""
    newer = a.evidence(one, supersedes=item, reason="Misread.")
    for gone in (item, a.evidence()):
        answer = desk.post(page(case), {cell(gone, gone.prediction): "I", cell(newer, one): "C"})
        assert answer.status_code == 409
        assert "Some of what you rated is no longer on this page" in text(answer)
        assert answer.context["form"][cell(newer, one)].value() == "C"
        assert not Rating.objects.exists()
    untouched = {cell(item, one): "C", f"initial-{cell(item, one)}": "C", cell(newer, one): "C"}
    assert desk.post(page(case), untouched).status_code == 302
    assert Rating.objects.get().evidence == newer


def test_all_ratings_are_shown_with_their_raters_and_where_they_differ(desk, case, one, item):
    a.rating(item, one, "C", by=a.person("zoe", "analyst"), note="As expected.")
    a.rating(item, one, "I", by=a.person("yan", "analyst"))
    told = text(desk.get(page(case, "?show=all")))
    assert "C or I" in told
    assert "raters differ" in told
    assert "zoe: consistent (C) – As expected." in told
    assert "<select" not in told
    assert "zoe" not in text(desk.get(page(case)))


@pytest.mark.parametrize(("role", "status"), {"viewer": 403, "resolver": 403, "administrator": 403}.items())
def test_who_does_not_rate_reads_all_ratings(client, people, case, one, item, role, status):
    a.rating(item, one, "II")
    client.force_login(people[role])
    shown = client.get(page(case))
    assert "<strong>II</strong>" in text(shown)
    assert "Save ratings" not in text(shown)
    assert client.post(page(case), {cell(item, one): "C"}).status_code == status
    assert Rating.objects.count() == 1


def test_who_is_asked_to_judge_is_told_so_and_neither_sees_nor_rates_that_column(client, case, one, item):
    both = a.person("both", "analyst", "resolver")
    two = a.prediction(case)
    for prediction in (one, two):
        a.rating(item, prediction, "II", note="Secret." if prediction == one else "Open.")
    a.assigned(one, both)
    client.force_login(both)
    shown, all_of_it = text(client.get(page(case))), text(client.get(page(case, "?show=all")))
    assert "You are asked to judge P1" in shown
    assert cell(item, one) not in shown
    assert cell(item, two) in shown
    assert ("Secret." in all_of_it, "Open." in all_of_it) == (False, True)
    assert client.post(page(case), {cell(item, one): "C"}).status_code == 409
    assert not Rating.objects.filter(rater=both).exists()


def test_a_private_case_has_no_matrix_for_others(client, people):
    secret = a.evidence(a.prediction(a.case(is_private=True)))
    for user in people.values():
        client.force_login(user)
        answer = client.get(page(secret.prediction.case))
        assert answer.status_code == (404 if user.roles else 302)


def test_empty_matrices_say_what_is_missing(desk, case):
    assert "No prediction is posed in this case yet." in text(desk.get(page(case)))
    a.prediction(case)
    assert "No evidence is linked to these predictions yet." in text(desk.get(page(case)))
    assert "No prediction of this theme" in text(desk.get(page(case, "?theme=none")))


def test_what_tells_nothing_apart_and_what_the_order_hangs_on_are_marked(desk, analyst, case, one, item):
    two = a.prediction(case)
    a.rating(item, one, "C", by=analyst)
    a.rating(item, two, "C", by=analyst)
    assert "tells nothing apart</span>" in text(desk.get(page(case)))
    deciding = a.evidence(one, note="It decides.")
    a.rating(deciding, one, "II", by=analyst)
    told = text(desk.get(page(case)))
    assert "who comes first hangs on it" in told
    assert "Without it the least inconsistent would be P1 and P2." in told
    assert "Not all predictions were rated against equally many items." in told


def test_long_matrices_go_on_over_pages_and_the_sums_are_over_all(desk, analyst, case, one, monkeypatch):
    monkeypatch.setattr("predictions.admin.matrix_page.LINES_PER_PAGE", 2)
    for _ in range(3):
        a.rating(a.evidence(one), one, "I", by=analyst)
    for number, lines in ((1, 2), (2, 1)):
        shown = desk.get(page(case, f"?page={number}"))
        assert len(shown.context["lines"]) == lines
        assert shown.context["matrix"].columns[0].inconsistency == "3"


@pytest.mark.parametrize("query", ["", "?show=all"])
def test_page_asks_as_often_for_three_rows_as_for_one(desk, analyst, case, query):
    counts = []
    for more in (1, 2):
        for _ in range(more):
            a.rating(a.evidence(row := a.prediction(case)), row, by=analyst)
            a.rating(row.evidence.get(), row, by=a.person(f"other-{row.pk}", "analyst"))
        desk.get(page(case, query))
        with CaptureQueriesContext(connection) as queries:
            shown = desk.get(page(case, query))
        counts.append(len(queries))
    assert len(shown.context["lines"]) == len(shown.context["matrix"].columns) == 3
    assert counts[0] == counts[1]
