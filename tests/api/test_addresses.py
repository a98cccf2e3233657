"""Addresses as they come over the wire: of one user, in a network, with a scope, written as IPv6."""

import pytest

from api.addresses import block_of, within


@pytest.mark.parametrize(
    ("address", "block"),
    [("fe80::1%eth0", "fe80::/64"), ("fe80::2%eth1", "fe80::/64"), ("::ffff:192.0.2.1", "192.0.2.1"), ("", "")],
)
def test_what_counts_as_one_address(address: str, block: str) -> None:
    assert block_of(address) == block


@pytest.mark.parametrize(
    ("address", "inside"),
    [("::ffff:10.1.2.3", True), ("fe80::1%eth0", True), ("::ffff:10.2.0.1", False), ("a socket", False)],
)
def test_an_address_lies_in_a_network_however_it_is_written(address: str, inside: bool) -> None:
    assert within(address, ["10.1.0.0/16", "fe80::/64"]) is inside
