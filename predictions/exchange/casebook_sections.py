"""The sections of a casebook: each dataclass is the schema of one section's rows, its fields the keys of the file.

A field with a default may be left out. Times are `Moment`s; a date without a time is one in the case's zone, or in the
prediction's own where it names one. Probabilities and weights are the decimals as written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal

from predictions.exchange import casebook_values as values
from predictions.exchange.casebook_faults import shown
from predictions.exchange.casebook_rows import Breach, Named, Reading, Row, moment, reference, value
from predictions.exchange.moments import Moment

MAX_QUOTE = 500  # code points: a clause is a quotation, a page is a copy

Line = Annotated[str, value(values.one_line)]
Prose = Annotated[str, value(values.prose)]
Words = Annotated[str, value(values.quotation(MAX_QUOTE))]
Address = Annotated[str, value(values.web_address)]
Zone = Annotated[str, value(values.zone_name)]
Share = Annotated[Decimal, value(values.decimal("0", "1"))]
When = Annotated[Moment, moment]

SourceId = Annotated[str, reference("sources")]
QuoteId = Annotated[str, reference("quotes")]
ForecasterId = Annotated[str, reference("forecasters")]
TriggerId = Annotated[str, reference("triggers")]
PredictionId = Annotated[str, reference("predictions")]

Reliability = Literal["A", "B", "C", "D", "E", "F"]
ForecasterKind = Literal["person", "outlet", "crowd", "model"]
OutcomeRule = Literal["judged", "all", "any", "share", "table"]
Basis = Literal["stated", "coded", "implied"]
Confidence = Literal["low", "moderate", "high"]
Stance = Literal["supports", "contradicts", "context"]

# What a forecast must and must not say, by where its probability comes from.
NEEDS: dict[Basis, tuple[str, ...]] = {
    "stated": (),
    "coded": ("words", "scale", "term"),
    "implied": ("words", "probability", "low", "high"),
}
REFUSES: dict[Basis, tuple[str, ...]] = {
    "stated": ("scale", "term"),
    "coded": ("probability", "low", "high"),
    "implied": ("scale", "term"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case(Named):
    """The dossier: what belongs together, and how its sentences were chosen."""

    title: Line
    selection: Prose
    zone: Zone
    description: Prose | None = None
    private: Annotated[bool, value(values.flag)] = False
    hides_forecasts: Annotated[bool, value(values.flag)] | None = None
    resolvers: Annotated[int, value(values.whole(0, 9))] | None = None
    notice_hours: Annotated[int, value(values.whole(0, 2160))] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source(Named):
    """A text in the world; `sha256` (of its UTF-8 bytes) and `length` (code points) tell which, as no file holds it."""

    title: Line
    reliability: Reliability
    publisher: Line | None = None
    author: Line | None = None
    url: Address | None = None
    published: When | None = None
    language: Annotated[str, value(values.language_tag)] | None = None
    note: Prose | None = None
    sha256: Annotated[str, value(values.sha256_digest)] | None = None
    length: Annotated[int, value(values.whole(1, 100_000_000))] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Named):
    """Words of a source, character for character, with enough around them to tell one place from another."""

    source: SourceId
    exact: Words
    prefix: Words | None = None
    suffix: Words | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecaster(Named):
    """Whoever issued forecasts."""

    name: Line
    kind: ForecasterKind
    description: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence(Row):
    """That a trigger occurred, when, and by which source."""

    at: When
    source: SourceId | None = None
    note: Prose | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger(Named):
    """The event that predictions wait for."""

    statement: Prose
    expected: When | None = None
    note: Prose | None = None
    occurred: Occurrence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Row):
    """What one part of the outcome is judged by."""

    label: Line
    text: Prose
    weight: Annotated[int, value(values.whole(1, 1000))] = 1
    quote: QuoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction(Named):
    """A statement that will prove true or not; a close known to the day counts to that day's end."""

    theme: Line
    statement: Prose
    opens: When
    closes: When
    outcome_rule: OutcomeRule
    criteria: tuple[Criterion, ...]
    trigger: TriggerId | None = None
    zone: Zone | None = None
    outcome_table: Prose | None = None
    cannot_tell_limit: Share | None = None

    def breaches(self, _reading: Reading) -> Iterator[Breach]:
        """Close after opening; there are criteria, no label is used twice, and a table goes with its rule."""
        if (self.outcome_rule == "table") != (self.outcome_table is not None):
            yield ("outcome_table",), "goes with outcome_rule: table, and that with it"
        if self.opens.at >= self.closes.ends_at:
            yield ("closes",), "must come after opens"
        if not self.criteria:
            yield ("criteria",), "needs at least one criterion"
        for number, label in enumerate(self.labels, start=1):
            if label in self.labels[: number - 1]:
                yield ("criteria", number, "label"), f"{shown(label)} is the label of an earlier criterion"

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the criteria, in their order."""
        return tuple(criterion.label for criterion in self.criteria)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Named):
    """What a forecaster held likely at a moment: a number stated, a term coded by a scale, or a reading of words."""

    prediction: PredictionId
    forecaster: ForecasterId
    issued: When
    basis: Basis
    quote: QuoteId | None = None
    words: Words | None = None
    scale: Line | None = None
    term: Line | None = None
    probability: Share | None = None
    low: Share | None = None
    high: Share | None = None
    confidence: Confidence | None = None
    rationale: Prose | None = None

    def breaches(self, _reading: Reading) -> Iterator[Breach]:
        """The basis has what it needs and no more; low <= probability <= high."""
        for name in NEEDS[self.basis]:
            if getattr(self, name) is None:
                yield (name,), f"is missing: a forecast that is {self.basis} needs {', '.join(NEEDS[self.basis])}"
        for name in REFUSES[self.basis]:
            if getattr(self, name) is not None:
                yield (name,), f"does not go with a forecast that is {self.basis}: leave it out"
        if self.basis == "stated" and self.probability is None and self.words is None:
            yield ("probability",), "is missing: a forecast that is stated needs probability or words"
        given = [number for number in (self.low, self.probability, self.high) if number is not None]
        if given != sorted(given):
            yield ("low",), "low, probability and high must rise in this order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence(Named):
    """A fact for, against or around a prediction, in our own words, with the credibility of the item."""

    prediction: PredictionId
    stance: Stance
    source: SourceId
    credibility: Annotated[int, value(values.whole(1, 6))]
    note: Prose
    criterion: Line | None = None
    quote: QuoteId | None = None

    def breaches(self, reading: Reading) -> Iterator[Breach]:
        """The criterion is one of the prediction's; the quote is one of the source's."""
        prediction = reading.rows["predictions"].get(self.prediction)
        if prediction and self.criterion is not None and self.criterion not in prediction.labels:
            yield ("criterion",), f"{shown(self.criterion)} is no criterion of {self.prediction}"
        quote = self.quote and reading.rows["quotes"].get(self.quote)
        if quote and quote.source != self.source:
            yield ("quote",), f"stands in {quote.source}, not in {self.source}"
