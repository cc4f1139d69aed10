"""What an operator may tune: the data beside the rules, and its schema."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.domain.identity import Role

_Words = Annotated[str, Field(min_length=1, pattern=r'^[^"\\\x00-\x1f]+$')]
_Country = Annotated[str, Field(pattern="^[A-Z]{2}$")]
_Channel = Annotated[int, Field(ge=1, le=253)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _Plan(_Strict):
    max_changes: int = Field(ge=1, le=1000)


class _Presence(_Strict):
    minutes: int = Field(ge=1, le=1440)


class _Reach(_Strict):
    max_shared: int = Field(ge=0)


class _People(_Strict):
    alone: list[_Words]


class _Machines(_Strict):
    tried: int = Field(ge=1)
    lower_bound: float = Field(gt=0, le=1)


class _Passphrase(_Strict):
    min: int = Field(ge=8)
    max: int = Field(le=63)


class _Limits(_Strict):
    plan: _Plan
    presence: _Presence
    reach: _Reach
    people: _People
    machines: _Machines
    approvals: dict[_Words, Annotated[int, Field(ge=1, le=20)]]
    passphrase: _Passphrase


class _Percent(_Strict):
    min: int = Field(ge=0, le=100)
    max: int = Field(ge=0, le=100)


class _Channels(_Strict):
    free: list[_Channel]
    radar: list[_Channel]


class _Band(_Strict):
    power_percent: _Percent
    widths: dict[_Words, _Channels]


class _Regulatory(_Strict):
    countries: dict[_Country, _Words]
    tables: dict[_Words, dict[_Words, _Band]]


class _Resolvers(_Strict):
    addresses: list[_Words]


class _Data(_Strict):
    limits: _Limits
    regulatory: _Regulatory
    resolvers: _Resolvers
    roles: dict[Role, list[_Words]]


_DATA = TypeAdapter(_Data)


def read_yaml(text: str, name: str) -> dict[str, Json]:
    """One YAML document that must be a mapping. Raises InvalidInput naming the file."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InvalidInput(f"it is not YAML: {error}", field=name) from error
    if not isinstance(found, dict):
        raise InvalidInput(
            "it is not a mapping", field=name, remedy="Start from the shipped data files."
        )
    return found


def tuned(shipped: dict[str, Json], own: Path | None) -> dict[str, Json]:
    """The shipped numbers with the operator's own on top, value by value; a list is replaced."""
    if own is None:
        return shipped
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(
            f"it cannot be read: {error}",
            field="GATEWRIGHT_POLICY_DATA",
            remedy="Name a readable YAML file.",
        ) from error
    return _over(shipped, read_yaml(text, str(own)))


def check(data: dict[str, Json]) -> None:
    """Raise InvalidInput unless the numbers are whole, of the right type and within reason."""
    try:
        _DATA.validate_python(_with_roles(data))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(
            first["msg"], field=f"policy data: {where}", remedy="Compare with the shipped data."
        ) from None
    unknown = _nowhere(data)
    if unknown:
        raise InvalidInput(
            f"there is no channel table {unknown}", field="policy data: regulatory.countries"
        )


def _nowhere(data: dict[str, Json]) -> str:
    """A table that a country is sent to and that is not there."""
    found = _DATA.validate_python(_with_roles(data)).regulatory
    return next((name for name in found.countries.values() if name not in found.tables), "")


def _with_roles(data: dict[str, Json]) -> dict[str, object]:
    """Role names as roles: strict validation takes no text for an enumeration."""
    roles = data.get("roles")
    if not isinstance(roles, dict):
        return dict(data)
    known = {role.value: role for role in Role}
    return {**data, "roles": {known.get(name, name): each for name, each in roles.items()}}


def _over(base: Mapping[str, Json], own: Mapping[str, Json]) -> dict[str, Json]:
    merged = dict(base)
    for key, value in own.items():
        there = merged.get(key)
        both = isinstance(there, dict) and isinstance(value, dict)
        merged[key] = _over(there, value) if both else value  # type: ignore[arg-type]
    return merged
