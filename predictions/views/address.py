"""What an address asks a page to speak of. A name typed into the filter is looked up; what is unclear is said so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import QueryDict

from accounts.models import User
from predictions.models import Forecaster
from predictions.queries.scorecard_address import NAMES, address_of, named_selection
from predictions.queries.scorecard_index import IndexLine, scorecard_index
from predictions.queries.scorecard_selection import Selection

KINDS = {
    "forecaster": ("forecasters", "consensus"),
    "first": ("forecasters",),
    "second": ("forecasters",),
    "source": ("sources",),
    "publisher": ("publishers",),
    "theme": ("themes",),
    "case": ("cases",),
}
"""Where the index lists what each filter picks from."""

OFFERED = 20


@dataclass(frozen=True)
class Fault:
    """Why an address cannot be answered, and what may have been meant: names with the whole addresses' queries."""

    sentence: str
    offers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `told` is what it says, names replaced by what they stand for.

    `selection` is everything where there are `faults`; `status` is then 404 for what is not there, 400 for what cannot
    be read. `first` and `second` are the forecasters of a comparison.
    """

    selection: Selection
    told: Mapping[str, str]
    first: Forecaster | None = None
    second: Forecaster | None = None
    faults: tuple[Fault, ...] = ()
    status: int = 200
    is_plain: bool = True

    @property
    def query(self) -> str:
        return urlencode(self.told)

    def without(self, *names: str, **put: str) -> str:
        """The query with these names left out and others put in."""
        return urlencode({name: value for name, value in self.told.items() if name not in names} | put)


@dataclass
class _Reading:
    """Gathers what can be read of an address, and what cannot."""

    user: User
    told: dict[str, str]
    faults: list[Fault] = field(default_factory=list)
    status: int = 404


def read_address(asked: QueryDict, user: User, extra: Iterable[str] = ()) -> Asked:
    """Read the filters in `asked`, and the forecasters named in `extra`; blank ones narrow nothing.

    Errors: none; faults are told, those of what is hidden in the same words as those of what is not there.
    """
    given = {name: text.strip() for name, text in asked.items() if isinstance(text, str) and name != "print"}
    known = {name: text for name, text in given.items() if name in (*NAMES, *extra) and text}
    try:
        selection, people = _picked(known, user)
    except (ObjectDoesNotExist, ValidationError):
        reading = _Reading(user, known)
        _look_up(reading)
        if reading.faults:
            return Asked(Selection(), known, faults=tuple(reading.faults), status=reading.status)
        selection, people = _picked(reading.told, user)
    told = address_of(selection) | {name: str(row.uuid) for name, row in people.items()}
    if strange := sorted(given.keys() - {*NAMES, *extra}):
        offers = (("Leave it out", urlencode(told)),)
        faults = tuple(Fault(f"There is no filter called “{name}”.", offers) for name in strange)
        return Asked(Selection(), told, faults=faults, status=400)
    return Asked(selection, told, people.get("first"), people.get("second"), is_plain=told == given)


def _picked(told: Mapping[str, str], user: User) -> tuple[Selection, dict[str, Forecaster]]:
    people: dict[str, Any] = {
        name: named_selection({"forecaster": told[name]}, user).forecaster
        for name in ("first", "second")
        if name in told
    }
    return named_selection(told, user), people


def _look_up(reading: _Reading) -> None:
    """Put what each name stands for in its place."""
    for name, text in list(reading.told.items()):
        alone = {"forecaster" if name in {"first", "second"} else name: text}
        try:
            named_selection(alone, reading.user)
        except (ObjectDoesNotExist, ValidationError) as fault:
            _replace(name, text, fault, reading)
    if not reading.faults:
        _check_period(reading)


def _replace(name: str, text: str, fault: Exception, reading: _Reading) -> None:
    if name not in KINDS:
        _refuse(fault, reading)
        return
    index = scorecard_index(reading.user, text)
    lines = [line for kind in KINDS[name] for line in getattr(index, kind)]
    exact = [line for line in lines if line.name.casefold() == text.casefold()]
    found = exact if len(exact) == 1 else lines
    if len(found) == 1:
        reading.told[name] = found[0].key
    else:
        reading.faults.append(_unclear(name, text, found, reading.told))


def _unclear(name: str, text: str, lines: list[IndexLine], told: Mapping[str, str]) -> Fault:
    what = "forecaster" if name in {"first", "second"} else name
    if not lines:
        return Fault(f"There is no {what} here that is called or holds “{text}”.")
    offers = tuple((line.name, urlencode({**told, name: line.key})) for line in lines[:OFFERED])
    return Fault(f"More than one {what} holds “{text}”. Pick one:", offers)


def _check_period(reading: _Reading) -> None:
    try:
        named_selection({name: reading.told.get(name, "") for name in ("since", "until")}, reading.user)
    except ValidationError as fault:
        _refuse(fault, reading)


def _refuse(fault: Exception, reading: _Reading) -> None:
    sentences = fault.messages if isinstance(fault, ValidationError) else ["There is no such scorecard."]
    reading.faults += [Fault(sentence) for sentence in sentences]
    reading.status = 400
