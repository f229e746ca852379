"""Files as strangers send them: PDFs of every kind, and a page with all its furniture."""

import zlib
from io import BytesIO

from fpdf import FPDF
from pypdf import PdfReader, PdfWriter

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>What comes next | The Daily Oracle</title>
<meta charset="utf-8"><meta property="og:site_name" content="The Daily Oracle"><meta name="author" content="Ann Bee">
<meta property="article:published_time" content="2022-07-01T10:00:00+09:00"></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<article><h1>What comes next</h1>
<p>Observers agree that the new strategy will <b>likely</b> double down on
the alliance, and that <a href="/x">economic security</a> will loom large in it.</p>
<p>Nobody knows when.<br>It is likely that the cabinet will decide before the year is out, people say.</p>
<ul><li>First, a plan is needed.</li><li>Second, money is needed, and a good deal of it.</li></ul>
<blockquote><p>“We shall see,” said the minister, who had seen many of them.</p></blockquote>
<table><tr><th>Year</th><th>Budget</th></tr><tr><td>2022</td><td>5.4</td></tr></table>
<script>document.write("never read")</script></article>
<footer><p>Copyright 2022 The Daily Oracle. All rights reserved.</p></footer></body></html>"""
ARTICLE = [
    "What comes next",
    "Observers agree that the new strategy will likely double down on the alliance, and that economic security will "
    "loom large in it.",
    "Nobody knows when.\nIt is likely that the cabinet will decide before the year is out, people say.",
    "First, a plan is needed.",
    "Second, money is needed, and a good deal of it.",
    "“We shall see,” said the minister, who had seen many of them.",
    "Year\tBudget",
    "2022\t5.4",
]


def pdf(*pages: str, title: str = "", author: str = "", language: str = "") -> bytes:
    """A PDF with a text layer, a page for each text; a blank text is a page without any."""
    made = FPDF()
    made.set_font("Helvetica", size=11)
    if title:
        made.set_title(title)
    if author:
        made.set_author(author)
    if language:
        made.set_lang(language)
    for text in pages:
        made.add_page()
        if text:
            made.multi_cell(0, text=text)
        else:
            made.rect(20, 20, 100, 100, style="F")
    return bytes(made.output())


def locked(body: bytes, user: str, owner: str = "owner") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(body)))
    writer.encrypt(user, owner, algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def pdf_of(content: bytes, filters: bytes = b"/FlateDecode", pages: int = 1) -> bytes:
    """A PDF built by hand around one content stream, for what no library would write."""
    kids = b" ".join(b"%d 0 R" % (n + 5) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Length %d /Filter %s >>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>"
    )
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate([*objects, *[page] * pages], 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(places) + 1
    start = len(out)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        size,
        table,
        size,
        start,
    )


def shown(text: str) -> bytes:
    """A content stream that shows each line of `text`."""
    lines = b"".join(b"(%s) Tj 0 -14 Td " % line.encode("cp1252") for line in text.split("\n"))
    return zlib.compress(b"BT /F 12 Tf 50 700 Td " + lines + b"ET")
