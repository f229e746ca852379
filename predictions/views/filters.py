"""The filter form: what a page can be narrowed to, picked from lists or, where those are long, by a part of a name."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from accounts.models import User
from predictions.models import Forecaster
from predictions.queries.scorecard_index import ScorecardIndex, scorecard_index
from predictions.queries.scorecard_selection import Horizon
from predictions.queries.scorecard_version import Version
from predictions.views.address import KINDS, Asked

LABELS = {
    "forecaster": "Forecaster",
    "first": "First forecaster",
    "second": "Second forecaster",
    "source": "Source",
    "publisher": "Publisher",
    "theme": "Theme",
    "case": "Case",
}
OF_CARD, OF_RANKING = "Outcome known", "Scheduled close"
"""What a period means: where people are compared it must not depend on the outcome."""

ANY = {"first": "Choose one", "second": "Choose one"}


@dataclass(frozen=True)
class Choice:
    """One list: (value, label) pairs, or, where there are too many (`is_long`), names to type a part of."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str
    blank: str
    is_long: bool


@dataclass(frozen=True)
class Filters:
    """The form of a page at `action`; `period` says which date its days mean, `count` how many filters are on."""

    action: str
    choices: tuple[Choice, ...]
    period: str
    since: str
    until: str
    horizon: str
    horizons: tuple[tuple[str, str], ...]
    count: int
    is_open: bool


def filters(action: str, asked: Asked, user: User, names: Iterable[str], *, of: Version | None = None) -> Filters:
    """The form with what `asked` has picked; a fixed number of queries, fewer where the `version` is known."""
    index, told = scorecard_index(user, of=of), asked.told
    names = tuple(names)
    lengthways = [name for name in told if name not in {"first", "second"}]
    return Filters(
        action=action,
        choices=tuple(_choice(name, index, told, asked) for name in names),
        period=OF_CARD if "forecaster" in names else OF_RANKING,
        since=told.get("since", ""),
        until=told.get("until", ""),
        horizon=told.get("horizon", ""),
        horizons=tuple((str(each), _capital(each.label)) for each in Horizon),
        count=len(lengthways),
        is_open=bool(asked.faults),
    )


def _choice(name: str, index: ScorecardIndex, told: Mapping[str, str], asked: Asked) -> Choice:
    lines = [line for kind in KINDS[name] for line in getattr(index, kind) if line.key]
    is_long = any(kind in index.left_out for kind in KINDS[name])
    options = tuple((line.name if is_long else line.key, line.name) for line in lines)
    value, label = _picked(name, told, asked)
    if not is_long and value and value not in dict(options):
        options = ((value, label), *options)
    return Choice(name, LABELS[name], options, label if is_long else value, ANY.get(name, "Any"), is_long)


def _picked(name: str, told: Mapping[str, str], asked: Asked) -> tuple[str, str]:
    """What the address says under this name, and how people call it."""
    text = told.get(name, "")
    row = getattr(asked if name in {"first", "second"} else asked.selection, name)
    if isinstance(row, Forecaster):
        return text, row.name
    return text, str(row) if row else text


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
