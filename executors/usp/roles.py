"""What an agent lets this controller do: the role that it gives us (TR-181 ControllerTrust)."""

import re
from typing import Final

from brain.domain.errors import ControllerRefused
from executors.usp.reading import Reading

CONTROLLERS: Final = "Device.LocalAgent.Controller."
_ROLE: Final = re.compile(r"Device\.LocalAgent\.ControllerTrust\.Role\.[1-9][0-9]{0,8}\.?")
_LONGEST: Final = 64


async def role_of(reading: Reading, ours: str) -> str:
    """The name of our role, or the row of one without a name; empty where the agent does not say.

    DeviceUnreachable where it stops answering. An agent may hide this table from whom it does not
    trust, so that is no error.
    """
    try:
        said = await reading.values([CONTROLLERS])
        assigned = _assigned(said, ours)
        if _ROLE.fullmatch(assigned) is None:
            return ""
        row = assigned.rstrip(".")
        named = (await reading.values([f"{row}.Name"])).get(f"{row}.Name", "").strip()
    except ControllerRefused:
        return ""
    return named[:_LONGEST] if named.isprintable() and named else row.rpartition("Trust.")[2]


def _assigned(said: dict[str, str], ours: str) -> str:
    """What our own row refers to; another controller's role says nothing of ours."""
    for path, text in said.items():
        row, _, leaf = path.rpartition(".")
        if leaf == "EndpointID" and text == ours:
            return said.get(f"{row}.AssignedRole", "").strip()
    return ""
