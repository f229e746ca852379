"""From bytes to text, in the order in which browsers decide (WHATWG Encoding and HTML standards).

A byte order mark, then what the server said, then what the page says of itself in its first 1024 bytes; where nobody
says anything, a guess between UTF-8, the Japanese encodings and windows-1252. What was odd about it is told.
"""

import codecs
import re

from predictions.exchange.document import Unreadable

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16-be"), (codecs.BOM_UTF16_LE, "utf-16-le"))
_PRESCAN = 1024
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]+)", re.IGNORECASE | re.ASCII)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta[\s/][^>]*?charset\s*=\s*[\"']?\s*([\w.:+-]+)", re.IGNORECASE)
_JIS_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\([IJ])")
_KANA = re.compile("[\u3040-\u30ff]")

# Names of the standard by Python's codec, where the two differ; browsers widen some to what is meant in practice.
_NAMES = {
    "cp1252": "ascii us-ascii ansi_x3.4-1968 iso-8859-1 iso8859-1 iso_8859-1 latin1 l1 cp819 x-cp1252 x-user-defined",
    "cp1254": "iso-8859-9 iso8859-9 latin5 l5 x-cp1254",
    "cp874": "iso-8859-11 tis-620 windows-874 dos-874",
    "cp932": "shift_jis shift-jis sjis x-sjis ms_kanji ms932 windows-31j csshiftjis cp932",
    "euc_jp": "euc-jp x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp": "iso-2022-jp csiso2022jp",
    "gb18030": "gb2312 gbk gb_2312-80 x-gbk chinese csgb2312 gb18030",
    "big5hkscs": "big5 big5-hkscs cn-big5 x-x-big5 csbig5",
    "cp949": "euc-kr ks_c_5601-1987 ksc5601 korean windows-949 cseuckr",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2 csunicode",
    "utf-16-be": "utf-16be unicodefffe",
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "mac-roman": "macintosh x-mac-roman",
    "mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
}
_LABELS = {label: codec for codec, labels in _NAMES.items() for label in labels.split()}
_AS_PYTHON = re.compile(r"iso-?8859-(?:[2-8]|1[03-6])|windows-125[0-8]|cp125[0-8]|koi8-[ru]|ibm866|cp866")


def decoded(body: bytes, content_type: str = "", *, is_html: bool) -> tuple[str, list[str]]:
    """The text, and what a reader should know of how it was read. Raises Unreadable for NUL: no text holds it."""
    encoding, mark, notes = _encoding(body, content_type, is_html=is_html)
    text = body[len(mark) :].decode(encoding, "replace")
    if "\0" in text:
        raise Unreadable("The file holds NUL characters: it is not text, or not in the encoding it was sent in.")
    lost = text.count("\ufffd") - body.count("\ufffd".encode())
    if lost > 0:
        notes.append(f"{lost:,} places could not be read as {shown(encoding)} and stand as �.")
    return text, notes


def shown(encoding: str) -> str:
    """An encoding by the name that people know."""
    names = {"cp1252": "windows-1252", "cp932": "Shift_JIS", "euc_jp": "EUC-JP", "iso2022_jp": "ISO-2022-JP"}
    return names.get(encoding, encoding.upper().replace("_", "-"))


def codec(label: str) -> str | None:
    """Python's codec for a name of the standard, or None: no other codec of Python is let at a stranger's bytes."""
    label = label.strip().lower()
    return _LABELS.get(label) or (label if _AS_PYTHON.fullmatch(label) else None)


def _encoding(body: bytes, content_type: str, *, is_html: bool) -> tuple[str, bytes, list[str]]:
    sent, stated = _sent(content_type), _stated(body) if is_html else None
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            by_mark = f"Read as {shown(encoding)}, by its byte order mark."
            return encoding, mark, [by_mark, *_against(encoding, sent, stated)]
    if chosen := sent or stated:
        return chosen, b"", _against(chosen, sent, stated)
    guess = _guess(body)
    is_plain = guess == "utf-8" and body.isascii()
    return guess, b"", [] if is_plain else [f"Its encoding is not stated: read as {shown(guess)}."]


def _sent(content_type: str) -> str | None:
    found = _CHARSET.search(content_type)
    return codec(found[1]) if found else None


def _stated(body: bytes) -> str | None:
    found = _META.search(_COMMENT.sub(b"", body[:_PRESCAN]))
    encoding = codec(found[1].decode("ascii", "replace")) if found else None
    # Whoever could read the statement was not reading UTF-16: the standard takes it for UTF-8.
    return "utf-8" if encoding in {"utf-16-le", "utf-16-be"} else encoding


def _against(encoding: str, sent: str | None, stated: str | None) -> list[str]:
    """What others said of the encoding that was not followed."""
    notes = []
    if sent and sent != encoding:
        notes.append(f"The server said {shown(sent)}, and {shown(encoding)} was followed.")
    if stated and stated != encoding:
        notes.append(f"The page says {shown(stated)}, and {shown(encoding)} was followed.")
    return notes


def _guess(body: bytes) -> str:
    if _JIS_ESCAPE.search(body) and body.isascii():
        return "iso2022_jp"
    if _is(body, "utf-8"):
        return "utf-8"
    japanese = {name: len(_KANA.findall(body.decode(name))) for name in ("euc_jp", "cp932") if _is(body, name)}
    best = max(japanese, key=lambda name: japanese[name], default="")
    return best if best and japanese[best] else "cp1252"


def _is(body: bytes, encoding: str) -> bool:
    try:
        body.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
