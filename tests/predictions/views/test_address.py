"""What an address opens: filters that stand in it, names that were typed, and what is not there or hidden."""

from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.urls import reverse

from predictions.models import Case, Source
from predictions.queries import scorecard_index
from tests import builders as a
from tests.predictions.views.world import Page, settled

pytestmark = pytest.mark.django_db

CARDS = ["scorecard", "scorecard-csv", "scorecard-json"]


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def everything(db):
    """A query that uses every filter, and finds one prediction."""
    case = a.case()
    source, by = a.source(case, title="Note", publisher="Desk"), a.forecaster("Ada Byron")
    settled(a.prediction(case, theme="war & peace"), by=by, quote=a.quote(source))
    return {
        "forecaster": str(by.uuid),
        "source": str(source.uuid),
        "publisher": "Desk",
        "theme": "war & peace",
        "case": str(case.uuid),
        "since": "2026-01-01",
        "until": "2026-12-31",
        "horizon": "90-to-365",
    }


@pytest.mark.parametrize("page", CARDS)
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"forecaster": str(uuid4())}, 404),
        ({"source": str(uuid4())}, 404),
        ({"case": str(uuid4())}, 404),
        ({"forecaster": "nobody of that name"}, 404),
        ({"source": "' OR 1=1"}, 404),
        ({"theme": "unheard of"}, 404),
        ({"theme": "weather\x00"}, 404),
        ({"since": "yesterday"}, 400),
        ({"horizon": "soon"}, 400),
        ({"since": "2026-02-01", "until": "2026-01-01"}, 400),
        ({"forcaster": "a misspelt filter"}, 400),
    ],
)
def test_an_address_that_cannot_be_answered_says_so(reader, page, query, status):
    settled()
    assert reader.get(reverse(page), query).status_code == status


@pytest.mark.parametrize("page", [*CARDS, "league", "comparison"])
def test_what_is_hidden_is_not_found(reader, page):
    members = [a.a_person_with("analyst"), a.a_person_with("resolver")]
    private = a.case(is_private=True, members=members)
    source = a.source(private, publisher="Secret Press")
    settled(a.prediction(private, theme="secret"), quote=a.quote(source))
    queries = ({"source": str(source.uuid)}, {"theme": "secret"}, {"publisher": "Secret Press"})
    queries += ({"case": str(private.uuid)},)
    for query in queries:
        assert reader.get(reverse(page), query).status_code == 404
    reader.force_login(members[0])
    for query in queries:
        assert reader.get(reverse(page), query).status_code == 200


def test_the_filter_of_a_stranger_does_not_offer_what_is_hidden(reader):
    private = a.case(is_private=True, members=[a.a_person_with("analyst"), a.a_person_with("resolver")])
    settled(a.prediction(private, theme="secret"), quote=a.quote(a.source(private, title="Hidden note")))
    settled()
    page = str(Page(reader.get(reverse("scorecard"))))
    assert "secret" not in page
    assert "Hidden note" not in page


def test_all_filters_together_stand_in_every_link_and_download(reader, everything):
    page = Page(reader.get(reverse("scorecard"), everything))
    assert "n = 1" in str(page)
    kept = {name: [value] for name, value in everything.items()}
    paths = [reverse(name) for name in ("scorecard-csv", "scorecard-json", "scorecard")]
    carrying = {path: [link for link in page.links if link.startswith(f"{path}?")] for path in paths}
    for links in carrying.values():
        assert any(parse_qs(urlsplit(link).query) in (kept, kept | {"print": ["1"]}) for link in links)
    others = {name: value for name, value in kept.items() if name != "forecaster"}
    assert any(link.startswith(reverse("league")) and parse_qs(urlsplit(link).query) == others for link in page.links)
    assert reverse("scorecard") in page.links  # clears the filters


def test_the_form_shows_what_the_address_asks_for(reader, everything):
    shown = reader.get(reverse("scorecard"), everything).context["filters"]
    told = {choice.name: choice.value for choice in shown.choices}
    told |= {"since": shown.since, "until": shown.until, "horizon": shown.horizon}
    assert told == everything


def test_an_untidy_address_leads_to_the_plain_one(reader, everything):
    blank = dict.fromkeys(("source", "theme", "since", "horizon"), "")
    answer = reader.get(reverse("scorecard"), blank | {"forecaster": "ada byron"})
    assert answer["Location"] == f"{reverse('scorecard')}?forecaster={everything['forecaster']}"
    assert reader.get(reverse("scorecard"), blank)["Location"] == reverse("scorecard")


@pytest.mark.parametrize(
    ("typed", "names"), [("ada", ["Ada Byron", "Ada Lovelace"]), ("lovel", []), ("zoe", []), ("Ada Byron", [])]
)
def test_a_part_of_a_name_is_enough_where_it_is_one_persons(reader, typed, names):
    for name in ("Ada Byron", "Ada Lovelace"):
        settled(by=a.forecaster(name))
    answer = reader.get(reverse("scorecard"), {"forecaster": typed})
    assert answer.status_code == (302 if typed in {"lovel", "Ada Byron"} else 404)
    if names:
        assert [name for name, _ in answer.context["asked"].faults[0].offers] == names
        assert reader.get(f"{reverse('scorecard')}?{answer.context['asked'].faults[0].offers[0][1]}").status_code == 200


def test_long_lists_are_searched_by_a_part_of_the_name(reader, monkeypatch):
    monkeypatch.setattr(scorecard_index, "MOST", 2)
    for name in ("Ada", "Bob", "Cyd"):
        settled(by=a.forecaster(name))
    choices = {choice.name: choice for choice in reader.get(reverse("scorecard")).context["filters"].choices}
    assert (choices["forecaster"].is_long, len(choices["forecaster"].options)) == (True, 2)
    assert not choices["theme"].is_long
    assert reader.get(reverse("scorecard"), {"forecaster": "Cyd"}).status_code == 302
    index = Page(reader.get(reverse("scorecards")))
    assert "1 more are not listed: search for a part of the name." in str(index)
    assert "Cyd" in str(Page(reader.get(reverse("scorecards"), {"search": "cy"})))


def test_the_index_leads_to_every_card(reader):
    source, by = a.source(publisher="A & B"), a.forecaster("R & D <desk>")
    settled(a.prediction(source.case, theme="war & peace?"), by=by, quote=a.quote(source))
    page = Page(reader.get(reverse("scorecards")))
    links = [link for link in page.links if link.startswith(reverse("scorecard"))]
    titles = {reader.get(link).context["card"].title for link in links}
    told = {"Everything on record", "R & D <desk>", str(Source.objects.get()), "Publisher: A & B"}
    assert told | {"Theme: war & peace?", f"Case: {Case.objects.get()}"} <= titles
    assert {reverse("league"), reverse("comparison")} <= set(page.links)
