"""From an address to an anchored source, against a site on this machine that the allow-list opens."""

import pytest

from predictions.exchange.warc import read_warc
from predictions.models import Quote, Source
from tests import builders as a
from tests.loopback import page, site

NORTH = "The ministry holds that it is likely that the northern reservoirs will be full by the end of May of this year."
SOUTH = (
    "Farmers see it otherwise: most of them say that a dry spring will come, and sell cattle before the prices fall."
)
DELTA = "What happens in the delta depends on the snow of the mountains, and nobody has measured that for many years."
REST = "The elections are in June, and no party has said a word about water so far, to the dismay of all who watch."

pytestmark = pytest.mark.django_db


@pytest.fixture
def gauge(settings):
    with site() as ours:
        settings.CAPTURE_ALLOW_ENDPOINTS = frozenset({ours.endpoint})
        yield ours


def at_address(address, **fields):
    return a.capture(way="address", address=address, **fields)


def test_a_page_becomes_a_source_with_what_it_states_and_the_exchange(gauge):
    address = gauge.put("/rain", page(NORTH, SOUTH))
    done = at_address(address, case=a.case(zone="Asia/Tokyo"))
    assert done.stage == "done", done.failure
    source = done.source
    assert (source.title, source.publisher, source.author) == ("What the rains will bring", "The Gauge", "Ada Waters")
    assert (source.language, source.url, source.published_in_words()) == ("en", address, "20 February 2026")
    assert NORTH in done.snapshot.body.text
    assert "Home" not in done.snapshot.body.text
    original = done.snapshot.original
    assert bytes(original.body.content) == page(NORTH, SOUTH)
    assert (original.kind, original.address, original.has_warc) == ("html", address, True)
    assert original.media_type == "text/html; charset=utf-8"
    kept = read_warc(bytes(original.body.warc))
    assert (kept.address, kept.raw_body) == (address, page(NORTH, SOUTH))


def test_what_a_person_entered_stays_and_only_blanks_are_filled(gauge):
    address = gauge.put("/rain", page(NORTH))
    source = a.source(title="On rain", author="Somebody", url=address)
    at_address(address, case=source.case)
    source.refresh_from_db()
    assert (source.title, source.author, source.publisher) == ("On rain", "Somebody", "The Gauge")
    assert at_address(address, case=a.case(), title="Own title").source.title == "Own title"


def test_captured_again_a_page_tells_what_is_the_same_what_moved_and_what_is_gone(gauge):
    address = gauge.put("/rain", page(NORTH, SOUTH, DELTA, REST))
    source = at_address(address).source
    intact = a.quote(source, "a dry spring will come")
    moved = a.quote(source, "the northern reservoirs will be full")
    gone = a.quote(source, "depends on the snow of the mountains")

    unchanged = at_address(address, source=source)
    assert (unchanged.is_unchanged, source.snapshots.count()) == (True, 1)

    gauge.put("/rain", page(SOUTH, REST, NORTH.replace("it is likely that", "it was hoped that")))
    changed = at_address(address, case=source.case)
    assert (changed.source, changed.is_unchanged, source.snapshots.count()) == (source, False, 2)
    assert [row.quote for row in changed.snapshot.anchors.all()] == [intact]
    assert set(Quote.objects.orphaned()) == {moved, gone}


REFUSED = {
    "not there": (("/nowhere", b"Not here.", "text/plain", 404), "404"),
    "a picture": (("/rain.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "image/png", 200), ""),
    "nothing": (("/empty", b"", "text/html", 200), ""),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_text_fails_in_words_and_keeps_nothing(gauge, what):
    given, saying = REFUSED[what]
    failed = at_address(gauge.put(*given))
    assert failed.stage == "failed"
    assert saying in failed.failure
    assert failed.failure.endswith(".")
    assert not Source.objects.exists()


def test_what_is_not_on_the_list_is_not_reached(gauge, settings):
    settings.CAPTURE_ALLOW_ENDPOINTS = frozenset()
    failed = at_address(gauge.put("/rain", page(NORTH)))
    assert failed.stage == "failed"
    assert "this machine" in failed.failure


def test_what_is_too_large_fails_in_words(gauge, settings):
    settings.CAPTURE_LARGEST_BYTES = 1000
    failed = at_address(gauge.put("/rain", page(*[NORTH] * 30)))
    assert (failed.stage, Source.objects.exists()) == ("failed", False)


FILES = {
    "in an older encoding": ("Es wird wahrscheinlich regnen, sagt Müller.".encode("cp1252"), "Müller"),
    "with a byte order mark": ("\ufeffIt is likely.".encode(), "It is likely."),
    "in UTF-16": ("It is likely to rain in the north of the land.".encode("utf-16"), "It is likely to rain"),
}


@pytest.mark.parametrize("how", FILES)
def test_a_file_is_read_whatever_its_encoding(how):
    content, words = FILES[how]
    done = a.capture(content)
    assert done.stage == "done", done.failure
    assert words in done.snapshot.body.text


@pytest.mark.parametrize("content", [b"%PDF-1.7 broken", b"PK\x03\x04" + b"\0" * 60, b"\x89PNG\r\n\x1a\n\0\0"])
def test_a_file_of_another_kind_fails_in_words(content):
    failed = a.capture(content)
    assert failed.stage == "failed"
    assert failed.failure.endswith(".")
