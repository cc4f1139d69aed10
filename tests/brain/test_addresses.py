"""A webhook is not a way to make this server call itself, its link or a cloud's credentials."""

import asyncio
import socket

import pytest

from brain.addresses import Addresses
from brain.domain.errors import InvalidInput


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.net",
        "http://example.net/",
        "ftp://example.net/",
        "file:///etc/passwd",
        "https://",
        "https://user:pass@example.net/",
        "https://example.net/#part",
        "https://example.net:0/",
        "https://example.net:port/",
        "https://example.net/a b",
        "https://example.net/a\r\nHost: other",
        "https://example.net/" + "x" * 2000,
        "https://[::1",
        "https://127.0.0.1/",
        "https://127.9.9.9/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://0.0.0.0/",
        "https://[::]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://[::ffff:169.254.169.254]/",
        "https://100.100.100.200/",
        "https://224.0.0.1/",
        "https://255.255.255.255/",
    ],
)
def test_what_may_not_be_called_is_refused_at_once(url: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Addresses().check(url)

    assert refused.value.field == "url"


@pytest.mark.parametrize(
    "url",
    ["https://tickets.example.net/hook?key=1", "https://10.1.2.3:8443/", "https://[fd12::1]/"],
)
def test_servers_of_the_operator_may_be_called(url: str) -> None:
    assert Addresses().check(url).scheme == "https"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost/", "https://[::1]/"])
async def test_for_trying_things_out_this_machine_may_be_called(url: str) -> None:
    assert await Addresses(insecure=True).checked(url)


@pytest.mark.parametrize("url", ["http://169.254.169.254/", "ftp://127.0.0.1/", "http://0.0.0.0/"])
def test_even_then_nothing_else_is_let_through(url: str) -> None:
    with pytest.raises(InvalidInput):
        Addresses(insecure=True).check(url)


def _leads_to(*numbers: str) -> object:
    async def lookup(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 443)) for each in numbers]

    return lookup


@pytest.mark.parametrize(
    "numbers", [("127.0.0.1",), ("192.0.2.1", "169.254.169.254"), ("0.0.0.0",), ("10.0.0.1", "::1")]
)
async def test_a_name_that_leads_there_is_refused_too(
    monkeypatch: pytest.MonkeyPatch, numbers: tuple[str, ...]
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _leads_to(*numbers))

    with pytest.raises(InvalidInput, match="leads to this machine"):
        await Addresses().checked("https://harmless.example.net/")


async def test_the_number_that_was_checked_is_the_one_to_call(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", _leads_to("10.0.0.1"))

    assert await Addresses().checked("https://tickets.example.net/") == "10.0.0.1"


async def test_a_name_that_leads_nowhere_is_said_to() -> None:
    with pytest.raises(InvalidInput, match="leads nowhere"):
        await Addresses().checked("https://no-such-name.invalid/")
