"""What the reading page shows of a source: its text, the sentences that foretell, the quotes and what they made.

A number of queries that does not depend on how many quotes there are. Forecasts that the reader may not see yet are
not here, and nothing says whether there are any.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from math import inf
from typing import Any
from uuid import UUID

from accounts.models import User
from predictions.language.claim_rules import UnknownLanguage
from predictions.language.claims import Claim, find_claims
from predictions.language.passages import places_of_paragraphs
from predictions.models import Criterion, Forecast, Prediction, Quote, QuoteAnchor, Snapshot, Source
from predictions.models.forecast import predictions_hiding_from

PART = 80_000
"""Code points of a long text that one page shows: what can be read for claims while somebody waits."""


@dataclass(frozen=True)
class Made:
    """A prediction that words were made into, with what their author thereby forecast as far as the reader sees it."""

    prediction: Prediction
    status: str
    forecasts: tuple[Forecast, ...]
    is_hidden: bool


@dataclass(frozen=True)
class QuoteNote:
    """A quote, numbered in the order of the text, where it stands in this part of it, and what was made of it.

    `is_orphaned`: it was not found again in the newest text, and nobody decided yet what became of it.
    """

    number: int
    quote: Quote
    place: tuple[int, int] | None
    made: tuple[Made, ...]
    is_orphaned: bool = False


@dataclass(frozen=True)
class Reading:
    """`text` is the part from `offset` on, number `part` of `parts`; places in it count from its own beginning.

    `claims` come firmest first; None where no rules are held for the language. `elsewhere` are quotes that stand in
    other parts, or that were not found in this text.
    """

    source: Source
    snapshots: tuple[Snapshot, ...]
    snapshot: Snapshot | None
    text: str
    offset: int
    paragraphs_before: int
    part: int
    parts: int
    claims: tuple[Claim, ...] | None
    quotes: tuple[QuoteNote, ...]
    elsewhere: tuple[QuoteNote, ...]

    @property
    def is_newest(self) -> bool:
        return self.snapshot == next(iter(self.snapshots), None)


def reading(
    source: Source,
    user: User,
    *,
    snapshot: Snapshot | None,
    part: int = 1,
    quote: UUID | None = None,
    now: datetime,
) -> Reading:
    """The source as `user` reads it in `snapshot`; in the part where `quote` stands, if one is named."""
    whole = snapshot.body.text if snapshot else ""
    cuts = cuts_of(whole)
    places = {anchor.quote_id: (anchor.start, anchor.end) for anchor in QuoteAnchor.objects.filter(snapshot=snapshot)}
    rows = sorted(source.quotes.standing(), key=lambda each: places.get(each.pk, (inf, inf)))
    sought = next((places[row.pk][0] for row in rows if row.uuid == quote and row.pk in places), None)
    part = part if sought is None else sum(cut <= sought for cut in cuts[:-1])
    part = min(max(part, 1), len(cuts) - 1)
    offset, end = cuts[part - 1], cuts[part]
    notes = tuple(_notes(rows, places, (offset, end), user, now))
    text = whole[offset:end]
    return Reading(
        source=source,
        snapshots=tuple(source.snapshots.all()),
        snapshot=snapshot,
        text=text,
        offset=offset,
        paragraphs_before=sum(1 for _ in places_of_paragraphs(whole[:offset])),
        part=part,
        parts=len(cuts) - 1,
        claims=claims_of(text, source.language),
        quotes=tuple(note for note in notes if note.place),
        elsewhere=tuple(note for note in notes if not note.place),
    )


def cuts_of(text: str) -> list[int]:
    """Where the parts of `text` begin, and its end: after a line wherever one ends in the second half of a part."""
    cuts = [0]
    while len(text) - cuts[-1] > PART:
        begins, ends = cuts[-1] + PART // 2, cuts[-1] + PART
        line_end = text.rfind("\n", begins, ends)
        cuts.append(line_end + 1 if line_end >= 0 else ends)
    return [*cuts, len(text)]


@lru_cache(maxsize=64)
def claims_of(text: str, language: str) -> tuple[Claim, ...] | None:
    """The claims of a text that never changes, found once; None where no rules are held for its language."""
    try:
        return find_claims(text, language.partition("-")[0].strip().lower() or "en")
    except UnknownLanguage:
        return None


def _notes(
    rows: list[Quote], places: dict[int, tuple[int, int]], part: tuple[int, int], user: User, now: datetime
) -> Iterable[QuoteNote]:
    made = _made_of(rows, user, now)
    orphaned = set(Quote.objects.orphaned().filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
    for number, quote in enumerate(rows, start=1):
        start, end = places.get(quote.pk, (0, 0))
        is_here = start < part[1] and end > part[0]
        place = (start - part[0], end - part[0]) if is_here else None
        yield QuoteNote(number, quote, place, tuple(made[quote.pk]), quote.pk in orphaned)


def _made_of(quotes: list[Quote], user: User, now: datetime) -> dict[int, list[Made]]:
    """By quote, the predictions whose criteria it gave, and those on which `user` sees a forecast in its words."""
    seen: Any = Forecast.objects.visible_to(user)
    spoken = list(
        seen.standing().filter(quote__in=quotes).select_related("forecaster", "revision").prefetch_related("codings")
    )
    criteria = Criterion.objects.filter(quote__in=quotes).values_list("quote", "revision__prediction").distinct()
    pairs = {*criteria, *((each.quote_id, each.prediction_id) for each in spoken)}
    rows: Any = Prediction.objects.visible_to(user).for_show().filter(pk__in={key for _, key in pairs})
    predictions = {row.pk: row for row in rows}
    hidden = set(predictions_hiding_from(user).filter(pk__in=predictions).values_list("pk", flat=True))
    said = defaultdict(list)
    for forecast in reversed(spoken):
        said[forecast.quote_id, forecast.prediction_id].append(forecast)
    made = defaultdict(list)
    for quote, key in sorted(pairs):
        if key in predictions:
            made[quote].append(
                Made(predictions[key], predictions[key].status(now).label, tuple(said[quote, key]), key in hidden)
            )
    return made
