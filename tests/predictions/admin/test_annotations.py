"""Bringing quotes in on the page of a source."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from predictions.exchange.json_lines import LARGEST_BYTES
from predictions.models import Quote
from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def source(people):
    source = a.source()
    attach_text(source, "It is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
    a.quote(source, "likely")
    return source


@pytest.fixture
def desk(client, analyst):
    client.force_login(analyst)
    return client


def page_of(source):
    return f"/predictions/source/{source.pk}/annotations/"


def bring(desk, source, content):
    return desk.post(page_of(source), {"file": SimpleUploadedFile("quotes.jsonld", content)}, follow=True)


def test_a_file_that_was_downloaded_is_brought_into_a_copy(desk, source):
    file = desk.get(reverse("source-annotations"), {"source": str(source.uuid)}).content
    copy = a.source(source.case)
    attach_text(copy, "It is likely to rain.", by=a.a_person_with("analyst"), at=a.NOW)
    assert "Quotes added: 1. Standing already: 0." in bring(desk, copy, file).content.decode()
    assert "Quotes added: 0. Standing already: 1." in bring(desk, copy, file).content.decode()
    assert copy.quotes.get().exact == "likely"


@pytest.mark.parametrize(
    ("content", "saying"),
    [
        (b"", "empty"),
        (b"{", "line 1: this is no JSON"),
        (b"[7]", "line 1: annotation 1: type: expected Annotation"),
        (b" " * (LARGEST_BYTES + 1), "at most"),
    ],
    ids=["empty", "broken", "strange", "large"],
)
def test_a_faulty_file_is_refused_with_its_line(desk, source, content, saying):
    answer = bring(desk, source, content)
    assert saying in " ".join(answer.context["form"].errors["file"])
    assert Quote.objects.count() == 1


def test_the_page_of_a_source_leads_to_its_files_and_the_comparison(desk, source):
    page = desk.get(f"/predictions/source/{source.pk}/change/").content.decode()
    for name in ("source-annotations", "source-csl", "source-bibtex"):
        assert f"{reverse(name)}?source={source.uuid}" in page
    assert f"{reverse('document-comparison')}?reference={source.uuid}" in page
    assert page_of(source) in page
    assert reverse("document-comparison") in desk.get("/predictions/source/").content.decode()
    quote = source.quotes.get()
    assert f"?quote={quote.uuid}" in desk.get(f"/predictions/quote/{quote.pk}/change/").content.decode()
