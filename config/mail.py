"""Where mails go, as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from config.environment import YES, switched_on
from config.secrecy import require_no_sample, secret_from

HELP = "EMAIL_URL is smtp://user:password@host:587, smtps://user:password@host:465, file:///folder or console:."
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """`starts_tls`: the connection is made safe before anything is said on it; `is_tls`: it is so from the start."""

    backend: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starts_tls: bool = False
    is_tls: bool = False
    folder: str | None = None


def mail_server(environment: Mapping[str, str], *, is_trial: bool) -> MailServer | None:
    """From EMAIL_URL, or from EMAIL_HOST and what belongs to it; while trying out, the console; else none.

    A password out of a manual is refused, but while trying out.
    """
    server = _named(environment, is_trial=is_trial)
    if server and not is_trial:
        require_no_sample("EMAIL_URL or EMAIL_HOST_PASSWORD", server.password)
    return server


def _named(environment: Mapping[str, str], *, is_trial: bool) -> MailServer | None:
    if url := environment.get("EMAIL_URL", ""):
        return _from_url(url)
    if host := environment.get("EMAIL_HOST", ""):
        return _from_parts(host, environment)
    return MailServer("console") if is_trial else None


def _from_url(url: str) -> MailServer:
    """A password in an `smtp:` address asks for TLS, unless it says `?tls=0`: it is not sent in the clear unasked."""
    try:
        told = urlsplit(url)
        port = told.port
    except ValueError as fault:
        raise ImproperlyConfigured(HELP) from fault
    if told.scheme == "console":
        return MailServer("console")
    if told.scheme == "file" and told.path:
        return MailServer("filebased", folder=unquote(told.path))
    if told.scheme not in PORTS or not told.hostname:
        raise ImproperlyConfigured(HELP)
    user, password = unquote(told.username or ""), unquote(told.password or "")
    asks_tls = parse_qs(told.query).get("tls", ["1" if user else "0"])[0].lower() in YES
    is_tls = told.scheme == "smtps"
    port = port or (PORTS[told.scheme] if user or is_tls else 25)
    return MailServer("smtp", told.hostname, port, user, password, asks_tls and not is_tls, is_tls)


def _from_parts(host: str, environment: Mapping[str, str]) -> MailServer:
    user, password = environment.get("EMAIL_HOST_USER", ""), secret_from(environment, "EMAIL_HOST_PASSWORD")
    port = int(environment.get("EMAIL_PORT") or 25)
    starts_tls, is_tls = (switched_on(environment, f"EMAIL_USE_{kind}", default=False) for kind in ("TLS", "SSL"))
    return MailServer("smtp", host, port, user, password, starts_tls, is_tls)
