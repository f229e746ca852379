"""The evidence matrix of one case: its predictions across, its evidence down, ratings in between (ACH)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from accounts.models import User
from predictions.models import Case, Consistency, Credibility, Evidence, Prediction, Rating
from predictions.models.times import microseconds
from predictions.queries.matrix_figures import (
    Cells,
    Hinge,
    Standing,
    lines_it_hangs_on,
    most_frequent,
    standings,
    tells_nothing_apart,
)

MOST_PREDICTIONS = 12
MOST_EVIDENCE = 300
MOST_THEMES = 100
DOUBTED = {Credibility.DOUBTFUL, Credibility.IMPROBABLE}
CONVENTION = (
    "Inconsistency: the sum of weights down the column. I counts 1 and II counts 2; CC, C, N/A and cells that nobody "
    "rated count nothing. Where several people rated a cell, the mean of their weights counts. The least comes first."
)
NEVER_OVERRULES = (
    "The matrix never overrules the analyst: it shows what stands against each prediction as it was rated, and not "
    "how likely each is. Predictions of one case need not exclude each other."
)
WITHOUT_DOUBTED = (
    "Without items of credibility 4 or 5. Credibility 6 means that nothing is known of it: such items stay in."
)


@dataclass(frozen=True)
class Cell:
    """What was found of one piece of evidence against one prediction; `stance` where it was linked to just that.

    `own` is the reader's own row that stands, blank where they took their rating back.
    """

    ratings: Sequence[Rating]
    own: Rating | None
    stance: str

    @property
    def reading(self) -> str:
        """The rating given most often; several where as many gave another; empty where nobody rated."""
        signs = [Consistency(each).sign for each in most_frequent([rating.consistency for rating in self.ratings])]
        return " or ".join(signs)

    @property
    def is_disputed(self) -> bool:
        return len({rating.consistency for rating in self.ratings}) > 1


@dataclass(frozen=True)
class Line:
    """One piece of evidence. `hinge`: what the order would be without it, where that would be another.

    `first_without` names who would then be least inconsistent.
    """

    evidence: Evidence
    cells: Sequence[Cell]
    tells_nothing_apart: bool
    hinge: Hinge | None
    first_without: str


@dataclass(frozen=True)
class Column:
    """One prediction, and how it stands with all evidence and without what is doubted."""

    prediction: Prediction
    label: str
    standing: Standing
    undoubted: Standing
    is_blind: bool

    @property
    def inconsistency(self) -> str:
        return in_digits(self.standing.inconsistency)

    @property
    def inconsistency_undoubted(self) -> str:
        return in_digits(self.undoubted.inconsistency)


@dataclass(frozen=True)
class EvidenceMatrix:
    """`is_own`: it holds the reader's own ratings only. `is_uneven`: not all predictions were rated alike often.

    `has_more`: what there is more of than is shown, in words. `blind`: predictions that the reader is asked to judge.
    `themes`: those of the whole case.
    """

    columns: Sequence[Column]
    lines: Sequence[Line]
    is_own: bool
    raters: Sequence[User]
    hindsight_count: int
    has_more: Sequence[str]
    themes: Sequence[str]

    @cached_property
    def ranking(self) -> list[Column]:
        """Those that were rated, least inconsistent first."""
        rated = [column for column in self.columns if column.standing.rank is not None]
        return sorted(rated, key=lambda column: column.standing.rank or 0)

    @property
    def is_uneven(self) -> bool:
        return len({column.standing.count for column in self.ranking}) > 1

    @property
    def blind(self) -> list[Column]:
        return [column for column in self.columns if column.is_blind]

    @property
    def hinges(self) -> list[Line]:
        return [line for line in self.lines if line.hinge]

    @property
    def telling_nothing(self) -> list[Line]:
        return [line for line in self.lines if line.tells_nothing_apart]


def in_digits(value: Fraction) -> str:
    """ "3", "2.5", "0.67": two decimal places at most."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def evidence_matrix(case: Case, *, user: User, is_own: bool, theme: str = "") -> EvidenceMatrix:
    """The matrix as `user` sees it; of one theme, where one is named."""
    told = {"theme": theme} if theme else {}
    seen = Prediction.objects.visible_to(user).filter(case=case)
    predictions = list(seen.filter(**told).for_show().order_by("pk")[: MOST_PREDICTIONS + 1])
    evidence = list(_evidence(case, user, theme)[: MOST_EVIDENCE + 1])
    more = [words for rows, most, words in _bounds(predictions, evidence) if len(rows) > most]
    predictions, evidence = predictions[:MOST_PREDICTIONS], evidence[:MOST_EVIDENCE]
    standing = _ratings(predictions, evidence, user, is_own=is_own)
    ratings = {key: [each for each in rows if each.consistency] for key, rows in standing.items()}
    own = {key: each for key, rows in standing.items() for each in rows if each.rater_id == user.pk}
    held = {key: [each.consistency for each in rows] for key, rows in ratings.items()}
    columns = _columns(predictions, evidence, held, user)
    return EvidenceMatrix(
        columns=columns,
        lines=_lines(evidence, columns, ratings, own),
        is_own=is_own,
        raters=_raters(ratings),
        hindsight_count=sum(_is_hindsight(each) for rows in ratings.values() for each in rows),
        has_more=more,
        themes=list(seen.order_by("theme").values_list("theme", flat=True).distinct()[:MOST_THEMES]),
    )


def _bounds(predictions: list[Any], evidence: list[Any]) -> list[tuple[list[Any], int, str]]:
    return [
        (predictions, MOST_PREDICTIONS, f"predictions than the {MOST_PREDICTIONS} shown"),
        (evidence, MOST_EVIDENCE, f"evidence than the {MOST_EVIDENCE} items shown"),
    ]


def _evidence(case: Case, user: User, theme: str) -> Any:
    rows: Any = Evidence.objects.visible_to(user).filter(prediction__case=case)
    if theme:
        rows = rows.filter(prediction__theme=theme)
    return rows.standing().for_show().order_by("pk")


def _ratings(
    predictions: Sequence[Prediction], evidence: Sequence[Evidence], user: User, *, is_own: bool
) -> dict[tuple[int, int], list[Rating]]:
    """Those that stand and `user` may see, by (evidence, prediction)."""
    rows: Any = Rating.objects.visible_to(user).standing().filter(prediction__in=predictions, evidence__in=evidence)
    rows = rows.select_related("rater")
    shown: dict[tuple[int, int], list[Rating]] = {}
    for each in rows.filter(rater=user) if is_own else rows:
        shown.setdefault((each.evidence_id, each.prediction_id), []).append(each)
    by_key = {prediction.pk: prediction for prediction in predictions}
    for each in (rating for rows in shown.values() for rating in rows):
        each.prediction = by_key[each.prediction_id]  # its outcome is asked; no query for it
    return shown


def _columns(predictions: Sequence[Prediction], evidence: Sequence[Evidence], held: Cells, user: User) -> list[Column]:
    keys, lines = [each.pk for each in predictions], [each.pk for each in evidence]
    undoubted = [each.pk for each in evidence if each.credibility not in DOUBTED]
    full, short = standings(held, lines, keys), standings(held, undoubted, keys)
    blind = set(Prediction.objects.to_be_judged_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Column(each, f"P{number}", full[each.pk], short[each.pk], each.pk in blind)
        for number, each in enumerate(predictions, 1)
    ]


def _lines(
    evidence: Sequence[Evidence],
    columns: Sequence[Column],
    ratings: Mapping[tuple[int, int], list[Rating]],
    own: Mapping[tuple[int, int], Rating],
) -> list[Line]:
    held = {key: [each.consistency for each in rows] for key, rows in ratings.items()}
    labels = {column.prediction.pk: column.label for column in columns}
    hinges = lines_it_hangs_on(held, [each.pk for each in evidence], list(labels))
    return [
        Line(
            evidence=item,
            cells=[
                Cell(ratings.get((item.pk, key), ()), own.get((item.pk, key)), _stance(item, key)) for key in labels
            ],
            tells_nothing_apart=tells_nothing_apart(held, item.pk, list(labels)),
            hinge=(hinge := hinges.get(item.pk)),
            first_without=" and ".join(label for key, label in labels.items() if hinge and key in hinge.first),
        )
        for item in evidence
    ]


def _stance(item: Evidence, prediction: int) -> str:
    return str(item.get_stance_display()) if item.prediction_id == prediction else ""


def _raters(ratings: Mapping[Any, list[Rating]]) -> list[User]:
    people = {each.rater_id: each.rater for rows in ratings.values() for each in rows}
    return sorted(people.values(), key=lambda user: user.username)


def _is_hindsight(rating: Rating) -> bool:
    return rating.prediction.known_us <= microseconds(rating.rated_at)


def as_json(matrix: EvidenceMatrix) -> dict[str, Any]:
    """What the matrix comes to, for programs; its ratings are listed elsewhere."""
    return {
        "conventions": [CONVENTION, WITHOUT_DOUBTED, NEVER_OVERRULES],
        "predictions": [_column_in_json(column) for column in matrix.columns],
        "evidence": [
            {
                "evidence": str(line.evidence.uuid),
                "tells_nothing_apart": line.tells_nothing_apart,
                "order_hangs_on_it": line.hinge is not None,
                "first_place_hangs_on_it": line.hinge is not None and line.hinge.is_first,
            }
            for line in matrix.lines
        ],
        "rater_count": len(matrix.raters),
        "hindsight_count": matrix.hindsight_count,
        "is_cut_short": bool(matrix.has_more),
    }


def _column_in_json(column: Column) -> dict[str, Any]:
    return {
        "prediction": str(column.prediction.uuid),
        "place": column.standing.rank,
        "inconsistency": float(column.standing.inconsistency),
        "rated_count": column.standing.count,
        "inconsistency_without_doubted": float(column.undoubted.inconsistency),
        "rated_count_without_doubted": column.undoubted.count,
        "hides_others": column.is_blind,
    }
