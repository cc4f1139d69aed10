"""However large the network is, only so many rows of it are ever read, in so many questions."""

from collections.abc import Callable

import pytest

from brain.domain.device import Device
from brain.domain.parameter import Snapshot
from brain.domain.topology import AccessNode, NodeKind
from brain.store.connection import Connection
from brain.store.store import Store
from brain.topology.blast_radius import radius
from brain.topology.health import neighbours_health
from brain.topology.neighbourhood import neighbourhood, siblings
from tests.brain.topology.conftest import NOW


@pytest.mark.parametrize("homes", [40, 160])
async def test_a_splitter_of_any_size_is_read_in_part(
    store: Store,
    a_node: Callable[..., AccessNode],
    a_device: Callable[..., Device],
    monkeypatch: pytest.MonkeyPatch,
    homes: int,
) -> None:
    async with store.begin() as tx:
        await tx.nodes.put(a_node("olt", NodeKind.OLT))
        for number in range(40):
            await tx.nodes.put(a_node(f"s{number:03d}", NodeKind.SPLITTER, "olt"))
            several = range(homes if number < 2 else 1)
            await tx.devices.put(*(a_device(f"{number}-{n}", f"s{number:03d}") for n in several))
    read: list[int] = []
    plain = Connection.rows

    async def counted(self: Connection, *asked: object) -> object:
        rows = await plain(self, *asked)  # type: ignore[arg-type]  # handed on as it came
        read.append(len(rows))
        return rows

    monkeypatch.setattr(Connection, "rows", counted)

    device = a_device("0-0", "s000")
    async with store.read() as tx:
        graph = await neighbourhood(tx, device)
        await neighbours_health(tx, graph, now=NOW)
        await radius(tx, device, [], Snapshot(device=device.id, taken_at=NOW, values={}))

    assert len(siblings(graph)) == 32 + 3 + 7, "its own splitter, a full one beside it, seven more"
    assert (len(read), sum(read)) == (12, 130)
