"""Where devices on TR-069 are served: by this process, or by doors in front of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager

from api.serving import Listener, not_bound
from brain.settings import Settings
from executors.acs.doors.doors import doors
from executors.acs.doors.sockets import listening
from executors.acs.server import CwmpServer


@asynccontextmanager
async def devices_served(app: CwmpServer, settings: Settings) -> AsyncIterator[Sequence[Listener]]:
    """Gives what this process is to listen on itself: nothing, where doors do.

    Raises Conflict where the port is taken, and InvalidInput as ``doors`` does.
    """
    listener = Listener(
        app=app,
        host=settings.acs_host,
        port=settings.acs_port,
        setting="--acs-port",
        options=app.options,
    )
    if not settings.acs_doors:
        yield [listener]
        return
    with ExitStack() as bound:
        try:
            sockets = bound.enter_context(
                listening(listener.host, listener.port, settings.acs_doors)
            )
        except OSError as error:
            raise not_bound(listener, error) from None
        async with doors(app, sockets):
            yield []
