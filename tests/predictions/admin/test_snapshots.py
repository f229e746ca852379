"""What changed between the texts of a source, to read; what they were read from, to download."""

import pytest

from predictions.operations.sources import attach_text
from tests import builders as a

pytestmark = pytest.mark.django_db

TEXTS = ("One stays.\nTwo goes for good.", "One stays.\nNothing <b>else</b> comes.", "Everything is new here.")


@pytest.fixture
def source():
    source = a.source()
    for number, text in enumerate(TEXTS):
        attach_text(source, text, by=a.a_person_with("analyst"), at=a.on_day(60 + number))
    return source


@pytest.fixture
def desk(client, viewer):
    client.force_login(viewer)
    return client


def page(source, name="changes", **named):
    query = "&".join(f"{key}={value.uuid}" for key, value in named.items())
    return f"/predictions/source/{source.pk}/{name}/?{query}"


def test_the_two_newest_are_compared_unless_others_are_named(source, desk):
    first, second, third = list(source.snapshots.all())[::-1]
    for named, pair in (
        ({}, (second, third)),
        ({"newer": second}, (first, second)),
        ({"older": first}, (first, third)),
        ({"older": first, "newer": second}, (first, second)),
    ):
        shown = desk.get(page(source, **named)).context["changes"]
        assert (shown.older, shown.newer) == pair


def test_counts_and_words_are_told(source, desk):
    first, second, _ = list(source.snapshots.all())[::-1]
    answer = desk.get(page(source, older=first, newer=second))
    assert answer.context["changes"].counts == {"changed": 0, "added": 1, "removed": 1, "same": 1}
    text = answer.content.decode()
    assert "<del>Two goes for good.</del>" in text
    assert "<ins>Nothing &lt;b&gt;else&lt;/b&gt; comes.</ins>" in text


def test_what_stays_the_same_is_folded_away(desk):
    source = a.source()
    lines = [f"Paragraph {number}." for number in range(100)]
    for text in ("\n".join(lines), "\n".join([*lines, "One more."])):
        attach_text(source, text, by=a.a_person_with("analyst"), at=a.NOW)
    assert "… 99 paragraphs the same …" in desk.get(page(source)).content.decode()


def test_more_changes_than_a_page_holds_are_cut_and_counted(desk):
    source = a.source()
    for word in ("Red", "Blue"):
        lines = "\n\n".join(f"{word} {number} {word * 20}" for number in range(900))
        attach_text(source, lines, by=a.a_person_with("analyst"), at=a.NOW)
    answer = desk.get(page(source))
    assert "There are more changes than this page shows." in answer.content.decode()
    assert sum(answer.context["changes"].counts.values()) == 1800


def test_one_text_or_none_has_nothing_to_compare(desk):
    assert "no two texts" in desk.get(page(a.source())).content.decode()
    assert desk.get(page(a.capture().source, older=a.capture().snapshot)).status_code == 404


def test_what_was_pasted_has_no_original_to_download(desk):
    pasted = a.capture()
    assert desk.get(page(pasted.source, "original")).status_code == 404
    assert "its original" not in desk.get(f"/predictions/source/{pasted.source.pk}/change/").content.decode()


def test_each_text_has_its_own_original(desk):
    first = a.capture(b"It may rain.", file_name='ra"in.txt')
    second = a.capture(b"It may snow.", source=first.source)
    assert desk.get(page(first.source, "original")).content == b"It may snow."
    answer = desk.get(page(first.source, "original", snapshot=first.snapshot))
    assert answer.content == b"It may rain."
    assert answer.headers["Content-Disposition"].endswith('.txt"')
    assert desk.get(page(second.source, "original", snapshot=a.capture().snapshot)).status_code == 404
    assert "its original" in desk.get(f"/predictions/source/{second.source.pk}/change/").content.decode()
