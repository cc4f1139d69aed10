"""``gatewright remediation``: what is set aside is told, and a large incident stays short."""

from dataclasses import replace
from typing import TYPE_CHECKING

from brain.domain.device import Device, Site, device_id
from brain.domain.identity import CaseId, ProposalId, Role, SiteId
from brain.domain.incident import Symptom
from brain.domain.remediation import Affected, Incident, IncidentId, Reach, Scope, SetAside
from brain.store.sites import area_of
from tests.api.cli.conftest import Shell
from tests.api.conftest import NORTH, NOW

if TYPE_CHECKING:
    from tests.api.conftest import Front

HEATH = Site(id=SiteId("heath"), tenant=NORTH, name="Heath 1", area="Quitzow Heath")


async def an_incident_of_an_area(front: "Front", device: Device) -> None:
    async with front.wiring.store.begin() as tx:
        await tx.sites.put(HEATH)
        area = area_of(tx.sites._db.cipher, HEATH)
        assert area is not None
        made = Incident(
            id=IncidentId("inc_1"),
            tenant=NORTH,
            rule="wan-drops",
            scope=Scope(reach=Reach.AREA, id=area),
            device=device.id,
            symptom=Symptom.UNSTABLE_LINE,
            opened_at=NOW,
            updated_at=NOW,
            look_at=NOW,
            lease_until=NOW,
            case=CaseId("cas_9"),
            proposal=ProposalId("prp_9"),
        )
        await tx.incidents.add(made)
        await tx.incidents.note(NORTH, made.id, "opened", "The line drops", NOW)
        for number in range(45):
            serial = f"{number:03d}"
            home = replace(device, id=device_id("00D09E", "Hub", serial), serial=serial)
            await tx.devices.put(home)
            await tx.incidents.affect(
                NORTH, made.id, Affected(device=home.id, at=NOW, said="drops")
            )


async def test_a_large_incident_names_its_area_and_the_first_devices_and_counts_the_rest(
    front: "Front", shell: Shell, device: Device
) -> None:
    await an_incident_of_an_area(front, device)
    token = await front.token("sam", Role.SUPPORT)

    listed = await shell.run("remediation", "list", token=token)
    shown = await shell.run("remediation", "show", "inc_1", token=token)

    assert "area Quitzow Heath" in listed.out
    assert "area Quitzow Heath" in shown.out
    assert shown.out.count("00D09E-Hub-0") == 20
    assert "and 25 devices more" in shown.out


async def test_how_it_stands_tells_what_was_set_aside(front: "Front", shell: Shell) -> None:
    aside = SetAside(
        tenant=NORTH, what="events of Informs", reason="no room for them", count=7, at=NOW
    )
    async with front.wiring.store.begin() as tx:
        await tx.set_aside.add(aside)

    told = await shell.run("remediation", "status", token=await front.token("sam", Role.SUPPORT))

    assert "Set aside" in told.out
    assert all(word in told.out for word in ("events of Informs", "no room for them", "7"))
