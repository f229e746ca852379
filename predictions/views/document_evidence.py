"""A row or a passage of a comparison of documents turned into evidence on a prediction of the same case."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, ValidationError
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from predictions.language.anchoring import find_all
from predictions.language.comparison import Comparison, Document, Line
from predictions.language.layout import sentence_around
from predictions.language.terms import Term, UnreadableTerm
from predictions.models import (
    Credibility,
    Criterion,
    DocumentComparison,
    Evidence,
    Prediction,
    Quote,
    Reliability,
    Snapshot,
)
from predictions.models.quote import LONGEST_QUOTE
from predictions.models.rivals import refusal_of
from predictions.operations.evidence import link_evidence, link_passage
from predictions.policy import demand
from predictions.queries.document_comparison import compared, predictions_to_choose
from predictions.views.access import for_forms, shown
from predictions.views.document_address import SIDES, AskedDocuments, read_documents
from predictions.views.document_comparison import g2_in_words, ratio_in_words, verdict

LONGEST_NOTE = 2000
FIELDS = {"prediction": "about", "criterion": "about"}
"""Fields of the row that the form has under another name."""


@dataclass(frozen=True)
class Chosen:
    """The row, and the passage if one is meant, that an address names."""

    asked: AskedDocuments
    reference: Snapshot
    revised: Snapshot
    found: Comparison
    side: str
    start: int | None

    @property
    def line(self) -> Line:
        return self.found.lines[0]

    @property
    def snapshot(self) -> Snapshot:
        """The text that the evidence is from: that of the passage; for a row, the revised one."""
        return self.reference if self.side == "reference" else self.revised

    @property
    def document(self) -> Document:
        return self.found.reference if self.side == "reference" else self.found.revised

    @property
    def sentence(self) -> str:
        """The sentence that the passage is in; "" where a row is meant."""
        if self.start is None:
            return ""
        occurrences = self.line.reference if self.side == "reference" else self.line.revised
        place = next((each for each in occurrences.places if each.start == self.start), None)
        if place is None:
            raise Http404("The term does not stand there.")
        text, paragraph = self.document.text, self.document.layout.paragraph_at(place.start)
        first, last = sentence_around(text, paragraph, place.start, place.end, LONGEST_QUOTE)
        return text[first:last]

    def start_of(self, exact: str) -> int | None:
        """Where these words begin that hold the passage; None where they stand elsewhere or nowhere."""
        try:
            places = find_all(self.document.text, exact)
        except ValueError:
            return None
        return next((start for start, end in places if start <= (self.start or 0) < end), None)


class EvidenceForm(forms.Form):
    """What a person adds to the figures."""

    about = forms.ChoiceField(label="Prediction and criterion")
    stance = forms.ChoiceField(label="Speaks", choices=[("", "choose one"), *Evidence.Stance.choices])
    note = forms.CharField(label="What it says, in our own words", max_length=LONGEST_NOTE, widget=forms.Textarea)
    exact = forms.CharField(
        label="Exact words, which become a quote of the source", max_length=LONGEST_QUOTE, widget=forms.Textarea
    )
    reliability = forms.ChoiceField(
        label="Reliability of the source", required=False, choices=[("", "as it is graded"), *Reliability.choices]
    )
    credibility = forms.TypedChoiceField(
        label="Credibility of the item", coerce=int, choices=[("", "choose one"), *Credibility.choices]
    )

    def __init__(self, *args: Any, predictions: list[Prediction], is_passage: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by_key = {key: (each, criterion) for each in predictions for key, _, criterion in _subjects(each)}
        groups = [(str(each), [(key, told) for key, told, _ in _subjects(each)]) for each in predictions]
        self.fields["about"].choices = [("", "choose one"), *groups]  # type: ignore[attr-defined]
        if not is_passage:
            del self.fields["exact"]

    def evidence(self) -> Evidence:
        """The unsaved row; its source is still to be named."""
        given = {name: self.cleaned_data[name] for name in ("stance", "note", "reliability", "credibility")}
        prediction, criterion = self.by_key[self.cleaned_data["about"]]
        return Evidence(prediction=prediction, criterion=criterion, **given)


def _subjects(prediction: Prediction) -> Iterator[tuple[str, str, Criterion | None]]:
    """What evidence can speak to: its key in the form, its words, and the criterion, if it is one."""
    yield str(prediction.uuid), "the prediction as a whole", None
    for criterion in prediction.revision.criteria.all() if prediction.revision else ():
        yield f"{prediction.uuid}:{criterion.label}", f"({criterion.label}) {criterion.text}", criterion


@for_forms("link_evidence")
def page(request: HttpRequest, user: User) -> HttpResponse:
    chosen = _chosen(request, user)
    sentence = chosen.sentence
    predictions = predictions_to_choose(user, chosen.snapshot.source.case)
    initial = {"note": note_of(chosen), "exact": sentence}
    sent = request.POST if request.method == "POST" else None
    form = EvidenceForm(sent, initial=initial, predictions=predictions, is_passage=chosen.start is not None)
    if request.method == "POST" and form.is_valid():
        try:
            evidence = _linked(chosen, form, user)
        except (ValidationError, IntegrityError) as fault:
            _show(form, refusal_of(fault))
        else:
            messages.success(request, "The evidence is on record, with the figures and both texts.")
            return redirect(reverse("admin:predictions_evidence_change", args=[evidence.pk]))
    given: dict[str, Any] = {
        "title": "Evidence from a comparison",
        "form": form,
        "chosen": chosen,
        "figures": _figures(chosen),
    }
    given["back"] = f"{reverse('document-comparison')}?{chosen.asked.with_()}"
    return shown(request, "document_evidence.html", has_predictions=bool(predictions), **given)


def _chosen(request: HttpRequest, user: User) -> Chosen:
    asked = read_documents(request.GET, user)
    side, start = request.GET.get("side", ""), request.GET.get("start", "")
    if asked.pair is None or not request.GET.get("term"):
        raise Http404("There is no such comparison.")
    if (side and side not in SIDES) or bool(side) != bool(start) or not (start or "0").isascii():
        raise BadRequest("This address names no passage.")
    try:
        found = compared(*asked.pair, [Term(request.GET["term"])])
        at = int(start) if start else None
    except (UnreadableTerm, ValidationError, ValueError) as fault:
        raise BadRequest("This address names no row of a comparison.") from fault
    if at is not None:
        demand(user, "anchor_quote")
    return Chosen(asked, *asked.pair, found, side, at)


def _linked(chosen: Chosen, form: EvidenceForm, user: User) -> Evidence:
    at, evidence = timezone.now(), form.evidence()
    evidence.source = chosen.snapshot.source
    comparison = DocumentComparison(reference=chosen.reference, revised=chosen.revised, term=chosen.line.term)
    if chosen.start is None:
        return link_evidence(evidence, comparison=comparison, by=user, at=at)
    exact = form.cleaned_data["exact"]
    quote, start = Quote(source=evidence.source, exact=exact), chosen.start_of(exact)
    return link_passage(evidence, quote, snapshot=chosen.snapshot, start=start, comparison=comparison, by=user, at=at)


def _show(form: EvidenceForm, refusal: ValidationError) -> None:
    """Each message at its field, or above the form where there is no such field."""
    by_field = refusal.error_dict if hasattr(refusal, "error_dict") else {NON_FIELD_ERRORS: refusal.error_list}
    for name, errors in by_field.items():
        field = FIELDS.get(name, name)
        form.add_error(field if field in form.fields else None, ValidationError(errors))


def _figures(chosen: Chosen) -> list[tuple[str, str]]:
    """The figures that will be kept, as lines."""
    line, unit = chosen.line, chosen.found.unit
    ratio, interval = ratio_in_words(line)
    sides = (
        (chosen.reference, line.reference, chosen.found.reference_total, "Reference"),
        (chosen.revised, line.revised, chosen.found.revised_total, "Revised"),
    )
    told = [
        (
            f"{name}: {snapshot.source}",
            f"{each.count:,} in {total:,} {unit}: {each.rate:.2f} per 1,000 (SHA-256 {snapshot.sha256[:12]}…)",
        )
        for snapshot, each, total, name in sides
    ]
    return [*told, ("Log ratio, 95% interval", f"{ratio} {interval}"), ("G²", g2_in_words(line))]


def note_of(chosen: Chosen) -> str:
    """A first wording of what the figures say, to be edited."""
    line, unit = chosen.line, chosen.found.unit
    ratio, interval = ratio_in_words(line)
    sides = ((chosen.reference, line.reference), (chosen.revised, line.revised))
    counts = " and ".join(
        f"{each.count:,} times in “{snapshot.source.title[:120]}” ({each.rate:.2f} per 1,000 {unit})"
        for snapshot, each in sides
    )
    return f"“{line.term}” stands {counts}: {verdict(line)}; log ratio {ratio} {interval}, G² {g2_in_words(line)}."
