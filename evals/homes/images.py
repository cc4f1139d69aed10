"""New software for a home: fetched after the session, started, and told of in another one.

Nothing is fetched from anywhere: what the operator's file server has is given to the home. Codes
and order are those of TR-069 A.3.2.8, A.3.3.2 and 3.7.1.5.
"""

from functools import partial
from typing import TYPE_CHECKING, Final

from evals.homes.gauges import iso
from executors.acs import messages as m
from executors.acs.transfers import FIRMWARE, Download, DownloadResponse

if TYPE_CHECKING:
    from evals.homes.home import Home

SECONDS: Final = 5
"""That fetching takes."""
_INVALID, _NO_SUCH_FILE = 9003, 9016


def begin(home: "Home", asked: Download) -> m.Response | m.Fault:
    """Promise to fetch it once the session has ended, if it is firmware."""
    if asked.file_type != FIRMWARE or not asked.url:
        return m.Fault(_INVALID, "Invalid arguments")
    home.after_session = lambda: home.later(
        SECONDS + asked.delay_seconds, partial(_fetched, home, asked, iso(home.clock()))
    )
    return DownloadResponse(status=1)


def _fetched(home: "Home", asked: Download, began: str) -> None:
    """Start it, or say why not."""
    version = home.images.get(asked.url)
    if version is not None:
        home.tree.put(home.model.root + "DeviceInfo.SoftwareVersion", version)
        home.reboot()
    home.transfers.append(
        m.TransferComplete(
            command_key=asked.command_key,
            fault_code=0 if version is not None else _NO_SUCH_FILE,
            fault_string="" if version is not None else "Unable to access file",
            start_time=began,
            complete_time=iso(home.clock()),
        )
    )
    home.happened("7 TRANSFER COMPLETE")
    home.happened("M Download", asked.command_key)
