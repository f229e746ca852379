"""A file as text, and the refusal where it has none."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from predictions.confined import Refusal

LONGEST = 5_000_000

Kind = Literal["html", "pdf", "text"]


class Unreadable(Refusal):
    """No text can be had from the file; the message says why, to the person who gave it."""


class Readable(NamedTuple):
    """What a reader of one kind of file found: its text, what was odd, and by name what the file states of itself."""

    text: str
    notes: list[str]
    stated: dict[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A file as text: lines end in "\\n", a blank line parts paragraphs, every other sign stands as it stood.

    What the file states about itself is given where it does, else "". `published` is an ISO day or time as stated
    there. `note` tells what was odd: an encoding guessed, pages without text.
    """

    kind: Kind
    text: str
    title: str = ""
    publisher: str = ""
    author: str = ""
    published: str = ""
    language: str = ""
    note: str = ""
