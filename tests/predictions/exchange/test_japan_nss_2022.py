"""The casebook that ships with Forsooth: what it must hold, and what it must not."""

import dataclasses
import hashlib
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

import predictions
from predictions.exchange.casebook import parse_casebook

FILE = Path(predictions.__file__).parent / "casebooks" / "japan-nss-2022.yaml"
ARTICLE = Path(predictions.__file__).parents[2] / "shared" / "sources" / "article.txt"
BOOK = parse_casebook(FILE.read_bytes())

article_needed = pytest.mark.skipif(not ARTICLE.exists(), reason="the article's text is not in the repository")


def test_article_made_four_forecasts_in_five_quotes():
    assert [quote.id for quote in BOOK.quotes if quote.source == "diplomat"] == ["q1", "q2", "q2b", "q3", "q4"]
    assert [(forecast.prediction, forecast.quote) for forecast in BOOK.forecasts] == [
        ("china", "q1"),
        ("alliance", "q2"),
        ("economy", "q3"),
        ("defence", "q4"),
    ]
    assert [criterion.label for row in BOOK.predictions for criterion in row.criteria if criterion.quote] == ["2b"]


def test_words_of_each_forecast_stand_in_its_quote():
    exact = {quote.id: quote.exact for quote in BOOK.quotes}
    assert all(forecast.words in exact[forecast.quote] for forecast in BOOK.forecasts)


def test_three_forecasts_are_coded_as_likely_and_the_fourth_is_a_reading():
    *coded, implied = BOOK.forecasts
    assert {(row.basis, row.scale, row.term, row.confidence) for row in coded} == {
        ("coded", "icd203-2015", "likely", None)
    }
    assert (implied.basis, implied.confidence) == ("implied", "low")
    assert (implied.low, implied.probability, implied.high) == (Decimal("0.5"), Decimal("0.75"), Decimal("0.95"))


def test_every_time_says_how_well_it_is_known():
    assert {row.issued.precision for row in BOOK.forecasts} == {"estimated"}
    assert {row.known.precision for row in BOOK.resolutions} == {"day"}
    assert {row.opens.at for row in BOOK.predictions} == {datetime(2022, 3, 23, 15, tzinfo=UTC)}
    assert {row.closes.ends_at for row in BOOK.predictions} == {datetime(2022, 12, 31, 15, tzinfo=UTC)}
    assert BOOK.triggers[0].occurred.at.at == datetime(2022, 12, 15, 15, tzinfo=UTC)


def test_every_forecast_was_issued_before_the_outcome_was_known():
    known = {row.prediction: row.known.at for row in BOOK.resolutions}
    assert all(row.issued.ends_at <= known[row.prediction] for row in BOOK.forecasts)


def test_all_four_came_true_and_only_one_criterion_stays_untold():
    assert [(row.prediction, row.outcome) for row in BOOK.resolutions] == [
        (row.id, Decimal(1)) for row in BOOK.predictions
    ]
    verdicts = {label: verdict for row in BOOK.resolutions for label, verdict in row.verdicts.items()}
    assert [label for label, verdict in verdicts.items() if verdict != "met"] == ["1b"]
    assert (len(verdicts), verdicts["1b"]) == (9, "cannot_tell")


def test_evidence_has_its_grades_and_each_item_for_or_against_is_relied_on():
    reliability = {source.id: source.reliability for source in BOOK.sources}
    grades = {row.id: f"{reliability[row.source]}{row.credibility}" for row in BOOK.evidence}
    assert grades == {
        "e1a-2013": "B2", "e1a-2022": "C2", "e1-wording": "B3", "e2a-mofa": "A1", "e2b-mofa": "A1", "e2-jiia": "B1",
        "e3a-jiia": "B1", "e3b-jiia": "B1", "e3-takamizawa": "B2", "e4a-jiia": "B1", "e4a-tass": "C2",
        "e4a-kyodo": "B2", "e4b-jiia": "B1", "e4c-isic": "C2",
    }  # fmt: skip
    assert [row.id for row in BOOK.evidence if row.stance == "contradicts"] == ["e1-wording"]
    relied_on = {name for row in BOOK.resolutions for name in row.relied_on}
    assert {row.id for row in BOOK.evidence if row.stance != "context"} == relied_on


def test_quotations_are_a_clause_each():
    assert max(len(quote.exact) for quote in BOOK.quotes) <= 100
    assert not any(quote.prefix or quote.suffix for quote in BOOK.quotes)


@article_needed
def test_digest_and_length_are_those_of_the_article():
    data, source = ARTICLE.read_bytes(), BOOK.sources[0]
    assert (source.sha256, source.length) == (hashlib.sha256(data).hexdigest(), len(data.decode()))


@article_needed
def test_each_quote_of_the_article_stands_in_it_once():
    article = ARTICLE.read_bytes().decode()
    assert [article.count(quote.exact) for quote in BOOK.quotes if quote.source == "diplomat"] == [1] * 5


@article_needed
def test_nothing_longer_than_a_clause_is_taken_from_the_article():
    article = " ".join(ARTICLE.read_text("utf-8").split())
    texts = [*texts_of(BOOK), " ".join(FILE.read_text("utf-8").split())]
    runs = {article[start : start + 200] for start in range(len(article) - 199)}
    assert not any(text[start : start + 200] in runs for text in texts for start in range(len(text) - 199))


def texts_of(row):
    """Every text anywhere in a row, white space made even."""
    for field in dataclasses.fields(row):
        value = getattr(row, field.name)
        for part in value if isinstance(value, tuple) else [value]:
            if isinstance(part, str):
                yield " ".join(part.split())
            elif dataclasses.is_dataclass(part):
                yield from texts_of(part)
