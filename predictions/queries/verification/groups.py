"""Who sees a private case, who is of a team, and who watches a trigger: by the ledger, and as it stands."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db import models

from predictions.models import Case, CaseMembership, CaseTeam, Team, TeamMembership, Trigger, Watch
from predictions.queries.verification import kinds
from predictions.queries.verification.changes import AT_ONCE, logged_of
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.reading import blocks, spelled_uuid, stored

Said = dict[str, Any]
COME = {"case.member_admitted", "case.team_admitted", "team.member_added", "trigger.watched"}
GONE = {"case.member_dismissed", "case.team_dismissed", "team.member_removed", "trigger.unwatched"}


class Group(NamedTuple):
    """Whom rows of `model` have: those in `rows`, found by `key`. `one` and `several` read them out of a payload."""

    model: type[models.Model]
    kinds: Iterable[str]
    rows: Any
    key: str
    named: str
    deed: str
    one: str
    several: Callable[[Said], Iterable[str]] = lambda _: ()


def compare_groups(findings: Findings) -> None:
    of_cases = {"case.opened", "case.amended"}
    members, standing = CaseMembership.objects.all(), TeamMembership.objects.standing()
    for group in (
        Group(Case, of_cases | kinds.OF_MEMBERS, members, "case", "user", "sees the case", "user", _members),
        Group(Case, of_cases | kinds.OF_TEAMS, CaseTeam.objects.all(), "case", "team", "sees the case", "team", _teams),
        Group(Team, kinds.OF_TEAM_MEMBERS, standing, "team", "user", "is of the team", "user"),
        Group(Trigger, kinds.OF_WATCHES, Watch.objects.all(), "trigger", "user", "watches the trigger", "actor"),
    ):
        _compare(group, findings)


def _members(said: Said) -> Iterable[str]:
    return (*said.get("members", ()), *said.get("admitted", ()))


def _teams(said: Said) -> Iterable[str]:
    return said.get("teams", ())


def _compare(group: Group, findings: Findings) -> None:
    for block in blocks(group.model._base_manager.values_list("pk", stored("uuid")), "pk", AT_ONCE):
        histories = logged_of([uuid for _, uuid in block], group.kinds)
        held = _held(group, [key for key, _ in block])
        for key, uuid in block:
            history = histories[uuid]
            if all(each.said is not None for each in history):
                told = {name: seq for seq, kind, said in history for name in _named(group, kind, said or {})}
                _tell(findings, f"{group.deed} {spelled_uuid(uuid)[1:-1]}", held[key], _meant(group, history), told)


def _held(group: Group, keys: list[int]) -> dict[int, set[str]]:
    """By the key of what they belong to: uuids."""
    found: dict[int, set[str]] = defaultdict(set)
    rows = group.rows.filter(**{f"{group.key}__in": keys}).annotate(named=stored(f"{group.named}__uuid"))
    for of, uuid in rows.values_list(f"{group.key}_id", "named"):
        found[of].add(spelled_uuid(uuid)[1:-1])
    return found


def _meant(group: Group, history: Iterable[Any]) -> set[str]:
    found = set[str]()
    for _, kind, said in history:
        named = _named(group, kind, said or {})
        found = found - named if kind in GONE else found | named
    return found


def _named(group: Group, kind: str, said: Said) -> set[str]:
    return {said[group.one]} if kind in COME | GONE else set(group.several(said))


def _tell(findings: Findings, deed: str, held: set[str], meant: set[str], told: dict[str, int]) -> None:
    for name in sorted(held - meant):
        findings.add("people", f"{name} {deed}, which the ledger does not say", told.get(name))
    for name in sorted(meant - held):
        findings.add("people", f"{name} no longer {deed}, as the ledger says", told.get(name))
