"""schemathesis reads the API's own description and tries all that it says, with a token: nothing may break, and every
answer must be described.

`SCHEMATHESIS_SECONDS=1800 pytest tests/predictions/api/test_schemathesis.py` is the long form; the short one fits CI.
What `positive_data_acceptance` would ask for cannot be: that a row is there is no property of the text that names it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from accounts.roles import Role
from predictions.api.urls import shelves
from predictions.models import (
    Assessment,
    Assignment,
    Capture,
    Coding,
    CodingRequest,
    Dispute,
    Evidence,
    Forecast,
    Rating,
)
from tests import builders as a
from tests.predictions.api.lawful import TAKES_ROWS, lawful

SECONDS = int(os.environ.get("SCHEMATHESIS_SECONDS", "25"))
RUN = [str(Path(sys.executable).with_name("schemathesis"))]
ALWAYS = ["--continue-on-failure", "--seed=1", "--no-color", "--warnings=off", "--suppress-health-check=all"]
ALWAYS += ["--exclude-checks=positive_data_acceptance", "--request-timeout=20"]
NAMES = {"prediction": "predictions", "forecaster": "forecasters", "source": "sources", "quote": "quotes"}
NAMES |= {"case": "cases", "evidence": "evidence", "forecast": "forecasts", "request": "coding-requests"}
OFTEN = 0.8
WRITTEN = (Assessment, Assignment, Capture, Coding, CodingRequest, Dispute, Evidence, Forecast, Rating)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    """Somebody who holds every role, a lawful body for each shelf that takes rows, and one of all that can be read."""
    everyone = a.person("everyone", *Role)
    bodies = {shelf: lawful(shelf, everyone)[1] for shelf in TAKES_ROWS}
    trigger = a.trigger(a.case(resolvers_asked=2))
    a.panel(a.prediction(trigger.case, trigger=trigger), "met", "met")
    a.two_texts()
    a.rating(a.evidence(a.prediction(closes_at=a.on_day(10_000))))
    [request] = a.asked(a.coded(), a.person("coder", "analyst"))
    a.coding(request)
    a.capture()
    return everyone, bodies


def names_of_rows(client) -> dict[str, list[str]]:
    """The uuids on each list, for schemathesis to choose from, and of all of them together."""
    named = {}
    for shelf in shelves:
        rows = client.get(f"/api/{shelf}/").json().get("results", [])
        named[shelf] = [row["uuid"] for row in rows]
    return named | {"any": [uuid for uuids in named.values() for uuid in uuids]}


def configured(folder: Path, named: dict[str, list[str]]) -> Path:
    lines = [f"[dictionaries.{shelf}]\nvalues = {json.dumps(uuids)}" for shelf, uuids in named.items() if uuids]
    bound = {f"{place}.{field}": shelf for field, shelf in NAMES.items() for place in ("body", "query")}
    bound |= {"path.uuid": "any"}
    lines.append("[parameters]")
    lines += [f'"{at}" = {{dictionary = "{name}", probability = {OFTEN}}}' for at, name in bound.items()]
    path = folder / "schemathesis.toml"
    path.write_text("\n".join(lines))
    return path


def described(folder: Path, client, bodies: dict[str, dict]) -> Path:
    """The description as it is served, with the bodies for examples: from them schemathesis sets out."""
    schema = client.get("/api/schema/").json()
    for shelf, body in bodies.items():
        content = schema["paths"][f"/api/{shelf}/"]["post"]["requestBody"]["content"]["application/json"]
        content.pop("examples", None)
        content["example"] = body
    path = folder / "schema.json"
    path.write_text(json.dumps(schema, cls=DjangoJSONEncoder))
    return path


@pytest.fixture
def tried(live_server, world, client_of, tmp_path):
    """Lets schemathesis loose in some of its phases; gives what it told, and whether it found anything."""
    everyone, bodies = world
    client = client_of(everyone)
    config, schema = configured(tmp_path, names_of_rows(client)), described(tmp_path, client, bodies)

    def run(*options):
        header = f"Authorization: Token {a.token(everyone)}"
        asked = [str(schema), f"--url={live_server.url}", "-H", header, *ALWAYS, *options]
        command = [*RUN, "--config-file", str(config), "run", *asked]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    return run


@pytest.mark.parametrize("phases", ["examples,coverage", "examples,fuzzing,stateful"])
def test_nothing_breaks_and_every_answer_is_described(tried, phases):
    before = {kind: kind.objects.count() for kind in WRITTEN}
    done = tried(f"--phases={phases}", f"--max-time={SECONDS}", "--exclude-path=/api/tokens/current/")
    assert done.returncode == 0, done.stdout[-20_000:]
    assert [kind for kind, count in before.items() if kind.objects.count() == count] == [], done.stdout[-3000:]


def test_nor_where_a_token_is_given_back(tried):
    done = tried("--phases=coverage", "--include-path=/api/tokens/current/")
    assert done.returncode == 0, done.stdout[-20_000:]
