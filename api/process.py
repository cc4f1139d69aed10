"""One process with everything in it: console, API, ACS and the work on changes."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog
from pydantic import SecretStr

from api.app import create_app
from api.console.oidc import CALLBACK
from api.console.pages import add_console, entrance_of, office_of
from api.devices_door import devices_served
from api.door import Door
from api.local import first_token
from api.logs import configure_logs
from api.oidc import OidcOptions, Provider
from api.serving import Listener, serve
from api.sessions import Clocks
from api.token_keeping import Lifetimes
from brain.agents_door import agents_served
from brain.domain.errors import InvalidInput
from brain.ids import utc_now
from brain.keys import Keys
from brain.settings import Settings
from brain.wiring import opened
from executors.acs.acs import Acs

log = structlog.get_logger("gatewright.process")


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What a person who started it needs to know."""

    settings: Settings
    new_token: Path | None
    """Where the administrator's token was written, at the very first start."""


async def run(settings: Settings, *, ready: Callable[[Started], None]) -> None:
    """Open everything, listen, and close everything when a signal ends it.

    Raises what ``brain.wiring.opened`` and ``serve`` raise.
    """
    configure_logs(
        level=settings.log_level,
        known_secrets=_secrets(settings),
        for_people=sys.stderr.isatty(),
    )
    os.umask(0o077)  # whatever is written from here on is this user's alone
    async with opened(settings) as gatewright:
        if settings.stun_address:
            await _listen_for_bindings(gatewright.acs, settings)
        made = await first_token(gatewright.store, gatewright.audit, settings)
        started = Started(settings=settings, new_token=made)
        app = create_app(gatewright, _door(settings))
        app.state.metrics.watch(gatewright.acs, gatewright.usp)
        office = office_of(app)
        add_console(
            app,
            office,
            entrance_of(office),
            cookie_secret=gatewright.keys.session_secret,
            folder=settings.data_dir / "console",
        )
        listeners = [
            Listener(
                app=app,
                host=settings.host,
                port=settings.port,
                setting="--port",
                options={"forwarded_allow_ips": list(settings.trusted_proxies)},
            ),
        ]
        async with (
            agents_served(gatewright.usp, settings),
            devices_served(gatewright.acs.app, settings) as for_devices,
        ):
            await serve([*listeners, *for_devices], ready=lambda: _ready(started, ready))
    log.info("stopped")


async def _listen_for_bindings(acs: Acs, settings: Settings) -> None:
    try:
        await acs.listen(settings.acs_host, settings.stun_port)
    except OSError as error:
        raise InvalidInput(
            f"cannot be listened on ({error.strerror})",
            field="GATEWRIGHT_STUN_PORT",
            remedy="Stop what uses it, or name another port.",
        ) from None


def _door(settings: Settings) -> Door:
    return Door(
        provider=_provider(settings),
        public_url=settings.public_url,
        clocks=Clocks(idle=settings.session_idle, most=settings.session_ttl),
        password_least=settings.password_min_length,
        lifetimes=Lifetimes(usual=settings.token_ttl, most=settings.token_ttl_max),
    )


def _provider(settings: Settings) -> Provider | None:
    if not settings.oidc_issuer:
        return None
    options = OidcOptions(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        redirect_uri=f"{settings.public_url}{CALLBACK}",
        groups_claim=settings.oidc_groups_claim,
        scopes=settings.oidc_scopes,
        name=settings.oidc_name,
    )
    return Provider(options, utc_now)


def _ready(started: Started, ready: Callable[[Started], None]) -> None:
    settings = started.settings
    log.info("listening", port=settings.port, acs_port=settings.acs_port)
    ready(started)


def _secrets(settings: Settings) -> Iterator[str]:
    """Everything secret that this process knows, so that no log line ever holds it."""
    keys = Keys.open(settings.data_dir)
    yield from (keys.session_secret, keys.acs_password, keys.store_encryption.hex())
    yield os.environ.get("OPENAI_API_KEY", "")
    for _, value in settings:
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
