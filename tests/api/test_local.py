"""Tokens are made on the server's own machine: the first one once, the others as asked."""

import json
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from api.local import another_first_token, first_token, local_books, open_store
from api.names import TOKEN_FILE
from api.people import set_roles
from api.token_keeping import TokenRequest, add_token, revoke_token
from api.tokens import token_hash
from brain.domain.errors import Conflict, InvalidInput, NotFound, StoreUnavailable
from brain.domain.identity import Principal, PrincipalKind, Role, TenantId
from brain.ids import utc_now
from brain.keys import Keys
from brain.ledger.audit import AuditTrail
from brain.settings import Settings, load_settings

NORTH = TenantId("north")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data", tenant=NORTH)


def request(name: str = "ana", **more: object) -> TokenRequest:
    asked = {"tenant": NORTH, "roles": frozenset({Role.APPROVER}), **more}
    return TokenRequest(name=name, **asked)  # type: ignore[arg-type]  # of the right types


async def make(settings: Settings, asked: TokenRequest) -> str:
    async with local_books(settings, create=True) as books:
        return await add_token(books, asked)


async def revoke(settings: Settings, name: str) -> None:
    async with local_books(settings) as books:
        await revoke_token(books, NORTH, name)


async def whose(settings: Settings, token: str) -> Principal | None:
    async with open_store(settings, Keys.open(settings.data_dir)) as store, store.read() as tx:
        return await tx.tokens.by_hash(token_hash(token), now=utc_now())


async def audit_of(settings: Settings) -> list[tuple[str, str]]:
    async with open_store(settings, Keys.open(settings.data_dir)) as store, store.read() as tx:
        return [(each.kind, each.payload) for each in await tx.audit.range(NORTH)]


async def test_a_token_can_be_made_before_the_first_start(settings: Settings) -> None:
    token = await make(settings, request(groups=frozenset({"approvers"})))

    who = await whose(settings, token)
    assert who is not None
    assert who.id == "ana"
    assert (who.roles, who.groups) == (frozenset({Role.APPROVER}), frozenset({"approvers"}))
    assert who.kind is PrincipalKind.PERSON


async def test_the_audit_trail_knows_of_the_token_but_not_the_token(settings: Settings) -> None:
    token = await make(settings, request())
    await revoke(settings, "ana")

    (created, about), (revoked, _) = await audit_of(settings)
    assert (created, revoked) == ("token.created", "token.revoked")
    assert json.loads(about)["roles"] == ["approver"]
    assert token not in about
    assert token_hash(token) not in about


async def test_two_tokens_of_one_name_are_one_person(settings: Settings) -> None:
    first = await make(settings, request())
    second = await make(settings, request(label="phone"))

    assert await whose(settings, first) == await whose(settings, second)


async def test_a_name_that_is_taken_is_not_taken_over(settings: Settings) -> None:
    first = await make(settings, request())

    with pytest.raises(Conflict, match="add a label"):
        await make(settings, request())

    who = await whose(settings, first)
    assert who is not None
    assert who.roles == {Role.APPROVER}


async def test_a_revoked_token_is_nobodys(settings: Settings) -> None:
    token = await make(settings, request())

    await revoke(settings, "ana")

    assert await whose(settings, token) is None
    with pytest.raises(NotFound):
        await revoke(settings, "ana")


async def test_a_token_ends_when_it_was_told_to(settings: Settings) -> None:
    token = await make(settings, request(lifetime=timedelta(microseconds=1)))

    assert await whose(settings, token) is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a b"}, "name"),
        ({"name": "a/b"}, "name"),
        ({"label": "x y"}, "label"),
        ({"roles": frozenset()}, "roles"),
    ],
)
def test_a_request_that_names_nobody_is_refused(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        request(**wrong)  # type: ignore[arg-type]  # names are among them

    assert refused.value.field == field


async def test_the_first_start_writes_one_token_that_only_the_owner_can_read(
    settings: Settings,
) -> None:
    keys = Keys.open(settings.data_dir)
    async with open_store(settings, keys) as store:
        await store.migrate()
        audit = AuditTrail(keys.audit_signing.sign, utc_now)
        path = await first_token(store, audit, settings)
        again = await first_token(store, audit, settings)

    assert path == settings.data_dir / TOKEN_FILE
    assert again is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    who = await whose(settings, path.read_text().strip())
    assert who is not None
    assert Role.ADMIN in who.roles
    assert len(await audit_of(settings)) == 1


async def test_the_first_token_ends_and_another_takes_its_place_on_this_machine(
    settings: Settings,
) -> None:
    keys = Keys.open(settings.data_dir)
    async with open_store(settings, keys) as store:
        await store.migrate()
        path = await first_token(store, AuditTrail(keys.audit_signing.sign, utc_now), settings)
        assert path is not None
        before = path.read_text().strip()
        hashed, month = token_hash(before), utc_now() + timedelta(days=30)
        async with store.read() as tx:
            early = await tx.tokens.by_hash(hashed, now=month - timedelta(hours=1))
            assert await tx.tokens.by_hash(hashed, now=month) is None
    assert early is not None

    again, ends = await another_first_token(settings)

    assert again == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in settings.data_dir.glob("admin.token*")) == ["admin.token"]
    assert month <= ends <= utc_now() + timedelta(days=30)
    after = await whose(settings, path.read_text().strip())
    assert after is not None
    assert after.id == early.id
    assert await whose(settings, before) is None


async def test_the_longest_that_a_token_may_last_holds_for_the_first_too(tmp_path: Path) -> None:
    strict = load_settings(data_dir=tmp_path / "data", tenant=NORTH, token_ttl_max="P7D")

    _, ends = await another_first_token(strict)

    assert ends <= utc_now() + timedelta(days=7)


async def test_a_first_token_that_could_not_be_kept_is_not_written(settings: Settings) -> None:
    keys = Keys.open(settings.data_dir)
    async with open_store(settings, keys) as store:  # without its tables
        audit = AuditTrail(keys.audit_signing.sign, utc_now)
        with pytest.raises(StoreUnavailable):
            await first_token(store, audit, settings)

    assert not (settings.data_dir / TOKEN_FILE).exists()


@pytest.mark.parametrize(
    "other",
    [
        {"roles": frozenset({Role.APPROVER, Role.ADMIN})},
        {"groups": frozenset()},
        {"groups": frozenset({"approvers", "policy"})},
    ],
)
async def test_making_a_token_gives_nobody_other_roles_or_groups_than_they_have(
    settings: Settings, other: dict[str, object]
) -> None:
    known = {"groups": frozenset({"approvers"})}
    first = await make(settings, request(**known))
    before = await whose(settings, first)

    with pytest.raises(Conflict, match="other roles or groups") as refused:
        await make(settings, request(label="two", **{**known, **other}))
    second = await make(settings, request(label="two", **known))

    assert "gatewright user roles ana" in refused.value.remedy
    assert await whose(settings, first) == await whose(settings, second) == before


async def test_roles_of_somebody_without_a_password_are_changed_by_name(
    settings: Settings,
) -> None:
    token = await make(settings, request())

    async with local_books(settings) as books:
        await set_roles(books, NORTH, "ana", roles=frozenset({Role.SUPPORT}), groups=None)

    who = await whose(settings, token)
    assert who is not None
    assert who.roles == {Role.SUPPORT}
