"""What strangers' files can do at the doors that take them: nothing, besides being refused in words."""

import gzip
import io
import tarfile
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from predictions.models import Capture, LedgerEntry, Original, Quote, Snapshot
from tests import builders as a

pytestmark = pytest.mark.django_db

MEGABYTE = b"\0" * 1024 * 1024


def zip_of(name, content, *, is_link=False):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(name)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.external_attr = (0o120777 if is_link else 0o100644) << 16
        archive.writestr(entry, content)
    return packed.getvalue()


def tar_of(name, target):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo(name)
        entry.type, entry.linkname = tarfile.SYMTYPE, target
        archive.addfile(entry)
    return packed.getvalue()


def pdf_bomb():
    """A page of a PDF that unpacks to 100 MB."""
    stream = zlib.compress(MEGABYTE * 100, 9)
    parts = [
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
    ]
    parts += [b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"]
    parts += [b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n" % len(stream), stream, b"\nendstream endobj\n"]
    return b"".join([*parts, b"trailer<</Root 1 0 R>>\n%%EOF"])


FILES = {
    "zip bomb": zip_of("a.html", MEGABYTE * 50),
    "zip in a zip": zip_of("a.zip", zip_of("b.zip", zip_of("c.html", MEGABYTE * 20))),
    "way out of the folder": zip_of("../../etc/cron.d/x", b"* * * * * root true"),
    "symlink": zip_of("a.html", b"/etc/passwd", is_link=True),
    "symlink in a tar": tar_of("a.html", "/etc/passwd"),
    "gzip bomb": gzip.compress(MEGABYTE * 100),
    "gzip in gzip": gzip.compress(gzip.compress(gzip.compress(MEGABYTE * 100))),
    "workbook": zip_of("xl/workbook.xml", b"<workbook/>"),
    "program": b"\x7fELF\x02\x01\x01" + b"\0" * 200,
    "shell": b"#!/bin/sh\ntouch /tmp/forsooth-was-here\n",
    "nothing": b"",
    "NUL": b"\0" * 100,
}
NAMES = {
    "way out": "../../../etc/passwd",
    "no page": "a.html\0.exe",
    "turned": "a\u202elmth.exe",
    "long": "x" * 400 + ".html",
}


@pytest.fixture
def source(people):
    return a.source(a.case())


def upload(name, content, claims="text/html"):
    return SimpleUploadedFile(name, content, content_type=claims)


@pytest.mark.parametrize("kind", FILES)
def test_no_file_is_believed_by_its_name_at_the_page_that_captures(
    client, analyst, source, kind, django_capture_on_commit_callbacks
):
    client.force_login(analyst)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(
            "/predictions/capture/add/", {"case": source.case_id, "file": upload("a.html", FILES[kind])}
        )
    assert answer.status_code in {200, 302}
    if kind == "shell":  # plain text, kept to be read and never run
        assert Snapshot.objects.get().body.text.startswith("#!/bin/sh")
    else:
        assert not Snapshot.objects.exists()
        assert not Original.objects.exists()
        assert {capture.stage for capture in Capture.objects.all()} <= {"failed"}


def test_a_pdf_that_unpacks_without_end_ends(client, analyst, source, django_capture_on_commit_callbacks):
    client.force_login(analyst)
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/predictions/capture/add/", {"case": source.case_id, "file": upload("a.pdf", pdf_bomb())})
    assert Capture.objects.get().stage == "failed"
    assert Capture.objects.get().failure


@pytest.mark.parametrize("kind", FILES)
def test_no_such_file_brings_quotes_or_forecasts(client, analyst, source, kind):
    client.force_login(analyst)
    entries = LedgerEntry.objects.count()
    own = f"/predictions/source/{source.pk}/annotations/"
    assert client.post(own, {"file": upload("a.jsonld", FILES[kind])}).status_code == 200
    both = {"predictions": upload("p.csv", FILES[kind]), "forecasts": upload("f.csv", FILES[kind]), "case": "imported"}
    assert client.post("/import/", both).status_code == 200
    assert LedgerEntry.objects.count() == entries
    assert not Quote.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_names_nothing_here(client, analyst, source, name, django_capture_on_commit_callbacks):
    client.force_login(analyst)
    told = {"case": source.case_id, "file": upload(NAMES[name], b"It is likely to rain.", "text/plain")}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post("/predictions/capture/add/", told).status_code in {200, 302}
    for capture in Capture.objects.all():
        assert "/" not in capture.file_name
        assert "\0" not in capture.file_name
    for original in Original.objects.all():
        answer = client.get(f"/predictions/source/{Capture.objects.get().source_id}/original/")
        assert original.sha256[:16] in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    "page", ["<script>alert(1)</script>", "<svg onload=alert(1)>", "<iframe src=javascript:alert(1)>"]
)
def test_what_was_captured_is_handed_out_so_that_it_acts_nowhere(client, analyst, page):
    capture = a.capture(f"<html><body><p>It is likely to rain.</p>{page}</body></html>".encode())
    client.force_login(analyst)
    answer = client.get(f"/predictions/source/{capture.source_id}/original/")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert page.encode() in answer.content
    assert page not in client.get(f"/reading/{capture.source.uuid}/").content.decode()
