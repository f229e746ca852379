"""The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header): how a key is spelled, what it stands for."""

import hashlib
import re

from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from predictions.api.parsing import body_of
from predictions.models.kept_reply import LONGEST_KEY

HEADER = "Idempotency-Key"
SIGNS = "A-Za-z0-9._~:+/=-"
KEY = re.compile(rf'("?)([{SIGNS}]{{1,{LONGEST_KEY}}})\1')
TOLD = f"A key is 1 to {LONGEST_KEY} letters, digits or any of . _ ~ : + / = -, in quotation marks or without."
PARAMETER = OpenApiParameter(
    HEADER,
    {"type": "string", "pattern": rf'^("[{SIGNS}]{{1,{LONGEST_KEY}}}"|[{SIGNS}]{{1,{LONGEST_KEY}}})$'},
    OpenApiParameter.HEADER,
    description="A new one for each thing to be put on record. The same request with the same key, within a day, "
    "puts nothing on record again and gets the same reply. " + TOLD,
)


def key_of(request: Request) -> str | None:
    """The key that a request bears; None if it bears none. Raises ValidationError for what is no key."""
    given = request.headers.get(HEADER)
    if given is None:
        return None
    spelled = KEY.fullmatch(given)
    if spelled is None:
        raise ValidationError({HEADER: [TOLD]})
    return spelled[2]


def digest_of(request: Request) -> str:
    """What makes a request the same as another: its address and its body, byte for byte."""
    return hashlib.sha256(request.path.encode() + b"\n" + body_of(request)).hexdigest()
