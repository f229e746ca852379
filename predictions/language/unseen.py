"""Characters that nobody sees and that change what is read: the order of words, where they end, which word it is.

Source: Unicode 15, UAX #9 (bidirectional text) and UTR #36 (security considerations).
"""

import re
import unicodedata

ORDER = "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
"""Marks, embeddings, overrides and isolates of direction; separators of lines and paragraphs."""
WIDTH = "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f\u2800\u3164\ufeff\uffa0"
"""Soft hyphens, joiners, fillers and blanks of no width."""
OTHERS = "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f"
"""Controls, and tags in which whole sentences can be hidden."""
JOINERS = "\u200c\u200d"
"""Part of the spelling between letters of many scripts and within emoji; hidden between others."""
SPELT = "\u0590-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
"""Scripts and pictures that are spelt with joiners."""
UNSEEN = re.compile(f"[{ORDER}{WIDTH}{OTHERS}]|(?<![{SPELT}])[{JOINERS}]|[{JOINERS}](?![{SPELT}])")
RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
RUN = re.compile(f"[{RIGHT_TO_LEFT}](?:[^<>&A-Za-z0-9\n]*[{RIGHT_TO_LEFT}])?")
"""Letters that run from right to left, with what stands between the first and the last of them."""

SUSPECT = re.compile(f"[{ORDER}{WIDTH}{OTHERS}{JOINERS}{RIGHT_TO_LEFT}]")
"""A quick look: where none of these stands, there is nothing to do."""

SHORT = {
    "\xad": "SHY",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}


def sign_of(character: str) -> str:
    """How an unseen character is shown: "RLO", or its number."""
    return SHORT.get(character, f"{ord(character):02X}")


def name_of(character: str) -> str:
    """What it is, for whoever wonders: "U+202E right-to-left override"."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character').lower()}"
