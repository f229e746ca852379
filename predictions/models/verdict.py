"""How a criterion is judged, and what outcome follows from the verdicts on all of them."""

from django.db import models


class Verdict(models.TextChoices):
    MET = "met", "met"
    PARTLY_MET = "partly_met", "partly met"
    NOT_MET = "not_met", "not met"
    CANNOT_TELL = "cannot_tell", "cannot tell"


SHARE_MET = {Verdict.MET: 1.0, Verdict.PARTLY_MET: 0.5, Verdict.NOT_MET: 0.0}


class OutcomeRule(models.TextChoices):
    JUDGED = "judged", "judged on all criteria together"
    ALL = "all", "true if all criteria are met"
    ANY = "any", "true if any criterion is met"
    SHARE = "share", "the weighted share of criteria met"
    TABLE = "table", "by a table of verdicts"


def outcome_by_rule(rule: str, verdicts: list[tuple[str, int]]) -> float | None:
    """The outcome that `rule` makes of (verdict, weight) pairs; None where it leaves it to judgement.

    A verdict "cannot tell" leaves the outcome open unless the other verdicts settle it.
    """
    shares = [SHARE_MET.get(Verdict(verdict)) for verdict, _ in verdicts]
    known = [share for share in shares if share is not None]
    is_whole = bool(shares) and len(known) == len(shares)
    match rule:
        case OutcomeRule.ALL if any(share < 1.0 for share in known):
            return 0.0
        case OutcomeRule.ALL if is_whole:
            return 1.0
        case OutcomeRule.ANY if 1.0 in known:
            return 1.0
        case OutcomeRule.ANY if is_whole:
            return 0.0
        case OutcomeRule.SHARE if is_whole:
            weights = [weight for _, weight in verdicts]
            return sum(share * weight for share, weight in zip(known, weights, strict=True)) / sum(weights)
    return None
