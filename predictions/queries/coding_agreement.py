"""Agreement between coders: over all forecasts that at least two coded, of those that a reader may see.

The unit is the words of one forecast, the rater a coder, the rating the probability that they took the words for.
Nobody is named.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef

from accounts.models import User
from predictions.models import Case, Coding, CodingRequest, Forecast
from predictions.queries.coding_figures import Coded, CodingFigures, figures_of
from predictions.queries.coding_words import methods


@dataclass(frozen=True)
class CodingAgreement:
    """`figures` and their text for a methods section; `cases` are those with something coded by two or more."""

    figures: CodingFigures
    methods: tuple[str, ...]
    cases: tuple[Case, ...]


def coding_agreement(user: User, case: Case | None = None) -> CodingAgreement:
    """Agreement on all that `user` may see, or on what belongs to one case; a fixed number of queries."""
    seen = Forecast.objects.visible_to(user).standing()
    seen = seen.filter(prediction__case=case) if case else seen
    figures = figures_of(_coded(seen), _count(seen))
    everywhere = _together(Forecast.objects.visible_to(user).standing())
    cases = Case.objects.filter(pk__in=everywhere.values("prediction__case")).order_by("title")
    return CodingAgreement(figures, methods(figures), tuple(cases))


def _together(seen: Any) -> Any:
    """The answered requests of the forecasts `seen`."""
    return CodingRequest.objects.coded().filter(Exists(seen.filter(pk=OuterRef("forecast")))).order_by()


def _coded(seen: Any) -> list[Coded]:
    """All codings of what several coded: the first coder's, which many requests name, once."""
    first = ("first__coder", "first__point", "first__had_own_forecast")
    asked = ("coding__coder", "coding__point", "coding__had_own_forecast")
    rows = list(_together(seen).order_by("forecast", "pk").values_list("forecast", *first, *asked))
    firsts = dict.fromkeys(Coded(*row[:4]) for row in rows)
    return [*firsts, *(Coded(row[0], *row[4:]) for row in rows)]


def _count(seen: Any) -> int:
    """How many forecasts stand whose number somebody read out of words."""
    alone = Coding.objects.filter(Exists(seen.filter(pk=OuterRef("forecast")))).order_by()
    keys = set(alone.values_list("forecast", flat=True))
    return len(keys.union(_together(seen).values_list("forecast", flat=True)))
