"""What cannot be tested because it is not there is listed, and does not stay listed once it is there."""

import pytest

from tests.authorization.surfaces import LAST, NOT_THERE_YET, appeared, cases_tested, names_of_the_site

pytestmark = pytest.mark.authorization

WOULD_APPEAR = {
    24: "address /webhooks/",
    38: "column user.deputy",
}


@pytest.mark.parametrize("surface", NOT_THERE_YET, ids=lambda surface: f"case_{surface.case}")
def test_a_case_is_listed_only_while_its_surface_is_not_there(surface):
    found = appeared(surface, names_of_the_site())
    assert not found, f"Case {surface.case}, {surface.what}: write its test, and strike it off the list"
    assert appeared(surface, {WOULD_APPEAR[surface.case]})


def test_what_is_there_is_seen():
    there = {"address /agreement/", "command rescore", "task predictions.rescore", "column assignment.resolver"}
    assert there <= names_of_the_site()


def test_every_case_is_either_tested_or_listed():
    listed = [surface.case for surface in NOT_THERE_YET]
    assert len(listed) == len(set(listed))
    assert cases_tested().isdisjoint(listed)
    assert cases_tested() | set(listed) == set(range(1, LAST + 1))
