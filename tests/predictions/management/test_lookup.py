"""How a command finds what it is told of."""

import pytest
from django.core.management.base import CommandError

from predictions.management.lookup import one_source, unknown
from tests import builders as a


@pytest.mark.django_db
def test_a_source_is_found_by_short_name_or_uuid(analyst):
    source = a.source(external_id="note-12")
    assert one_source("note-12", analyst) == source == one_source(str(source.uuid), analyst)


@pytest.mark.django_db
def test_a_short_name_of_several_cases_is_refused_with_their_uuids(analyst):
    sources = [a.source(external_id="note") for _ in range(2)]
    with pytest.raises(CommandError, match="Several cases") as refusal:
        one_source("note", analyst)
    assert all(str(source.uuid) in str(refusal.value) for source in sources)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", "hidden", "diplomats"])
def test_a_source_that_is_not_there_or_hidden_is_refused_alike(analyst, name):
    a.source(external_id="diplomat")
    a.source(a.case(is_private=True, members=[a.a_person_with("analyst")]), external_id="hidden")
    with pytest.raises(CommandError, match=f"There is no source “{name}”") as refusal:
        one_source(name, analyst)
    assert "diplomat" in str(refusal.value)
    assert "hidden" not in str(refusal.value).removeprefix(f"There is no source “{name}”")


@pytest.mark.parametrize(
    ("name", "known", "message"),
    [
        ("econmy", ["economy", "war"], "There is no theme “econmy”. Did you mean: economy?"),
        ("war", ["The war in 2026"], "There is no theme “war”. Did you mean: The war in 2026?"),
        ("xyz", ["peace", "war"], "There is no theme “xyz”. There are: peace; war."),
        ("xyz", [], "There is no theme “xyz”."),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_come_near(name, known, message):
    assert str(unknown("theme", name, known)) == message
