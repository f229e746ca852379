"""What a file is: its first bytes decide, and the type it was sent with where they leave it open."""

import re

from predictions.exchange.document import Kind, Unreadable

_TYPES: dict[str, Kind] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/x-pdf": "pdf",
    "text/plain": "text",
    "text/markdown": "text",
}
_UNSAID = {"", "application/octet-stream", "binary/octet-stream", "application/x-download"}
_OTHERS = {
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a picture, sound or film",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"PK\x05\x06": "a ZIP archive",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "an old office document",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a gzip archive",
    b"BZh": "a bzip2 archive",
    b"\xfd7zXZ\x00": "an xz archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"Rar!": "a RAR archive",
    b"\x7fELF": "a program",
    b"MZ\x90": "a program",
    b"%!PS": "a PostScript file",
    b"SQLite format 3\x00": "a database",
}
_BEGINNING = 1024
_COMMENT = re.compile(rb"<!--.*?-->|<\?xml[^>]*>", re.DOTALL)
_HTML = re.compile(rb"\s*<(?:!doctype\s+html|(?:html|head|body|title)\b)", re.IGNORECASE)
_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(body: bytes, content_type: str) -> Kind:
    """HTML, PDF or text. Raises Unreadable, naming what the file is, for anything else."""
    if not body.strip(b"\0 \t\r\n\f"):
        raise Unreadable("The file is empty.")
    beginning = body[:_BEGINNING]
    if b"%PDF-" in beginning:
        return "pdf"
    for magic, name in _OTHERS.items():
        if beginning.startswith(magic):
            raise Unreadable(f"This is {name}: only HTML, PDF and plain text are read.")
    return _said(content_type, beginning)


def _said(content_type: str, beginning: bytes) -> Kind:
    essence = content_type.partition(";")[0].strip().lower()
    if essence in _UNSAID:
        return "html" if _HTML.match(_COMMENT.sub(b"", _unmarked(beginning))) else "text"
    kind = _TYPES.get(essence)
    if kind is None:
        raise Unreadable(f"This was sent as {essence[:80]!r}: only HTML, PDF and plain text are read.")
    if kind == "pdf":
        raise Unreadable("This was sent as PDF, and it is not: no %PDF- stands at its beginning.")
    return kind


def _unmarked(beginning: bytes) -> bytes:
    """Without its byte order mark, and without the NULs that UTF-16 puts between letters."""
    for mark in _MARKS:
        if beginning.startswith(mark):
            return beginning.removeprefix(mark).replace(b"\0", b"")
    return beginning
