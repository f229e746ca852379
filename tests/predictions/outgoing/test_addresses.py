import pytest

from predictions.outgoing.addresses import why_inside

INSIDE = {
    "this host": "0.0.0.0",
    "this host, another spelling": "0.1.2.3",
    "loopback": "127.0.0.1",
    "all of loopback": "127.255.255.254",
    "private, ten": "10.0.0.1",
    "private, the end of ten": "10.255.255.255",
    "private, twelve bits": "172.16.0.1",
    "private, the end of twelve bits": "172.31.255.255",
    "private, sixteen bits": "192.168.1.1",
    "shared by a provider": "100.64.0.1",
    "shared by a provider, the end": "100.127.255.255",
    "Alibaba's metadata": "100.100.100.200",
    "link-local": "169.254.0.1",
    "metadata of clouds": "169.254.169.254",
    "Azure's platform": "168.63.129.16",
    "protocols": "192.0.0.1",
    "Oracle's metadata": "192.0.0.192",
    "examples, one": "192.0.2.1",
    "examples, two": "198.51.100.1",
    "examples, three": "203.0.113.1",
    "6to4 relays": "192.88.99.1",
    "a test network": "198.18.0.1",
    "a test network, the end": "198.19.255.255",
    "multicast": "224.0.0.1",
    "multicast, the end": "239.255.255.255",
    "kept for the future": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "IPv6 unspecified": "::",
    "IPv6 loopback": "::1",
    "IPv4-compatible": "::127.0.0.1",
    "IPv4-compatible and public": "::8.8.8.8",
    "IPv4-mapped loopback": "::ffff:127.0.0.1",
    "IPv4-mapped private": "::ffff:10.0.0.1",
    "IPv4-mapped, in hexadecimal": "::ffff:a9fe:a9fe",
    "IPv4-mapped Azure": "::ffff:168.63.129.16",
    "IPv4-translated": "::ffff:0:127.0.0.1",
    "NAT64 of loopback": "64:ff9b::7f00:1",
    "NAT64 of metadata": "64:ff9b::169.254.169.254",
    "NAT64, local": "64:ff9b:1::1",
    "6to4 of loopback": "2002:7f00:1::",
    "6to4 of a public address": "2002:808:808::1",
    "Teredo": "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "ORCHID": "2001:20::1",
    "benchmarking": "2001:2::1",
    "IPv6 examples": "2001:db8::1",
    "IPv6 examples, the new": "3fff::1",
    "discard only": "100::1",
    "segment routing": "5f00::1",
    "unique local": "fc00::1",
    "AWS metadata": "fd00:ec2::254",
    "IPv6 link-local": "fe80::1",
    "IPv6 link-local on an interface": "fe80::1%eth0",
    "site-local, given up": "fec0::1",
    "IPv6 multicast": "ff02::1",
    "given to nobody": "4000::1",
    "a public address on an interface": "2606:4700::1111%eth0",
}
PUBLIC = ["8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "168.63.129.15"]
PUBLIC += ["223.255.255.255", "198.17.255.255", "2606:4700::1111", "2001:4860:4860::8888", "2001:200::1"]
PUBLIC += ["64:ff9b::8.8.8.8", "::ffff:8.8.8.8", "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.1"]


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE.keys())
def test_no_fetch_goes_inside(address):
    assert why_inside(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_open_up_to_the_edge_of_every_block(address):
    assert why_inside(address) is None


@pytest.mark.parametrize(
    "address", ["", "localhost", "127.1", "0x7f000001", "2130706433", "0177.0.0.1", "１２７.0.0.1"]
)
def test_what_is_no_ip_address_is_not_judged(address):
    with pytest.raises(ValueError, match="does not appear to be an IPv4 or IPv6 address"):
        why_inside(address)
