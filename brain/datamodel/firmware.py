"""The one command that fetches firmware, and what of it a device on TR-069 can be told.

TR-181 has it as a command of one image (``Device.DeviceInfo.FirmwareImage.{i}.Download()``), CWMP
as the RPC Download (TR-069 A.3.2.8), which knows no images: the device puts the file where it has
room, and starts it.
"""

from collections.abc import Mapping
from typing import Final

from brain.datamodel.catalogue import template_of
from brain.datamodel.refusal import Rule, Subject
from brain.domain.parameter import Value

OVER_CWMP: Final = frozenset({"URL", "AutoActivate", "FileSize"})
"""The arguments that the RPC carries. It has a name and a password too, which no operator lists
with an address, and no checksum."""
FETCHES: Final = "Device.DeviceInfo.FirmwareImage.{i}.Download()"


def fetches_firmware(command: str) -> bool:
    """Whether this is the path of that command."""
    return template_of(command) == FETCHES


def check_starts_at_once(given: Mapping[str, Value], subject: Subject) -> None:
    """Refuse to fetch without starting: there is no RPC for that."""
    if given["AutoActivate"] not in ("true", "1"):
        subject.refuse(
            Rule.ARGUMENT,
            "a device on TR-069 starts what it fetched",
            "Give AutoActivate true, or ask for it when the device may restart.",
        )
