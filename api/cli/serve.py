"""``gatewright serve``: everything in one process."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Context, Option

from api.cli.command import desk
from api.cli.output import Output
from api.local import first_lifetime
from api.names import TOKEN_FILE
from brain.domain.errors import InvalidInput
from brain.garbage import settle
from brain.keys import FOLDER
from brain.settings import Settings, load_settings

if TYPE_CHECKING:
    from api.process import Started


class Role(StrEnum):
    """Which parts of the work a process does."""

    ALL = "all"


def serve(
    context: Context,
    host: Annotated[
        str, Option(help="Address of console and API; default: GATEWRIGHT_HOST or 127.0.0.1.")
    ] = "",
    port: Annotated[
        int | None, Option(min=1, max=65535, help="Default: GATEWRIGHT_PORT or 8080.")
    ] = None,
    acs_port: Annotated[
        int | None,
        Option(min=1, max=65535, help="Where devices call; default: GATEWRIGHT_ACS_PORT or 7547."),
    ] = None,
    role: Annotated[Role, Option(help="What this process does.")] = Role.ALL,
) -> None:
    """Run console, API and ACS until Ctrl+C."""
    given = {"host": host or None, "port": port, "acs_port": acs_port}
    settings = load_settings(**{name: value for name, value in given.items() if value is not None})
    _own(settings.data_dir)
    output = desk(context).output
    # Here, since they load every adapter, and no other command needs them.
    import uvloop

    from api.process import run

    assert role is Role.ALL  # the only one so far
    # Half the processor time for a connection, which in a storm is most of the work.
    uvloop.run(run(settings, ready=lambda started: _ready(output, started)))


def _ready(output: Output, started: "Started") -> None:
    settle()
    _say(output, started)


def _own(data_dir: Path) -> None:
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"{data_dir} cannot be made ({error.strerror})",
            field="GATEWRIGHT_DATA_DIR",
            remedy="Set it to a folder that you may write to.",
        ) from None


def _say(output: Output, started: "Started") -> None:
    settings = started.settings
    token = settings.data_dir / TOKEN_FILE
    password = settings.data_dir / FOLDER / "acs.password"
    facts = [
        ("Console and API", f"http://{settings.host}:{settings.port} (API description: /docs)"),
        ("ACS for devices", acs_address(settings.acs_host, settings.acs_port)),
        *([("Doors in front of it", str(settings.acs_doors))] if settings.acs_doors else []),
        ("Devices log in as", settings.acs_username),
        ("Their password", password),
        ("Data", settings.data_dir),
        ("Your token", f"{token}{_made(settings) if started.new_token else ''}"),
    ]
    if output.as_json:
        output.json_line({name.lower().replace(" ", "_"): str(value) for name, value in facts})
        return
    output.say("Gatewright is ready. Ctrl+C ends it.", style="bold green")
    output.facts(facts)
    output.hint("Next, in another terminal: gatewright device list")


def acs_address(host: str, port: int) -> str:
    """What devices are to be told. Nobody can call 0.0.0.0: it stands for all that there are."""
    if host in ("0.0.0.0", "::", ""):  # noqa: S104 - read, not bound to
        return f"http://THIS-HOST:{port}/ (any address of this machine that devices reach)"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def _made(settings: Settings) -> str:
    days = first_lifetime(settings).days
    return f" (made just now, good for {days} days; another one: gatewright token admin)"
