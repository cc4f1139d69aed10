"""A person's answer to a device that came and was given nothing."""

from dataclasses import replace

from api.books import books_of
from api.found import there
from api.needs import Gatewright
from brain.domain.credentials import DeviceCredentials
from brain.domain.device import DataModelRoot, Device
from brain.domain.enrolment import Answer, Stranger, Why
from brain.domain.errors import Forbidden
from brain.domain.identity import DeviceId, Principal, PrincipalKind
from executors.acs.enrolment import new_passwords
from executors.acs.registrar import username_of


async def admit(gatewright: Gatewright, who: Principal, device: str) -> Stranger:
    """Let it in: at its next call it is given credentials of its own.

    NotFound when nobody of that id was turned away; Forbidden for a machine. One that claims the
    serial of a device that is known takes its place, with what it came with from the factory.
    """
    _only_people(who)
    async with books_of(gatewright, who) as books:
        tx, named = books.tx, DeviceId(device)
        stranger = there(await tx.strangers.get(who.tenant, named), "stranger")
        if await tx.devices.get(who.tenant, named) is None:
            await tx.devices.put(_device(stranger))
        kept = (await tx.credentials.of([named])).get(named) or DeviceCredentials(
            device=named, tenant=who.tenant, username=username_of(named)
        )
        factory = "" if stranger.why is Why.UNPROVEN else kept.factory
        offered = kept.offered or new_passwords()
        await tx.credentials.put(replace(kept, factory=factory, offered=offered, tries=0))
        await tx.strangers.remove(who.tenant, named)
        await books.note(who.tenant, "stranger.admitted", {"device": named, "why": stranger.why})
        return stranger


async def turn_away(gatewright: Gatewright, who: Principal, device: str) -> Stranger:
    """Refuse it from now on, until somebody admits or registers it. As ``admit``."""
    _only_people(who)
    async with books_of(gatewright, who) as books:
        stranger = there(await books.tx.strangers.get(who.tenant, DeviceId(device)), "stranger")
        rejected = replace(stranger, answer=Answer.REJECTED)
        await books.tx.strangers.put(rejected)
        payload = {"device": stranger.device, "why": stranger.why}
        await books.note(who.tenant, "stranger.rejected", dict(payload))
        return rejected


def _only_people(who: Principal) -> None:
    if who.kind is not PrincipalKind.PERSON:
        raise Forbidden("only a person says what a stranger is", remedy="Ask one.")


def _device(stranger: Stranger) -> Device:
    return Device(
        id=stranger.device,
        tenant=stranger.tenant,
        oui=stranger.oui,
        product_class=stranger.product_class,
        serial=stranger.serial,
        manufacturer=stranger.manufacturer,
        model=stranger.product_class,
        root=DataModelRoot(stranger.root),
    )
