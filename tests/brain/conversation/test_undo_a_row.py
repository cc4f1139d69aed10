"""Undo that, of a way in: the row that was added goes again, and no other row does."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.change import DeleteObject
from brain.domain.life import State
from brain.domain.parameter import ParameterPath

if TYPE_CHECKING:
    from tests.brain.conversation.conftest import Talk

MAPPINGS = "Device.NAT.PortMapping."
CAMERA = "192.168.1.14"
HOME = {
    "Device.IP.Interface.2.Enable": "true",
    "Device.NAT.InterfaceSetting.1.Enable": "true",
    "Device.NAT.InterfaceSetting.1.Interface": "Device.IP.Interface.2",
    "Device.NAT.PortMappingNumberOfEntries": "1",
    "Device.NAT.PortMapping.1.Enable": "true",
    "Device.NAT.PortMapping.1.Interface": "Device.IP.Interface.2",
    "Device.NAT.PortMapping.1.ExternalPort": "4443",
    "Device.NAT.PortMapping.1.InternalPort": "443",
    "Device.NAT.PortMapping.1.Protocol": "TCP",
    "Device.NAT.PortMapping.1.InternalClient": CAMERA,
    "Device.Hosts.Host.1.PhysAddress": "02:00:00:00:00:14",
    "Device.Hosts.Host.1.IPAddress": CAMERA,
    "Device.Hosts.Host.1.Active": "true",
}
WISH = f"The camera ({CAMERA}, port 8554) cannot be reached from outside any more"


@pytest.fixture
async def opened(talk: "Talk") -> "Talk":
    """A case in which a way in was opened, beside one that was there before."""
    for path, value in HOME.items():
        talk.bench.tree[ParameterPath(path)] = value
    done = await talk.carried_out(await talk.one(WISH))
    assert done.state is State.SUCCEEDED
    assert rows(talk) == {"1", "2"}
    return talk


def rows(talk: "Talk") -> set[str]:
    found = (path for path in talk.bench.tree if path.startswith(MAPPINGS))
    return {path.removeprefix(MAPPINGS).partition(".")[0] for path in found}


async def test_the_row_that_was_added_is_taken_out_by_a_proposal(opened: "Talk") -> None:
    said = await opened.one("undo that")

    record = await opened.change(said)
    assert record.plan.changes == (DeleteObject(path=ParameterPath(f"{MAPPINGS}2.")),)
    assert rows(opened) == {"1", "2"}  # a proposal only
    assert (await opened.carried_out(said)).state is State.SUCCEEDED
    assert rows(opened) == {"1"}


async def test_a_row_that_somebody_changed_since_stays(opened: "Talk") -> None:
    opened.bench.tree[ParameterPath(f"{MAPPINGS}2.InternalClient")] = "192.168.1.15"

    said = await opened.one("undo that")

    assert "nobody can tell which row it added" in said.text.casefold()
    assert len(await opened.changes()) == 1


async def test_a_row_that_is_gone_already_is_said_to_be(opened: "Talk") -> None:
    for path in [path for path in opened.bench.tree if path.startswith(f"{MAPPINGS}2.")]:
        del opened.bench.tree[path]

    said = await opened.one("undo that")

    assert "is not there any more" in said.text
    assert len(await opened.changes()) == 1
    assert rows(opened) == {"1"}
