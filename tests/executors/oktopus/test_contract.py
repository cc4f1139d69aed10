"""The executor for Oktopus keeps the executors' contract."""

from tests.executors.contract import ExecutorContract


class TestOktopus(ExecutorContract):
    """On the stand-in; ``rig`` is the folder's."""
