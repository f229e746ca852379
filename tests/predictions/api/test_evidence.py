from http import HTTPStatus
from uuid import uuid4

import pytest

from predictions.models import Evidence, LedgerEntry
from tests import builders as a


@pytest.fixture
def world(fill):
    return fill()


@pytest.fixture
def link(api, world):
    """Posts evidence, lawful but for what is told; None drops a key."""
    lawful = {"prediction": str(world["predictions"].uuid), "source": str(world["sources"].uuid)}
    lawful |= {"stance": "contradicts", "note": "It stayed dry.", "credibility": 2}

    def post(client=api, **fields):
        body = {key: value for key, value in (lawful | fields).items() if value is not None}
        return client.post("/api/evidence/", body, content_type="application/json")

    return post


def test_evidence_is_linked_with_the_grade_of_its_source(link, api, world):
    response = link(quote=str(world["quotes"].uuid), criterion=str(world["evidence"].criterion.uuid))
    assert response.status_code == HTTPStatus.CREATED
    shown = response.json()
    assert (shown["stance"], shown["note"], shown["grade"]) == ("contradicts", "It stayed dry.", "B2")
    assert (shown["quote"], shown["criterion"]) == (str(world["quotes"].uuid), str(world["evidence"].criterion.uuid))
    assert shown["seq"] == LedgerEntry.objects.latest("seq").seq
    assert api.get(response.headers["Location"]).json() == shown


def test_evidence_is_replaced_with_a_reason(link, api, world):
    old = str(world["evidence"].uuid)
    assert list(link(supersedes=old).json()) == ["reason"]
    shown = link(supersedes=old, reason="Misread.", reliability="C").json()
    assert (shown["supersedes"], shown["grade"]) == (old, "C2")
    assert api.get(f"/api/evidence/{old}/").json()["superseded_by"] == shown["uuid"]
    assert link(supersedes=old, reason="Misread.").status_code == HTTPStatus.CONFLICT


@pytest.mark.parametrize("role", ["resolver", "adjudicator"])
def test_judges_link_what_they_find(link, caller, role):
    assert link(caller(role)).status_code == HTTPStatus.CREATED


@pytest.mark.parametrize(
    ("fields", "refused_at"),
    [
        ({"stance": "maybe"}, "stance"),
        ({"stance": None}, "stance"),
        ({"note": ""}, "note"),
        ({"note": "x" * 2001}, "note"),
        ({"credibility": 0}, "credibility"),
        ({"credibility": 7}, "credibility"),
        ({"credibility": 2.5}, "credibility"),
        ({"credibility": True}, "credibility"),
        ({"credibility": [2]}, "credibility"),
        ({"reliability": "Z"}, "reliability"),
        ({"recorded_by": 1}, "recorded_by"),
        ({"recorded_at": "2026-01-01"}, "recorded_at"),
        ({"seq": 0}, "seq"),
        ({"external_id": "e1"}, "external_id"),
        ({"source": "x"}, "source"),
        ({"source": None}, "source"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(link, fields, refused_at):
    before = Evidence.objects.count()
    response = link(**fields)
    assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [refused_at])
    assert Evidence.objects.count() == before


def test_what_belongs_elsewhere_is_refused_at_its_field(link, fill):
    other = fill()
    for field, row in {
        "source": other["sources"],
        "quote": other["quotes"],
        "criterion": other["evidence"].criterion,
        "supersedes": other["evidence"],
    }.items():
        response = link(**{field: str(row.uuid)}, reason="So.")
        assert (response.status_code, list(response.json())) == (HTTPStatus.BAD_REQUEST, [field])


def test_naming_something_hidden_tells_no_more_than_naming_nothing(link, fill):
    rows = fill(is_private=True)
    hidden = {"prediction": rows["predictions"], "source": rows["sources"], "quote": rows["quotes"]}
    hidden |= {"criterion": rows["evidence"].criterion, "supersedes": rows["evidence"]}
    for field, row in hidden.items():
        to_hidden, to_nothing = (link(**{field: str(uuid)}, reason="So.") for uuid in (row.uuid, uuid4()))
        assert (to_hidden.status_code, list(to_hidden.json())) == (HTTPStatus.BAD_REQUEST, [field])
        assert to_hidden.content == to_nothing.content


def test_evidence_may_name_a_criterion_of_the_newest_revision_only_of_its_own_prediction(link):
    stranger = a.prediction().revision.criteria.get()
    assert link(criterion=str(stranger.uuid)).json() == {"criterion": ["This criterion belongs to another prediction."]}


@pytest.fixture
def comparison(world):
    """Two texts of the case, and what a body says of them."""
    reference, revised = a.two_texts(world["cases"])
    told = {"reference": str(reference.source.uuid), "revised": str(revised.source.uuid), "term": "economic security"}
    return reference, revised, told


def test_evidence_may_rest_on_a_comparison_that_is_counted_here(link, comparison, api):
    reference, revised, told = comparison
    response = link(source=str(revised.source.uuid), comparison=told)
    assert response.status_code == HTTPStatus.CREATED, response.json()
    kept = response.json()["comparison"]
    assert (kept["reference_sha256"], kept["revised_sha256"]) == (reference.sha256, revised.sha256)
    assert (kept["revised_count"], kept["unit"], kept["version"]) == (4, "words", "1")
    assert api.get(response.headers["Location"]).json()["comparison"] == kept
    assert link().json()["comparison"] is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"term": "--"}, 400),
        ({"term": None}, 400),
        ({"reference_sha256": "0" * 64}, 400),
        ({"revised": "6f1d9f0e-0000-4000-8000-000000000000"}, 400),
        ({"revised_count": 7}, 400),
    ],
    ids=str,
)
def test_a_comparison_that_cannot_be_made_is_refused(link, comparison, change, status):
    _, revised, told = comparison
    before = Evidence.objects.count()
    body = {key: value for key, value in (told | change).items() if value is not None}
    assert link(source=str(revised.source.uuid), comparison=body).status_code == status
    assert Evidence.objects.count() == before
