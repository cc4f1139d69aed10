"""Device models as data: what a box of this make has, of which types, and what may be written.

A model file holds, one parameter a line, ``[type, access, value, rule]``. Access is ``r``, ``w`` or
``s`` (writable, and reads back empty). A value may name facts of the home (``{serial}``), count a
table (``#Device.WiFi.Radio.``) or show something that moves (``=radio.utilization``). ``{i}`` in a
path makes it a template for the rows of a table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from brain.domain.parameter import ParameterType
from evals.homes.model_files import read_model

RowSettings = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """One parameter as the make ships it."""

    type: ParameterType
    writable: bool
    secret: bool
    value: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: whether rows may be added, and the leaves that differ in each row it ships with."""

    writable: bool
    rows: tuple[RowSettings, ...] = ()


@dataclass(frozen=True, slots=True)
class RadioSpec:
    """Where one radio's settings stand (the object ending in a dot), and what it can do."""

    row: str
    band: str
    width: str
    """The leaf that holds the channel width."""
    default_width: int
    possible: str
    """Channels, as in PossibleChannels."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the tables that follow the household stand; empty where the make has none."""

    hosts: str = ""
    stations: tuple[str, ...] = ()
    """The table of associated stations of each access point."""
    scan: str = ""
    resolvers: str = ""
    """A table of resolvers, or the one parameter that holds a list of them."""
    learned: str = ""
    """How the make names the type of a resolver that the provider gave."""
    cable: str = ""
    """The interface that wired hosts are shown on."""
    uplinks: tuple[str, ...] = ()
    """Switches that, once false, cut the home off from everybody who could switch them on."""
    ssids: tuple[str, ...] = ()
    passphrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceModel:
    """One make of device."""

    name: str
    manufacturer: str
    oui: str
    product_class: str
    firmware: str
    hardware: str
    root: str
    data_model_version: str
    returns_secrets: bool
    """A flaw of some makes: passphrases can be read."""
    optical: bool
    line: str = ""
    """What it hangs from: fibre, copper, coax or cell."""
    forced_inform: tuple[str, ...]
    notify: tuple[str, ...]
    """Parameters with forced active notification: a local change opens a session."""
    radios: tuple[RadioSpec, ...]
    places: Places
    objects: Mapping[str, bool]
    """Objects whose being there, or being writable, their parameters do not tell."""
    settings: Mapping[str, str]
    """Values of single rows that differ from their template, by full path."""
    tables: Mapping[str, TableSpec]
    parameters: Mapping[str, ParameterSpec]


@cache
def device_model(name: str) -> DeviceModel:
    """Read the model of this name; raises FileNotFoundError when there is none."""
    return _model(read_model(name))


def model_names() -> list[str]:
    """The makes there are, by name."""
    folder = files("evals.homes.models")
    return sorted(f.name.removesuffix(".json") for f in folder.iterdir() if f.name.endswith("json"))


def _model(raw: dict[str, object]) -> DeviceModel:
    known = {key: value for key, value in raw.items() if key != "about"}
    made = {
        "line": raw.get("line", "fibre" if raw["optical"] else ""),
        "forced_inform": tuple(_list(raw["forced_inform"])),
        "notify": tuple(_list(raw["notify"])),
        "radios": tuple(RadioSpec(**each) for each in _list(raw["radios"])),
        "places": _places(_dict(raw["places"])),
        "tables": {path: _table(_dict(each)) for path, each in _dict(raw["tables"]).items()},
        "parameters": {path: _spec(*each) for path, each in _dict(raw["parameters"]).items()},
    }
    return DeviceModel(**(known | made))  # type: ignore[arg-type]  # tests read every model


def _spec(kind: str, access: str, value: str, rule: str = "") -> ParameterSpec:
    if access not in ("r", "w", "s"):
        raise ValueError(f"access {access!r} is none of r, w, s")
    return ParameterSpec(ParameterType(kind), access != "r", access == "s", value, rule)


def _table(raw: dict[str, object]) -> TableSpec:
    return TableSpec(bool(raw["writable"]), tuple(_dict(row) for row in _list(raw["rows"])))


def _places(raw: dict[str, object]) -> Places:
    made = {key: tuple(each) if isinstance(each, list) else each for key, each in raw.items()}
    return Places(**made)  # type: ignore[arg-type]  # tests read every model


def _list(value: object) -> list:  # type: ignore[type-arg]  # JSON: its parts are checked in use
    assert isinstance(value, list)
    return value


def _dict(value: object) -> dict:  # type: ignore[type-arg]  # JSON: its parts are checked in use
    assert isinstance(value, dict)
    return value
