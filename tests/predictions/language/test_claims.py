from pathlib import Path

import pytest

from predictions.language.claim_rules import UnknownLanguage
from predictions.language.claims import find_claims

ARTICLE = Path(__file__).resolve().parents[4] / "shared" / "sources" / "article.txt"
# The Diplomat, "How Russia's Invasion of Ukraine Changed Japan's Security Policy", 2022: a clause each.
CLAUSES = [
    "it is likely that the new NSS will more explicitly call out China’s problematic behavior",
    "the new NSS would likely double down on the need to enhance the Japan-U.S. alliance",
    "security cooperation with other U.S. allies and partners around the world will likely be emphasized",
    "economic security and related issues will likely loom large in the new NSS",
    "only confirms the necessity for Japan to bolster its own efforts to build its defense capabilities",
]


@pytest.mark.skipif(not ARTICLE.exists(), reason="the article of the first case is not published with the code")
def test_the_five_quoted_sentences_of_the_article_are_among_the_first_twelve():
    text = ARTICLE.read_text(encoding="utf-8")
    claims = find_claims(text)
    first = [claim.text for claim in claims[:12]]
    for clause in CLAUSES:
        assert any(clause in sentence for sentence in first)
    assert not any("newsletter" in claim.text.lower() or "subscribe" in claim.text for claim in claims)


def test_an_unknown_language_is_refused_by_name():
    with pytest.raises(UnknownLanguage, match="“xx”.*en, ja"):
        find_claims("It will rain.", "xx")
