"""Which firmware each change would fetch or start (TR-181, ``Device.DeviceInfo.FirmwareImage``)."""

import re
from urllib.parse import urlsplit

from brain.datamodel.firmware import fetches_firmware
from brain.domain.canonical import Json
from brain.domain.change import Change, Command, SetParameter
from brain.domain.question import Question

_IMAGE = r"Device\.DeviceInfo\.FirmwareImage\.[0-9]+\."
_ACTIVATE = re.compile(f"({_IMAGE})" + r"Activate\(\)")
_BOOT = "Device.DeviceInfo.BootFirmwareImage"


def images(question: Question) -> dict[str, Json]:
    """By path: the address an image is fetched from, or the version that is started.

    An address that is not https, or that carries a name, a password, a query or a fragment, is
    null: the operator lists plain ones.
    """
    found = {change.path: _image(change, question.values) for change in question.plan.changes}
    return {path: image for path, image in found.items() if image is not None}


def _image(change: Change, said: dict[str, str]) -> Json:
    if isinstance(change, Command) and fetches_firmware(change.path):
        url = dict(change.arguments).get("URL", "")
        return {"url": url if _plain(url) else None, "version": None}
    started = _ACTIVATE.fullmatch(change.path)
    if started is not None:
        return {"url": None, "version": said.get(started[1] + "Version") or None}
    if isinstance(change, SetParameter) and change.path == _BOOT:
        row = change.after.rstrip(".") + "."
        return {"url": None, "version": said.get(row + "Version") or None}
    return None


def _plain(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    odd = "@" in parts.netloc or parts.query or parts.fragment
    return parts.scheme == "https" and bool(parts.netloc) and not odd
