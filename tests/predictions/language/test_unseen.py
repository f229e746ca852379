"""Which characters are shown that nobody would see, and which are part of the spelling."""

import pytest

from predictions.language.unseen import SUSPECT, UNSEEN, name_of, sign_of

SHOWN = {
    "\u202e": "right-to-left override",
    "\u2066": "left-to-right isolate",
    "\u200b": "zero width space",
    "\ufeff": "zero width no-break space",
    "\u200e": "left-to-right mark",
    "\u061c": "arabic letter mark",
    "\u00ad": "soft hyphen",
    "\u2060": "word joiner",
    "\u3164": "hangul filler",
    "\U000e0041": "tag latin capital letter a",
    "\x1b": "control character",
}


@pytest.mark.parametrize(("character", "meaning"), SHOWN.items(), ids=map(sign_of, SHOWN))
def test_what_changes_what_is_read_and_is_not_seen_is_shown(character, meaning):
    assert UNSEEN.findall(f"a{character}b") == [character]
    assert SUSPECT.search(character)
    assert name_of(character) == f"U+{ord(character):04X} {meaning}"


@pytest.mark.parametrize(
    "text",
    [
        "Prices – “likely” (55–80%)…",
        "naïve 日本語 Ωμέγα",
        "a\tb\r\nc\u00a0d",
        "می\u200cخواهم",
        "क्\u200dष",
        "👩\u200d🚀",
        "❤️\u200d🔥",
    ],
)
def test_what_is_part_of_the_spelling_is_left_alone(text):
    assert UNSEEN.findall(text) == []


@pytest.mark.parametrize("text", ["un\u200dlikely", "un\u200clikely", "\u200d", "5\u200d0"])
def test_a_joiner_between_letters_that_never_join_is_shown(text):
    assert len(UNSEEN.findall(text)) == 1
