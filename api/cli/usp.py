"""``gatewright usp``: what agents and those who provision them need to know of our controller."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Context, Option, Typer

from api.cli.command import command, desk
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from executors.usp.access_list import access_list
from executors.usp.discovery import Discovery, is_address

app = Typer(no_args_is_help=True)


@command(app, "discovery")
def discovery(
    context: Context,
    host: Annotated[str, Option(help="The name or IPv4 address that agents reach us by.")],
    domain: Annotated[
        str, Option(help="The DNS domain that services are told in; empty: the host's own.")
    ] = "",
) -> None:
    """Print what lets agents find this controller: DHCP options, DNS and mDNS records.

    WebSocket alone: agents on a broker are provisioned with topics of their own.
    """
    at = desk(context)
    if not at.settings.usp:
        raise InvalidInput("USP is off", field="GATEWRIGHT_USP", remedy="Set it to true.")
    found = Discovery(
        endpoint=at.settings.usp_endpoint_id,
        host=host,
        port=at.settings.usp_port,
        secure=not at.settings.usp_insecure,
    )
    document: dict[str, Json] = {
        "url": found.url,
        "dhcpv4_option_125": found.dhcpv4().hex(),
        "dhcpv6_option_17": found.dhcpv6().hex(),
        "dns_sd": [] if is_address(host) else [*found.dns(domain or host.partition(".")[2])],
        "mdns": [*found.mdns()],
    }
    if at.output.as_json:
        at.output.json(document)
        return
    for name, said in document.items():
        for line in said if isinstance(said, list) else [said]:
            at.output.raw(f"{name}\t{line}\n")


class Broker(StrEnum):
    """Whose words the access list is written in."""

    MOSQUITTO = "mosquitto"
    RABBITMQ = "rabbitmq"


@command(app, "acl")
def acl(
    context: Context,
    endpoints: Annotated[
        list[str] | None,
        Argument(help="Endpoint ids that may come; none: whoever Mosquitto lets in."),
    ] = None,
    broker: Annotated[Broker, Option(help="Which broker it is for.")] = Broker.MOSQUITTO,
) -> None:
    """Print what a broker has to be told to keep each agent to itself.

    For Mosquitto (MQTT), include it in the file that acl_file names; for RabbitMQ (STOMP), run it
    in a shell there. Each user's name at the broker is its endpoint id.
    """
    # Here, since they load what speaks USP, and no other command needs them.
    from brain.agents_door import destinations_of, topics_of
    from executors.usp.permissions import commands

    at, said = desk(context), endpoints or []
    if broker is Broker.MOSQUITTO:
        lines = [*access_list(topics_of(at.settings), at.settings.usp_mqtt_user, said)]
    else:
        lines = [
            *commands(
                destinations_of(at.settings),
                user=at.settings.usp_stomp_user,
                virtual_host=at.settings.usp_stomp_vhost,
                endpoints=said,
            )
        ]
    if at.output.as_json:
        at.output.json({"acl": [*lines]})
        return
    at.output.raw("".join(f"{line}\n" for line in lines))
