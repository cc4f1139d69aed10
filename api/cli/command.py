"""What every command has: ``--json``, and what it works with."""

import inspect
import os
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Annotated, TypeVar

from typer import Context, Option, Typer

from api.cli.output import Output
from api.names import TOKEN_FILE
from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput

# What reads settings and talks to servers is imported by what needs it: `--help` needs neither.
if TYPE_CHECKING:
    from api.cli.server import Server, Shown
    from brain.settings import Settings

Function = TypeVar("Function", bound=Callable[..., None])
JsonOption = Annotated[
    bool, Option("--json", help="Write JSON for a program instead of text for a person.")
]


class Desk:
    """What a command works with. Settings and server are looked up only when asked for."""

    def __init__(self, output: Output | None = None) -> None:
        self.output = output or Output()
        self.debug = False
        self._settings: Settings | None = None

    @property
    def settings(self) -> "Settings":
        """The ``GATEWRIGHT_*`` settings."""
        from brain.settings import load_settings

        if self._settings is None:
            self._settings = load_settings()
        return self._settings

    def server(self) -> "Server":
        """The server that ``GATEWRIGHT_URL`` names, or the one on this machine."""
        from api.cli.server import Server

        url = os.environ.get("GATEWRIGHT_URL", "")
        token = os.environ.get("GATEWRIGHT_TOKEN", "")
        if token:
            return Server(url or self._here(), token)
        # The administrator's token is for this machine: it is not sent to wherever a URL points.
        if url:
            raise InvalidInput(
                "is not set",
                field="GATEWRIGHT_TOKEN",
                remedy=f"Set it to a token for {url}; `gatewright token create` makes one there.",
            )
        return Server(self._here(), self._own_token())

    def elsewhere(self) -> "Server | None":
        """The server that ``GATEWRIGHT_URL`` names; None: what is asked is meant for here."""
        return self.server() if os.environ.get("GATEWRIGHT_URL") else None

    def present(
        self, document: Json, shape: "type[Shown]", show: "Callable[[Shown], None]"
    ) -> None:
        """The document itself for a program; for a person, what ``show`` makes of it."""
        from api.cli.server import shaped

        if self.output.as_json:
            self.output.json(document)
        else:
            show(shaped(shape, document))

    def _here(self) -> str:
        host = self.settings.host
        host = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host  # noqa: S104 - not bound to
        return f"http://{host}:{self.settings.port}"

    def _own_token(self) -> str:
        path = self.settings.data_dir / TOKEN_FILE
        try:
            return path.read_text().strip()
        except OSError:
            raise InvalidInput(
                f"there is no token: GATEWRIGHT_TOKEN is not set and {path} cannot be read",
                remedy="Start the server once with `gatewright serve`, or set GATEWRIGHT_TOKEN.",
            ) from None


def desk(context: Context) -> Desk:
    """The desk of this run."""
    made = context.find_root().obj
    assert isinstance(made, Desk)
    return made


def command(app: Typer, name: str | None = None) -> Callable[[Function], Function]:
    """Register a function as a command of ``app`` that also takes ``--json`` after its name."""

    def register(function: Function) -> Function:
        @wraps(function)
        def run(context: Context, *, as_json: bool, **given: object) -> None:
            if as_json:
                desk(context).output.as_json = True
            function(context, **given)

        signature = inspect.signature(function)
        option = inspect.Parameter(
            "as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=JsonOption
        )
        parameters = [*signature.parameters.values(), option]
        # Typer reads what a command takes from its signature and its annotations.
        run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {**function.__annotations__, "as_json": JsonOption}
        app.command(name)(run)
        return function

    return register
