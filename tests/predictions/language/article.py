"""The article of the first case, where it is at hand, and a clause from each of the five sentences quoted from it."""

from pathlib import Path

ARTICLE = Path(__file__).resolve().parents[4] / "shared" / "sources" / "article.txt"
# The Diplomat, "How Russia's Invasion of Ukraine Changed Japan's Security Policy", 2022: a clause each.
CLAUSES = [
    "it is likely that the new NSS will more explicitly call out China’s problematic behavior",
    "the new NSS would likely double down on the need to enhance the Japan-U.S. alliance",
    "security cooperation with other U.S. allies and partners around the world will likely be emphasized",
    "economic security and related issues will likely loom large in the new NSS",
    "only confirms the necessity for Japan to bolster its own efforts to build its defense capabilities",
]
