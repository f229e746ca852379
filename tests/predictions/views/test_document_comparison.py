"""The page that compares two documents, its files, and who sees what of it."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.views.world import Page

pytestmark = pytest.mark.django_db

HERE = "document-comparison"


@pytest.fixture
def reader(client, viewer):
    client.force_login(viewer)
    return client


@pytest.fixture
def texts(people):
    return a.two_texts()


def query(texts, terms="economic security\nchina\nzebra", **more):
    reference, revised = texts
    return {"reference": str(reference.source.uuid), "revised": str(revised.source.uuid), "terms": terms} | more


def test_it_asks_for_documents_and_then_for_terms(reader):
    assert "Attach a text to a source first." in str(Page(reader.get(reverse(HERE))))
    texts = a.two_texts()
    assert "Choose two documents of one case" in str(Page(reader.get(reverse(HERE))))
    assert "one on each line" in str(Page(reader.get(reverse(HERE), query(texts, ""))))


def test_each_term_has_its_figures_with_their_n_and_conventions(reader, texts):
    page = str(Page(reader.get(reverse(HERE), query(texts))))
    for words in (
        "n = 14 words",
        "n = 21 words",
        f"SHA-256 {texts[0].sha256}",
        "190.48 per 1,000",
        "no difference shown",
        "in neither text",
        "undefined",
        "0.5 added",
        "Named by 1 heading: “Economic security”",
        "Log ratio (Hardie 2014)",
        "term comparison, version 1",
    ):
        assert words in page, words


def test_a_difference_is_called_one_only_where_its_interval_says_so(reader):
    texts = a.two_texts(new=a.NEW_TEXT + " Economic security." * 20, old=a.OLD_TEXT * 10)
    page = str(Page(reader.get(reverse(HERE), query(texts, "economic security\nconcern\nfirm"))))
    for words in ("oftener in the revised text", "no difference shown"):
        assert words in page


def test_what_is_asked_stands_in_the_address_and_leads_elsewhere(reader, texts):
    page = Page(reader.get(reverse(HERE), query(texts)))
    swapped = next(link for link in page.links if link.startswith("/documents/compare/?revised="))
    turned = str(Page(reader.get(swapped)))
    assert turned.index("Strategy of 2022 and Strategy of 2013") > 0
    assert not any("evidence" in link for link in page.links if "/documents/" in link)
    paper = reader.get(reverse(HERE), query(texts, print="1"))
    assert "Back to the screen" in str(Page(paper))


def test_who_links_evidence_is_offered_to_and_who_quotes_is_offered_passages(client, people, texts):
    offered = {}
    for role in ("viewer", "resolver", "analyst"):
        client.force_login(people[role])
        links = [link for link in Page(client.get(reverse(HERE), query(texts))).links if "compare/evidence" in link]
        offered[role] = (sum("start=" not in link for link in links), sum("start=" in link for link in links))
    assert offered == {"viewer": (0, 0), "resolver": (3, 0), "analyst": (3, 6)}


def test_an_older_text_is_chosen_by_its_digest(client, analyst, texts):
    client.force_login(analyst)
    attach_text(texts[1].source, "Nothing of the kind.", by=analyst, at=a.on_day(70))
    newest = Page(client.get(reverse(HERE), query(texts, "economic security")))
    assert "in neither text" in str(newest)
    older = Page(client.get(reverse(HERE), query(texts, "economic security", revised_text=texts[1].sha256)))
    assert "Named by 1 heading" in str(older)
    assert not any("start=" in link for link in older.links)  # words are quoted from the newest text alone


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"revised": "nonsense"}, 404, "There is no revised document"),
        ({"revised": "6f1d9f0e-0000-4000-8000-000000000000"}, 404, "There is no revised document"),
        ({"revised_text": "0" * 64}, 404, "There is no revised document"),
        ({"terms": "*"}, 400, "no letter or digit"),
        ({"terms": "\n".join(f"w{k}" for k in range(101))}, 400, "at most 100"),
        ({"terms": "日本" * 400}, 400, "do not fit into an address"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_what_cannot_be_compared_is_said(reader, texts, change, status, words):
    answer = reader.get(reverse(HERE), query(texts, **change))
    assert answer.status_code == status
    assert words in str(Page(answer))
    for file in ("csv", "json"):
        assert reader.get(reverse(f"{HERE}-{file}"), query(texts, **change)).status_code == status


def test_documents_of_two_cases_and_one_text_with_itself_are_refused(reader, texts):
    other = a.two_texts()
    answer = reader.get(reverse(HERE), query((texts[0], other[1])))
    assert answer.status_code == 400
    assert "different cases" in str(Page(answer))
    assert "same text" in str(Page(reader.get(reverse(HERE), query((texts[0], texts[0])))))


def test_hidden_documents_are_refused_like_absent_ones_and_never_offered(reader, texts):
    keeper = a.person("keeper", "analyst")
    hidden = a.two_texts(a.case(is_private=True, by=keeper, members=[a.a_person_with("analyst")], title="Secret"))
    told = [reader.get(reverse(HERE), query((texts[0], each))) for each in hidden]
    assert {answer.status_code for answer in told} == {404}
    absent = reader.get(reverse(HERE), query(texts, revised="6f1d9f0e-0000-4000-8000-000000000000"))
    assert str(Page(told[1])) == str(Page(absent))
    assert "Secret" not in str(Page(reader.get(reverse(HERE))))
    assert reader.get(reverse(HERE), {"case": str(hidden[0].source.case.uuid)}).status_code == 200


def test_the_files_hold_what_the_page_shows(reader, texts):
    text = reader.get(reverse(f"{HERE}-csv"), query(texts))
    assert text["Content-Type"] == "text/csv; charset=utf-8"
    assert text["Content-Disposition"].startswith('attachment; filename="comparison-strategy-of-2013-and-')
    rows = list(csv.DictReader(io.StringIO(text.content.decode("utf-8-sig"))))
    plain = reader.get(reverse(f"{HERE}-json"), query(texts)).json()
    assert [row["term"] for row in rows] == [each["term"] for each in plain["terms"]]
    assert [int(row["revised count"]) for row in rows] == [each["revised"]["count"] for each in plain["terms"]]
    assert rows[2]["log ratio (log2 of revised rate / reference rate)"] == ""
    assert rows[0]["revised SHA-256"] == plain["revised"]["sha256"] == texts[1].sha256
    [first, *_] = plain["terms"][0]["revised"]["passages"]
    assert a.NEW_TEXT[first["start"] : first["end"]] == "Economic security"
    assert plain["method"]["version"] == "1"


def test_a_term_that_a_spreadsheet_would_run_is_written_as_text(reader, texts):
    text = reader.get(reverse(f"{HERE}-csv"), query(texts, "=cmd|x")).content.decode("utf-8-sig")
    assert '"\'=cmd|x"' in text


def test_markup_in_a_document_is_shown_as_it_is_written(reader):
    texts = a.two_texts(old="A <script>alert(1)</script> rain.", new="Rain & <b>rain</b>.")
    page = reader.get(reverse(HERE), query(texts, "rain\n<script>")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>" not in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_much_for_one_term_as_for_three(reader, texts, count, django_assert_max_num_queries):
    terms = "\n".join(["economic security", "china", "alliance"][:count])
    reader.get(reverse(HERE), query(texts, terms))
    with CaptureQueriesContext(connection) as asked:
        reader.get(reverse(HERE), query(texts, terms))
    assert len(asked) <= 14


def test_the_list_of_documents_asks_as_much_for_many_as_for_few(reader):
    counts = []
    for _ in range(2):
        a.two_texts()
        with CaptureQueriesContext(connection) as asked:
            reader.get(reverse(HERE))
        counts.append(len(asked))
        a.two_texts()
    assert counts[0] == counts[1]
