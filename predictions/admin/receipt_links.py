"""Where a page of the admin offers what proves its ledger entry."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

OFFER = (
    '<a class="text-link" href="{}" download>Receipt</a> · <a class="text-link" href="{}" download>.tlog-proof</a>'
    '<div class="fs-faint">Keep it outside Forsooth. With it anyone can check, offline, what was recorded here, and '
    'nobody can alter it unnoticed any more. <a class="text-link" href="{}">How to check it</a></div>'
)


def receipt_links(seq: int) -> SafeString:
    """Downloads for entry `seq`, and what they are good for."""
    return format_html(OFFER, reverse("receipt", args=[seq]), reverse("tlog-proof", args=[seq]), reverse("receipts"))
