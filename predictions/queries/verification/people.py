"""What accounts may do, by the ledger and as it stands; and the keys that were let sign."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F

from accounts.models import User
from accounts.roles import Role
from predictions.models import LedgerEntry, LedgerKey
from predictions.queries.verification.changes import AT_ONCE, OF_TEXT, Logged, logged_of, read
from predictions.queries.verification.findings import Findings
from predictions.queries.verification.leaves import short
from predictions.queries.verification.reading import blocks, spelled_uuid, stored

LOGGED_OF_ACCOUNTS = ("username", "first_name", "last_name", "email", "zone", "is_active")
OF_ACCOUNTS = ["account.opened", "account.amended", "role.granted", "role.revoked"]


def compare_people(findings: Findings) -> None:
    _compare_keys(findings)
    _compare_accounts(findings)


def _compare_keys(findings: Findings) -> None:
    """A key that was let sign stays known."""
    known = set(LedgerKey.objects.values_list("verifier", flat=True))
    entries = LedgerEntry.objects.filter(kind="ledger.key_added").order_by("seq").values_list("seq", OF_TEXT)
    for seq, text in entries:
        if (said := read(text)) is not None and said.get("verifier") not in known:
            findings.add("row", f"entry {seq:,} (ledger.key_added): the key that it let sign is gone", seq)


def _compare_accounts(findings: Findings) -> None:
    """Accounts that an entry opened. Others were made from the shell, by `createsuperuser`: they are told of."""
    unlogged = 0
    accounts = User.objects.values_list("pk", stored("uuid"), *LOGGED_OF_ACCOUNTS)
    for block in blocks(accounts, "pk", AT_ONCE):
        histories = logged_of([uuid for _, uuid, *_ in block], OF_ACCOUNTS)
        roles = _roles([key for key, *_ in block])
        for key, uuid, *values in block:
            history = histories[uuid]
            if not any(each.kind == "account.opened" for each in history):
                unlogged += 1
            elif all(each.said is not None for each in history):
                name = spelled_uuid(uuid)[1:-1]
                _compare_account(findings, name, dict(zip(LOGGED_OF_ACCOUNTS, values, strict=True)), history)
                _compare_roles(findings, name, roles[key], history)
    if unlogged:
        are = "1 account was" if unlogged == 1 else f"{unlogged:,} accounts were"
        findings.notes.append(f"{are} made outside the site, as by createsuperuser: no entry says what they may be.")


def _roles(keys: Iterable[int]) -> dict[int, set[str]]:
    held: dict[int, set[str]] = defaultdict(set)
    found = User.objects.filter(pk__in=list(keys), groups__name__in=list(Role)).values_list("pk", F("groups__name"))
    for key, name in found:
        held[key].add(name)
    return held


def _compare_account(findings: Findings, name: str, values: dict[str, Any], history: list[Logged]) -> None:
    fields: dict[str, Any] = {name: User._meta.get_field(name) for name in LOGGED_OF_ACCOUNTS}
    meant: dict[str, Any] = {name: field.get_default() for name, field in fields.items()}
    told: dict[str, int] = {}
    for seq, kind, told_of in history:
        said = told_of or {}
        now = said if kind == "account.opened" else {k: new for k, (_, new) in said.get("changes", {}).items()}
        meant |= now
        told |= dict.fromkeys(now, seq)
    for field, value in values.items():
        if meant[field] != value:
            words = f"of the account {name} {field} is {short(value)}, and the ledger says {short(meant[field])}"
            findings.add("people", words, told.get(field))


def _compare_roles(findings: Findings, name: str, held: set[str], history: list[Logged]) -> None:
    meant, told = set[str](), dict[str, int]()
    for seq, kind, said in history:
        if kind in {"role.granted", "role.revoked"} and said:
            (meant.add if kind == "role.granted" else meant.discard)(said["role"])
            told[said["role"]] = seq
    for role in sorted(held ^ meant):
        holds = "holds" if role in held else "does not hold"
        findings.add("people", f"the account {name} {holds} the role {role}; the ledger says otherwise", told.get(role))
