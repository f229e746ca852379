"""What is asked of a fetch, and what it brings back."""

from dataclasses import dataclass

from predictions.confined import Refusal

MEGABYTE = 1024 * 1024
Endpoint = tuple[str, int]


NOT_PUBLIC = "Only public addresses are fetched."
NOT_WEB = "is not fetched from: only 80 and 443."
NOT_DIALLED = "The connection led to another machine than was dialled."
NOT_OPEN = "The address holds a user name or password. Such pages are not fetched."
NOT_HTTP = "Only addresses that begin with http:// or https:// are fetched."
RULES = (NOT_PUBLIC, NOT_WEB, NOT_DIALLED, NOT_OPEN, NOT_HTTP)


class Refused(Refusal):
    """Nothing was fetched; the message says why, to the person who asked."""

    @property
    def is_by_rule(self) -> bool:
        """Whether the address led to where nobody is let, and not the server that failed. Words alone come through."""
        return str(self).endswith(RULES)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a fetch may take: seconds for all of it, bytes of one answer as sent and as unpacked, redirects."""

    seconds: float = 30
    connect_seconds: float = 10
    wire_bytes: int = 10 * MEGABYTE
    body_bytes: int = 10 * MEGABYTE
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """What is posted, its type, and the one type of answer that is taken."""

    body: bytes
    content_type: str
    accept: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One request on the way: the address asked, the IP address that answered, and the status of its answer."""

    address: str
    ip: str
    status: int


@dataclass(frozen=True, slots=True)
class Fetched:
    """The answer at the end of the way.

    `response_head` and `raw_body` are the bytes as they came (the body still compressed and in its chunks), fit for
    a WARC record; `body` is what they say. `content_type` is the header whole, `charset` the one it names, or "".
    """

    address: str
    final_address: str
    status: int
    reason: str
    request_head: bytes
    response_head: bytes
    headers: tuple[tuple[str, str], ...]
    raw_body: bytes
    body: bytes
    content_type: str
    charset: str
    hops: tuple[Hop, ...]
