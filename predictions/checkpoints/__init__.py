"""The ledger's signed checkpoints: made by schedule and on demand, never one that contradicts an earlier."""

from predictions.checkpoints.keys import verifier_keys
from predictions.checkpoints.signing import is_due, not_continued, sign, sign_due, sign_if_moved

__all__ = ["is_due", "not_continued", "sign", "sign_due", "sign_if_moved", "verifier_keys"]
