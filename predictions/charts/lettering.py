"""Text in a drawing: made safe, measured, cut to the room there is."""

import re
from html import escape
from unicodedata import combining, east_asian_width

NO_XML = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
SLIM, BROAD = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMW@%—…+−=")
ELLIPSIS = "…"


def tidy(text: str) -> str:
    """The text on one line, with a replacement sign for every character that XML does not allow."""
    return NO_XML.sub("\ufffd", " ".join(text.split()))


def width_of(text: str, size: float) -> float:
    """A generous estimate of a text's width in the units of `size`, for a sans-serif face nobody has measured yet."""
    return size * sum(_ems(character) for character in text)


def shortened(text: str, room: float, size: float) -> str:
    """The text itself where it fits into the room, else as much of it as fits with an ellipsis."""
    if width_of(text, size) <= room:
        return text
    while text and width_of(text + ELLIPSIS, size) > room:
        text = text[:-1].rstrip()
    return text + ELLIPSIS


def element(name: str, *content: str, **attributes: str | float) -> str:
    """One SVG element. `content` is markup; attribute values are escaped, numbers rounded to one decimal.

    Attribute names are given as Python allows: `class_` for class, `text_anchor` for text-anchor.

    >>> element("line", class_="rule", x1=0, x2=1 / 3)
    '<line class="rule" x1="0.0" x2="0.3"/>'
    """
    written = "".join(f' {_attribute(key)}="{_value(value)}"' for key, value in attributes.items())
    return f"<{name}{written}>{''.join(content)}</{name}>" if content else f"<{name}{written}/>"


def words(name: str, text: str, **attributes: str | float) -> str:
    """An element that holds text and no markup: what the text says is what is read, whatever signs it contains."""
    return element(name, escape(tidy(text)), **attributes)


def number(value: float) -> str:
    """A coordinate, so that equal drawings are equal texts."""
    return f"{value:.1f}"


def percent(probability: float) -> str:
    """A probability as people read it, to a tenth of a per cent at most.

    >>> percent(0.675), percent(1), percent(0.999)
    ('67.5%', '100%', '99.9%')
    """
    return f"{100 * probability:.1f}".removesuffix(".0") + "%"


def _ems(character: str) -> float:
    if combining(character):
        return 0.0
    if east_asian_width(character) in "WF":
        return 1.05
    if character in SLIM:
        return 0.36
    return 0.95 if character in BROAD else 0.72 if character.isupper() else 0.62


def _attribute(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return escape(tidy(value)) if isinstance(value, str) else number(value)
