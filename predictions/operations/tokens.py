"""Tokens by which programs act for a person: made by that person alone, taken back by them or an administrator."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from knox.models import get_digest_token
from knox.settings import CONSTANTS

from accounts.models import ApiToken, User
from accounts.scopes import Scope
from predictions import record
from predictions.models.times import iso_utc
from predictions.policy import demand

LIFETIMES = {1: "a day", 7: "a week", 30: "30 days", 90: "90 days", 365: "a year"}
"""Days that a token can be made for."""
USUAL_DAYS = 30
LONGEST = timedelta(days=max(LIFETIMES))
MOST_AT_ONCE = 20


def new_token(name: str, scopes: Collection[str], days: int, *, at: datetime) -> ApiToken:
    """A token as it is asked for at every door, ready for `make_token`; its scopes in their own order."""
    told = " ".join(scope for scope in Scope if scope in scopes)
    return ApiToken(name=name, scopes=told, expiry=at + timedelta(days=days))


@transaction.atomic
def make_token(token: ApiToken, *, by: User, at: datetime) -> str:
    """Keep the digest of a new token of `by` and return the token, which is not kept."""
    demand(by, "read")
    token.user = User.objects.select_for_update().get(pk=by.pk)
    token.digest, secret = get_digest_token()
    token.token_key = secret[: CONSTANTS.TOKEN_KEY_LENGTH]
    token.full_clean(exclude=["digest", "token_key"])
    if token.expiry is None or not at < token.expiry <= at + LONGEST:
        raise ValidationError({"expiry": f"A token ends after {LONGEST.days} days at most."})
    if ApiToken.objects.standing(at).filter(user=by).count() >= MOST_AT_ONCE:
        raise ValidationError(f"You have {MOST_AT_ONCE} tokens. Revoke one that is not needed any more.")
    _record(token, "account.token_made", by=by, at=at, scopes=token.scopes, expires=iso_utc(token.expiry))
    token.save(force_insert=True)
    return secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User, at: datetime) -> None:
    """Let a token open nothing from now on. Revoking it twice changes nothing."""
    if token.user != by:
        demand(by, "manage_people")
    for standing in ApiToken.objects.select_for_update().filter(pk=token.pk):
        _record(standing, "account.token_revoked", by=by, at=at)
        standing.delete()


@transaction.atomic
def revoke_tokens(user: User, *, by: User, at: datetime) -> int:
    """Let none of a person's tokens open anything from now on. Returns how many there were."""
    tokens = list(ApiToken.objects.filter(user=user))
    for token in tokens:
        revoke_token(token, by=by, at=at)
    return len(tokens)


# Its name is its owner's own: the ledger, which others read, does without it.
def _record(token: ApiToken, kind: str, *, by: User, at: datetime, **details: str) -> None:
    told = {"user": str(token.user.uuid), "token": str(token.uuid), **details}
    record.append(kind, told, subject=token.user.uuid, case=None, by=by, at=at)
