"""The executor for GenieACS keeps the executors' contract."""

from tests.executors.contract import ExecutorContract


class TestGenieAcs(ExecutorContract):
    """On the stand-in; ``rig`` is the folder's."""
