"""Evidence that rests on a comparison of two documents: the figures are counted here, kept, and never changed."""

import json

import pytest
from django.core.exceptions import PermissionDenied

from predictions.language.comparison import METHOD, VERSION
from predictions.models import DocumentComparison, Evidence, LedgerEntry, Quote
from predictions.operations.evidence import NEWER, link_evidence, link_passage
from predictions.operations.sources import attach_text
from tests import builders as a
from tests.predictions.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def prediction(people):
    return a.prediction()


@pytest.fixture
def texts(prediction):
    return a.two_texts(prediction.case)


def evidence_of(prediction, source, **fields):
    values = {"stance": "supports", "note": "It is named oftener.", "credibility": 2} | fields
    return Evidence(prediction=prediction, source=source, **values)


@pytest.fixture
def link(prediction, texts, analyst):
    """Links the comparison of a term in the two texts, lawful but for what is told."""

    def do(term="economic security", by=analyst, **given):
        reference, revised = given.get("texts", texts)
        row = evidence_of(given.get("on", prediction), given.get("source", revised.source))
        comparison = DocumentComparison(reference=reference, revised=revised, term=term)
        return link_evidence(row, comparison=comparison, by=by, at=a.NOW)

    return do


def test_the_figures_are_counted_and_kept_with_both_digests_and_the_method(link, texts):
    kept = DocumentComparison.objects.get(evidence=link())
    assert (kept.reference_count, kept.reference_total, kept.reference_first) == (0, 14, None)
    assert (kept.revised_count, kept.revised_total, kept.revised_headings) == (4, 21, 1)
    assert kept.revised_first == a.NEW_TEXT.index("Economic")
    assert kept.log_ratio_low < kept.log_ratio < kept.log_ratio_high
    assert (kept.method, kept.version, kept.unit) == (METHOD, VERSION, "words")
    assert json.loads(kept.parameters)["added_where_a_count_is_0"] == "0.5"
    entry = LedgerEntry.objects.latest("seq")
    assert entry.kind == "evidence.captured"
    [part] = json.loads(entry.payload.text)["parts"]
    assert part["table"] == "documentcomparison"
    assert (part["reference_sha256"], part["revised_sha256"]) == tuple(text.sha256 for text in texts)
    assert (part["revised_count"], part["version"], part["term"]) == (4, VERSION, "economic security")


def test_figures_that_a_caller_brings_are_counted_anew(prediction, texts, analyst):
    reference, revised = texts
    row = DocumentComparison(reference=reference, revised=revised, term="alliance", revised_count=99, method="mine")
    evidence = link_evidence(evidence_of(prediction, revised.source), comparison=row, by=analyst, at=a.NOW)
    kept = DocumentComparison.objects.get(evidence=evidence)
    assert (kept.reference_count, kept.revised_count, kept.method) == (1, 1, METHOD)


def test_a_term_in_neither_text_is_kept_as_undefined(link):
    kept = DocumentComparison.objects.get(evidence=link("zebra"))
    assert (kept.log_ratio, kept.log_likelihood, kept.revised_count) == (None, None, 0)


def test_what_cannot_be_compared_is_refused_and_nothing_is_kept(link, prediction, texts):
    other, elsewhere = a.two_texts(a.case()), a.source(prediction.case)
    with refused("term"):
        link("--")
    with refused("term"):
        link("")
    with refused("__all__", "different"):
        link(texts=(texts[0], texts[0]))
    with refused("reference", "another case"):
        link(texts=(other[0], texts[1]))
    with refused("source", "neither"):
        link(source=elsewhere)
    assert not Evidence.objects.exists()
    assert not DocumentComparison.objects.exists()


def test_a_text_of_a_private_case_is_not_compared_for_those_outside_it(link, people):
    hidden = a.two_texts(
        a.case(is_private=True, by=a.person("keeper", "analyst"), members=[a.a_person_with("analyst")])
    )
    with pytest.raises(PermissionDenied):
        link(texts=hidden)


def test_two_texts_of_one_source_can_be_compared(link, texts, analyst):
    later = attach_text(texts[0].source, a.NEW_TEXT + " More.", by=analyst, at=a.NOW)
    kept = DocumentComparison.objects.get(evidence=link(texts=(texts[0], later), source=later.source))
    assert (kept.reference_count, kept.revised_count) == (0, 4)


@pytest.fixture
def quote(prediction, texts, analyst):
    """Links a passage of the revised text as evidence."""

    def do(exact="Economic security is new.", by=analyst, snapshot=texts[1], **given):
        row = Quote(source=snapshot.source, exact=exact)
        comparison = DocumentComparison(reference=texts[0], revised=texts[1], term="economic security")
        evidence = evidence_of(prediction, None)
        return link_passage(evidence, row, snapshot=snapshot, comparison=comparison, by=by, at=a.NOW, **given)

    return do


def test_a_passage_becomes_an_anchored_quote_and_then_evidence(quote, texts):
    evidence = quote()
    assert evidence.source == texts[1].source
    [anchor] = evidence.quote.anchors.all()
    assert (anchor.snapshot, anchor.start) == (texts[1], a.NEW_TEXT.index("Economic security is"))
    assert [entry.kind for entry in LedgerEntry.objects.order_by("-seq")[:2]] == ["evidence.captured", "quote.anchored"]


def test_a_passage_that_is_quoted_already_is_not_quoted_twice(quote):
    assert quote().quote == quote().quote
    assert Quote.objects.count() == 1


def test_words_that_stand_twice_are_quoted_where_they_were_pointed_at(quote, texts):
    with refused("exact", "stands 3 times"):
        quote(exact="Economic security")
    second = a.NEW_TEXT.index("Economic security\n")
    assert quote(exact="Economic security", start=second).quote.anchors.get().start == second


def test_a_passage_of_an_older_text_is_refused(quote, texts, analyst):
    attach_text(texts[1].source, a.NEW_TEXT + " More.", by=analyst, at=a.on_day(70))
    with refused("exact", NEWER):
        quote()
    assert not Quote.objects.exists()


def test_who_may_link_and_not_quote_links_no_passage(quote, link, resolver):
    assert link(by=resolver)
    with pytest.raises(PermissionDenied):
        quote(by=resolver)
