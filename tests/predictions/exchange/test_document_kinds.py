import pytest

from predictions.exchange.document import Unreadable
from predictions.exchange.document_kinds import kind_of

HTML, BINARY = b"<!DOCTYPE html><html><body>Rain", "application/octet-stream"


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (HTML, "text/html", "html"),
        (HTML, "Text/HTML; charset=utf-8", "html"),
        (HTML, "application/xhtml+xml", "html"),
        (b"just words", "text/html", "html"),
        (HTML, "text/plain", "text"),
        (b"just words", "text/plain; charset=x", "text"),
        (b"# words", "text/markdown", "text"),
        (HTML, "", "html"),
        (HTML, BINARY, "html"),
        (b" \n<!-- a --> <html lang=en>", "", "html"),
        (b"<!-- a --> " * 300, "", "text"),
        (b'<?xml version="1.0"?>\n<html>', "", "html"),
        (b"\xef\xbb\xbf<html>", "", "html"),
        ("\ufeff<html>".encode("utf-16-le"), "", "html"),
        ("\ufeff<html>".encode("utf-16-be"), "", "html"),
        (b"a < b and html", "", "text"),
        (b"just words", "", "text"),
        (b"%PDF-1.7\n", "application/pdf", "pdf"),
        (b"%PDF-1.7\n", "", "pdf"),
        (b"\n\n%PDF-1.7\n", "text/html", "pdf"),
        (b"%PDF-1.7\n", "image/png", "pdf"),
    ],
)
def test_first_bytes_decide_and_the_type_where_they_leave_it_open(body, content_type, kind):
    assert kind_of(body, content_type) == kind


@pytest.mark.parametrize(
    ("body", "content_type", "why"),
    [
        (b"", "", "empty"),
        (b" \r\n\t\0", "text/html", "empty"),
        (b"\x89PNG\r\n\x1a\n", "text/html", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "", "a JPEG image"),
        (b"GIF89a", "text/plain", "a GIF image"),
        (b"PK\x03\x04word/", "", "a ZIP archive or an office document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", "an old office document"),
        (b"{\\rtf1", "", "an RTF document"),
        (b"\x1f\x8b\x08", "text/html", "a gzip archive"),
        (b"\x7fELF", "", "a program"),
        (b"words", "image/png", "sent as 'image/png'"),
        (b"{}", "application/json", "sent as 'application/json'"),
        (b"words", "application/pdf", "sent as PDF, and it is not"),
    ],
)
def test_anything_else_is_refused_by_its_name(body, content_type, why):
    with pytest.raises(Unreadable, match=why):
        kind_of(body, content_type)
