"""What an operator may tune: the data beside the rules, read, laid over and checked."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import ValidationError

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput, said_by
from brain.domain.identity import Role
from policies.numbers import schedule
from policies.numbers.everything import EVERYTHING


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
    return laid_over(shipped, read_yaml(text, str(own)))


def check(data: dict[str, Json]) -> None:
    """Raise InvalidInput unless the numbers are whole, of the right type and within reason."""
    try:
        found = EVERYTHING.validate_python(_with_roles(data))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InvalidInput(
            said_by(first["msg"]),
            field=f"policy data: {where}",
            remedy="Compare with the shipped data.",
        ) from None
    if found.regulatory.nowhere:
        raise InvalidInput(
            f"there is no channel table {found.regulatory.nowhere}",
            field="policy data: regulatory.countries",
        )


def worked_out(data: dict[str, Json]) -> dict[str, Json]:
    """Checked numbers with what rules read of them: no rule parses a time."""
    written = data["schedule"]
    return {**data, "schedule": schedule.worked_out(written if isinstance(written, dict) else {})}


def as_written(data: Mapping[str, Json]) -> dict[str, Json]:
    """The numbers without what ``worked_out`` put beside them."""
    written = data["schedule"]
    return {**data, "schedule": schedule.as_written(written if isinstance(written, dict) else {})}


def _with_roles(data: dict[str, Json]) -> dict[str, object]:
    """Role names as roles: strict validation takes no text for an enumeration."""
    roles = data.get("roles")
    if not isinstance(roles, dict):
        return dict(data)
    known = {role.value: role for role in Role}
    return {**data, "roles": {known.get(name, name): each for name, each in roles.items()}}


def laid_over(base: Mapping[str, Json], own: Mapping[str, Json]) -> dict[str, Json]:
    """The first with the second on top, value by value; a list is replaced."""
    merged = dict(base)
    for key, value in own.items():
        there = merged.get(key)
        both = isinstance(there, dict) and isinstance(value, dict)
        merged[key] = laid_over(there, value) if both else value  # type: ignore[arg-type]
    return merged
