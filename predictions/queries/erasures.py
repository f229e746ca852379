"""What goes when the content of an entry is erased, what stays, and where else the same words stand."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from predictions.models import LedgerEntry, OriginalBytes, Rationale, guards
from predictions.models.erasure import ERASED, FREE_TEXT
from predictions.queries.histories import HistoryLine, tell, visible_entries

SHORTEST_WORDS = 12
"""Shorter words stand anywhere by chance."""
MOST_ELSEWHERE = 50


@dataclass(frozen=True)
class Going:
    """What an erasure takes: sentences for whoever decides about it."""

    line: HistoryLine
    parts: tuple[str, ...]
    elsewhere: tuple[HistoryLine, ...]
    is_more: bool


def going(entry: LedgerEntry, user: User) -> Going:
    """As far as `user` sees: words in entries that are hidden from them are not told of."""
    same = _same_words(entry, user)[: MOST_ELSEWHERE + 1]
    lines = tell([entry, *same], user=user)
    return Going(lines[0], tuple(_parts(entry)), tuple(lines[1 : MOST_ELSEWHERE + 1]), len(same) > MOST_ELSEWHERE)


def words_of(entry: LedgerEntry) -> list[str]:
    """What people wrote in what the entry recorded: its longer texts, the longest first."""
    payload = getattr(entry, "payload", None)
    found = {text for text in _strings(json.loads(payload.text)) if _is_written(text)} if payload else set()
    return sorted(found, key=len, reverse=True)


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def _is_written(text: str) -> bool:
    """Names of things, times and digests have no blank, whatever their length."""
    return len(text) >= SHORTEST_WORDS and (" " in text or not text.isascii() or "://" in text or "@" in text)


def _same_words(entry: LedgerEntry, user: User) -> QuerySet[LedgerEntry]:
    held = Q(pk__in=[])
    for text in words_of(entry):
        held |= Q(payload__text__contains=json.dumps(text, ensure_ascii=False)[1:-1])
    return visible_entries(user).filter(held).exclude(pk=entry.pk).order_by("seq")


def _parts(entry: LedgerEntry) -> Iterator[str]:
    yield "its payload and the salt that it was committed with"
    if Rationale.objects.filter(entry=entry).exists():
        yield "the rationale that was recorded with it"
    if OriginalBytes.objects.filter(original__entry=entry).exists():
        yield "the file that the text was read from"
    for rows, names in blanked(entry):
        meta = rows.model._meta
        fields = ", ".join(str(meta.get_field(name).verbose_name) for name in names)
        yield f"in the {meta.verbose_name}: {fields} (“{ERASED}” stands there from then on)"


def blanked(entry: LedgerEntry) -> Iterator[tuple[Any, list[str]]]:
    """The append-only rows that it recorded, by table, and their columns in which people's words stand."""
    for model in guards.guarded_models():
        names = FREE_TEXT.get(model._meta.model_name or "", ())
        rows: Any = model._base_manager.filter(**{guards.way_to_entry(model): entry}) if names else ()
        held = [name for name in names if rows.exclude(**{f"{name}__in": ["", ERASED]}).exists()]
        if held:
            yield rows, held
