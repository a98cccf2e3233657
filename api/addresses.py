"""Network addresses: what counts as one caller's, and whether one lies in a network."""

import ipaddress


def block_of(address: str) -> str:
    """What counts as one address: an IPv4 address, or the /64 network that one IPv6 user has.

    >>> block_of("2001:db8::1:2"), block_of("::ffff:10.0.0.1"), block_of("10.0.0.1"), block_of("a socket")
    ('2001:db8::/64', '10.0.0.1', '10.0.0.1', 'a socket')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def within(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; no network named = from anywhere.

    >>> within("10.1.2.3", ["10.1.0.0/16"]), within("10.2.0.1", ["10.1.0.0/16"]), within("10.2.0.1", [])
    (True, False, True)
    """
    if not networks:
        return True
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    plain = getattr(found, "ipv4_mapped", None) or found
    return any(plain in ipaddress.ip_network(each) for each in networks)
