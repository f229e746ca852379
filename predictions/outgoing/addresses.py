"""Which addresses of the network a fetch may reach: an explicit table, after the registries of IANA.

The properties of the standard library are not asked: `is_private` misses shared address space, `is_global` holds
for addresses that carry an inner one in disguise. Every row says why, in words for the person who asked.

Sources: IANA IPv4 and IPv6 Special-Purpose Address Registries, IPv4 Multicast and IPv6 Global Unicast Address
Assignments; RFC 6890, 6052, 8215, 3056, 4380, 9637; Azure's documentation of 168.63.129.16.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_INSIDE = {
    "0.0.0.0/8": "this machine",
    "10.0.0.0/8": "a private network",
    "100.64.0.0/10": "a provider's shared network",
    "127.0.0.0/8": "this machine",
    "168.63.129.16/32": "a cloud's own services",
    "169.254.0.0/16": "a link-local network, where clouds keep their metadata",
    "172.16.0.0/12": "a private network",
    "192.0.0.0/24": "addresses set aside for protocols",
    "192.0.2.0/24": "addresses for examples",
    "192.31.196.0/24": "addresses set aside for protocols",
    "192.52.193.0/24": "addresses set aside for protocols",
    "192.88.99.0/24": "relays between kinds of address",
    "192.168.0.0/16": "a private network",
    "192.175.48.0/24": "addresses set aside for protocols",
    "198.18.0.0/15": "a test network",
    "198.51.100.0/24": "addresses for examples",
    "203.0.113.0/24": "addresses for examples",
    "224.0.0.0/4": "many machines at once",
    "240.0.0.0/4": "addresses kept for the future",
    "::/128": "this machine",
    "::1/128": "this machine",
    "::/96": "an old spelling of another address",
    "::ffff:0:0:0/96": "another address in disguise",
    "64:ff9b:1::/48": "another address in disguise",
    "100::/64": "addresses that lead nowhere",
    "100:0:0:1::/64": "addresses that lead nowhere",
    "2001::/23": "addresses set aside for protocols",
    "2001:db8::/32": "addresses for examples",
    "2002::/16": "another address in disguise",
    "2620:4f:8000::/48": "addresses set aside for protocols",
    "3fff::/20": "addresses for examples",
    "5f00::/16": "addresses set aside for protocols",
    "fc00::/7": "a private network",
    "fe80::/10": "a link-local network",
    "fec0::/10": "a private network",
    "ff00::/8": "many machines at once",
}
_TABLE: list[tuple[IPv4Network | IPv6Network, str]] = [(ip_network(block), why) for block, why in _INSIDE.items()]
# The one part of IPv6 from which public addresses are given out.
_PUBLIC_SIX = IPv6Network("2000::/3")
# These two carry an IPv4 address in their last 32 bits and are lawfully used for public ones.
_WRAPPERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


def why_inside(address: str) -> str | None:
    """Where `address`, a plain IP address, lies if a fetch must not go there; None if it is public.

    Raises ValueError for anything but an IP address.
    """
    return _why_inside(ip_address(address))


def _why_inside(address: Address) -> str | None:
    if isinstance(address, IPv6Address):
        if address.scope_id is not None:
            return "one interface of this machine"
        if any(address in wrapper for wrapper in _WRAPPERS):
            return _why_inside(IPv4Address(int(address) & 0xFFFFFFFF))
    for block, why in _TABLE:
        if block.version == address.version and address in block:
            return why
    if isinstance(address, IPv6Address) and address not in _PUBLIC_SIX:
        return "addresses that nobody was given"
    return None
