"""One person with two ways in is one principal, or does not get in at all."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from api.binding import bind, unbind
from api.books import Books
from api.oidc import Identity
from api.passwords import Passwords
from api.problems import Unauthenticated
from api.sessions import Clocks, Sessions
from api.signing_in import NotLinked, SigningIn
from brain.domain.approval import Answer
from brain.domain.errors import Conflict, Forbidden, NotFound, Unreadable
from brain.domain.identity import ChangeId, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.record import ChangeRecord
from policies.access import Entry
from tests.api.conftest import NORTH, SOUTH, answering

if TYPE_CHECKING:
    from tests.api.conftest import Front

ISSUER = "https://login.example.net"
SAM = Identity(
    issuer=ISSUER, subject="7", name="Sam", groups=("noc-leads",), names=frozenset({"sam"})
)


class Vouching:
    """A provider that vouches for one identity; what it checks is tested with real ones."""

    def __init__(self, identity: Identity) -> None:
        self._identity = identity

    async def finish(self, started: object, sent: object) -> Identity:
        return self._identity


@pytest.fixture
def entered(front: "Front") -> Any:
    """Signs an identity in, and says as whom."""
    front.wiring.access.worth = {
        "noc-leads": Entry(
            tenant=NORTH,
            roles=frozenset({Role.APPROVER}),
            groups=frozenset({"approvers"}),
            revision="r1",
        )
    }
    sessions = Sessions(gatewright=front.wiring, clocks=Clocks(idle=timedelta(hours=1)))
    signing_in = SigningIn(gatewright=front.wiring, passwords=Passwords(), sessions=sessions)

    async def enter(identity: Identity = SAM) -> str:
        provider: Any = Vouching(identity)
        started: Any = None
        cookie = await signing_in.with_provider(provider, started, {}, address="192.0.2.1")
        found = await sessions.find(cookie)
        return found[0].id if found else ""

    return enter


async def link(front: "Front", name: str, tenant: TenantId = NORTH) -> None:
    async with front.wiring.store.begin() as tx:
        await bind(books(front, tx), tenant, name, ISSUER, "7")


def books(front: "Front", tx: Any) -> Books:
    return Books(tx=tx, audit=front.wiring.audit, by="boss", at=front.wiring.clock())


async def kinds(front: "Front") -> list[str]:
    async with front.wiring.store.read() as tx:
        return [each.kind for each in await tx.audit.range(NORTH)]


@pytest.mark.parametrize("name", ["sam", "Sam", "sam@example.net"])
async def test_whoever_is_called_like_somebody_here_is_turned_away_until_linked(
    front: "Front", entered: Any, name: str
) -> None:
    await front.token(name, Role.SUPPORT)
    called = replace(SAM, names=frozenset({name.casefold()}))

    with pytest.raises(NotLinked):
        await entered(called)

    async with front.wiring.store.read() as tx:
        assert await tx.principals.get(NORTH, SAM.principal) is None
        last = (await tx.audit.range(NORTH))[-1]
    assert last.kind == "user.not_linked"
    about = json.loads(last.payload)
    assert (about["user"], about["issuer"], about["subject"]) == (name, ISSUER, "7")


async def test_capitals_spaces_and_punctuation_make_no_other_name(
    front: "Front", entered: Any
) -> None:
    await front.token("sam.moreau", Role.SUPPORT)

    for shown, names in (("Sam Moreau", set[str]()), ("7", {"sam_moreau"})):
        with pytest.raises(NotLinked):
            await entered(replace(SAM, name=shown, names=frozenset(names)))

    async with front.wiring.store.read() as tx:
        assert await tx.principals.get(NORTH, SAM.principal) is None
    assert await entered(replace(SAM, name="Samuel", names=frozenset())) == SAM.principal


async def test_who_was_shut_out_of_one_tenant_does_not_come_in_at_another(
    front: "Front", entered: Any
) -> None:
    assert await entered() == SAM.principal
    async with front.wiring.store.begin() as tx:
        await tx.principals.disable(NORTH, SAM.principal, disabled=True)
    worth = front.wiring.access.worth
    worth["noc-leads"] = replace(worth["noc-leads"], tenant=SOUTH)

    with pytest.raises(Unauthenticated, match="disabled"):
        await entered()

    async with front.wiring.store.read() as tx:
        assert await tx.principals.get(SOUTH, SAM.principal) is None
    async with front.wiring.store.begin() as tx:
        await tx.principals.disable(NORTH, SAM.principal, disabled=False)
    assert await entered() == SAM.principal


async def test_somebody_who_was_shut_out_does_not_come_back_through_the_provider(
    front: "Front", entered: Any
) -> None:
    await front.token("sam", Role.SUPPORT)
    async with front.wiring.store.begin() as tx:
        await tx.principals.disable(NORTH, PrincipalId("sam"), disabled=True)

    with pytest.raises(NotLinked):
        await entered()
    await link(front, "sam")
    with pytest.raises(Unauthenticated, match="disabled"):
        await entered()


async def test_a_machine_or_a_person_of_another_tenant_is_no_namesake(
    front: "Front", entered: Any
) -> None:
    await front.token("sam", Role.AUTOMATION, kind=PrincipalKind.MACHINE)
    await front.token("sam", Role.SUPPORT, tenant=SOUTH)

    assert await entered() == SAM.principal


async def test_linked_both_ways_in_are_one_with_the_roles_they_have_here(
    front: "Front", entered: Any
) -> None:
    await front.token("sam", Role.SUPPORT, groups=["desk"])
    await link(front, "sam")

    assert await entered() == "sam"
    async with front.wiring.store.read() as tx:
        sam = await tx.principals.get(NORTH, PrincipalId("sam"))
        assert await tx.principals.get(NORTH, SAM.principal) is None
    assert sam is not None
    assert (sam.roles, sam.groups) == ({Role.SUPPORT}, {"desk"})


async def test_through_the_provider_nobody_approves_what_they_asked_for_here(
    front: "Front", entered: Any, change: ChangeRecord
) -> None:
    await front.token("sam", Role.SUPPORT, Role.APPROVER, groups=["approvers"])
    await link(front, "sam")
    async with front.wiring.store.read() as tx:
        who = await tx.principals.get(NORTH, PrincipalId(await entered()))
    assert who is not None

    with pytest.raises(Forbidden):
        await front.wiring.ledger.answer(
            who, ChangeId(change.id), digest=change.plan.digest, answer=Answer.APPROVE
        )

    async with front.wiring.store.read() as tx:
        assert await tx.approvals.of_change(NORTH, change.id) == []


async def test_who_came_in_before_is_signed_out_and_shut_out_by_the_link(
    front: "Front", entered: Any
) -> None:
    before = await entered()
    await front.token("sam", Role.SUPPORT)
    async with front.wiring.store.read() as tx:
        assert await tx.sessions.of_principal(NORTH, before) == []  # a namesake came

    await link(front, "sam")

    assert await entered() == "sam"
    async with front.wiring.store.read() as tx:
        assert before in await tx.principals.disabled(NORTH)
        assert before not in {each.id for each in await tx.principals.people(NORTH)}


@pytest.mark.parametrize(
    "part", [{"asked_by": SAM.principal}, {"behind": frozenset({SAM.principal})}]
)
async def test_an_identity_with_a_part_in_something_open_is_not_linked_yet(
    front: "Front", change: ChangeRecord, part: dict[str, Any]
) -> None:
    await front.token("alex", Role.APPROVER)
    theirs = replace(change, id=ChangeId("chg_2"), **part)
    async with front.wiring.store.begin() as tx:
        await tx.changes.add(theirs)

    with pytest.raises(Conflict, match="chg_2"):
        await link(front, "alex")

    async with front.wiring.store.read() as tx:
        assert await tx.bindings.list(NORTH) == []
    assert "user.linked" not in await kinds(front)


async def test_whoever_answers_for_a_service_is_not_linked_before_another_does(
    front: "Front",
) -> None:
    await front.token("alex", Role.APPROVER)
    owned = replace(answering("job"), kind=PrincipalKind.MACHINE, owner=SAM.principal)
    async with front.wiring.store.begin() as tx:
        await tx.principals.put(owned, "job")

    with pytest.raises(Conflict, match="answers for the service job"):
        await link(front, "alex")

    async with front.wiring.store.read() as tx:
        assert await tx.bindings.list(NORTH) == []


async def test_an_identity_is_one_person_and_a_machine_or_a_stranger_is_none(
    front: "Front",
) -> None:
    await front.token("sam", Role.SUPPORT)
    await front.token("ben", Role.SUPPORT)
    await front.token("job", Role.AUTOMATION, kind=PrincipalKind.MACHINE)
    await front.token("eve", Role.SUPPORT, tenant=SOUTH)
    await link(front, "sam")

    for name, tenant, refusal in (
        ("ben", NORTH, Conflict),
        ("eve", SOUTH, Conflict),
        ("job", NORTH, Forbidden),
        ("eve", NORTH, NotFound),
    ):
        with pytest.raises(refusal):
            await link(front, name, tenant)

    async with front.wiring.store.read() as tx:
        assert [each.principal for each in await tx.bindings.list(NORTH)] == ["sam"]
        assert await tx.bindings.list(SOUTH) == []


async def test_a_link_that_was_taken_back_leads_nowhere(front: "Front", entered: Any) -> None:
    await front.token("sam", Role.SUPPORT)
    await link(front, "sam")
    await entered()
    async with front.wiring.store.begin() as tx:
        await unbind(books(front, tx), NORTH, "sam", SAM.principal)

    with pytest.raises(NotLinked):
        await entered()
    assert [each for each in await kinds(front) if each.startswith("user.")] == [
        "user.linked",
        "user.unlinked",
        "user.not_linked",
    ]


async def test_a_link_that_was_moved_in_the_database_lets_nobody_in(
    front: "Front", entered: Any
) -> None:
    from brain.store.bindings import bindings

    await front.token("sam", Role.SUPPORT)
    await front.token("eve", Role.ADMIN)
    await link(front, "eve")
    other = replace(SAM, subject="8", names=frozenset({"mallory"}))
    async with front.wiring.store.begin() as tx:
        moved = bindings.update().values(identity=other.principal)
        await tx.bindings._db.run(moved, {})

    with pytest.raises(Unreadable):
        await entered(other)


async def test_an_administrator_links_and_unlinks_from_afar(front: "Front") -> None:
    await front.token("sam", Role.SUPPORT)
    wanted = {"issuer": ISSUER, "subject": "7"}
    async with await front.caller("boss", Role.ADMIN) as boss:
        own = await boss.post("/v1/users/boss/links", json=wanted)
        linked = await boss.post("/v1/users/sam/links", json=wanted)
        (shown,) = linked.json()["links"]
        unlinked = await boss.delete(f"/v1/users/sam/links/{shown['identity']}")
        again = await boss.delete(f"/v1/users/sam/links/{shown['identity']}")

    assert (own.status_code, again.status_code) == (403, 404)
    assert (shown["issuer"], shown["subject"]) == (ISSUER, "7")
    assert unlinked.json()["links"] == []
