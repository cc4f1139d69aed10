"""Asks two bundles one fixed question for each rule, whatever the past happens to hold.

An empty log shows nothing, so rules are not held against the past alone. Each probe makes one rule
of the shipped bundle speak; it is asked as the numbers are, and once more with numbers under which
the rules about lists that are shipped empty speak, too. Both bundles are asked in a process of its
own, which a rule may crash.
"""

import asyncio
import os
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from tempfile import TemporaryDirectory

from brain.domain.errors import GatewrightError, InvalidInput, PolicyUnavailable
from policies.apart import processes_apart
from policies.bundle import Bundle
from policies.probes import NUMBERS, SEEDS, WITHOUT
from policies.replay.past import Stand
from policies.replay.worker import best_engine, stand_of, worker

_TOO_LARGE = "core.plan_too_large"
"""A plan that is too large is denied for that, and nothing else is asked about it."""
Stands = dict[str, Stand | None]
"""How each probe stands, by the rule that it is for; None where there is no readable answer."""


async def probed(base: Bundle, proposed: Bundle) -> tuple[str, ...]:
    """What ``proposed`` lets through that ``base`` does not, or nobody can tell that it does not.

    A line for each rule: ``core.halted: deny -> allow``. A rule of ``base`` for which no probe
    speaks is a line, too, so that rules of an operator's own are never loosened unseen. Raises
    PolicyUnavailable when the engine crashes on either.
    """
    pool = processes_apart(1, os.nice, (5,))  # whoever decides about devices goes first
    packed = base.to_tar_gz(), proposed.to_tar_gz()
    try:
        return await asyncio.wrap_future(pool.submit(compared, *packed, best_engine()))
    except BrokenProcessPool:
        raise PolicyUnavailable(
            "the policy engine does not take these rules",
            remedy="Run `gatewright policy check` on them.",
        ) from None
    finally:
        await asyncio.to_thread(pool.shutdown, cancel_futures=True)


def compared(base: bytes, proposed: bytes, engine: str) -> tuple[str, ...]:
    """See ``probed``; runs in the process of its own."""
    old, new = Bundle.from_tar_gz(base), Bundle.from_tar_gz(proposed)
    lines, heard = dict[str, str](), set[str]()
    for own in ({}, NUMBERS):
        try:
            then, now = (_stands(each.with_numbers(own), engine) for each in (old, new))
        except InvalidInput as error:
            lines[""] = f"the probes do not fit these rules: {error.message}"
            continue
        for code, before in then.items():
            line = _line(code, before, now[code])
            if line:
                lines.setdefault(code, line)
            if before is not None and code in before.codes:
                heard.add(code)
    silent = {code for code in old.findings if code not in heard and not _excused(code, old, new)}
    return (
        *lines.values(),
        *(f"{code}: no probe makes it speak" for code in sorted(silent - lines.keys())),
    )


def _stands(bundle: Bundle, engine: str) -> Stands:
    with TemporaryDirectory(prefix="gatewright-probes-") as folder:
        try:
            asker = worker(bundle, engine, Path(folder)).asker
            readings = asker.ask(list(SEEDS.values()))
        except GatewrightError as error:
            raise InvalidInput(error.message) from None
    return {
        code: None if reading is None else stand_of(reading)
        for code, reading in zip(SEEDS, readings, strict=True)
    }


def _line(code: str, before: Stand | None, after: Stand | None) -> str:
    """What is looser about one probe, or not to be told; empty when nothing is."""
    if before is None or after is None:
        return f"{code}: there is no readable answer to its probe"
    if after.looser_than(before):
        return f"{code}: {before.standing.value} -> {after.standing.value}"
    if code in before.codes and code not in after.codes and _TOO_LARGE not in after.codes:
        return f"{code}: it no longer speaks"
    return ""


def _excused(code: str, old: Bundle, new: Bundle) -> bool:
    """Whether it speaks only where numbers are missing, which no bundle is without, and is as it
    was.
    """
    return code in WITHOUT and _source(old, code) == _source(new, code)


def _source(bundle: Bundle, code: str) -> list[str]:
    return sorted(text for text in bundle.modules.values() if f"code: {code}\n" in text)
