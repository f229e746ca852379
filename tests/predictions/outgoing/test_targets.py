import pytest
from hypothesis import given
from hypothesis import strategies as st

from predictions.outgoing.answers import Refused
from predictions.outgoing.targets import read_target

REFUSED = {
    "nothing": ("", "Give an address"),
    "too long": ("http://example.com/" + "a" * 2000, "at most 2,000"),
    "no scheme": ("example.com", "begin with http"),
    "a file": ("file:///etc/passwd", "begin with http"),
    "ftp": ("ftp://example.com/", "begin with http"),
    "gopher": ("gopher://example.com/", "begin with http"),
    "data": ("data:text/html,x", "begin with http"),
    "javascript": ("javascript:alert(1)", "begin with http"),
    "no host": ("http:///path", "names no machine"),
    "a user": ("http://user@example.com/", "user name or password"),
    "a user and password": ("http://user:secret@example.com/", "user name or password"),
    "an empty user": ("http://@example.com/", "user name or password"),
    "a host that looks like a user": ("http://example.com@127.0.0.1/", "user name or password"),
    "a backslash": ("http://example.com\\@127.0.0.1/", "backslash"),
    "a blank": ("http://exam ple.com/", "blank"),
    "a line end": ("http://example.com/\r\nHost: inside", "blank"),
    "NUL": ("http://example.com/\0", "not an address"),
    "decimal": ("http://2130706433/", "odd spelling"),
    "octal": ("http://0177.0.0.1/", "not an address"),
    "octal, whole": ("http://017700000001/", "odd spelling"),
    "hexadecimal": ("http://0x7f000001/", "odd spelling"),
    "hexadecimal parts": ("http://0x7f.0x0.0x0.0x1/", "odd spelling"),
    "short": ("http://127.1/", "odd spelling"),
    "a number at the end": ("http://example.1/", "odd spelling"),
    "too large": ("http://256.1.1.1/", "not an address"),
    "full-width digits": ("http://１２７.0.0.1/", "not an address"),
    "circled digits": ("http://①②⑦.0.0.1/", "not an address"),
    "full-width dots": ("http://127。0。0。1/", "odd spelling"),
    "an escaped dot": ("http://127%2E0%2E0%2E1/", "names no machine"),
    "a bad port": ("http://example.com:http/", "not an address"),
    "a port too large": ("http://example.com:99999/", "names no port"),
    "port nought": ("http://example.com:0/", "names no port"),
    "half an IPv6 address": ("http://[::1/", "not an address"),
    "an interface": ("http://[fe80::1%25eth0]/", "names no machine"),
    "a long label": (f"http://{'a' * 64}.com/", "names no machine"),
    "only dots": ("http://../", "names no machine"),
    "an emoji": ("http://💩.example/", "not an address"),
}


@pytest.mark.parametrize(("address", "why"), REFUSED.values(), ids=REFUSED.keys())
def test_an_address_that_is_odd_is_refused(address, why):
    with pytest.raises(Refused, match=why):
        read_target(address)


@pytest.mark.parametrize(
    ("address", "host", "port", "path", "kept"),
    [
        ("http://example.com", "example.com", 80, b"/", "http://example.com"),
        (" https://Example.COM/A?b=c ", "example.com", 443, b"/A?b=c", "https://example.com/A?b=c"),
        ("https://example.com/a#part", "example.com", 443, b"/a", "https://example.com/a"),
        ("https://example.com./a", "example.com", 443, b"/a", "https://example.com/a"),
        ("http://example.com:443/", "example.com", 443, b"/", "http://example.com:443/"),
        ("http://bücher.example/ü", "xn--bcher-kva.example", 80, b"/%C3%BC", "http://xn--bcher-kva.example/%C3%BC"),
        ("http://日本語.jp/", "xn--wgv71a119e.jp", 80, b"/", "http://xn--wgv71a119e.jp/"),
        ("http://93.184.216.34/", "93.184.216.34", 80, b"/", "http://93.184.216.34/"),
        ("http://[2606:4700::1111]/", "2606:4700::1111", 80, b"/", "http://[2606:4700::1111]/"),
    ],
)
def test_a_plain_address_is_read_into_what_is_dialled_and_asked_for(address, host, port, path, kept):
    target = read_target(address)
    assert (target.host, target.port, target.path, target.address) == (host, port, path, kept)


def test_where_a_server_sends_us_is_read_beside_the_address_that_sent_us():
    assert read_target("../c?d#e", base="https://example.com/a/b").address == "https://example.com/c?d"
    assert read_target("//other.example/x", base="https://example.com/").host == "other.example"
    with pytest.raises(Refused, match="begin with http"):
        read_target("file:///etc/passwd", base="https://example.com/")


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_an_address(text):
    for address in (text, f"http://{text}/", f"http://example.com:{text}", f"http://example.com/{text}"):
        try:
            target = read_target(address)
        except Refused:
            continue
        assert target.host.isascii()
        assert b"\r" not in target.path
        assert b"\n" not in target.path
        assert read_target(target.address) == target
