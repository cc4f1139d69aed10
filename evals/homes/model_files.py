"""Reads model files: parts that several makes share, and makes that are like another but for a few.

``with`` names files in ``models/parts`` whose tables and parameters the make has too; ``X_OUI_`` in
them becomes the make's own prefix (TR-106 3.3). ``like`` names another make; ``without`` are the
prefixes of what it lacks of it, ``links`` what stands for which object, ``values`` what parameters
hold instead, ``uplinks`` replaces that list, and ``fast_radio_first`` turns the radios round.
"""

import json
from importlib.resources import files
from typing import Any

Raw = dict[str, Any]  # Any: JSON, checked as DeviceModel is made of it

_INFO = {
    "Manufacturer": "manufacturer",
    "ManufacturerOUI": "oui",
    "ProductClass": "product_class",
    "SoftwareVersion": "firmware",
    "HardwareVersion": "hardware",
}


def read_model(name: str) -> Raw:
    """The whole file of a make; raises FileNotFoundError when there is none."""
    raw = _read(f"{name}.json")
    if like := raw.pop("like", ""):
        raw = _alike(read_model(like), raw)
    for part in raw.pop("with", ()):
        _join(raw, _read(f"parts/{part}.json"))
    return raw


def _read(file: str) -> Raw:
    read = json.loads(files("evals.homes.models").joinpath(file).read_text("utf-8"))
    assert isinstance(read, dict)
    return read


def _alike(base: Raw, own: Raw) -> Raw:
    """The other make, less what this one lacks, with what is its own."""
    text = json.dumps(base).replace(f"X_{base['oui']}_", f"X_{own['oui']}_")
    for old, new in own.pop("links").items():
        text = text.replace(old, new)
    made: Raw = json.loads(text)
    lacks = tuple(own.pop("without"))
    for part in ("tables", "parameters", "settings"):
        made[part] = {k: v for k, v in made[part].items() if not k.startswith(lacks)}
    made["places"]["uplinks"] = own.pop("uplinks")
    if own.pop("fast_radio_first", False):
        _turn_radios(made)
    values = {f"Device.DeviceInfo.{leaf}": own[key] for leaf, key in _INFO.items()}
    for path, value in (values | own.pop("values")).items():
        made["parameters"][path][2] = value
    return made | own


def _turn_radios(raw: Raw) -> None:
    """Have the rows of the radios the other way round: nobody may know a band by its number."""
    rows = [each["row"] for each in raw["radios"]]
    raw["tables"]["Device.WiFi.Radio.{i}."]["rows"].reverse()
    raw["radios"].reverse()
    for radio, row in zip(raw["radios"], rows, strict=True):
        radio["row"] = row


def _join(raw: Raw, part: Raw) -> None:
    own = json.loads(json.dumps(part).replace("X_OUI_", f"X_{raw['oui']}_"))
    for kind in ("tables", "parameters"):
        raw[kind] |= own[kind]
