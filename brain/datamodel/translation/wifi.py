"""Wi-Fi as TR-098 tells it: standards, band, and a security mode put together from seven values."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from json import loads

_STANDARDS = {"a": "a", "b": "b", "g": "b,g", "g-only": "g", "n": "n"}
_TOKENS = frozenset({"a", "b", "g", "n", "ac", "ax", "be"})
_LOW, _HIGH = "2.4GHz", "5GHz"
_LAST_LOW_CHANNEL = 14

Sibling = Callable[[str], str | None]
"""What the device said of another leaf of the same WLANConfiguration, in the standard's words."""

_CIPHERS = {
    "TKIPEncryption": ("TKIP",),
    "AESEncryption": ("AES",),
    "TKIPandAESEncryption": ("TKIP", "AES"),
}
_GOOD = {
    "WPAEncryptionModes": tuple(_CIPHERS),
    "IEEE11iEncryptionModes": ("AESEncryption", "TKIPandAESEncryption"),
}
_BY_BEACON = {"WPA": ("WPA",), "11i": ("IEEE11i",), "WPAand11i": ("WPA", "IEEE11i")}
SECURITY_PARTS = (
    "BasicEncryptionModes",
    "BasicAuthenticationMode",
    "WPAAuthenticationMode",
    "WPAEncryptionModes",
    "IEEE11iAuthenticationMode",
    "IEEE11iEncryptionModes",
    "WEPKeyIndex",
    "WEPEncryptionLevel",
)
"""What has to be read along with BeaconType to know the security mode."""

WEP = {
    "BeaconType": "Basic",
    "BasicAuthenticationMode": "None",
    "BasicEncryptionModes": "WEPEncryption",
}
WEP_DIGITS = {10: "WEP-64", 26: "WEP-128"}
"""By the number of hex digits of the key."""
_WEP_LEVELS = {"40-bit": "WEP-64", "104-bit": "WEP-128"}


def standards_of(standard: str | None) -> str | None:
    """TR-181 OperatingStandards for TR-098 Standard; vendors also write ``b/g/n``."""
    if standard is None:
        return None
    if standard in _STANDARDS:
        return _STANDARDS[standard]
    tokens = re.split(r"[/,+ ]+", standard.strip().lower())
    return ",".join(tokens) if set(tokens) <= _TOKENS else None


def band_of(standard: str | None, channel: str | None) -> str:
    """The frequency band; empty when neither standard nor channel says it.

    802.11ax and later share channel numbers between bands, so there the channel says nothing.
    """
    tokens = set((standards_of(standard) or "").split(","))
    if tokens & {"b", "g"}:
        return _LOW
    if tokens & {"a", "ac"}:
        return _HIGH
    if "n" not in tokens or channel is None or not channel.isdecimal() or int(channel) == 0:
        return ""
    return _LOW if int(channel) <= _LAST_LOW_CHANNEL else _HIGH


def mode_of(sibling: Sibling) -> str | None:
    """TR-181 ModeEnabled; None for what it has no word for, and for WEP, whose keys decide."""
    beacon = sibling("BeaconType")
    for mode, settings in _modes().items():
        telling = {k: v for k, v in settings.items() if not k.endswith("EncryptionModes")}
        if beacon == "Basic":
            telling = settings
        if all(sibling(leaf) == value for leaf, value in telling.items()):
            return mode
    return None


def settings_for(mode: str, sibling: Sibling) -> Mapping[str, str] | None:
    """What to set together for a mode; None when TR-098 or the device cannot say it.

    Ciphers that are good enough for the mode stay as they are, so that going back goes all the way.
    """
    settings = _modes().get(mode)
    if settings is None or any(sibling(leaf) is None for leaf in settings):
        return None
    return {leaf: _kept(leaf, sibling) or value for leaf, value in settings.items()}


def _kept(leaf: str, sibling: Sibling) -> str | None:
    now = sibling(leaf)
    return now if now in _GOOD.get(leaf, ()) else None


def supported_modes(sibling: Sibling) -> str:
    """The modes that can be put together from the parameters this device has.

    TR-098 lists none. Enterprise modes need a RADIUS server as well, so they are not offered.
    """
    modes = (
        mode
        for mode, settings in _modes().items()
        if not mode.endswith("Enterprise") and all(sibling(leaf) is not None for leaf in settings)
    )
    return ",".join((*modes, *wep_modes(sibling)))


def wep_modes(sibling: Sibling) -> tuple[str, ...]:
    """The modes of WEP that the device has the parameters and the lengths of key for."""
    if any(sibling(leaf) is None for leaf in (*WEP, "WEPKeyIndex")):
        return ()
    level = sibling("WEPEncryptionLevel")
    return tuple(mode for name, mode in _WEP_LEVELS.items() if level is None or name in level)


def ciphers_of(sibling: Sibling) -> str | None:
    """TR-181 EncryptionMode: the ciphers that the beacon type in use goes by."""
    found: dict[str, None] = {}
    for prefix in _BY_BEACON.get(sibling("BeaconType") or "", ()):
        ciphers = _CIPHERS.get(sibling(f"{prefix}EncryptionModes") or "")
        if ciphers is None:
            return None
        found |= dict.fromkeys(ciphers)
    return ",".join(found) or None


def cipher_settings(ciphers: str, sibling: Sibling) -> Mapping[str, str]:
    """What to set for TR-181 EncryptionMode; nothing where TR-098 has no word for it."""
    wanted = set(ciphers.split(","))
    word = next((word for word, each in _CIPHERS.items() if set(each) == wanted), None)
    prefixes = _BY_BEACON.get(sibling("BeaconType") or "", ())
    leaves = [f"{prefix}EncryptionModes" for prefix in prefixes]
    there = word is not None and all(sibling(leaf) is not None for leaf in leaves)
    return dict.fromkeys(leaves, word) if word is not None and there else {}


@cache
def _modes() -> dict[str, dict[str, str]]:
    text = (files("brain.datamodel") / "data" / "tr098_security.json").read_text("utf-8")
    modes: dict[str, dict[str, str]] = loads(text)
    return modes
