"""What the desk proposes when a passage is made into a prediction: all that can be read off it and its source."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from predictions.language.anchoring import AmbiguousQuote, Anchor, describe
from predictions.language.likelihood import Mention, likelihood_mentions
from predictions.language.scales import DEFAULT_SCALE, Scale
from predictions.language.scales import describe as reading_in_words
from predictions.language.statements import proposed_statement
from predictions.models import Forecast, Forecaster, Snapshot, Source
from predictions.models.quote import LONGEST_QUOTE
from predictions.models.scale import enabled_scales
from predictions.models.times import whole_day

LONGEST_PASSAGE = 20 * LONGEST_QUOTE
"""What is longer is no passage: nobody waits while a whole text is read for words of likelihood."""


@dataclass(frozen=True)
class Proposal:
    """Texts as the fields of a form hold them. `noticed` tells, beside the words that are proposed, what else there is
    in the passage that speaks of likelihood."""

    exact: str = ""
    before: str = ""
    after: str = ""
    statement: str = ""
    kind: str = Forecast.Kind.PROBABILITY
    words: str = ""
    scale: str = ""
    basis: str = ""
    noticed: tuple[str, ...] = ()
    forecaster: str = ""
    is_new: bool = False
    forecaster_kind: str = Forecaster.Kind.PERSON
    opens: str = ""


def proposal(source: Source, snapshot: Snapshot | None, place: tuple[int, int] | None) -> Proposal:
    """For text[start:end] of `snapshot`; without a place only what the source tells."""
    name, kind = _author(source)
    of_source: dict[str, Any] = {
        "forecaster": name,
        "is_new": bool(name) and not Forecaster.objects.filter(name=name).exists(),
        "forecaster_kind": kind,
        "opens": _as_typed(source.published_at, source.case.zone),
    }
    found = _passage(snapshot.body.text, *place) if snapshot and place else None
    if found is None:
        return Proposal(**of_source)
    scale = _scale()
    mentions = likelihood_mentions(found.exact, scale) if scale else ()
    chosen = next((each for each in mentions if each.reading), next(iter(mentions), None))
    span = (chosen.start, chosen.end) if chosen and chosen.reading else None
    return Proposal(
        exact=found.exact,
        before=found.prefix,
        after=found.suffix,
        statement=proposed_statement(found.exact, span),
        scale=scale.key if scale else "",
        noticed=tuple(_told(each) for each in mentions if each is not chosen),
        **_probability(chosen),
        **of_source,
    )


def _scale() -> Scale | None:
    """The scale on which words are read unless another is chosen: the default, or the first that is in use."""
    in_use = enabled_scales()
    return in_use.get(DEFAULT_SCALE) or next(iter(in_use.values()), None)


def _passage(text: str, start: int, end: int) -> Anchor | None:
    if not 0 <= start < end <= len(text) or end - start > LONGEST_PASSAGE:
        return None
    try:
        return describe(text, start, end)
    except AmbiguousQuote:
        return Anchor(start, end, text[start:end].strip(), "", "")  # the form says that it is ambiguous
    except ValueError:
        return None


def _probability(chosen: Mention | None) -> dict[str, Any]:
    """Words that give a number, words that leave it open, or none: then the number is our own reading."""
    if chosen is None:
        return {"basis": Forecast.Basis.IMPLIED}
    words = " ".join(chosen.words.split())
    if chosen.reading is None:
        return {"kind": Forecast.Kind.UNQUANTIFIABLE, "words": words}
    return {"words": chosen.reading.words}


def _told(mention: Mention) -> str:
    return f"“{mention.words}”: {reading_in_words(mention.reading) if mention.reading else mention.reason}"


def _author(source: Source) -> tuple[str, str]:
    """Whose forecast the source's words are: its author's or, where none is named, its publisher's."""
    kind = Forecaster.Kind.PERSON if source.author else Forecaster.Kind.OUTLET
    name = source.author or source.publisher
    known = Forecaster.objects.issuing().filter(name__iexact=name, account=None).first() if name else None
    return (known.name, known.kind) if known else (name, kind)


def _as_typed(at: datetime | None, zone: str) -> str:
    """A day of `zone` where the time begins one, else the reader's clock time."""
    if at is None:
        return ""
    day = whole_day(at, zone)
    return f"{day:%Y-%m-%d}" if day else f"{timezone.localtime(at):%Y-%m-%d %H:%M:%S}"
