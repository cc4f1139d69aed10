"""Compares what roles may do under two bundles: every role, alone and together, every action."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from brain.domain.canonical import Json
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import Principal, PrincipalId, PrincipalKind, Role, TenantId
from policies.access import Access, Entry
from policies.bundle import Bundle
from policies.tokens import tokens

BRAKES = ("approve", "break_glass", "manage_halt", "manage_policy")
"""What stops a change or lets one go on by people: without it nobody could take rules back."""
_HERE, _ELSEWHERE = TenantId("here"), TenantId("elsewhere")


async def widened(before: Bundle, after: Bundle) -> tuple[str, ...]:
    """What may be done under ``after`` and not under ``before``: ``support: approve``.

    Empty when nothing is gained. Every word that either bundle knows counts as an action, and
    every group of an identity provider that ``after`` knows is looked at. Raises PolicyUnavailable
    where ``after`` has no answer.
    """
    if _about_access(before) == _about_access(after):
        return ()
    old, new = Access(before), Access(after)
    actions = sorted(_words(before) | _words(after))
    return (*await _gains(old, new, actions), *await _let_in(old, new, before, after))


async def lost(before: Bundle, after: Bundle) -> tuple[str, ...]:
    """Which of the ``BRAKES`` a role had under ``before`` and has no more: ``support: approve``.

    Whoever may do less could be everybody who might have objected. Where ``after`` has no answer,
    all is lost. Raises PolicyUnavailable where ``before`` has none.
    """
    if _about_access(before) == _about_access(after):
        return ()
    return await _gains(Access(after), Access(before), BRAKES)


async def _let_in(old: Access, new: Access, before: Bundle, after: Bundle) -> tuple[str, ...]:
    """Groups that are worth more; all of them, when the rule itself was changed."""
    if _modules(before, "/entry/") != _modules(after, "/entry/"):
        return ("identity provider: another rule says who comes in",)
    identity = after.data.get("identity")
    groups = identity.get("groups") if isinstance(identity, dict) else None
    more = []
    for group in sorted(groups) if isinstance(groups, dict) else ():
        then, now = await _entry(old, group), await new.entry([group])
        same_tenant = then is not None and now is not None and then.tenant == now.tenant
        held = then.roles | then.groups if then is not None and same_tenant else frozenset[str]()
        got = now.roles | now.groups if now is not None else frozenset[str]()
        more += [f"identity provider's {group}: {word}" for word in sorted(got - held)]
    return tuple(more)


async def _gains(old: Access, new: Access, actions: Sequence[str]) -> tuple[str, ...]:
    gained: dict[tuple[frozenset[Role], PrincipalKind, str, TenantId], str] = {}
    for who, action, tenant in _asked(actions):
        if any((frozenset({role}), who.kind, action, tenant) in gained for role in who.roles):
            continue  # said of the one role already
        may = await new.allowed(who, action, tenant=tenant)
        if may and not await _allowed(old, who, action, tenant):
            gained[who.roles, who.kind, action, tenant] = _said(who, action, tenant)
    return tuple(gained.values())


async def _entry(old: Access, group: str) -> Entry | None:
    """What it was worth: nothing, where the old rules have no answer."""
    try:
        return await old.entry([group])
    except PolicyUnavailable:
        return None


async def _allowed(old: Access, who: Principal, action: str, tenant: TenantId) -> bool:
    """Whether they might: not, where the old rules have no answer."""
    try:
        return await old.allowed(who, action, tenant=tenant)
    except PolicyUnavailable:
        return False


def _about_access(bundle: Bundle) -> tuple[Json, object]:
    """All that these rules may hang on; they may look any number up."""
    return dict(bundle.data), (_modules(bundle, "/access/"), _modules(bundle, "/entry/"))


def _modules(bundle: Bundle, folder: str) -> dict[str, str]:
    return {name: source for name, source in bundle.modules.items() if folder in name}


def _words(bundle: Bundle) -> set[str]:
    roles = bundle.data.get("roles")
    listed: Iterable[Json] = roles.values() if isinstance(roles, dict) else ()
    known = {str(word) for each in listed if isinstance(each, list) for word in each}
    written = {
        token.text[1:-1]
        for source in _modules(bundle, "/access/").values()
        for token in tokens(source)
        if token.kind == "text" and len(token.text) > 2
    }
    return known | written


def _asked(actions: Sequence[str]) -> Iterator[tuple[Principal, str, TenantId]]:
    """Single roles first, then pairs: so the shortest way to a gain is what is said."""
    for size in (1, 2):
        for roles in combinations(sorted(Role), size):
            for kind in PrincipalKind:
                who = Principal(
                    id=PrincipalId("anybody"), tenant=_HERE, kind=kind, roles=frozenset(roles)
                )
                for action in actions:
                    yield who, action, _HERE
                    if size == 1:
                        yield who, action, _ELSEWHERE


def _said(who: Principal, action: str, tenant: TenantId) -> str:
    kind = " (machine)" if who.kind is PrincipalKind.MACHINE else ""
    where = " in another tenant" if tenant == _ELSEWHERE else ""
    return f"{' and '.join(sorted(who.roles))}{kind}: {action}{where}"
