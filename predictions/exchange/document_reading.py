"""A file read in this very process. Strangers' files are read through `documents`, which can be ended."""

import re
from importlib import import_module

from predictions.exchange.document import LONGEST, Document, Kind, Readable, Unreadable
from predictions.exchange.document_encodings import decoded
from predictions.exchange.document_kinds import kind_of

# Loaded by kind: the libraries below these take longer to load than most files take to read.
_READERS = {"html": "predictions.exchange.document_html", "pdf": "predictions.exchange.document_pdf"}

_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028]")
_GAPS = re.compile("\n{3,}")


def read_here(body: bytes, content_type: str, address: str) -> Document:
    """The document in `body`. Raises Unreadable, with a sentence for the person who gave it."""
    kind = kind_of(body, content_type)
    if kind == "text":
        return _document(kind, Readable(*decoded(body, content_type, is_html=False), {}))
    return _document(kind, import_module(_READERS[kind]).read(body, content_type, address))


def _document(kind: Kind, found: Readable) -> Document:
    text = tidied(found.text)
    if not text:
        raise Unreadable("There is no text in it.")
    if len(text) > LONGEST:
        raise Unreadable(f"The text is longer than the {LONGEST:,} characters that are kept.")
    if "\0" in text or _SURROGATE.search(text):
        raise Unreadable("The text holds NUL characters or halves of characters. It is not in the encoding it claims.")
    stated = {name: _SURROGATE.sub("", value).replace("\0", "") for name, value in found.stated.items()}
    return Document(kind, text, note=" ".join(found.notes), **stated)


def tidied(text: str) -> str:
    """One kind of line end, one blank line between paragraphs, no blanks at the edges of lines."""
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n")
    lines = (line.strip(" \t") for line in text.split("\n"))
    return _GAPS.sub("\n\n", "\n".join("" if line.isspace() else line for line in lines)).strip("\n")
