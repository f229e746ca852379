"""The page of agreement between resolvers: over all that the reader may see or over one case, as page and as JSON."""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import BadRequest
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from predictions.models import Case
from predictions.queries.agreement import Agreement, PredictionAgreement, agreement, as_json
from predictions.queries.agreement_figures import Decisions, Figures, Pair
from predictions.queries.agreement_words import coefficient, interval, reading, sample, share, why_undefined
from predictions.queries.coding_agreement import CodingAgreement, coding_agreement
from predictions.scoring.agreement import FEWEST_FOR_INTERVAL
from predictions.views.access import for_readers, shown
from predictions.views.coding_agreement import coding_as_json, coding_tiles
from predictions.views.tiles import Tile, few, noted

TITLE = "Agreement"
PERCENT = "share of pairs of verdicts on a criterion that are the same, mean over criteria; not corrected for chance"
ALPHA = (
    "ordinal: not met < partly met < met; corrected for chance; 1 is perfect, 0 as by chance. By convention .800 or "
    "more to rely on, .667 up to .800 for tentative conclusions only"
)
AC1 = "corrected for chance, verdicts unordered; steady where one of the three verdicts is rare; 1 is perfect"
CANNOT_TELL = "verdicts that count as missing in the other figures"
ADJUDICATED = "predictions that somebody decided who had neither judged nor forecast them"


@dataclass(frozen=True)
class Line:
    """Agreement on one prediction as it is shown."""

    found: PredictionAgreement
    percent: str
    alpha: str
    interval: str
    kappas: tuple[str, ...]
    ac1: str
    decision: str


@for_readers
def page(request: HttpRequest, user: User) -> HttpResponse:
    found, coding = _asked(request, user)
    tiles = _tiles(found.figures, found.decisions) if found.figures else ()
    groups, notes = noted([tiles, coding_tiles(coding.figures) if coding.figures.n else ()])
    return shown(
        request,
        "agreement.html",
        title=TITLE,
        subtitle=str(found.case or "Everything on record"),
        found=found,
        coding=coding,
        tiles=groups[0],
        coding_tiles=groups[1],
        notes=notes,
        is_few=bool(found.figures) and few(found.figures.n),  # type: ignore[union-attr]
        reading=reading(found.figures.alpha) if found.figures else "",
        pairs=[_shown(pair) for pair in found.figures.pairs] if found.figures else [],
        lines=[_line(each) for each in found.predictions],
        links=_links(found, coding),
    )


@for_readers
def plain(request: HttpRequest, user: User) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="agreement.json"'}
    found, coding = _asked(request, user)
    given = {**as_json(found), "coding": coding_as_json(coding)}
    return JsonResponse(given, DjangoJSONEncoder, headers=headers, json_dumps_params={"ensure_ascii": False})


def _asked(request: HttpRequest, user: User) -> tuple[Agreement, CodingAgreement]:
    """What the address asks for, of resolvers and of coders: everything, or `case` by its short name."""
    if strange := sorted(request.GET.keys() - {"case", "print"}):
        raise BadRequest(f"There is no filter called “{strange[0]}”.")
    name = request.GET.get("case", "")
    # PostgreSQL refuses NUL in a text instead of not finding it.
    cases = Case.objects.none() if "\x00" in name else Case.objects.visible_to(user)
    case = cases.filter(external_id=name).first() if name else None
    if name and case is None:
        raise Http404("There is no such case.")
    return agreement(user, case), coding_agreement(user, case)


def _tiles(figures: Figures, decisions: Decisions) -> tuple[Tile, ...]:
    n, is_few, why = sample(figures.n), few(figures.n), why_undefined(figures)
    ends = interval(figures.alpha)
    return (
        Tile("Agreed", share(figures.percent), PERCENT, n, why="" if figures.n else why, is_few=is_few),
        Tile(
            "Krippendorff’s alpha",
            coefficient(figures.alpha),
            ALPHA,
            n,
            ends,
            "" if figures.alpha is not None else why,
            is_few=is_few,
            is_key=True,
        ),
        Tile("Gwet’s AC1", coefficient(figures.ac1), AC1, n, why="" if figures.ac1 is not None else why, is_few=is_few),
        Tile("“Cannot tell”", f"{figures.cannot_tell:,} of {figures.verdicts:,}", CANNOT_TELL),
        Tile("Adjudicated", f"{decisions.adjudicated:,} of {figures.predictions:,}", ADJUDICATED),
    )


def _shown(pair: Pair) -> tuple[str, int, str, str]:
    return f"{pair.first} and {pair.second}", pair.n, share(pair.percent), coefficient(pair.kappa)


def _line(found: PredictionAgreement) -> Line:
    figures = found.figures
    return Line(
        found=found,
        percent=share(figures.percent),
        alpha=coefficient(figures.alpha),
        interval=interval(figures.alpha) if figures.n >= FEWEST_FOR_INTERVAL else "",
        kappas=tuple(
            f"{each.first}/{each.second} {coefficient(each.kappa)} (n\xa0=\xa0{each.n})" for each in figures.pairs
        ),
        ac1=coefficient(figures.ac1),
        decision=_decision(found.decisions),
    )


def _decision(one: Decisions) -> str:
    """How the one prediction that these count was decided first."""
    words = {
        "adjudicated": one.adjudicated,
        "confirmed as judged": one.confirmed,
        "decided by one person": one.direct,
        "not decided yet": one.undecided,
    }
    told = next(name for name, count in words.items() if count)
    return f"{told}; replaced since" if one.replaced else told


def _links(found: Agreement, coding: CodingAgreement) -> dict[str, Any]:
    """This page on paper and as JSON, and the same of everything or of another case."""
    here = {"case": found.case.external_id} if found.case else {}
    cases = sorted({*found.cases, *coding.cases}, key=attrgetter("title", "pk"))
    return {
        "print": f"{reverse('agreement')}?{urlencode({**here, 'print': '1'})}",
        "screen": _address("agreement", here),
        "json": _address("agreement-json", here),
        "cases": [
            (each.title, _address("agreement", {"case": each.external_id}))
            for each in cases
            if each != found.case and (found.case or len(cases) > 1)
        ],
    }


def _address(name: str, asked: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(asked)}" if asked else reverse(name)
