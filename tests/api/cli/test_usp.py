"""What lets agents find the controller, printed for those who run DHCP and DNS."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell

ON = {"GATEWRIGHT_USP": "true", "GATEWRIGHT_USP_INSECURE": "true"}


async def test_discovery_tells_where_agents_connect(terminal: "Shell") -> None:
    ran = await terminal.run("usp", "discovery", "--host", "usp.isp.example", "--json", **ON)

    assert ran.code == 0
    assert ran.document["url"] == "ws://usp.isp.example:8183/usp"
    assert bytes.fromhex(ran.document["dhcpv4_option_125"]).startswith(b"\x00\x00\x0d\xe9")
    assert ran.document["dns_sd"][1].endswith(
        "_usp-ctr-ws._tcp.isp.example. SRV 0 1 8183 usp.isp.example."
    )


async def test_an_address_has_no_service_in_dns(terminal: "Shell") -> None:
    ran = await terminal.run("usp", "discovery", "--host", "192.0.2.7", **ON)

    assert ran.code == 0
    assert "url\tws://192.0.2.7:8183/usp\n" in ran.out
    assert "dns_sd" not in ran.out


async def test_there_is_nothing_to_find_while_usp_is_off(terminal: "Shell") -> None:
    ran = await terminal.run("usp", "discovery", "--host", "usp.isp.example")

    assert ran.code != 0
    assert ran.out == ""
    assert "GATEWRIGHT_USP" in ran.err


async def test_the_access_list_is_printed_for_the_topics_that_are_set(terminal: "Shell") -> None:
    on = ON | {"GATEWRIGHT_USP_MQTT_USER": "gatewright", "GATEWRIGHT_USP_MQTT_TOPIC": "isp/usp"}
    ran = await terminal.run("usp", "acl", **on)
    named = await terminal.run("usp", "acl", "os::001122-S1", **on)

    assert ran.out.startswith("user gatewright\ntopic read isp/usp/controller/#\n")
    assert "pattern read isp/usp/agent/%u/#\n" in ran.out
    assert "user os::001122-S1\n" in named.out
    assert "pattern" not in named.out


async def test_without_a_user_of_our_own_there_is_no_access_list(terminal: "Shell") -> None:
    ran = await terminal.run("usp", "acl", **ON)

    assert ran.code != 0
    assert ran.out == ""
    assert "GATEWRIGHT_USP_MQTT_USER" in ran.err


async def test_for_rabbitmq_it_is_commands_that_name_each_agent(terminal: "Shell") -> None:
    on = ON | {"GATEWRIGHT_USP_STOMP_USER": "gatewright", "GATEWRIGHT_USP_STOMP_TOPIC": "isp.usp"}
    ran = await terminal.run("usp", "acl", "--broker", "rabbitmq", "fqdn::a.example", **on)
    nobody = await terminal.run("usp", "acl", "--broker", "rabbitmq", **on)

    assert [line.split()[1:5] for line in ran.out.splitlines()] == [
        ["set_permissions", "-p", "/", "gatewright"],
        ["set_topic_permissions", "-p", "/", "gatewright"],
        ["set_permissions", "-p", "/", "fqdn::a.example"],
        ["set_topic_permissions", "-p", "/", "fqdn::a.example"],
    ]
    assert r"'^isp\.usp\.agent\.fqdn::a\.example$'" in ran.out
    assert nobody.code != 0
    assert nobody.out == ""
    assert "endpoint" in nobody.err
