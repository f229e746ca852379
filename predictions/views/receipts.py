"""Receipts as files, and the page that tells anybody how to check one. What is hidden is not there."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from http import HTTPStatus
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from predictions.checkpoints import verifier_keys
from predictions.exchange import receipts, verify_receipt
from predictions.exchange.receipts import Receipt
from predictions.operations.receipts import issue_receipt
from predictions.views.access import for_readers

VERIFIER = Path(verify_receipt.__file__)


@for_readers
def receipt(request: HttpRequest, user: User, seq: int) -> HttpResponse:
    """The receipt of a ledger entry."""
    name = f"receipt-{seq}.json"
    return _issued(request, user, seq, lambda made: _file(receipts.written(made), receipts.MEDIA_TYPE, name))


@for_readers
def tlog_proof(request: HttpRequest, user: User, seq: int) -> HttpResponse:
    """The same without what was recorded, as other logs' verifiers read it."""
    name = f"entry-{seq}.tlog-proof"
    return _issued(request, user, seq, lambda made: _file(receipts.tlog_proof(made), receipts.PROOF_MEDIA_TYPE, name))


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How to check a receipt, for whoever was handed one."""
    told = {"file": VERIFIER.name, "sha256": sha256(_verifier()).hexdigest(), "keys": verifier_keys()}
    return render(request, "predictions/receipts.html", {**told, "address": settings.SITE_URL})


@require_safe
def verifier(_: HttpRequest) -> HttpResponse:
    """The program that checks receipts, as it stands here."""
    return _file(_verifier(), "text/x-python; charset=utf-8", VERIFIER.name)


def _issued(request: HttpRequest, user: User, seq: int, as_file: Callable[[Receipt], HttpResponse]) -> HttpResponse:
    """The file; where the ledger is broken or cannot be signed, a page that says so."""
    try:
        return as_file(issue_receipt(seq, to=user, at=timezone.now()))
    except ObjectDoesNotExist as fault:
        raise Http404("There is no such ledger entry.") from fault
    except ValidationError as fault:
        told = {"words": " ".join(fault.messages)}
        return render(request, "predictions/no_receipt.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)


@cache
def _verifier() -> bytes:
    return VERIFIER.read_bytes()


def _file(content: str | bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
