"""The ledger's signed checkpoints: made by schedule and on demand, never one that contradicts an earlier."""

from predictions.checkpoints.anchors import anchor, anchor_due
from predictions.checkpoints.keys import verifier_keys
from predictions.checkpoints.signing import is_due, not_continued, sign, sign_due, sign_if_moved

__all__ = ["anchor", "anchor_due", "is_due", "not_continued", "sign", "sign_due", "sign_if_moved", "verifier_keys"]
