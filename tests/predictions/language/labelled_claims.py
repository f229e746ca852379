"""Sentences that people labelled, put together to texts, and how well `find_claims` agrees with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from predictions.language.claims import find_claims

DIRECTORY = Path(__file__).parent / "labelled"
SETS = sorted(path.stem for path in DIRECTORY.glob("*.tsv"))
FORETELLING = frozenset({"forecast", "conditional"})
LABELS = FORETELLING | {
    "reported", "call_to_act", "scheduled", "plan", "habitual", "past", "fact", "question", "boilerplate", "other"
}  # fmt: skip
PARAGRAPH = 5
ENDS = tuple(".!?。？\"'”’)」")


@dataclass(frozen=True)
class Labelled:
    register: str
    label: str
    sentence: str


@dataclass(frozen=True)
class Tally:
    """Precision: labelled as foretelling among those proposed as such. Recall: proposed so among those labelled so."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / (self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / (self.right + self.missed)

    def __str__(self) -> str:
        return f"precision {self.precision:.3f}  recall {self.recall:.3f}  n = {self.right + self.missed}"


def language_of(name: str) -> str:
    return "ja" if name == "ja" else "en"


def labelled(name: str) -> list[Labelled]:
    lines = (DIRECTORY / f"{name}.tsv").read_text("utf-8").splitlines()
    return [Labelled(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def by_register(rows: Iterable[Labelled]) -> dict[str, list[Labelled]]:
    registers: dict[str, list[Labelled]] = {}
    for row in rows:
        registers.setdefault(row.register, []).append(row)
    return registers


def text_of(rows: list[Labelled], language: str) -> tuple[str, dict[tuple[int, int], Labelled]]:
    """The rows as paragraphs of some sentences, furniture and headlines on lines of their own, and where they stand."""
    text, places, before = "", {}, None
    for count, row in enumerate(rows):
        is_apart = "boilerplate" in {row.label, before} or count % PARAGRAPH == 0
        is_apart |= not text.endswith(ENDS) or not row.sentence.endswith(ENDS)
        text += "" if not text else "\n\n" if is_apart else "" if language == "ja" else " "
        places[len(text), len(text) + len(row.sentence)] = row
        text, before = text + row.sentence, row.label
    return text, places


def tally(rows: list[Labelled], language: str) -> Tally:
    """Proposals at places where no labelled sentence stands count as wrong."""
    text, places = text_of(rows, language)
    proposed = {(claim.start, claim.end) for claim in find_claims(text, language) if claim.kind in FORETELLING}
    wanted = {place for place, row in places.items() if row.label in FORETELLING}
    return Tally(len(proposed & wanted), len(proposed - wanted), len(wanted - proposed))


def tallies(name: str) -> dict[str, Tally]:
    """Of each register of a set."""
    return {register: tally(rows, language_of(name)) for register, rows in by_register(labelled(name)).items()}
