"""Reads a new Wi-Fi passphrase out, to the one who has to tell it to the subscriber.

Secrets are shown to nobody, but for one case: a forgotten passphrase is replaced, and a new one
that nobody knows helps nobody. The one who asked for the change may read it once the device has
it, and each reading is a record in the audit trail.
"""

from api.needs import Gatewright
from brain.domain.canonical import Json
from brain.domain.change import SetParameter
from brain.domain.errors import Conflict, Forbidden, NotFound
from brain.domain.identity import ChangeId, Principal
from brain.domain.life import State
from brain.domain.record import ChangeRecord

_WIFI = "Device.WiFi.AccessPoint."


async def reveal(
    gatewright: Gatewright, who: Principal, change: str
) -> tuple[tuple[str, str], ...]:
    """The Wi-Fi secrets that a change set, as paths and values.

    Raises NotFound; Forbidden for anybody but the one who asked; Conflict before the device has
    them. Nothing is recorded then.
    """
    async with gatewright.store.begin() as tx:
        record = await tx.changes.get(who.tenant, ChangeId(change))
        if record is None:
            raise NotFound("there is no such change", field="change")
        found = _secrets(record, who)
        paths: list[Json] = [path for path, _ in found]
        await gatewright.audit.append(
            tx,
            tenant=who.tenant,
            actor=str(who.id),
            kind="change.revealed",
            payload={"change": record.id, "device": record.device, "paths": paths},
        )
    return found


def _secrets(record: ChangeRecord, who: Principal) -> tuple[tuple[str, str], ...]:
    if record.asked_by != who.id:
        raise Forbidden("only the one who asked for a change may read out what it set")
    if record.state is not State.SUCCEEDED:
        raise Conflict(
            f"the device does not have it for sure: the change is {record.state}",
            remedy="Wait until it succeeded.",
        )
    found = tuple(
        (str(each.path), each.after)
        for each in record.plan.changes
        if isinstance(each, SetParameter) and each.secret and each.path.startswith(_WIFI)
    )
    if not found:
        raise NotFound("this change set no Wi-Fi passphrase", field="change")
    return found
