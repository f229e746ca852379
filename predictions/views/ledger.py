"""The ledger's public face: the newest checkpoint, the keys that sign, and the hashes by which anybody can prove more.

No account is needed. What is told is hashes, each over a random salt of its own: they give nothing of any entry away.
The paths under it are those of c2sp.org/tlog-tiles; entries themselves are not published.
"""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from predictions import checkpoints
from predictions.merkle import TILE_WIDTH
from predictions.models import Checkpoint
from predictions.queries.ledger_proofs import tile_hashes

BRIEFLY = {"Cache-Control": "public, max-age=10"}
FOR_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
HIGHEST_LEVEL = 6
TILE = re.compile(r"(?!x000/)(?P<thousands>(?:x[0-9]{3}/){0,4})(?P<rest>[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


@require_safe
def checkpoint(_: HttpRequest) -> HttpResponse:
    newest = Checkpoint.objects.newest_first().first()
    if newest is None:
        raise Http404("Nothing is signed yet.")
    return _text(newest.note)


@require_safe
def keys(_: HttpRequest) -> HttpResponse:
    """One verifier key a line, the newest last; older ones for older checkpoints."""
    return _text("".join(f"{key}\n" for key in checkpoints.verifier_keys()))


@require_safe
def tile(_: HttpRequest, level: int, number: str) -> HttpResponse:
    """Up to 256 hashes, 32 bytes each; only of what the newest checkpoint covers."""
    asked = TILE.fullmatch(number)
    newest = Checkpoint.objects.newest_first().first()
    if asked is None or newest is None or level >= HIGHEST_LEVEL:
        raise Http404("There is no such tile.")
    start = int(re.sub(r"\D", "", asked["thousands"]) + asked["rest"]) * TILE_WIDTH
    stop = start + int(asked["width"] or TILE_WIDTH)
    if (stop - start >= TILE_WIDTH and asked["width"]) or stop > newest.size // TILE_WIDTH**level:
        raise Http404("There is no such tile.")
    content = b"".join(tile_hashes(level, start, stop))
    return HttpResponse(content, content_type="application/octet-stream", headers=FOR_AN_HOUR)


def _text(content: str) -> HttpResponse:
    return HttpResponse(content, content_type="text/plain; charset=utf-8", headers=BRIEFLY)
