import hashlib
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from predictions.models import LedgerEntry, Snapshot, SnapshotText, Source
from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db

ADD = "/predictions/source/add/"
TEXT = "We think it is likely to rain in May.\n\nNobody knows <b>when</b>."


def change(source, page="change"):
    return f"/predictions/source/{source.pk}/{page}/"


def entered(case, **fields):
    return {"title": "On rain", "case": case.pk, "zone": "Asia/Tokyo", "reliability": "B"} | fields


def with_text(text=TEXT, *, quotes=()):
    source = a.source()
    for exact in quotes:
        a.quote(source, exact)
    attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)
    return source


def last_kind():
    return LedgerEntry.objects.latest("seq").kind


def test_adding_records_the_source(client, analyst):
    client.force_login(analyst)
    case = a.case()
    answer = client.post(ADD, entered(case, published="2022-03-24 to 2022-04-24", url="https://example.org/rain"))
    assert answer.status_code == 302
    assert last_kind() == "source.recorded"
    assert Source.objects.get().published_in_words() == "estimated, 24 March 2022 to 24 April 2022"
    assert Source.objects.get().published_at == datetime(2022, 3, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"published": "last spring"}, "published"),
        ({"published": "2022-02-30"}, "published"),
        ({"zone": "Tokyo"}, "zone"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"text_sha256": "abc"}, "text_sha256"),
    ],
)
def test_unsound_source_is_refused_at_its_field(client, analyst, wrong, field):
    client.force_login(analyst)
    answer = client.post(ADD, entered(a.case(), **wrong))
    assert field in answer.context["adminform"].form.errors
    assert not Source.objects.exists()


def test_change_is_on_record_and_leaves_the_case_alone(client, analyst):
    source, other = a.source(title="Rain"), a.case()
    client.force_login(analyst)
    client.post(change(source), entered(other))
    source.refresh_from_db()
    assert (source.title, source.zone) == ("On rain", "Asia/Tokyo")
    assert source.case != other
    assert last_kind() == "source.amended"


def test_time_stays_to_the_microsecond_where_it_is_not_retold(client, analyst):
    at = datetime(2022, 3, 24, 12, 30, 15, 123456, tzinfo=UTC)
    source = a.source(published_at=at)
    client.force_login(analyst)
    typed = client.get(change(source)).context["adminform"].form["published"].value()
    client.post(change(source), entered(source.case, published=typed))
    source.refresh_from_db()
    assert source.published_at == at


def test_list_tells_date_reliability_text_and_quotes(client, viewer):
    with_text(quotes=["likely to rain"])
    client.force_login(viewer)
    row = client.get("/predictions/source/").context["cl"].result_list[0]
    assert (row.holds_text, row.quoted) == (True, 1)
    text = client.get("/predictions/source/").content.decode()
    assert "B – usually reliable" in text
    assert "date unknown" in text


@pytest.mark.parametrize("asked", ["held", "missing"])
def test_list_is_filtered_by_whether_the_text_is_held(client, viewer, asked):
    rows = {"held": with_text(), "missing": a.source()}
    client.force_login(viewer)
    assert list(client.get("/predictions/source/", {"text": asked}).context["cl"].result_list) == [rows[asked]]


def test_page_shows_the_text_in_paragraphs_with_its_quotes_marked(client, viewer):
    source = with_text(quotes=["likely to rain", "it is likely"])
    client.force_login(viewer)
    text = client.get(change(source)).content.decode()
    assert '<mark title="Quote 1, 2">likely</mark>' in text
    assert "characters 15–29" in text
    assert "We think " in text
    assert hashlib.sha256(TEXT.encode()).hexdigest() in text


def test_text_is_shown_as_text_never_as_markup(client, viewer):
    source = with_text("<script>alert(1)</script> says it", quotes=["(1)</script> says"])
    client.force_login(viewer)
    text = client.get(change(source)).content.decode()
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert" in text


def test_replaced_quote_is_no_longer_marked(client, viewer):
    source = with_text()
    first = a.quote(source, "likely to rain")
    a.quote(source, "to rain", supersedes=first, reason="Too long.")
    client.force_login(viewer)
    text = client.get(change(source)).content.decode()
    assert "likely <a" in text
    assert ">to rain</mark>" in text


def test_long_text_is_shown_in_part(client, viewer):
    source = with_text("rain " * 50_000)
    client.force_login(viewer)
    answer = client.get(change(source)).content.decode()
    assert "Only the beginning of this long text is shown." in answer
    assert len(answer) < 300_000


def test_pasted_text_is_kept_with_the_line_ends_it_had(client, analyst):
    source = a.source()
    a.quote(source, "likely to rain")
    client.force_login(analyst)
    answer = client.post(change(source, "text"), {"text": TEXT.replace("\n", "\r\n")})
    assert answer.url == change(source)
    assert SnapshotText.objects.get().text == TEXT
    assert last_kind() == "snapshot.added"


def test_file_is_kept_to_the_byte(client, analyst):
    source = a.source()
    client.force_login(analyst)
    client.post(
        change(source, "text"), {"file": SimpleUploadedFile("rain.txt", b"\xef\xbb\xbfrain\r\nin May \xe2\x80\x9c")}
    )
    assert SnapshotText.objects.get().text == "\ufeffrain\r\nin May “"


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "__all__", "one of the two"),
        ({"text": "rain", "file": b"rain"}, "__all__", "one of the two"),
        ({"file": b"\xff\xfe rain"}, "file", "UTF-8"),
        ({"text": "   "}, "text", "empty"),
        ({"file": b"ra\x00in"}, "file", "NUL"),
    ],
)
def test_what_is_no_text_is_refused(client, analyst, sent, field, words):
    source = a.source()
    client.force_login(analyst)
    if "file" in sent:
        sent = sent | {"file": SimpleUploadedFile("rain.txt", sent["file"])}
    answer = client.post(change(source, "text"), sent)
    assert words in str(answer.context["form"].errors[field])
    assert not Snapshot.objects.exists()


def test_text_without_a_quote_is_refused_with_the_closest_passage(client, analyst):
    source = a.source()
    a.quote(source, "it is unlikely to rain in May", external_id="q1")
    client.force_login(analyst)
    answer = client.post(change(source, "text"), {"text": TEXT})
    (message,) = answer.context["form"].errors["text"]
    assert "Quote q1" in message
    assert "it is likely to rain in May" in message
    assert not Snapshot.objects.exists()


def test_same_text_twice_is_refused(client, analyst):
    source = with_text()
    client.force_login(analyst)
    answer = client.post(change(source, "text"), {"text": TEXT})
    assert "already holds exactly that text" in answer.content.decode()


@pytest.mark.parametrize("page", ["text", "quote"])
def test_only_analysts_attach_and_quote(client, people, page):
    source = a.source()
    for role, status in {"viewer": 403, "resolver": 403, "administrator": 403}.items():
        client.force_login(people[role])
        assert client.get(change(source, page)).status_code == status
        assert "Attach a text" not in client.get(change(source)).content.decode()
    client.force_login(people["analyst"])
    assert client.get(change(source, page), follow=True).status_code == 200


def test_hidden_source_takes_no_text(client, analyst):
    source = a.source(a.case(is_private=True))
    client.force_login(analyst)
    assert client.post(change(source, "text"), {"text": TEXT}).status_code == 404
    assert client.get(change(source, "quote")).status_code == 404
    assert not Snapshot.objects.exists()


def test_readers_see_when_it_was_published(client, viewer):
    source = a.source(published_at=a.on_day(3), published_precision="day", published_until=a.on_day(4))
    client.force_login(viewer)
    assert source.published_in_words() == "4 January 2026"
    assert "4 January 2026" in client.get(change(source)).content.decode()


def test_quote_missing_in_a_file_is_told_at_the_file(client, analyst):
    source = a.source()
    a.quote(source, "it is certain to rain", external_id="q1")
    client.force_login(analyst)
    answer = client.post(change(source, "text"), {"file": SimpleUploadedFile("rain.txt", TEXT.encode())})
    assert list(answer.context["form"].errors) == ["file"]
    assert "Quote q1" in answer.context["form"].errors["file"][0]


def test_what_is_known_of_a_text_is_asked_only_while_it_is_not_held(client, analyst):
    client.force_login(analyst)
    for source, is_asked in ((a.source(), True), (with_text(), False)):
        assert ("text_sha256" in client.get(change(source)).context["adminform"].form.fields) == is_asked
        assert ("not held here" in client.get(change(source)).content.decode()) == is_asked
