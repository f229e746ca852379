"""What the address of a comparison of documents asks for: two texts of one case, and the terms to look for."""

from dataclasses import dataclass, field
from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from accounts.models import User
from predictions.language.terms import Term, UnreadableTerm, read_terms
from predictions.models import Snapshot

SIDES = ("reference", "revised")
NAMES = ("case", "reference", "reference_text", "revised", "revised_text", "terms")
LONGEST_TERMS = 3000
"""Bytes of an address that the terms may take; servers refuse addresses of four thousand."""

UNKNOWN = "There is no {side} document here of that name whose text is held."
TWO_CASES = "The two documents belong to different cases. Choose two of one case."
SAME_TEXT = "Both are the same text. Choose two different documents, or two texts of one."
TOO_LONG = "So many terms do not fit into an address. Compare them in two goes."


@dataclass
class AskedDocuments:
    """What could be read of an address; `faults` says why not all of it. `told` is what it says, blanks left out."""

    told: dict[str, str] = field(default_factory=dict)
    reference: Snapshot | None = None
    revised: Snapshot | None = None
    terms: list[Term] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    status: int = 200

    @property
    def pair(self) -> tuple[Snapshot, Snapshot] | None:
        """The two texts, where both are known and can be compared."""
        return (self.reference, self.revised) if self.reference and self.revised and not self.faults else None

    @property
    def case(self) -> UUID | None:
        """The case to choose documents from, where one is known."""
        known = self.reference or self.revised
        return known.source.case.uuid if known else uuid_of(self.told.get("case", ""))

    def with_(self, **put: str) -> str:
        """The query with these put in; blank ones left out."""
        return urlencode({name: value for name, value in {**self.told, **put}.items() if value})

    def pinned(self, **put: str) -> str:
        """The query for exactly these two texts, also once newer ones are held."""
        texts = {f"{side}_text": snapshot.sha256 for side, snapshot in zip(SIDES, self.pair or (), strict=False)}
        return self.with_(**texts, **put)

    def swapped(self) -> str:
        """The query with the two documents the other way round."""
        there = {"reference": "revised", "revised": "reference"}
        there |= {f"{side}_text": f"{other}_text" for side, other in there.items()}
        return urlencode({there.get(name, name): value for name, value in self.told.items()})

    def refuse(self, fault: str, status: int) -> None:
        self.faults.append(fault)
        self.status = max(self.status, status)


def read_documents(asked: QueryDict | MultiValueDict[str, str], user: User) -> AskedDocuments:
    """Read an address. What `user` may not see is refused in the words for what is not there."""
    told = {name: text for name in NAMES if (text := (asked.get(name) or "").strip())}
    found = AskedDocuments(told)
    for side in SIDES:
        if side in told:
            snapshot = _snapshot(told[side], told.get(f"{side}_text", ""), user)
            setattr(found, side, snapshot)
            if snapshot is None:
                found.refuse(UNKNOWN.format(side=side), 404)
    _check_pair(found)
    _read_terms(found)
    return found


def _snapshot(source: str, sha256: str, user: User) -> Snapshot | None:
    """The text of that SHA-256, or the newest text, of the source."""
    uuid = uuid_of(source)
    rows = Snapshot.objects.visible_to(user).filter(source__uuid=uuid).select_related("source__case")
    rows = rows.filter(sha256=sha256) if sha256 else rows
    newest: Snapshot | None = rows.first() if uuid and "\x00" not in sha256 else None
    return newest


def _check_pair(found: AskedDocuments) -> None:
    if found.reference is None or found.revised is None:
        return
    if found.reference == found.revised:
        found.refuse(SAME_TEXT, 400)
    elif found.reference.source.case_id != found.revised.source.case_id:
        found.refuse(TWO_CASES, 400)


def _read_terms(found: AskedDocuments) -> None:
    lines = found.told.get("terms", "")
    if len(quote(lines)) > LONGEST_TERMS:
        found.refuse(TOO_LONG, 400)
        return
    try:
        found.terms = read_terms(lines)
    except UnreadableTerm as fault:
        found.refuse(str(fault), 400)
        return
    if found.terms:
        found.told["terms"] = "\n".join(term.text for term in found.terms)


def uuid_of(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
