"""`manage.py import_annotations`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from predictions.exchange.annotation import collection, written
from predictions.queries.source_exchange import quoted, quotes_of
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    source = a.source(external_id="first")
    a.quote(source, "it is likely to rain")
    path = tmp_path / "quotes.jsonld"
    path.write_text(written(collection("urn:x", "Quotes", quoted(quotes_of(source), lambda _: ""))))
    return path


def told(*args):
    out = StringIO()
    call_command("import_annotations", *map(str, args), stdout=out)
    return out.getvalue()


def test_quotes_are_added_once(file):
    other = a.source(external_id="second")
    assert "1 added, 0 known" in told("second", file)
    assert "0 added, 1 known" in told(other.uuid, file)
    assert other.quotes.get().exact == "it is likely to rain"


def test_what_is_wrong_is_told_with_its_line_and_nothing_is_added(file):
    a.source(external_id="second")
    file.write_text(file.read_text().replace('"exact": ', '"exactly": '))
    with pytest.raises(CommandError, match=r"Nothing was imported.*\n +line \d+: annotation 1: .*exact: expected text"):
        told("second", file)


def test_a_file_that_is_not_there_and_an_unknown_source_are_told(file, tmp_path):
    a.source(external_id="second")
    with pytest.raises(CommandError, match="cannot be read"):
        told("second", tmp_path / "none.jsonld")
    with pytest.raises(CommandError, match="no source"):
        told("third", file)
