from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import ScopedRateThrottle

from predictions.api.doors import Door
from predictions.api.filters import require_known
from predictions.exchange import receipts
from predictions.exchange.receipts import Receipt
from predictions.operations.receipts import issue_receipt

LARGEST_SIZE_DIGITS = 16
OLDER = OpenApiParameter(
    "older",
    OpenApiTypes.INT64,
    description="The size of a checkpoint that you have kept, to be shown that its entries still stand unaltered. "
    "Left out: the checkpoint signed before.",
)


class ReceiptShown(serializers.Serializer[Any]):
    """What shows offline that an entry stands in the ledger. `/ledger/` tells how to check it."""

    index = serializers.IntegerField(help_text="The entry's place, counted from 0.")
    entry_b64 = serializers.CharField()
    payload_b64 = serializers.CharField(required=False, help_text="Left out where it is erased or not yours to see.")
    salt_b64 = serializers.CharField(required=False)
    inclusion = serializers.ListField(child=serializers.CharField())
    checkpoint = serializers.CharField(help_text="A C2SP signed note.")
    older_checkpoint = serializers.CharField(required=False)
    consistency = serializers.ListField(child=serializers.CharField(), required=False)
    keys = serializers.ListField(child=serializers.CharField(), help_text="Verifier keys of those that signed.")


class Issuing(Door):
    throttle_classes = (ScopedRateThrottle,)
    throttle_scope = "receipts"

    def issued(self, request: Request, seq: int) -> Receipt:
        require_known(request, {OLDER.name})
        try:
            return issue_receipt(seq, to=self.caller, at=self.now, older_size=_size(request.query_params))
        except ObjectDoesNotExist as fault:
            raise Http404 from fault


class ReceiptOf(Issuing):
    @extend_schema(operation_id="receipt", parameters=[OLDER], responses=ReceiptShown)
    def get(self, request: Request, seq: int) -> Response:
        """The receipt of a ledger entry: of any row that has a `seq`."""
        name = {"Content-Disposition": f'attachment; filename="receipt-{seq}.json"'}
        return Response(receipts.as_json(self.issued(request, seq)), headers=name)


class ProofOf(Issuing):
    @extend_schema(
        operation_id="tlog_proof", parameters=[OLDER], responses={(200, receipts.PROOF_MEDIA_TYPE): OpenApiTypes.STR}
    )
    def get(self, request: Request, seq: int) -> HttpResponse:
        """The same without what was recorded, as C2SP writes it (c2sp.org/tlog-proof)."""
        return HttpResponse(receipts.tlog_proof(self.issued(request, seq)), content_type=receipts.PROOF_MEDIA_TYPE)


def _size(given: Any) -> int | None:
    size = given.get(OLDER.name)
    if size is None:
        return None
    if not (size.isascii() and size.isdecimal() and len(size) <= LARGEST_SIZE_DIGITS):
        raise serializers.ValidationError({OLDER.name: ["Give the size of a checkpoint, a whole number."]})
    return int(size)
