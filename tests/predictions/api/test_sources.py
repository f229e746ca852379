import hashlib
from http import HTTPStatus

from django.db import connection
from django.test.utils import CaptureQueriesContext

from predictions.operations.sources import attach_text
from tests import builders as a

TEXT = "They say it is likely to rain."


def test_a_source_is_read_with_its_quotes_its_texts_and_when_it_was_published(api, fill):
    rows = fill()
    shown = api.get(f"/api/sources/{rows['sources'].uuid}/").json()
    assert shown["published"]["words"] == "31 December 2025"
    assert shown["published"]["precision"] == "day"
    [quote] = shown["quotes"]
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    assert quote["exact"] == "it is likely to rain"
    assert quote["anchors"] == [{"sha256": sha256, "start": 9, "end": 29}]
    assert [(held["sha256"], held["length"]) for held in shown["snapshots"]] == [(sha256, len(TEXT))]
    assert api.get(f"/api/quotes/{rows['quotes'].uuid}/").json() == quote


def test_the_newest_text_of_a_source_is_read_at_its_own_address(api, fill):
    source = fill()["sources"]
    newer = f"{TEXT} It may also snow: \N{SNOWFLAKE}"
    attach_text(source, newer, by=a.a_person_with("analyst"), at=a.NOW)
    shown = api.get(f"/api/sources/{source.uuid}/text/").json()
    assert shown["text"] == newer
    assert shown["sha256"] == hashlib.sha256(newer.encode()).hexdigest()
    assert shown["length"] == len(newer)


def test_a_source_whose_text_we_do_not_hold_has_none_to_read(api):
    source = a.source()
    assert api.get(f"/api/sources/{source.uuid}/text/").status_code == HTTPStatus.NOT_FOUND
    assert api.get(f"/api/sources/{source.uuid}/").json()["published"] is None


def test_a_source_of_three_quotes_asks_the_database_no_more_than_one_of_one(api):
    of_one, of_three = a.source(), a.source()
    for source in (of_one, of_three, of_three, of_three):
        a.quote(source)
    counts = []
    for source in (of_one, of_three):
        with CaptureQueriesContext(connection) as queries:
            api.get(f"/api/sources/{source.uuid}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
