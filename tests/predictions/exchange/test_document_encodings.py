import codecs

import pytest

from predictions.exchange.document import Unreadable
from predictions.exchange.document_encodings import codec, decoded

JAPANESE = "新しい国家安全保障戦略は、おそらく防衛力の強化を強調する。"
WESTERN = "“Likely”, says the café – naïve."


def meta(charset):
    return f"<html><meta charset={charset}><p>"


def html(text, encoding, charset):
    return (meta(charset) + text).encode(encoding)


@pytest.mark.parametrize(
    ("body", "content_type", "text"),
    [
        (JAPANESE.encode(), "text/html; charset=utf-8", JAPANESE),
        (JAPANESE.encode("shift_jis"), 'text/html; charset="Shift_JIS"', JAPANESE),
        (JAPANESE.encode("euc_jp"), "text/html; charset=EUC-JP", JAPANESE),
        (JAPANESE.encode("iso2022_jp"), "text/html;charset=iso-2022-jp", JAPANESE),
        (WESTERN.encode("cp1252"), "text/html; charset=windows-1252", WESTERN),
        (WESTERN.encode("cp1252"), "text/html; charset=ISO-8859-1", WESTERN),
        (WESTERN.encode("cp1252"), "text/html; charset=us-ascii", WESTERN),
        ("Žižek".encode("iso8859_2"), "text/html; charset=iso-8859-2", "Žižek"),
        ("Привет".encode("koi8_r"), "text/html; charset=koi8-r", "Привет"),
        ("你好".encode("gbk"), "text/html; charset=gb2312", "你好"),
        ("你好".encode("big5"), "text/html; charset=big5", "你好"),
        ("안녕".encode("cp949"), "text/html; charset=euc-kr", "안녕"),
        (WESTERN.encode("utf-16-le"), "text/plain; charset=utf-16", WESTERN),
        (html(JAPANESE, "shift_jis", "x-sjis"), "text/html", meta("x-sjis") + JAPANESE),
        (html(JAPANESE, "euc_jp", "'euc-jp'"), "", meta("'euc-jp'") + JAPANESE),
        (b'<meta http-equiv=x content="text/html; charset=koi8-r">\xd0', "", None),
    ],
)
def test_a_stated_encoding_is_followed_without_a_note(body, content_type, text):
    read, notes = decoded(body, content_type, is_html=True)
    assert read == (text or '<meta http-equiv=x content="text/html; charset=koi8-r">п')
    assert notes == []


@pytest.mark.parametrize(
    ("body", "content_type", "text", "said"),
    [
        (codecs.BOM_UTF8 + b"caf\xc3\xa9", "text/html; charset=windows-1252", "café", "UTF-8, by its byte order mark"),
        (codecs.BOM_UTF16_LE + "雨".encode("utf-16-le"), "", "雨", "UTF-16-LE, by its byte order mark"),
        (codecs.BOM_UTF16_BE + "雨".encode("utf-16-be"), "text/html; charset=utf-8", "雨", "The server said UTF-8"),
        (
            html("雨", "utf-8", "shift_jis"),
            "text/html; charset=utf-8",
            meta("shift_jis") + "雨",
            "The page says Shift_JIS",
        ),
        (b"caf\xe9", "text/html; charset=utf-8", "caf�", "1 places could not be read as UTF-8 and stand as �"),
        (html("é", "cp1252", "utf-8"), "", meta("utf-8") + "�", "1 places could not be read as UTF-8"),
        (html("é", "utf-8", "iso-8859-1"), "", meta("iso-8859-1") + "Ã©", ""),
        (html("é", "utf-8", "utf-16"), "", meta("utf-16") + "é", ""),
        (b"caf\xe9", "text/html; charset=nonsense", "café", "not stated: read as windows-1252"),
        (b"+AGEAYQ-", "text/html; charset=utf-7", "+AGEAYQ-", ""),
    ],
)
def test_what_is_odd_is_read_in_the_order_of_browsers_and_told(body, content_type, text, said):
    read, notes = decoded(body, content_type, is_html=True)
    assert read == text
    assert said in " ".join(notes)
    assert bool(said) == bool(notes)


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("utf-8", JAPANESE, "UTF-8"),
        ("cp932", JAPANESE, "Shift_JIS"),
        ("euc_jp", JAPANESE, "EUC-JP"),
        ("iso2022_jp", JAPANESE, "ISO-2022-JP"),
        ("cp1252", WESTERN, "windows-1252"),
    ],
)
def test_where_nobody_says_anything_a_guess_is_made_and_told(encoding, text, name):
    assert decoded(text.encode(encoding), is_html=False) == (text, [f"Its encoding is not stated: read as {name}."])


def test_plain_ascii_needs_no_note():
    assert decoded(b"It will likely rain.", is_html=False) == ("It will likely rain.", [])


def test_a_meta_is_no_statement_outside_html_nor_in_a_comment_nor_far_down():
    body = "<meta charset=shift_jis>é".encode()
    assert decoded(body, is_html=False)[0].endswith("é")
    assert decoded(b"<!-- <meta charset=shift_jis> -->" + body[24:], is_html=True)[0].endswith("é")
    assert decoded(b" " * 1024 + body, is_html=True)[0].endswith("é")


def test_nul_is_refused():
    for body, content_type in ((b"a\0b", ""), ("雨 a".encode("utf-16-le"), "text/plain; charset=utf-8")):
        with pytest.raises(Unreadable, match="NUL"):
            decoded(body, content_type, is_html=False)


def test_signs_that_are_not_seen_are_kept():
    text = "de\xadfence \u200bﬁnal \u200flikely\u202e \u200d\u2060"
    assert decoded(text.encode(), "text/plain; charset=utf-8", is_html=False) == (text, [])


@pytest.mark.parametrize(
    "label", ["utf-7", "idna", "punycode", "rot13", "zlib", "unicode_escape", "hex", "mbcs", "", "utf-32"]
)
def test_no_codec_of_python_is_let_at_the_bytes_but_those_of_the_web(label):
    assert codec(label) is None


@pytest.mark.parametrize(
    "label", ["iso-8859-2", "iso-8859-16", "windows-1251", "KOI8-U", " ibm866 ", "cp1250", "macintosh"]
)
def test_every_codec_is_one_that_python_has(label):
    assert codecs.lookup(codec(label))
