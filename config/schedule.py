"""What the beat asks for, and how often."""

from typing import Any

SIGNING_SECONDS = 10.0
"""How often it is asked whether a checkpoint is due: after a minute, or after 256 entries."""


def beat(sweep_seconds: float) -> dict[str, dict[str, Any]]:
    return {
        "rescore what is stale": {"task": "predictions.rescore_stale", "schedule": sweep_seconds},
        "take up what was left lying": {"task": "predictions.take_up_captures", "schedule": sweep_seconds},
        "forget what is kept for a time": {"task": "predictions.forget", "schedule": sweep_seconds},
        "tell people what is new": {"task": "predictions.tell", "schedule": sweep_seconds},
        "anchor what was signed": {"task": "predictions.anchor_checkpoint", "schedule": sweep_seconds},
        "sign what is new": {
            "task": "predictions.sign_checkpoint",
            "schedule": min(sweep_seconds, SIGNING_SECONDS),
        },
    }
