"""Whether this task was told to end, also where something below took that for an error of its own.

A database driver that is cancelled in the middle of a statement may answer with its own error, and
``asyncio.wait_for`` may answer with a result. A loop that goes on after errors asks here.
"""

import asyncio


def cancelled() -> bool:
    """Whether somebody cancelled the running task and it has not ended yet."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
