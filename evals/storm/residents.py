"""The homes that an agent reads while the storm is on: virtual homes, at the same door.

Prints their ids in one line once each of them has been there, and runs until a signal ends it.
"""

import asyncio
import signal
import sys

from brain.ids import utc_now
from evals.homes.fleet import build_fleet
from evals.homes.running import Line, running_fleet
from evals.storm.server import PASSWORD, USERNAME, WAKE

HOMES = 8


async def live(url: str) -> None:
    """Have some healthy homes come, wait to be woken, and answer."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    # The first of a fleet are the cast, each with a trouble of its own.
    homes = [each.home for each in build_fleet(40, seed=1, clock=utc_now) if each.role is None]
    line = Line(
        acs_url=url,
        username=USERNAME,
        password=PASSWORD,
        wake_username=USERNAME,
        wake_password=WAKE,
    )
    async with running_fleet(homes[:HOMES], line) as fleet:
        await fleet.until_up()
        print(*(client.home.id for client in fleet.clients), flush=True)  # noqa: T201
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(live(sys.argv[1]))
