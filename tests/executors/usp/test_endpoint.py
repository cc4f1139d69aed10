"""Endpoint ids are read strictly, and say whose device may bear them."""

import pytest

from executors.usp.admission import by_certificate
from executors.usp.endpoint import endpoint_id
from executors.usp.errors import NotAdmitted, UspError


@pytest.mark.parametrize(
    "text",
    [
        "oui:00256D:my-id-42",
        "pen:3561:my-id-42",
        "self::agent",
        "user:ab12:agent",
        "os::00256D-0123456789",
        "ops::00256D-STB-0123456789",
        "uuid::f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "imei::990000862471854",
        "fqdn::www.example.org",
    ],
)
def test_every_scheme_of_the_standard_is_known(text: str) -> None:
    assert endpoint_id(text).text == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "os",
        "os:",
        "os::",
        "os:x:1",
        "oui:00:a",
        "new::a",
        "os::a b",
        "os::a\n",
        "os::%2",
        "x" * 300,
    ],
)
def test_what_is_no_endpoint_id_is_refused(text: str) -> None:
    with pytest.raises(UspError):
        endpoint_id(text)


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("os::001122-S1", True),
        ("os::001122-S2", False),
        ("os::001123-S1", False),
        ("ops::001122-Box-S1", True),
        ("ops::001122-Bax-S1", False),
        ("uuid::f81d4fae", True),
    ],
)
def test_an_endpoint_id_that_names_a_device_fits_that_device_alone(text: str, fits: bool) -> None:
    assert endpoint_id(text).may_be("001122", "Box", "S1") is fits


def test_parts_that_hold_a_hyphen_are_percent_encoded() -> None:
    assert endpoint_id("ops::001122-Box%2D5-S%2D1").may_be("001122", "Box-5", "S-1")


def test_a_certificate_for_a_domain_names_an_fqdn_endpoint() -> None:
    certificate = {"subjectAltName": (("DNS", "gw.example"),)}

    assert by_certificate(certificate, "").text == "fqdn::gw.example"
    assert by_certificate(certificate, "fqdn::gw.example").text == "fqdn::gw.example"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((), "os::001122-S1"),
        ((("URI", "urn:bbf:usp:id:proto::a"),), ""),
        ((("URI", "urn:bbf:usp:id:self::a"), ("URI", "urn:bbf:usp:id:self::b")), ""),
        ((("URI", "https://example"),), ""),
    ],
)
def test_a_certificate_that_proves_no_endpoint_admits_nobody(names: object, said: str) -> None:
    with pytest.raises(NotAdmitted):
        by_certificate({"subjectAltName": names}, said)
