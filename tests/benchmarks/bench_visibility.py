"""What asking who may see it costs: lists and counts of a database of any size with `visible_to`, and without.

Fill one first, as `bench_lists` tells; then
Run: DEBUG=1 DATABASE_URL=sqlite:////tmp/big.sqlite3 .venv/bin/python -m tests.benchmarks.bench_visibility

It works in a transaction that it takes back: 200 private cases and 200 under embargo beside those that are there, 20
teams of 10 people, of which the reader is in 5 that are admitted to 50 cases. Floor: the same rows for everybody.
"""

import os
import statistics
import time
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import User  # noqa: E402
from predictions.models import Case, CaseMembership, CaseTeam, Forecast, Prediction, Score, Team, TeamMembership  # noqa: E402
from predictions.models.case import cases_open_to  # noqa: E402

ROUNDS = 7
PRIVATE, TEAMS, MEMBERS, MINE, ADMITTED = 200, 20, 10, 5, 50
PAGE = 50


def people(count: int) -> list[User]:
    made = [User(username=f"bench-{number}") for number in range(count)]
    for user in User.objects.bulk_create(made):
        user.groups.add(Group.objects.get(name="analyst"))
    return list(User.objects.filter(username__startswith="bench-").order_by("pk"))


def closed_world() -> User:
    """The reader, who is in some of the teams and named in one case."""
    now, until = timezone.now(), timezone.now() + timedelta(days=1)
    users = people(TEAMS * MEMBERS + 1)
    reader, others = users[0], users[1:]
    cases = [Case(external_id=f"bench-{n}", title=f"B{n}", selection="All.", is_private=True) for n in range(PRIVATE)]
    cases += [
        Case(external_id=f"bench-e{n}", title=f"E{n}", selection="All.", embargoed_until=until) for n in range(PRIVATE)
    ]
    cases = Case.objects.bulk_create(cases)
    teams = Team.objects.bulk_create(Team(name=f"bench {n}") for n in range(TEAMS))
    of = [(team, user) for n, team in enumerate(teams) for user in others[n * MEMBERS : (n + 1) * MEMBERS]]
    of += [(team, reader) for team in teams[:MINE]]
    TeamMembership.objects.bulk_create(TeamMembership(team=team, user=user, joined_at=now) for team, user in of)
    CaseTeam.objects.bulk_create(CaseTeam(case=case, team=teams[n % MINE]) for n, case in enumerate(cases[:ADMITTED]))
    CaseMembership.objects.create(case=cases[-1], user=reader)
    return reader


def median_ms(run) -> float:
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        run()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def measure(reader: User) -> None:
    asked = {
        "forecasts, first page": (Forecast, "prediction__case", lambda rows: list(rows.order_by("-pk")[:PAGE])),
        "forecasts, counted": (Forecast, "prediction__case", lambda rows: rows.order_by().count()),
        "predictions, counted": (Prediction, "case", lambda rows: rows.order_by().count()),
        "scores, counted": (Score, "case", lambda rows: rows.order_by().count()),
    }
    print(f"{connection.vendor}, {Forecast.objects.count():,} forecasts, median ms of {ROUNDS} rounds")
    for name, (model, case, run) in asked.items():
        floor = median_ms(lambda m=model, r=run: r(m.objects.all()))
        policy = median_ms(lambda m=model, r=run, c=case: r(m.objects.filter(cases_open_to(reader, c))))
        print(
            f"  {name:24} floor {floor:9.1f}   by who may see it {policy:9.1f}   ratio {policy / max(floor, 0.01):.2f}"
        )


if __name__ == "__main__":
    with transaction.atomic():
        reader = closed_world()
        measure(reader)
        transaction.set_rollback(True)
