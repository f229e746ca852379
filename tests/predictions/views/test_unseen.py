"""What others wrote is shown with every character that nobody would see, on whatever page it stands."""

import re
from html.parser import HTMLParser

import pytest

from predictions.language.unseen import UNSEEN, sign_of
from predictions.models import Prediction
from predictions.operations.sources import attach_text
from predictions.views.unseen import shown
from tests import builders as a

FOUR = ["\u202e", "\u2066", "\u200b", "\ufeff"]
MARK = '<bdi class="unseen" data-sign="RLO" title="U+202E right-to-left override">\u202e</bdi>'


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ("<p>a\u202eb</p>", f"<p>a{MARK}b</p>"),
        ("<p>no such thing – “at all”</p>", "<p>no such thing – “at all”</p>"),
        ("<title>a\u202eb</title>", "<title>a[RLO]b</title>"),
        ('<option value="\u202e" selected>a\u202eb</option>', '<option value="[RLO]" selected>a[RLO]b</option>'),
        ('<a title="a\u202eb" href="/?q=\u202e">x</a>', '<a title="a[RLO]b" href="/?q=\u202e">x</a>'),
        ("<textarea>a\u202eb</textarea>", "<textarea>a\u202eb</textarea>"),
        ('<input value="a\u202eb">', '<input value="a\u202eb">'),
        ("<script>let a = '\u202e';</script>", "<script>let a = '\u202e';</script>"),
        ("<svg><text>a\u202eb</text></svg>", "<svg><text>a[RLO]b</text></svg>"),
        ("<!-- \u202e --><b>\u202e</b>", f"<!-- \u202e --><b>{MARK}</b>"),
        ("<p>said שלום עולם 70%</p>", "<p>said <bdi>שלום עולם</bdi> 70%</p>"),
        ("<p title='a > b'>\u202e</p>", f"<p title='a > b'>{MARK}</p>"),
    ],
)
def test_marks_stand_where_text_is_read_and_nowhere_else(page, made):
    assert shown(page) == made


class Words(HTMLParser):
    """The text of a page, apart from what stands in marks and fields."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.told, self.marked, self.inside = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if tag == "bdi" and told.get("class") == "unseen":
            self.marked.append(told["data-sign"])
            self.inside.append(tag)
        elif tag in {"textarea", "script", "style"}:
            self.inside.append(tag)

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.told.append(data)


@pytest.mark.django_db
@pytest.mark.parametrize("character", FOUR, ids=sign_of)
def test_no_page_hides_a_character_in_what_others_wrote(client, analyst, character):
    odd = f"un{character}likely"
    case = a.case(title=odd)
    source = a.source(case, title=odd, author=odd, publisher=odd)
    attach_text(source, f"It is {odd} to rain.", by=analyst, at=a.NOW)
    prediction = a.prediction(case, statement=odd)
    a.evidence(prediction, note=odd)
    a.forecast(prediction, rationale=odd)
    assert Prediction.objects.get().revision.statement == odd
    client.force_login(analyst)
    own = f"/predictions/prediction/{prediction.pk}"
    pages = ["/predictions/prediction/", f"{own}/change/", f"{own}/history/", "/predictions/case/"]
    pages += [f"/reading/{source.uuid}/", "/predictions/source/", "/predictions/evidence/"]
    pages += [f"/predictions/source/{source.pk}/change/", f"/predictions/case/{case.pk}/change/"]
    for page in pages:
        words = Words(client.get(page).content.decode())
        assert UNSEEN.findall("".join(words.told)) == [], page
        assert sign_of(character) in words.marked or "/change/" in page, page


@pytest.mark.django_db
def test_a_value_in_a_form_comes_back_as_it_was(client, analyst):
    case = a.case(title="a\u202eb")
    client.force_login(analyst)
    page = client.get(f"/predictions/case/{case.pk}/change/").content.decode()
    assert re.search(r'<(input|textarea)[^>]*(value="a\u202eb"|>\s*a\u202eb)', page)


@pytest.mark.django_db
def test_files_and_the_api_hold_the_words_as_they_are(client, analyst):
    source = a.source(title="a\u202eb")
    client.force_login(analyst)
    assert client.get(f"/api/sources/{source.uuid}/").json()["title"] == "a\u202eb"
    assert "a\u202eb" in client.get(f"/documents/annotations.jsonld?source={source.uuid}").content.decode()
