"""The world and the faults of a scenario as plain data, checked: see ``build.py`` for an example.

``read_spec`` turns mappings, as YAML gives them, into a ``Spec``; what is wrong is an InvalidInput
that names the field and lists what may stand there. ``Spec.model_json_schema()`` is the grammar.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AwareDatetime,
    BaseModel,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from brain.domain.errors import InvalidInput, said_by
from evals.homes.device_model import model_names
from evals.homes.people import KINDS, Want
from evals.homes.troubles import access, device, lan, service, wan, wifi
from evals.homes.troubles.base import Part

Band = Literal["2.4GHz", "5GHz", "6GHz"]

AnyFault = Annotated[
    wifi.CongestedChannel
    | wifi.WrongWidth
    | wifi.LowPower
    | wifi.WeakCoverage
    | wifi.BandSteeringOff
    | wifi.RadioOff
    | wifi.NetworkOff
    | wifi.GuestIsolation
    | wifi.OldClient
    | wifi.MeshBackhaul
    | wifi.ForgottenPassphrase
    | wifi.Radar
    | wan.WrongDns
    | wan.LoginRefused
    | wan.WrongVlan
    | wan.WrongMtu
    | wan.NoIpv6Prefix
    | wan.DoubleNat
    | wan.Suspended
    | lan.PoolExhausted
    | lan.AddressClash
    | lan.FirewallBlocks
    | lan.PortMappingMissing
    | service.BufferBloat
    | service.IgmpOff
    | service.VoiceNotRegistered
    | service.VoiceCodec
    | service.WrongTime
    | device.MemoryLeak
    | device.KnownBug
    | device.LogFlood
    | device.ClientsOwnTrouble
    | device.WrongInform
    | device.NothingWrong
    | device.Healed
    | device.SlowPoison
    | device.HiddenSender
    | device.BadManners
    | access.WeakOpticalSignal
    | access.DslNoise
    | access.CableNoise
    | access.WeakCell
    | access.SharedUpstream
    | access.Outage,
    Field(discriminator="kind"),
]


def _one_of(value: str, known: Mapping[str, object] | list[str]) -> str:
    if value not in known:
        raise ValueError(f"{value!r} is none of {', '.join(known)}")
    return value


class NeighbourSpec(Part):
    """Another household's access point."""

    channel: int = Field(ge=1, le=233)
    dbm: int = Field(ge=-100, le=-20)
    load: float = Field(ge=0, le=1)
    width: Literal[20, 40, 80] = 20
    ssid: str = Field(default="", max_length=32, description="some friendly name unless given")


class AirSpec(Part):
    """The air around one radio; bands that are not named are calm."""

    band: Band
    channel: int = Field(default=0, ge=0, description="the home's own; 0: the calmest")
    automatic: bool = False
    by_the_hour: bool = False
    neighbours: tuple[NeighbourSpec, ...] = ()


class ClientSpec(Part):
    """Something on the home network, as its kind is unless told otherwise."""

    name: str = Field(min_length=1, max_length=64, description="its host name")
    kind: str = Field(default="phone", description=f"one of {', '.join(KINDS)}")
    metres: float | None = Field(default=None, gt=0, le=200)
    walls: int | None = Field(default=None, ge=0, le=10)
    floors: int | None = Field(default=None, ge=0, le=5)
    wants: tuple[Want, ...] | None = None
    sticky: bool | None = None
    cable: bool | None = None
    static: bool | None = None
    wpa3: bool | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    dbm: float | None = Field(default=None, ge=0, le=30)
    address: str = ""

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        return _one_of(kind, KINDS)


class AroundSpec(Part):
    """How many neighbours share what with the home."""

    splitter: int = Field(default=3, ge=0, le=64)
    port: int = Field(default=3, ge=0, le=64, description="on another splitter of the port")
    olt: int = Field(default=2, ge=0, le=64, description="on another port of the OLT")
    other_software: int = Field(default=0, ge=0, le=64, description="of those on the OLT, more")


class ExtenderSpec(Part):
    """A mesh extender of the home, another device of the same subscriber."""

    metres: float = Field(default=7.0, gt=0, le=200, description="from the gateway")
    walls: int = Field(default=1, ge=0, le=10)
    floors: int = Field(default=0, ge=0, le=5)
    clients: tuple[ClientSpec, ...] = (ClientSpec(name="attic-laptop", kind="laptop"),)
    """Those that are on it; distances are from the extender."""


class WorldSpec(Part):
    """Everything that is as it is, before any trouble."""

    model: str = Field(default="havrelund-hl2400", description="a file in evals/homes/models")
    firmware: str = Field(default="", max_length=64, description="the make's own unless given")
    at: AwareDatetime = datetime(2026, 1, 5, 20, 15, tzinfo=UTC)
    """When the world begins; the clock stands there."""
    country: str = Field(default="GB", pattern="^[A-Z]{2}$")
    uptime_hours: float = Field(default=240.0, ge=0, le=10_000)
    down_mbps: float = Field(default=500.0, gt=0)
    up_mbps: float = Field(default=100.0, gt=0)
    plan: str = "home-500"
    subscriber: str = ""
    line_metres: float = Field(default=450.0, gt=0, le=6000, description="of telephone line")
    managed_apart: bool = True
    """Whether the controller is reached by a way of its own when there is no internet."""
    air: tuple[AirSpec, ...] = ()
    clients: tuple[ClientSpec, ...] = ()
    """Empty: a phone, a laptop, a television and a desktop."""
    extender: ExtenderSpec | None = None
    subject: Literal["gateway", "extender"] = "gateway"
    """Which device is the one in question."""
    settings: dict[str, str] = Field(default_factory=dict)
    """Parameters that are otherwise than the make ships them, and harmless."""
    hides: tuple[str, ...] = ()
    """Patterns of parameters that the box in question has and tells nobody of."""
    around: AroundSpec = AroundSpec()

    @model_validator(mode="after")
    def _subject_is_there(self) -> "WorldSpec":
        if self.subject == "extender" and self.extender is None:
            raise ValueError("the subject is an extender, and this world has none: give extender")
        return self

    @field_validator("model")
    @classmethod
    def _there(cls, model: str) -> str:
        return _one_of(model, model_names())


class Spec(Part):
    """A world and what is wrong in it."""

    world: WorldSpec = WorldSpec()
    faults: tuple[AnyFault, ...] = ()


def read_spec(raw: Mapping[str, Any]) -> Spec:  # Any: whatever YAML gives
    """Check plain data; raises InvalidInput, which names the field and what may stand there."""
    try:
        return Spec.model_validate(raw)
    except ValidationError as error:
        first = error.errors()[0]
        place = [str(part) for part in first["loc"] if part not in kinds()]
        raise InvalidInput(
            said_by(first["msg"]), field=".".join(place) or "spec", remedy=_allowed(first)
        ) from None


def kinds() -> dict[str, type[BaseModel]]:
    """Every trouble by its kind."""
    members = get_args(get_args(AnyFault)[0])
    return {get_args(each.model_fields["kind"].annotation)[0]: each for each in members}


def _allowed(error: Any) -> str:  # Any: pydantic's ErrorDetails, whose parts depend on the type
    if error["type"].startswith("union_tag"):
        return f"Kinds: {', '.join(kinds())}."
    if error["type"] != "extra_forbidden":
        return ""
    here: type[BaseModel] = Spec
    for part in error["loc"][:-1]:
        here = kinds().get(str(part)) or _PARTS.get(str(part), here)
    return f"Fields: {', '.join(here.model_fields)}."


_PARTS: dict[str, type[BaseModel]] = {
    "world": WorldSpec,
    "air": AirSpec,
    "clients": ClientSpec,
    "around": AroundSpec,
    "extender": ExtenderSpec,
    "neighbours": NeighbourSpec,
}
