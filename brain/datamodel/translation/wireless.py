"""Rules of WLANConfiguration, which TR-181 splits into radio, SSID and access point."""

from brain.datamodel.translation.binding import Look, Sets
from brain.datamodel.translation.rule import Rule, same
from brain.datamodel.translation.wifi import (
    SECURITY_PARTS,
    WEP,
    WEP_DIGITS,
    band_of,
    cipher_settings,
    ciphers_of,
    mode_of,
    settings_for,
    standards_of,
    supported_modes,
    wep_modes,
)

_KEY = "PreSharedKey.1.PreSharedKey"
_PHRASES = ("PreSharedKey.1.KeyPassphrase", "KeyPassphrase")
_KEY_DIGITS = 64


def _enable(look: Look) -> str | None:
    """A beacon type of None lets no station in: the access point is off, whatever Enable says."""
    shut = look.at.row.argument == "point" and look.beside("BeaconType") == "None"
    return "false" if shut else look.text


def _set_enable(value: str, look: Look) -> Sets | None:
    wanted = value == "true" and look.at.row.argument == "point"
    return None if wanted and look.beside("BeaconType") == "None" else look.set(value)


def _channel(look: Look) -> str | None:
    # TR-098 lets 0 stand for no channel, TR-181 has no such number.
    channel = look.beside("Channel") or ""
    return channel if channel.strip("0") else None


def _set_channel(value: str, look: Look) -> Sets:
    """The channel does not stay while the device chooses one itself: that ends with it."""
    automatic = look.beside("AutoChannelEnable") is not None
    off = look.set_beside("AutoChannelEnable", "false") if automatic else ()
    return (*off, *look.set(value))


def _phrase_applies(look: Look) -> bool:
    """The vendor's own place when it is known, else the two of the standard."""
    places = look.home.vendor.passphrases or _PHRASES
    there = [place for place in places if look.beside(place) is not None]
    return bool(there) and look.at.native == look.at.owner + there[0]


def _key_applies(look: Look) -> bool:
    return _KEY not in look.home.vendor.passphrases


def _set_phrase(value: str, look: Look) -> Sets | None:
    """Never a key and a passphrase at once: which of them would count is anybody's guess."""
    clash = look.at.owner + _KEY in look.pending
    return None if clash or not value else look.set(value)


def _set_key(value: str, look: Look) -> Sets | None:
    clash = any(look.at.owner + place in look.pending for place in _PHRASES)
    return None if clash or len(value) != _KEY_DIGITS else look.set(value)


def _mode(look: Look) -> str | None:
    return mode_of(look.beside) or _wep(look)


def _wep(look: Look) -> str | None:
    """WEP-64 or WEP-128, as the key in use is long; else as the device has only one of them."""
    if any(look.beside(leaf) != value for leaf, value in WEP.items()):
        return None
    key = look.at.owner + f"WEPKey.{look.beside('WEPKeyIndex')}.WEPKey"
    digits = len(look.pending[key]) if key in look.pending else look.home.digits.get(key)
    levels = wep_modes(look.beside)
    return WEP_DIGITS.get(digits or 0) or (levels[0] if len(levels) == 1 else None)


def _set_mode(value: str, look: Look) -> Sets | None:
    """All that belongs to a mode at once: a device checks the whole of one request together."""
    is_wep = value in wep_modes(look.beside)
    settings = WEP if is_wep else settings_for(value, look.beside)
    if settings is None:
        return None
    then = look.after(look.set(settings["BeaconType"]))  # which leaves count hangs on it
    settings = settings if is_wep else settings_for(value, then.beside)
    if settings is None:
        return None
    sets = tuple((then.place_of(leaf), setting) for leaf, setting in settings.items())
    return None if is_wep and _wep(look.after(sets)) != value else sets


def _set_ciphers(value: str, look: Look) -> Sets | None:
    """For whatever the beacon type in use, or about to be, goes by."""
    settings = cipher_settings(value, look.beside)
    return tuple((look.place_of(leaf), word) for leaf, word in settings.items()) or None


def _wep_applies(look: Look) -> bool:
    """Four keys are kept, and one of them is used."""
    index = look.home.get(look.at.owner.rpartition("WEPKey.")[0] + "WEPKeyIndex")
    return index == str(look.at.captures["k"])


def _set_wep(value: str, look: Look) -> Sets | None:
    return look.set(value) if len(value) in WEP_DIGITS else None


WIRELESS_RULES: dict[str, Rule] = {
    "wlan_enable": Rule(read=_enable, write=_set_enable, needs=("BeaconType",)),
    "channel": Rule(read=_channel, write=_set_channel, needs=("AutoChannelEnable",)),
    "standards": Rule(read=lambda look: standards_of(look.text)),
    "band": Rule(
        read=lambda look: band_of(look.text, look.beside("Channel")) or None, needs=("Channel",)
    ),
    # Last, since the key of the same request tells WEP-64 from WEP-128.
    "mode": Rule(read=_mode, write=_set_mode, needs=SECURITY_PARTS, turn=1),
    "wep_key": Rule(read=same, write=_set_wep, applies=_wep_applies),
    "modes": Rule(read=lambda look: supported_modes(look.beside), needs=SECURITY_PARTS),
    # After the mode, which brings ciphers of its own: those that are named go before.
    "cipher": Rule(
        read=lambda look: ciphers_of(look.beside),
        write=_set_ciphers,
        needs=SECURITY_PARTS,
        shared=True,
        turn=2,
    ),
    "passphrase": Rule(read=same, write=_set_phrase, applies=_phrase_applies),
    "psk_text": Rule(read=same, write=_set_phrase, applies=_phrase_applies),
    "psk": Rule(read=same, write=_set_key, applies=_key_applies),
}
