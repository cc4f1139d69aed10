"""A resolver that does not answer is replaced by one of the operator's that is not in use."""

from typing import TYPE_CHECKING

from brain.domain.incident import Symptom
from brain.domain.proposal import Cause
from brain.planner.causes.wrong_dns import resolvers, wrong_dns

if TYPE_CHECKING:
    from tests.brain.planner.conftest import ObservedOf

ONE = "Device.DNS.Client.Server.1."
TWO = "Device.DNS.Client.Server.2."
POOL = "Device.DHCPv4.Server.Pool.1."
NAMES = Symptom.SITES_DO_NOT_OPEN


def test_a_failing_resolver_is_replaced(observed_of: "ObservedOf") -> None:
    failing = {ONE + "DNSServer": "203.0.113.9", ONE + "Status": "Error"}

    (found,) = wrong_dns(observed_of(failing, symptom=NAMES))

    assert found.finding.cause is Cause.WRONG_DNS
    assert [(c.path, c.before, c.after) for c in found.changes] == [
        (ONE + "DNSServer", "203.0.113.9", "9.9.9.9")
    ]
    assert {i.path for i in found.finding.evidence if i.guard} == {ONE + "Enable"}


def test_one_that_is_in_use_already_is_not_set_twice(observed_of: "ObservedOf") -> None:
    both = {
        ONE + "DNSServer": "9.9.9.9",
        TWO + "Enable": "true",
        TWO + "DNSServer": "203.0.113.9",
        TWO + "Status": "Error",
    }

    (found,) = wrong_dns(observed_of(both, symptom=NAMES))

    assert [(c.path, c.after) for c in found.changes] == [(TWO + "DNSServer", "149.112.112.112")]


def test_two_failing_resolvers_get_two_different_ones(observed_of: "ObservedOf") -> None:
    both = {
        ONE + "DNSServer": "203.0.113.8",
        ONE + "Status": "Error",
        TWO + "DNSServer": "203.0.113.9",
        TWO + "Status": "Error",
    }

    (found,) = wrong_dns(observed_of(both, symptom=NAMES))

    assert [c.after for c in found.changes] == ["9.9.9.9", "149.112.112.112"]


def test_a_foreign_resolver_is_wrong_only_when_names_fail(observed_of: "ObservedOf") -> None:
    foreign = {ONE + "DNSServer": "203.0.113.9"}

    assert wrong_dns(observed_of(foreign, symptom=NAMES))[0].finding.confidence == 0.6
    assert wrong_dns(observed_of(foreign, symptom=Symptom.SLOW_WIFI)) == []


def test_a_resolver_that_the_network_gave_is_handed_over(observed_of: "ObservedOf") -> None:
    given = {ONE + "DNSServer": "203.0.113.9", ONE + "Status": "Error", ONE + "Type": "DHCPv4"}

    (found,) = wrong_dns(observed_of(given, symptom=NAMES))

    assert found.changes == ()
    assert "203.0.113.9" in found.hand_over


def test_a_resolver_that_cannot_be_written_is_handed_over(observed_of: "ObservedOf") -> None:
    failing = {ONE + "DNSServer": "203.0.113.9", ONE + "Status": "Error"}

    (found,) = wrong_dns(observed_of(failing, symptom=NAMES, locked=[ONE + "DNSServer"]))

    assert found.changes == ()


def test_a_row_that_is_switched_off_is_not_looked_at(observed_of: "ObservedOf") -> None:
    off = {ONE + "Enable": "false", ONE + "Status": "Error"}

    assert resolvers(observed_of(off).snapshot) == ()
    assert wrong_dns(observed_of(off, symptom=NAMES)) == []


def test_hosts_that_are_sent_to_a_foreign_resolver_are_sent_to_ours(
    observed_of: "ObservedOf",
) -> None:
    astray = {POOL + "DNSServers": "203.0.113.9", POOL + "Enable": "true"}

    (found,) = wrong_dns(observed_of(astray, symptom=NAMES))

    assert [(c.path, c.after) for c in found.changes] == [
        (POOL + "DNSServers", "9.9.9.9,149.112.112.112")
    ]


def test_hosts_that_ask_the_device_itself_are_left_alone(observed_of: "ObservedOf") -> None:
    assert wrong_dns(observed_of({POOL + "DNSServers": "192.168.1.1"}, symptom=NAMES)) == []


def test_when_every_resolver_of_ours_is_in_use_nothing_is_offered(
    observed_of: "ObservedOf",
) -> None:
    ours = {
        ONE + "DNSServer": "9.9.9.9",
        ONE + "Status": "Error",
        TWO + "DNSServer": "149.112.112.112",
        TWO + "Status": "Error",
    }

    assert wrong_dns(observed_of(ours, symptom=NAMES)) == []
