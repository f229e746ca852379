"""Under which names the site is called, and from where its forms may be sent."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured


def explicit(name: str, told: Sequence[str], *, is_trial: bool) -> list[str]:
    """The hosts or origins that were told, each by its name. Raises ImproperlyConfigured for a `*`."""
    if not is_trial and any("*" in each for each in told):
        raise ImproperlyConfigured(f"{name} names each host by itself: “*” would believe any that a caller makes up.")
    if name.endswith("ORIGINS") and any(urlsplit(each).scheme not in {"http", "https"} for each in told):
        raise ImproperlyConfigured(f"{name} is a list such as https://forsooth.example.org.")
    return list(told)
