"""Time stamps of RFC 3161: what an authority is asked, and whether its answer holds."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client.tsp import PKIStatus, TimeStampRequest

QUERY, REPLY = "application/timestamp-query", "application/timestamp-reply"


class StampFault(ValueError):  # noqa: N818 - it says what is wrong with it
    """Why an answer is no time stamp of what was asked."""


def question(message: bytes) -> TimeStampRequest:
    """What to send about `message`: its SHA-256 and a random number, no more."""
    return TimestampRequestBuilder().data(message).hash_algorithm(HashAlgorithm.SHA256).build()


def roots_of(pem: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(pem)
    except ValueError as fault:
        raise StampFault("the file of root certificates holds none in PEM") from fault


def stamped_at(answer: bytes, message: bytes, roots: Sequence[x509.Certificate], nonce: int | None) -> datetime:
    """When the authority saw `message`, by its own clock.

    Raises StampFault unless the answer was granted, is about this message and this question, and is signed by a
    certificate for time stamping that leads to one of `roots`. A stored answer is checked again with the nonce None.
    """
    try:
        told = decode_timestamp_response(answer)
        if told.status != PKIStatus.GRANTED:
            raise StampFault(
                f"it was not granted: {' '.join(told.status_string) or PKIStatus(told.status).name.lower()}"
            )
        _require_sha256(told)
        verifier = VerifierBuilder(roots=list(roots), nonce=nonce).build()
        verifier.verify_message(told, message)
        return told.tst_info.gen_time
    except StampFault:
        raise
    except (ValueError, VerificationError) as fault:
        raise StampFault(str(fault)) from fault


def _require_sha256(told: TimeStampResponse) -> None:
    """An imprint by a weaker hash than was asked for would prove less."""
    if len(told.tst_info.message_imprint.message) != hashlib.sha256().digest_size:
        raise StampFault("it is over another hash than was asked for")
