"""``gatewright usp``: what agents and those who provision them need to know of our controller."""

from typing import Annotated

from typer import Context, Option, Typer

from api.cli.command import command, desk
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
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
