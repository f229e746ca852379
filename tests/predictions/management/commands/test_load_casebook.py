"""`manage.py load_casebook`: whose verdicts a file tells of is said on the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions.models import Assessment, Case, Resolution
from tests import builders as a

pytestmark = pytest.mark.django_db

TEXT = """\
forsooth-casebook: 1
case: {id: small, title: Rain, selection: All., zone: UTC, resolvers: 2, notice_hours: 0}
predictions:
  - {id: rain, theme: weather, opens: 2026-01-01, closes: 2026-01-31, outcome_rule: all, statement: It rains.,
     criteria: [{label: a, text: Water falls.}]}
assessments:
  - {id: a1, prediction: rain, resolver: first, verdicts: {a: met}, confidence: high, rationale: Streets.}
  - {id: a2, prediction: rain, resolver: second, verdicts: {a: met}, confidence: low, rationale: Hats.}
resolutions:
  - {id: r, prediction: rain, outcome: 1, known: 2026-01-10, basis: agreed, rationale: Both saw it.}
"""
NAMED = ["--resolver", "first=ada", "--resolver", "second=bob", "--adjudicator", "judge"]


@pytest.fixture
def told(tmp_path):
    for name, role in {"ada": "resolver", "bob": "resolver", "judge": "adjudicator"}.items():
        a.person(name, role)
    (tmp_path / "rain.yaml").write_text(TEXT, "utf-8")

    def told(*args: str) -> str:
        out = StringIO()
        call_command("load_casebook", str(tmp_path / "rain.yaml"), *args, stdout=out)
        return out.getvalue()

    return told


def test_the_verdicts_are_recorded_in_the_names_given(told):
    assert "Created: case 1, predictions 1, assignments 2, assessments 2, resolutions 1." in told(*NAMED)
    assert {row.resolver.username for row in Assessment.objects.all()} == {"ada", "bob"}
    assert Resolution.objects.get().resolved_by.username == "judge"
    assert "Everything is recorded already." in told(*NAMED)


def test_a_dry_run_says_what_it_would_record(told):
    assert "It would create: case 1, predictions 1, assignments 2, assessments 2" in told(*NAMED, "--dry-run")
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("args", "fault"),
    [
        ([], r"line 7: assessments\.a1: nobody is named to ask the resolvers and to decide"),
        (NAMED[2:], r"line 7: assessments\.a1\.resolver: nobody is named: .* --resolver first=USERNAME"),
        (["--resolver", "ada"], "Write --resolver NAME=USERNAME, with the name in the file, not “ada”"),
        (["--resolver", "first=eve"], "There is no account “eve”"),
        (["--adjudicator", "eve"], "There is no account “eve”"),
    ],
)
def test_whose_they_are_must_be_said_of_people_who_are_there(told, args, fault):
    with pytest.raises(CommandError, match=fault):
        told(*args)
    assert not Case.objects.exists()
