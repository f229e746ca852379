"""The text layer of a PDF, page after page. No picture is read: a scan has no text, and that is said."""

import re
from collections import Counter
from io import BytesIO
from typing import NamedTuple

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError

from predictions.exchange.document import LONGEST, Readable, Unreadable

MOST_PAGES = 2000
_BROKEN = "This PDF is broken and cannot be read."
_LOCKED = "This PDF is encrypted: it opens only with a password. Give a copy without one."
_NO_TEXT = "This PDF has no text layer: its pages are pictures. Give a copy with text, or paste the words."
# Each begins at the beginning of a word: looked for anywhere in it, they would take the square of its length.
_DIVIDED = re.compile(r"(?<!\w)(\w+)-\n(?=([a-z]\w*))")
_COMPOUND = re.compile(r"(?<!\w)\w+-\w+")
_ENDS = tuple('.!?:。！？”’"»…')
_SHORT = 0.8
_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{1,8})*")


class PdfText(NamedTuple):
    """The text of a PDF with its own title, author and language, and what a reader should know of it."""

    text: str
    title: str
    author: str
    language: str
    notes: list[str]


def read(body: bytes, _content_type: str, _address: str) -> Readable:
    """The text of a PDF, and what the file states of itself."""
    pdf = read_pdf(body, LONGEST)
    return Readable(pdf.text, pdf.notes, {"title": pdf.title, "author": pdf.author, "language": pdf.language})


def read_pdf(body: bytes, longest: int) -> PdfText:
    """Raises Unreadable if there is no text to be had; `longest` is the most characters that are read."""
    try:
        return _read(PdfReader(BytesIO(body), strict=False), longest)
    except DependencyError:
        raise Unreadable(_LOCKED) from None
    except (Unreadable, MemoryError):
        raise
    except Exception:  # a broken file breaks pypdf in ways that it has no name for
        raise Unreadable(_BROKEN) from None


def _read(reader: PdfReader, longest: int) -> PdfText:
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise Unreadable(_LOCKED)
    pages = _pages(reader, longest)
    if not any(pages):
        raise Unreadable(_NO_TEXT)
    notes = []
    if bare := pages.count(""):
        notes.append(f"{bare:,} of its {len(pages):,} pages hold no text.")
    text, divided = _rejoined("\n\n".join(page for page in pages if page))
    if divided:
        notes.append(f"{divided:,} words divided at the end of a line were joined; a soft hyphen stands in each.")
    title, author = _about(reader)
    return PdfText(text, title, author, _language(reader), notes)


def _pages(reader: PdfReader, longest: int) -> list[str]:
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(f"This PDF has {len(reader.pages):,} pages; at most {MOST_PAGES:,} are read.")
    pages, length = [], 0
    for page in reader.pages:
        pages.append(_paragraphs(page.extract_text()))
        length += len(pages[-1])
        if length > longest:
            raise Unreadable(f"The text is longer than the {longest:,} characters that are kept.")
    return pages


def _paragraphs(page: str) -> str:
    """A line that ends a sentence well before the margin ends a paragraph; a PDF itself knows of none."""
    lines = [line.strip() for line in page.replace("\0", "").splitlines()]
    margin = max((len(line) for line in lines), default=0) * _SHORT
    parted = [line + "\n" * (line.endswith(_ENDS) and len(line) < margin) for line in lines]
    return "\n".join(parted).strip()


def _rejoined(text: str) -> tuple[str, int]:
    """Words divided at a line's end, in one piece again: with a hyphen if they bear one elsewhere, else a soft one."""
    compounds = Counter(_COMPOUND.findall(text))
    joined = 0

    def join(found: re.Match[str]) -> str:
        nonlocal joined
        joined += 1
        return found[1] + ("-" if compounds[f"{found[1]}-{found[2]}"] else "\xad")

    return _DIVIDED.sub(join, text), joined


def _about(reader: PdfReader) -> tuple[str, str]:
    try:
        about = reader.metadata
        return ((about.title or "").strip(), (about.author or "").strip()) if about else ("", "")
    except Exception:  # a title that cannot be read takes no text with it
        return "", ""


def _language(reader: PdfReader) -> str:
    stated = reader.root_object.get("/Lang", "")
    return stated if isinstance(stated, str) and _LANGUAGE.fullmatch(stated) else ""
