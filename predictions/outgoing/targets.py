"""An address as a person typed it, or a server sent us to, read once and strictly.

One parser reads it, and the very parts it found are dialled and asked for: two parsers that differ are how a checked
address becomes another one.
"""

import re
from dataclasses import dataclass

import httpx

from predictions.outgoing.answers import NOT_HTTP, NOT_OPEN, Refused

_LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_USER = re.compile(r"[^/?#]*//[^/?#]*@")
_ODD = "The address names its machine by a number in an odd spelling."
_IPV4 = re.compile(r"(?:[0-9]{1,3}\.){3}[0-9]{1,3}")


@dataclass(frozen=True, slots=True)
class Target:
    """Where to go: `host` is a name in ASCII or a plain IP address; `path` is what is asked for, with its query."""

    scheme: str
    host: str
    port: int
    path: bytes
    address: str


def read_target(address: str, base: str = "") -> Target:
    """Read `address`, relative to `base` where a server sent it. Raises Refused for all that is not plain http(s)."""
    address = address.strip()
    if not address or len(address) > _LONGEST:
        raise Refused(f"Give an address of at most {_LONGEST:,} characters.")
    if "\\" in address or any(sign.isspace() for sign in address):
        raise Refused("The address holds a blank or a backslash. Copy it again from its page.")
    try:
        url = httpx.URL(base).join(address) if base else httpx.URL(address)
    except (httpx.InvalidURL, ValueError):
        raise Refused("That is not an address as the web knows them.") from None
    if url.userinfo or _USER.match(address):
        raise Refused(NOT_OPEN)
    target = _vetted(url.copy_with(fragment=None))
    if _IPV4.fullmatch(target.host) and target.host not in address + base:
        raise Refused(_ODD)
    return target


def _vetted(url: httpx.URL) -> Target:
    if url.scheme not in _PORTS:
        raise Refused(NOT_HTTP)
    host = _host(url.raw_host.decode("ascii", "replace"))
    port = _PORTS[url.scheme] if url.port is None else url.port
    if not 0 < port < 65536:
        raise Refused("The address names no port that there is.")
    return Target(url.scheme, host, port, url.raw_path, str(url.copy_with(host=host)))


def _host(host: str) -> str:
    host = host.removesuffix(".")
    if ":" in host and "%" not in host:  # httpx has read it as an IPv6 address; one with an interface is ours alone
        return host
    if _NUMBER.fullmatch(host) and not _IPV4.fullmatch(host):
        raise Refused(_ODD)
    if not _NAME.fullmatch(host):
        raise Refused("The address names no machine.")
    return host
