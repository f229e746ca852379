"""The sections of a casebook on how predictions were judged: what each resolver found, and what was decided."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from predictions.exchange import casebook_values as values
from predictions.exchange.casebook_faults import shown
from predictions.exchange.casebook_rows import Breach, Named, Reading, reference, value
from predictions.exchange.casebook_sections import Confidence, Prediction, PredictionId, Prose, Share, When

EvidenceId = Annotated[str, reference("evidence")]
ResolverName = Annotated[str, value(values.identifier)]  # of this file alone: whose account it is, the loader is told
Verdict = Literal["met", "partly_met", "not_met", "cannot_tell"]
Annulment = Literal["ambiguous", "premise_failed", "unverifiable"]
Basis = Literal["agreed", "adjudicated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(Named):
    """A verdict on each criterion of a prediction, by its label, and the evidence that it rests on."""

    prediction: PredictionId
    rationale: Prose
    outcome: Share | None = None
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    relied_on: tuple[EvidenceId, ...] = ()

    def breaches_of_verdicts(self, prediction: Prediction | None, *, needs_all: bool) -> Iterator[Breach]:
        """The labels are the prediction's, and none is left out where all are needed."""
        labels = (prediction and prediction.labels) or tuple(self.verdicts)  # a fault there is told there
        for label in self.verdicts:
            if label not in labels:
                yield ("verdicts", label), f"{shown(label)} is no criterion of {self.prediction}"
        missing = [label for label in labels if label not in self.verdicts]
        if missing and needs_all:
            yield ("verdicts",), f"a verdict is missing for {', '.join(missing)}"

    def breaches_of_evidence(self, reading: Reading) -> Iterator[Breach]:
        """The evidence is the prediction's own."""
        for number, name in enumerate(self.relied_on, start=1):
            evidence = reading.rows["evidence"].get(name)
            if evidence and evidence.prediction != self.prediction:
                yield ("relied_on", number), f"{shown(name)} is evidence on {evidence.prediction}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(Judged):
    """What one resolver found, blind to the others. Where the outcome is judged, they say what they hold it to be."""

    resolver: ResolverName
    confidence: Confidence

    def breaches(self, reading: Reading) -> Iterator[Breach]:
        """There is a verdict per criterion, and an outcome where no rule makes it and the verdicts tell anything."""
        prediction = reading.rows["predictions"].get(self.prediction)
        yield from self.breaches_of_verdicts(prediction, needs_all=True)
        yield from self.breaches_of_evidence(reading)
        is_judged = prediction is None or prediction.outcome_rule == "judged"
        if not is_judged and self.outcome is not None:
            yield ("outcome",), f"follows from the verdicts by the rule of {self.prediction}: leave it out"
        tells = any(verdict != "cannot_tell" for verdict in self.verdicts.values())
        if prediction and is_judged and self.outcome is None and tells:
            yield ("outcome",), f"is missing: {self.prediction} has no rule that makes it of the verdicts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution(Judged):
    """How a prediction came out, or why it gets no outcome. Without a basis one person decided."""

    known: When
    annulled: Annulment | None = None
    basis: Basis | None = None

    def breaches(self, reading: Reading) -> Iterator[Breach]:
        """Either outcome or annulled; an outcome has a verdict per criterion, unless it is what resolvers agree on."""
        if (self.outcome is None) == (self.annulled is None):
            yield (), "needs either outcome or annulled, and not both"
        prediction = reading.rows["predictions"].get(self.prediction)
        needs_all = self.annulled is None and self.basis != "agreed"
        yield from self.breaches_of_verdicts(prediction, needs_all=needs_all)
        yield from self.breaches_of_evidence(reading)
