"""The executor for GenieACS keeps the executors' contract."""

import pytest

from tests.executors.contract import ExecutorContract
from tests.executors.old_devices import OLD_MAKE, OldDeviceContract


class TestGenieAcs(ExecutorContract):
    """On the stand-in; ``rig`` is the folder's."""


class TestOldDevices(OldDeviceContract):
    """Likewise, with a home that speaks TR-098."""

    @pytest.fixture
    def make(self) -> str:
        return OLD_MAKE
