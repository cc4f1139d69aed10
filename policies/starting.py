"""Which rules decide when the process starts: those that were active, not those that lie there."""

import structlog

from brain.domain.errors import Conflict, GatewrightError, InvalidInput
from brain.domain.identity import TenantId
from brain.domain.policy_change import FOUND_HERE, PolicyChange, RulesState
from brain.store.store import Store
from brain.store.transaction import Transaction
from policies.activation import Activation, began
from policies.bundle import Bundle

_REASON = "the rules or numbers on this machine were changed"
_FIRST = "the rules of the first start"
_ADOPTED = "the active rules were gone or could not be read, so an operator adopted those here"
_log = structlog.get_logger(__name__)


async def rules_at_start(
    store: Store, tenant: TenantId, here: Bundle, *, adopt: str = ""
) -> Bundle:
    """The bundle that is active; the one here at the very first start.

    Raises InvalidInput when this version cannot read the active one, or it is gone from the
    database: it is not replaced unless ``adopt`` names the revision of the one here.
    """
    async with store.read() as tx:
        active = await tx.policy_changes.active(tenant)
        if active is None:
            return here if adopt == here.revision else await _first(tx, tenant, here)
        if active.revision == here.revision:
            return here
        content = await tx.policy_changes.content(active)
    try:
        return Bundle.from_tar_gz(content)
    except InvalidInput as error:
        if adopt == here.revision:
            return here
        why = f"this version cannot read the active rules ({active.revision[:12]}): {error.message}"
        raise _not_here(why, here) from error


async def _first(tx: Transaction, tenant: TenantId, here: Bundle) -> Bundle:
    """The one here, if no rules were ever active; no rows alone show nothing of that."""
    if await began(tx, tenant):
        why = "the rules that were active are gone from the database, or were altered there"
        raise _not_here(f"{why}; find out who wrote there", here)
    return here


def _not_here(why: str, here: Bundle) -> InvalidInput:
    return InvalidInput(
        why,
        field="policy",
        remedy=f"To go on with the rules on this machine, which nobody compared with them, set "
        f"GATEWRIGHT_ADOPT_POLICY={here.revision} for one start; the audit trail will say so.",
    )


async def settle(activation: Activation, here: Bundle, *, adopt: str = "") -> PolicyChange | None:
    """Write the first rules down, or propose those here when they are not the active ones.

    What was proposed or rejected before is not proposed again. The proposal, where there is one;
    whatever stands against the rules here is in the log, and the active ones go on deciding.
    """
    change = await _settled(activation, here, adopt)
    await activation.after(activation.policy.bundle.revision)
    return change


async def _settled(activation: Activation, here: Bundle, adopt: str) -> PolicyChange | None:
    async with activation.store.begin() as tx:
        active = await tx.policy_changes.active(activation.tenant)
        if active is None:
            return await _begun(activation, tx, here, adopt)
        mine = activation.policy.bundle.revision
        if here.revision == mine != active.revision:
            _log.error("rules_adopted", revision=here.revision, base=active.revision)
            return await activation.begin(tx, here, reason=_ADOPTED)
    return await _taken_up(activation) or await _proposed(activation, here, active)


async def _begun(
    activation: Activation, tx: Transaction, here: Bundle, adopt: str
) -> PolicyChange | None:
    if not await began(tx, activation.tenant):
        return await activation.begin(tx, here, reason=_FIRST)
    if adopt != here.revision:
        _log.error("active_rules_gone", revision=here.revision)
        return None
    _log.error("rules_adopted", revision=here.revision, base="")
    return await activation.begin(tx, here, reason=_ADOPTED)


async def _taken_up(activation: Activation) -> PolicyChange | None:
    """What people had approved when the process ended."""
    try:
        change = await activation.take_up()
    except GatewrightError as error:
        _log.error("approved_rules_refused", reason=str(error))
        return None
    if change is not None:
        _log.warning("rules_activated", revision=change.revision, change=change.id)
    return change


async def _proposed(
    activation: Activation, here: Bundle, active: PolicyChange
) -> PolicyChange | None:
    """Those here, unless they are what was active, proposed or rejected already."""
    if here.revision == active.revision:
        return None
    async with activation.store.read() as tx:
        known = await tx.policy_changes.list(activation.tenant)
    if any(_is_settled(each, here, active) for each in known):
        _log.warning("rules_not_active", revision=here.revision, active=active.revision)
        return None
    try:
        change = await activation.propose(FOUND_HERE, here, _REASON)
    except Conflict:
        return None
    except GatewrightError as error:
        _log.error("rules_refused", revision=here.revision, reason=str(error))
        return None
    event = "rules_activated" if change.state is RulesState.ACTIVE else "rules_need_approval"
    _log.warning(event, revision=change.revision, change=change.id, base=change.base)
    return change


def _is_settled(change: PolicyChange, here: Bundle, active: PolicyChange) -> bool:
    same = (change.revision, change.base) == (here.revision, active.revision)
    return same and change.state in (RulesState.PROPOSED, RulesState.REJECTED)
