"""Names in GenieACS: of devices, and of the places in its interface."""

import re
from typing import Final
from urllib.parse import quote

from brain.domain.device import Device


def genie_id(device: Device) -> str:
    """How GenieACS calls a device.

    Each part is escaped byte by byte, so a dash within a product class is ``%2D``; ours keeps a few
    characters more, so neither id is the other. An empty product class is left out.
    """
    parts = (device.oui, device.product_class, device.serial)
    return "-".join(_escaped(part) for part in parts if part or part is not parts[1])


_FILE: Final = re.compile(r"[A-Za-z0-9._~-]{1,200}")


def is_file_name(name: str) -> bool:
    """Whether an address says this name of a file as it is."""
    return _FILE.fullmatch(name) is not None


def place(*names: str) -> str:
    """A path of the interface. An id that holds ``%`` is escaped once more: ``%252D``."""
    return "/".join(quote(name, safe="") for name in names)


def _escaped(text: str) -> str:
    return "".join(
        chr(byte) if byte < 128 and (chr(byte).isalnum() or byte == ord("_")) else f"%{byte:02X}"
        for byte in text.encode()
    )
