"""The body of an answer as it arrives: unpacked where it was packed, and never more of it than is allowed."""

import zlib
from collections.abc import Iterable

from predictions.outgoing.answers import Refused

_GZIP = zlib.MAX_WBITS | 16
_PACKED, _PLAIN = {"gzip", "x-gzip"}, {"", "identity"}


def unpacked(chunks: Iterable[bytes], encoding: str, most: int) -> bytes:
    """The body that `chunks` carry under a Content-Encoding. Raises Refused for others, and for too much."""
    encoding = encoding.strip().lower()
    if encoding not in _PACKED | _PLAIN:
        raise Refused(f"The server sent the page packed as {encoding[:40]!r}, which is not unpacked here.")
    body = bytearray()
    for piece in _gunzipped(chunks, most) if encoding in _PACKED else chunks:
        body += piece
        if len(body) > most:
            raise Refused(f"The page is too large: at most {most:,} bytes are kept.")
    return bytes(body)


def _gunzipped(chunks: Iterable[bytes], most: int) -> Iterable[bytes]:
    member, is_whole = zlib.decompressobj(_GZIP), True
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if member.eof:
                    member = zlib.decompressobj(_GZIP)
                yield member.decompress(rest, most + 1)  # one byte too many is enough to know
                rest = member.unconsumed_tail or member.unused_data
                is_whole = member.eof
    except zlib.error:
        raise Refused("The server says that the page is packed by gzip, and it is not.") from None
    if not is_whole:
        raise Refused("The page broke off before its end.")
