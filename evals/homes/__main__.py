"""Homes in a process of their own: ``python -m evals.homes --acs http://127.0.0.1:7547/``."""

import argparse
import asyncio
import json
import os
import signal
import sys
from pathlib import Path

from brain.ids import utc_now
from evals.homes.fleet import build_fleet
from evals.homes.inventory import inventory
from evals.homes.running import Fleet, Line, running_fleet

PASSWORD_VARIABLE = "GATEWRIGHT_ACS_PASSWORD"  # noqa: S105 - where it is, not what it is
_HINT_SECONDS = 30.0


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evals.homes", description=__doc__)
    parser.add_argument("--acs", default="http://127.0.0.1:7547/", help="URL of the ACS")
    parser.add_argument("--count", type=int, default=24, help="how many homes")
    parser.add_argument("--seed", type=int, default=1, help="equal seeds make equal homes")
    parser.add_argument("--username", default="gatewright", help="what homes authenticate with")
    parser.add_argument(
        "--password-file", type=Path, help=f"a file with the password; else {PASSWORD_VARIABLE}"
    )
    parser.add_argument(
        "--wake-username", default="", help="for connection requests; else the same"
    )
    parser.add_argument("--wake-password-file", type=Path, help="for connection requests")
    parser.add_argument("--host", default="127.0.0.1", help="where homes wait to be woken")
    parser.add_argument("--port", type=int, default=0, help="and on which port; 0 takes a free one")
    parser.add_argument(
        "--spread", type=float, default=2.0, help="seconds the first calls spread over"
    )
    parser.add_argument("--inventory", type=Path, help="write the inventory here and go on")
    parser.add_argument("--inventory-only", action="store_true", help="write it and end")
    return parser.parse_args(arguments)


def _password(file: Path | None) -> str:
    if file is not None:
        return file.read_text("utf-8").strip()
    return os.environ.get(PASSWORD_VARIABLE, "")


async def _run(chosen: argparse.Namespace) -> int:
    residents = build_fleet(chosen.count, seed=chosen.seed, clock=utc_now)
    where = ""
    if chosen.inventory:
        text = json.dumps(inventory(residents), indent=1, ensure_ascii=False)
        chosen.inventory.write_text(text + "\n", "utf-8")
        where = f", inventory at {chosen.inventory}"
    if chosen.inventory_only:
        return 0
    line = _line(chosen)
    if not line.password:
        _say(f"No password: give --password-file or set {PASSWORD_VARIABLE}.")
        return 2
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    async with running_fleet([each.home for each in residents], line, seed=chosen.seed) as fleet:
        telling = asyncio.create_task(_tell(fleet, chosen.acs, where))
        await stopped.wait()
        telling.cancel()
    return 0


def _line(chosen: argparse.Namespace) -> Line:
    return Line(
        acs_url=chosen.acs,
        username=chosen.username,
        password=_password(chosen.password_file),
        wake_username=chosen.wake_username,
        wake_password=_password(chosen.wake_password_file) if chosen.wake_password_file else "",
        host=chosen.host,
        port=chosen.port,
        spread=chosen.spread,
    )


async def _tell(fleet: Fleet, acs: str, where: str) -> None:
    """Say when all are up; before that, at most once, what keeps them."""
    hinted = False
    while True:
        try:
            await fleet.until_up(seconds=_HINT_SECONDS)
        except TimeoutError:
            missing = [each for each in fleet.clients if not each.sessions]
            if not hinted:
                why = missing[0].last_error or "no answer yet"
                _say(f"{len(missing)} of {len(fleet.clients)} homes did not reach {acs}: {why}")
            hinted = True
        else:
            sys.stdout.write(f"{len(fleet.clients)} homes up{where}\n")
            sys.stdout.flush()
            return


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(asyncio.run(_run(_arguments(None))))
