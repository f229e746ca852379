"""The form of the evidence matrix: a choice and a note for each cell that the reader may rate."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from predictions.admin.base import TextInput
from predictions.models import Consistency, Evidence, Prediction, Rating
from predictions.queries.matrix import EvidenceMatrix, Line

CHOICES = [("", "–"), *((each.value, each.sign) for each in Consistency)]
LONGEST_NOTE = 500
GONE = (
    "Some of what you rated is no longer on this page: its evidence was replaced meanwhile, or you were asked to judge "
    "the prediction. Nothing was saved. Look at the page as it is now, and save again."
)


@dataclass(frozen=True)
class Place:
    """One cell as it is edited, of the evidence and the prediction that it relates.

    `rated` is what stands: blank where the rating was taken back.
    """

    evidence: Evidence
    prediction: Prediction
    rated: Rating | None

    @property
    def consistency(self) -> str:
        return self.rated.consistency if self.rated else ""

    @property
    def stood(self) -> str:
        """The note that stands."""
        return self.rated.note if self.rated else ""

    @property
    def name(self) -> str:
        return f"cell-{self.evidence.pk}-{self.prediction.pk}"

    @property
    def note_name(self) -> str:
        return f"note-{self.evidence.pk}-{self.prediction.pk}"


class MatrixForm(forms.Form):
    """What stood when the page was shown comes back with it, so that only what was changed here is saved."""

    reason = forms.CharField(
        label="Why ratings change",
        required=False,
        max_length=500,
        widget=TextInput,
        help_text="Asked only where a rating of yours is replaced or taken back. The earlier one stays on record.",
    )

    def __init__(self, matrix: EvidenceMatrix, lines: Sequence[Line], *args: Any) -> None:
        super().__init__(*args)
        self.places = {place.name: place for place in _places(matrix, lines)}
        for place in self.places.values():
            self._offer(place, _column_label(matrix, place))

    def _offer(self, place: Place, column: str) -> None:
        label = f"{place.evidence.note[:60]}, {column}"
        choose = forms.Select(attrs={"class": "rating", "aria-label": label})
        self.fields[place.name] = forms.ChoiceField(
            choices=CHOICES, required=False, initial=place.consistency, widget=choose, show_hidden_initial=True
        )
        write = forms.TextInput(attrs={"class": "rating-note", "aria-label": f"Note on {label}", "placeholder": "Note"})
        self.fields[place.note_name] = forms.CharField(
            max_length=LONGEST_NOTE,
            required=False,
            initial=place.stood,
            widget=write,
            show_hidden_initial=True,
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if any(self._is_gone(name) for name in self.data):
            self.add_error(None, forms.ValidationError(GONE, code="conflict"))
        for place in self._changed():
            is_new_note = place.note_name in self.changed_data and cleaned.get(place.note_name)
            if is_new_note and not cleaned.get(place.name) and place.name not in self.errors:
                self.add_error(place.name, "Choose a rating for what you noted.")
        if "reason" not in self.errors and not cleaned.get("reason") and any(each.rated for each in self._changed()):
            self.add_error("reason", "Say why the earlier ratings are replaced.")
        return cleaned

    def _is_gone(self, name: str) -> bool:
        """Whether this is a cell that was changed and that the page, as it is now, does not have."""
        is_cell = name.startswith(("cell-", "note-"))
        return is_cell and name not in self.fields and self.data[name] != self.data.get(f"initial-{name}", "")

    def ratings(self) -> list[Rating]:
        """The unsaved rows that the changed cells end in."""
        return [self._rating(place) for place in self._changed()]

    def _changed(self) -> Iterator[Place]:
        """Those changed on this page to something else than stands, which may have changed elsewhere meanwhile."""
        changed, entered = set(self.changed_data), self.cleaned_data.get
        for place in self.places.values():
            told = entered(place.name), entered(place.note_name)
            if changed & {place.name, place.note_name} and told != (place.consistency, place.stood):
                yield place

    def _rating(self, place: Place) -> Rating:
        consistency = self.cleaned_data[place.name]
        note = self.cleaned_data[place.note_name] if consistency else ""
        row = Rating(evidence=place.evidence, prediction=place.prediction, consistency=consistency, note=note)
        if place.rated:
            row.supersedes, row.reason = place.rated, self.cleaned_data["reason"]
        return row


def _places(matrix: EvidenceMatrix, lines: Sequence[Line]) -> Iterator[Place]:
    """The cells that may be rated: not those of a prediction that the reader is asked to judge."""
    for line in lines:
        for column, cell in zip(matrix.columns, line.cells, strict=True):
            if not column.is_blind:
                yield Place(line.evidence, column.prediction, cell.own)


def _column_label(matrix: EvidenceMatrix, place: Place) -> str:
    return next(column.label for column in matrix.columns if column.prediction == place.prediction)
