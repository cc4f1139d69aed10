"""Agents find the controller by what DHCP and DNS tell them."""

import pytest

from brain.domain.errors import InvalidInput
from executors.usp.discovery import Discovery, is_address

FOUND = Discovery(endpoint="self::a.b", host="usp.isp.example", port=8183)
URL = b"wss://usp.isp.example:8183/usp"


def test_dhcpv4_tells_url_and_endpoint_under_the_forums_number() -> None:
    inner = bytes([25, len(URL)]) + URL + bytes([29, 9]) + b"self::a.b"

    assert FOUND.dhcpv4() == b"\x00\x00\x0d\xe9" + bytes([len(inner)]) + inner


def test_dhcpv6_tells_the_same_with_longer_numbers() -> None:
    assert FOUND.dhcpv6() == (
        b"\x00\x00\x0d\xe9\x00\x19\x00" + bytes([len(URL)]) + URL + b"\x00\x1d\x00\x09self::a.b"
    )


def test_dns_names_the_service_by_the_endpoint_with_its_dots_escaped() -> None:
    assert FOUND.dns("isp.example") == [
        r"_usp-ctr-ws._tcp.usp.isp.example. PTR self::a\.b._usp-ctr-ws._tcp.isp.example.",
        r"self::a\.b._usp-ctr-ws._tcp.isp.example. SRV 0 1 8183 usp.isp.example.",
        r'self::a\.b._usp-ctr-ws._tcp.isp.example. TXT "path=/usp"',
    ]


def test_mdns_tells_it_in_the_home_without_a_pointer() -> None:
    assert FOUND.mdns() == [
        r"self::a\.b._usp-ctr-ws._tcp.local. SRV 0 1 8183 self::a\.b.local.",
        r'self::a\.b._usp-ctr-ws._tcp.local. TXT "path=/usp"',
    ]


@pytest.mark.parametrize("host", ["", "a b", "a..b", "-a.example", "a/b", "x" * 64, 'a"b'])
def test_a_host_that_is_none_is_refused(host: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        Discovery(endpoint="self::a", host=host, port=8183)

    assert raised.value.field == "host"


@pytest.mark.parametrize("domain", ["", "isp.example.", 'a"b'])
def test_a_domain_that_is_none_is_refused(domain: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        FOUND.dns(domain)

    assert raised.value.field == "domain"


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InvalidInput) as long_name:
        Discovery(endpoint="self::" + "x" * 58, host="a.example", port=8183)
    with pytest.raises(InvalidInput) as long_host:
        Discovery(endpoint="self::" + "x" * 57, host=".".join(["x" * 60] * 4), port=8183)

    assert long_name.value.field == "GATEWRIGHT_USP_ENDPOINT_ID"
    assert long_host.value.field == "host"


def test_an_address_is_known_from_a_name() -> None:
    assert is_address("192.0.2.7")
    assert not is_address("usp.isp.example")
