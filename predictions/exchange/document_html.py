"""The article in a page, paragraph by paragraph. Furniture is left out where the article can be told from it."""

import re
from copy import copy
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import use_config

from predictions.exchange.document import Readable, Unreadable
from predictions.exchange.document_encodings import decoded
from predictions.exchange.document_page import statements

_NEVER_READ = (
    "head",
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "math",
    "iframe",
    "object",
    "select",
    "textarea",
)
_BLOCK_NAMES = """address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer
    form h1 h2 h3 h4 h5 h6 head header hr html item li list main nav ol p pre quote row section summary table tr ul"""
_BLOCKS = set(_BLOCK_NAMES.split())
_BREAKS, _CELLS = {"br", "lb"}, {"td", "th", "cell"}
_BLANKS = re.compile("[ \t\n\r\f]+")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>", re.IGNORECASE)
_TOO_DEEP = "Excessive depth"
# The extractor's last resort runs the whole page together into one paragraph: ours, below, keeps them apart.
_RULES = use_config()
_RULES.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
_SHORT = 250
# Letters of a dead script, which no rule of an extractor drops.
_STAND_INS = [chr(code) for code in range(0x10600, 0x10700)]


def read(body: bytes, content_type: str, address: str) -> Readable:
    """The article of a page, and what the page states of itself."""
    page, notes = decoded(body, content_type, is_html=True)
    tree = parsed(page)
    stated = statements(tree, address)._asdict()  # before what is no article is taken out of the tree
    text, more = article(tree)
    return Readable(text, notes + more, stated)


def parsed(page: str) -> HtmlElement:
    """The tree of a page. Raises Unreadable where it holds nothing, or is nested deeper than a page is."""
    parser = HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = document_fromstring(_undeclared(page).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise Unreadable("The page holds no text.") from None
    if any(_TOO_DEEP in fault.message for fault in parser.error_log):
        raise Unreadable("The page is nested deeper than any page that is meant to be read.")
    return tree


def _undeclared(page: str) -> str:
    """Without the declaration of XML, which may claim an encoding that the page has no more."""
    declaration = _DECLARATION.match(page)
    return page[declaration.end() :] if declaration else page


def article(tree: HtmlElement) -> tuple[str, list[str]]:
    """The text of the article, paragraphs parted by blank lines, and what a reader should know of it."""
    tree = copy(tree)
    etree.strip_elements(tree, *_NEVER_READ, with_tail=False)
    shield = _shield(tree)
    found = bare_extraction(_translated(copy(tree), shield), include_comments=False, config=_RULES)
    text = "" if found is None or isinstance(found, dict) else _paragraphs(found.body)
    body = tree.find("body")
    page = _paragraphs(tree if body is None else body)
    if _size(text) < min(_SHORT, _size(page) / 2):
        return page, ["The article could not be told from the rest of the page: all of its text is kept."]
    return text.translate({ord(stand_in): sign for sign, stand_in in shield.items()}), []


def _size(text: str) -> int:
    return sum(map(len, text.split()))


def _shield(tree: HtmlElement) -> dict[str, str]:
    """A stand-in for each sign that is not seen, or is a blank of its own kind: the extractor drops and evens them."""
    signs = set("".join(tree.itertext()))
    if signs & set(_STAND_INS):
        return {}
    unseen = sorted(sign for sign in signs if not sign.isprintable() and not _BLANKS.match(sign))
    return dict(zip(unseen, _STAND_INS, strict=False))


def _translated(tree: HtmlElement, shield: dict[str, str]) -> HtmlElement:
    table = str.maketrans({**shield, "\f": " "})  # a form feed comes out of a page, and lxml lets none in
    for element in tree.iter() if shield else ():
        element.text = element.text and element.text.translate(table)
        element.tail = element.tail and element.tail.translate(table)
    return tree


def _paragraphs(root: Any) -> str:
    """All text below `root`: a block begins and ends a paragraph, a break ends a line, cells stand apart by a tab."""
    pieces: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if element.tag in _BLOCKS:
            pieces.append("\n\n")
        elif event == "end" and element.tag in _BREAKS:
            pieces.append("\n")
        elif event == "end" and element.tag in _CELLS:
            pieces.append("\t")
        text = element.text if event == "start" else element.tail if element is not root else ""
        pieces.append(_BLANKS.sub(" ", text or ""))
    return "".join(pieces)
