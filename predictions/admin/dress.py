"""What every page in the admin's dress is given besides unfold's own."""

from typing import Any

from django.http import HttpRequest


def put_on(request: HttpRequest) -> dict[str, Any]:
    """Called whenever a page is given the context of the admin. Its policy follows (see config.policies).

    The colours, which unfold would write into a style element of each page, stand in a file of ours.
    """
    request.wears_dress = True  # type: ignore[attr-defined]
    return {"colors": None}
