"""A process of its own that does deeds at an agreed instant: `python -m tests.racing_process`, requests on stdin.

A request is a line of JSON: `deed`, its values, and `at`, the second since the epoch at which to begin. The answer is
a line too: `done`, or the codes of what refused it.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.exceptions import PermissionDenied, ValidationError  # noqa: E402

from accounts.models import User  # noqa: E402
from predictions.models import Forecaster, Prediction, Resolution, Trigger  # noqa: E402
from predictions.models.rivals import codes_of  # noqa: E402
from predictions.operations.resolutions import adjudicate  # noqa: E402
from tests import builders as a  # noqa: E402


def assess(*, prediction, by, verdict):
    a.assessment(Prediction.objects.get(pk=prediction), verdict, by=User.objects.get(username=by))


def decide(*, prediction, by, verdict):
    row = Resolution(prediction_id=prediction, known_at=a.on_day(40), outcome={"met": 1.0, "not_met": 0.0}[verdict])
    row.rationale = "Weighed both."
    adjudicate(row, verdicts={"a": verdict}, by=User.objects.get(username=by), at=a.NOW)


def occur(*, trigger):
    a.occurrence(Trigger.objects.get(pk=trigger), a.on_day(50))


def forecast(*, prediction, forecaster):
    a.forecast(Prediction.objects.get(pk=prediction), by=Forecaster.objects.get(pk=forecaster), issued_at=a.on_day(55))


DEEDS = {"assess": assess, "decide": decide, "occur": occur, "forecast": forecast}


def answer(request):
    deed, begins = DEEDS[request.pop("deed")], request.pop("at")
    time.sleep(max(0.0, begins - time.time()))
    try:
        deed(**request)
    except ValidationError as refusal:
        return {"refused": sorted(code or "" for code in codes_of(refusal))}
    except PermissionDenied:
        return {"refused": ["forbidden"]}
    return {"done": True}


if __name__ == "__main__":
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
