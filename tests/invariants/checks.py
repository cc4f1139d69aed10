"""The invariants that live in the ledger's life, one function each: the sentence is its docstring.

Each takes the world as it is and raises ``Broken``. None of them asks the product whether it did
well: they hold what was seen from outside against what must be so.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from brain.domain.approval import Answer
from brain.domain.canonical import digest_of
from brain.domain.identity import ChangeId, PrincipalKind
from brain.domain.life import State
from brain.ledger.audit_keys import signature_check
from brain.ledger.audit_verify import verify
from tests.invariants.calendar import IN_ITS_WINDOW, frozen, is_open
from tests.invariants.journal import Answered, Sent, Turn
from tests.invariants.reading import enough, last_asked, last_asked_for, outcome, people
from tests.invariants.world import World

LIVES = timedelta(minutes=30)
"""How long an approval holds, and how long an approved change may wait to be begun."""
WAITS = timedelta(minutes=15)
"""How long a change waits for approval."""
GLASS = timedelta(minutes=10)
"""How long a broken glass holds."""
SECRETS = ("kanarie-geheim-1", "Kanarie")
HARD = {"Device.FactoryReset()"}
_WAITED = State.AWAITING_APPROVAL
UNTOUCHED = frozenset(
    {State.DENIED, State.REJECTED, State.EXPIRED, State.SUPERSEDED, State.AWAITING_APPROVAL}
)


class Broken(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: int, how: str) -> None:
        super().__init__(f"invariant {invariant}: {how}")
        self.invariant = invariant


def hold(invariant: int, so: bool, how: str) -> None:
    """Raise unless it is so."""
    if not so:
        raise Broken(invariant, how)


def no_write_without_leave(world: World) -> None:
    """1. No write without a matching approval or an allow verdict, and a live permit for it."""
    signed = signature_check(world.bench.gate.signer.public_key)
    for sent in world.journal.sent:
        permit = sent.permit
        hold(1, permit.plan_digest == digest_of(sent.plan), "a permit for another plan")
        hold(1, permit.device == sent.plan.device, "a permit for another device")
        hold(1, permit.minted_at <= sent.at < permit.expires_at, "a permit that is not live")
        hold(1, sent.unspent, "a permit that was spent, or never kept")
        hold(1, permit in world.journal.minted, "a permit that the gate did not mint")
        hold(1, permit.change in world.journal.cases, "a change that nobody submitted")
        hold(1, signed(permit.signed_bytes, permit.signature), "a permit the gate did not sign")
        hold(1, _let(world, sent), "neither allowed nor approved")


def _let(world: World, sent: Sent) -> bool:
    journal, bundle = world.journal, world.bench.gate.bundle
    asked = last_asked_for(journal, sent)
    if asked is None:
        return False
    said, obliged = outcome(asked.told, bundle)
    if not sent.undo and _in_a_hurry(asked.told):
        return said == "allow" and _glass_holds(world, sent)
    if sent.undo or said != "review":
        return said == "allow"
    who = people(journal, sent.permit.change, sent, _lives(world, sent.permit.change))
    return enough(obliged, who)


def _in_a_hurry(told: Any) -> bool:
    return bool(told and told.result["obligations"].get("review_after"))


def _glass_holds(world: World, sent: Sent) -> bool:
    return any(
        glass.change == sent.permit.change
        and glass.who.kind is PrincipalKind.PERSON
        and glass.digest == sent.permit.plan_digest
        and glass.at <= sent.at < glass.at + GLASS
        for glass in world.journal.glasses
    )


def what_was_shown_is_done(world: World) -> None:
    """2. A plan changed in any byte after approval is never executed."""
    for sent in world.journal.sent:
        wanted = {str(each.path): getattr(each, "after", "") for each in sent.plan.changes}
        hold(2, sent.told == wanted, "the device was told something else than the plan")
        if sent.undo:
            continue
        shown = world.journal.cases[sent.permit.change].shown.plan
        hold(2, digest_of(sent.plan) == digest_of(shown), "another plan than was shown")
    for each in world.journal.answers:
        if each.answer is Answer.TAKE_BACK:  # of whatever one said before
            continue
        shown = world.journal.cases[each.change].shown.plan
        hold(2, each.digest == digest_of(shown), "the answer is to another plan")


def approvers_are_others(world: World) -> None:
    """3. Approvers are distinct people, none of them the author or the one it was done for."""
    for change, case in world.journal.cases.items():
        not_these = {str(case.proposal.asked_by), case.proposal.on_behalf_of}
        for each in world.journal.answers_to(change):
            hold(3, each.who.kind is PrincipalKind.PERSON, "a machine answered")
            hold(3, str(each.who.id) not in not_these, "an answer to one's own change")
            hold(3, each.who.tenant == case.shown.tenant, "an answer from elsewhere")
    for turn in _turns(world, State.APPROVED):
        broken = any(each.change == turn.change for each in world.journal.glasses)
        if turn.before is State.AWAITING_APPROVAL and not broken:
            asked = world.journal.cases[turn.change].shown.verdict.obligations.approvals
            obliged = {each.group: each.min for each in asked}
            who = people(world.journal, turn.change, turn, _lives(world, turn.change))
            hold(3, enough(obliged, who), f"only {sorted(who)} approved")


def only_a_readable_yes(world: World) -> None:
    """4. Only a well-formed allow or a satisfied review lets a change through."""
    for turn in world.journal.turns:
        carried = world.journal.answers_to(turn.change)
        if turn.now is State.APPROVED and turn.before is None and not carried:
            hold(4, _said(world, turn) == "allow", "let through without an allow")
        if turn.now is State.AWAITING_APPROVAL and turn.before is None:
            hold(4, _said(world, turn) == "review", "people are asked though policy did not say so")
    for sent in world.journal.sent:
        asked = last_asked_for(world.journal, sent)
        told = outcome(asked.told if asked else None, world.bench.gate.bundle)[0]
        hold(4, told != "deny", "written though the engine gave no readable yes")


def _said(world: World, turn: Turn) -> str:
    digest = world.journal.cases[turn.change].shown.plan.digest
    asked = last_asked(world.journal, "submit", digest, turn.tick)
    return outcome(asked.told if asked else None, world.bench.gate.bundle)[0]


def one_writer(world: World) -> None:
    """7. At most one writer per device; a stale fence is refused."""
    newest: dict[str, int] = {}
    for sent in world.journal.sent:
        owner, fence = sent.lease
        hold(7, owner == sent.permit.change, f"{owner or 'nobody'} has the device")
        hold(7, sent.permit.fence == fence, "a stale fence")
        hold(7, fence > newest.get(sent.permit.device, 0), "a fence that was used")
        newest[sent.permit.device] = fence
    had: dict[str, tuple[str, object, int]] = {}
    for at, device, owner, until, fence in world.journal.leases:
        before, ends, last = had.get(device, ("", at, 0))
        taken = owner not in ("", before) and before != "" and ends > at  # type: ignore[operator]
        hold(7, not taken, f"{owner} took the device that {before} has")
        hold(7, fence >= last and (owner in ("", before) or fence > last), "the fence did not grow")
        had[device] = (owner, until, fence)


def old_or_new(world: World) -> None:
    """8. Each path is old or new, the ledger says which or unknown, and the backup came first."""
    for sent in world.journal.sent:
        hold(8, sent.undo or sent.backed_up, "written before the backup was kept")
    for turn in world.journal.turns:
        there = world.journal.written(turn.change)
        done = [each for each in there if each.tick < turn.tick]
        if turn.now in UNTOUCHED:
            hold(8, not done, f"{turn.now} though it was written")
        if turn.quiet and turn.now in (State.SUCCEEDED, State.ROLLED_BACK):
            _as_said(world, turn)
        if turn.now is State.SUCCEEDED:
            hold(8, bool(done), "a success that was never written")
        if turn.now is State.FAILED and done:
            hold(8, turn.change in world.journal.paged, "left in between, and nobody was called")
        if turn.now is State.UNKNOWN:
            hold(8, turn.change in world.journal.paged, "unknown, and nobody was called")


def _as_said(world: World, turn: Turn) -> None:
    for change in world.journal.cases[turn.change].shown.plan.sets:
        if not change.secret:
            wanted = change.after if turn.now is State.SUCCEEDED else change.before
            is_so = turn.tree.get(change.path) == wanted
            hold(8, is_so, f"{turn.now}, but {change.path} is {turn.tree.get(change.path)}")


def twice_is_once(world: World) -> None:
    """9. Duplicate delivery of approve, execute, resume, notify is a no-op."""
    spent = [sent.permit.id for sent in world.journal.sent]
    hold(9, len(set(spent)) == len(spent), "one permit was used twice")
    for change in world.journal.cases:
        there = world.journal.written(change)
        for sent in there[1:]:
            again = [each for each in sent.plan.sets if not each.secret]
            new = any(sent.before.get(each.path) != each.after for each in again)
            hold(9, new, "what was there already was written again")
        turns = [turn for turn in world.journal.turns if turn.change == change]
        approved = [turn for turn in turns if turn.now is State.APPROVED]
        again = [turn for turn in approved if turn.before is not State.EXECUTING]  # not put back
        waited = [turn for turn in turns if turn.now is State.AWAITING_APPROVAL]
        begun = [turn for turn in turns if turn.now is State.EXECUTING]
        hold(9, len(again) <= max(len(waited), 1), "approved twice")
        hold(9, len(begun) <= len(approved), "begun twice")
    open_plans = [
        (case.proposal.case, case.shown.plan.digest)
        for change, case in world.journal.cases.items()
        if world.journal.state(change) in (State.AWAITING_APPROVAL, State.APPROVED)
    ]
    hold(9, len(set(open_plans)) == len(open_plans), "one proposal became two changes")


def the_way_back(world: World) -> None:
    """10. Rollback is the state before, or a refusal that names who wrote in between."""
    for sent in world.journal.sent:
        if not sent.undo:
            continue
        change = sent.permit.change
        first = world.journal.written(change)[0]
        for each in sent.plan.sets:
            hold(10, each.after == first.before.get(each.path), "not what was there before")
            by = sent.writers.get(each.path, "")
            hold(10, by.startswith(change), f"{by} wrote {each.path} since")


def nothing_moved(world: World) -> None:
    """11. If any fingerprinted value moved, nothing is written."""
    for sent in world.journal.sent:
        if sent.undo:
            continue
        basis = world.journal.cases[sent.permit.change].shown.basis
        for path, value in basis.values:
            hold(11, sent.before.get(path) == value, f"{path} had moved")
        hold(11, sent.firmware == basis.firmware, "the firmware had moved")


def halts_and_clocks(world: World) -> None:
    """12. Windows, freezes, halts and expiries hold at each step; break-glass never reaches the
    hard-denied set.
    """
    for sent in world.journal.sent:
        hold(12, not sent.halted, "written while halted")
        unheld = sent.undo or _glass_holds(world, sent)
        hold(12, unheld or not frozen(sent.at), "written in a freeze")
        in_time = IN_ITS_WINDOW not in sent.told or is_open(sent.at)
        hold(12, unheld or in_time, "written outside of its window")
        hold(12, not HARD & set(sent.told), "what is denied to everybody was done")
    for turn in world.journal.turns:
        if turn.now is State.EXECUTING:
            hold(12, not turn.halted, "begun while halted")
            until = _approved(world, turn) + _lives(world, turn.change)
            hold(12, turn.at < until, "begun too late")
    for each in world.journal.answers:
        if each.answer is Answer.APPROVE:
            begun = _waits_since(world, each.change, each.at)
            hold(12, each.at < begun + WAITS, "answered too late")
    for glass in world.journal.glasses:
        hold(12, glass.who.kind is PrincipalKind.PERSON, "a machine broke the glass")


def _waits_since(world: World, change: ChangeId, at: datetime) -> datetime:
    """Since it was submitted, or since policy sent it back to the reviewers."""
    back = [
        turn.at
        for turn in _turns(world, State.AWAITING_APPROVAL)
        if turn.change == change and turn.before is State.EXECUTING and turn.at <= at
    ]
    return max([world.journal.cases[change].at, *back])


def _approved(world: World, turn: Turn) -> datetime:
    return max(
        each.at
        for each in _turns(world, State.APPROVED)
        if (each.change, each.before) in ((turn.change, None), (turn.change, _WAITED))
        and each.tick < turn.tick
    )


def _lives(world: World, change: ChangeId) -> timedelta:
    """How long an approval of this change holds: longer, where policy said that it has to wait."""
    wait = world.journal.cases[change].shown.verdict.obligations.wait
    return max(LIVES, timedelta(minutes=wait.minutes)) if wait else LIVES


def the_trail_is_whole(world: World) -> None:
    """13. The audit chain detects any tampering, and nothing happens beside it."""
    key, tenant = world.bench.gate.signer.public_key, world.bench.device.tenant
    report = world.loop.run(verify(world.real, tenant, key, None))
    hold(13, report.ok, f"an untouched trail is not whole: {report.problems}")
    kinds = [row[0] for row in world.loop.run(world.sql("SELECT kind FROM audit_records", {}))]
    for state in State:
        turned = len([turn for turn in _turns(world, state) if turn.before is not None])
        hold(13, kinds.count(f"change.{state}") >= turned, f"a turn to {state} left no trace")
    answered = len([each for each in world.journal.answers if not _carried(world, each)])
    hold(13, kinds.count("change.answered") >= answered, "an answer left no trace")
    broken = len(world.journal.glasses)
    hold(13, kinds.count("change.break_glass") >= broken, "a broken glass left no trace")


def _carried(world: World, answer: Answered) -> bool:
    return answer.at < world.journal.cases[answer.change].at


def secrets_stay(world: World) -> None:
    """14. No secret or subscriber's data is in a log, an error, a question or a webhook."""
    rows = world.loop.run(world.sql("SELECT payload FROM audit_records", {}))
    told = world.loop.run(world.sql("SELECT data, detail FROM deliveries", {}))
    kept = [str(cell) for row in (*rows, *told) for cell in row]
    said = [*world.journal.said, *map(str, world.logs), *kept]
    hold(14, bool(told), "webhooks were told of nothing")
    for secret in SECRETS:
        hold(14, not any(secret in each for each in said), f"{secret} was said")


def what_rules_saw(world: World) -> None:
    """What a rule of the machine saw by itself, such as tampering that nobody noticed."""
    for invariant, how in world.journal.broken:
        raise Broken(invariant, how)


def _turns(world: World, state: State) -> list[Turn]:
    return [turn for turn in world.journal.turns if turn.now is state]


Check = Callable[[World], None]
CHEAP: tuple[Check, ...] = (
    what_rules_saw,
    no_write_without_leave,
    what_was_shown_is_done,
    approvers_are_others,
    only_a_readable_yes,
    one_writer,
    old_or_new,
    twice_is_once,
    the_way_back,
    nothing_moved,
    halts_and_clocks,
)
AT_THE_END: tuple[Check, ...] = (the_trail_is_whole, secrets_stay)
