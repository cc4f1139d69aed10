"""Processes of their own for rules that may crash one: rego-cpp does not survive all of them.

They are forked from a server that has imported what they need and holds nothing else: no thread,
no connection, no key. So each starts in milliseconds instead of a second.
"""

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVarTuple

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["policies.replay.worker"])


Given = TypeVarTuple("Given")


def processes_apart(
    many: int, begin: Callable[[*Given], object], given: tuple[*Given]
) -> ProcessPoolExecutor:
    """A pool of so many, each begun with ``begin``.

    One that crashes breaks the pool (BrokenProcessPool) and nothing else.
    """
    return ProcessPoolExecutor(
        max_workers=many, mp_context=_CONTEXT, initializer=begin, initargs=given
    )
