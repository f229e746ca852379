"""Pages that tell of a refusal or a fault say nothing else, and a journey leaves no verdict in any log."""

import logging

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from config.logs import JsonLines
from predictions.models import Resolution
from predictions.operations.resolutions import confirm
from tests import builders as a
from tests.authorization.world import SECRET, World, sent, session_of, token_of

pytestmark = pytest.mark.django_db

PLAIN = ["400.html", "403.html", "404.html", "413.html", "429.html", "500.html"]
GIVEN = {"request_path": SECRET, "exception": SECRET, "reason": SECRET, "object": SECRET, "wait": 7}


@pytest.fixture(autouse=True)
def _as_in_production(settings):
    settings.DEBUG = False


@pytest.mark.parametrize("template", PLAIN)
def test_a_page_of_refusal_repeats_nothing_it_is_given(template):
    told = render_to_string(template, GIVEN)
    assert SECRET not in told
    assert "<script" not in told
    assert "/static/predictions/plain.css" in told


def faulty(client, settings, prediction):
    """A submission that breaks in its midst: the ledger's name cannot be written."""
    settings.LEDGER_NAME = object()
    found = {"verdict_a": "not_met", "outcome": "no", "confidence": "low", "rationale": SECRET}
    return client.post(f"/predictions/assessment/add/?prediction={prediction.pk}", found)


@pytest.fixture
def world(people):
    ann, ben = a.person("ann-quill", "resolver"), a.person("ben-zephyr", "resolver")
    prediction = a.prediction(a.case(resolvers_asked=2))
    a.assigned(prediction, ann, ben)
    return World(prediction, ann, ben)


def test_a_fault_shows_neither_what_was_sent_nor_where_it_broke(settings, world):
    client = session_of(world.ann)
    client.raise_request_exception = False
    answer = faulty(client, settings, world.prediction)
    told = answer.content.decode()
    assert answer.status_code == 500
    assert not any(words in told for words in (SECRET, "Traceback", "predictions.record", "TypeError", "not_met"))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("status", "address"),
    [
        (400, "/documents/compare.csv?terms=%s"),
        (403, "/predictions/case/add/?title=%s"),
        (404, "/predictions/prediction/%s/change/"),
        (404, "/nowhere/%s/"),
    ],
)
def test_a_refused_address_is_not_repeated(viewer, status, address):
    answer = session_of(viewer).get(address % "%3Cscript%3Ezebra")
    assert answer.status_code == status
    assert "zebra" not in answer.content.decode()


@pytest.fixture
def everything_logged():
    """Every line of every logger, as it would be written, down to DEBUG."""
    lines, root, silent = [], logging.getLogger(), []
    plain, events = logging.Formatter("%(message)s"), JsonLines()

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(plain.format(record) + events.format(record))

    keeper, loggers = Keeper(), [root, *map(logging.getLogger, ("forsooth.security", "django.server"))]
    for logger in loggers:
        silent.append(logger.level)
        logger.addHandler(keeper)
        logger.setLevel(logging.DEBUG)
    yield lines
    for logger, level in zip(loggers, silent, strict=True):
        logger.removeHandler(keeper)
        logger.setLevel(level)


def test_case_60_a_case_judged_from_end_to_end_leaves_no_verdict_and_no_words_in_any_log(
    settings, world, everything_logged, django_capture_on_commit_callbacks
):
    body = {"prediction": str(world.prediction.uuid), "verdicts": {"a": "not_met"}, "outcome": 0}
    body |= {"confidence": "low", "rationale": SECRET}
    with django_capture_on_commit_callbacks(execute=True):
        client = session_of(world.ann)
        client.raise_request_exception = False
        name, broken = settings.LEDGER_NAME, faulty(client, settings, world.prediction)
        settings.LEDGER_NAME = name
        assert broken.status_code == 500
        assert sent(token_of(world.ben), "/api/assessments/", body | {"verdicts": {"a": SECRET}}).status_code == 400
        assert sent(token_of(world.ben), "/api/assessments/", body).status_code == 201
        found = {"verdict_a": "not_met", "outcome": "no", "confidence": "low", "rationale": SECRET}
        page = f"/predictions/assessment/add/?prediction={world.prediction.pk}"
        assert client.post(page, found).status_code == 302
        confirm(Resolution(prediction=world.prediction, known_at=a.on_day(50)), by=world.ann, at=timezone.now())
        client.get("/scorecards/card.csv")
    told = "\n".join(line for line in everything_logged if "django.db.backends" not in line)
    assert "sign_in.ok" in told
    assert "export.taken" in told
    assert "Traceback" in told
    assert not any(words in told for words in (SECRET, "not_met", "ann-quill", a.PASSWORD))
