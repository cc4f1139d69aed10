"""Both engines answer every question alike: every shipped rule, against generated questions."""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from brain.domain.autonomy import Evidence, Level, Standing, Subject
from brain.domain.break_glass import BreakGlass
from brain.domain.canonical import Json, canonical_bytes
from brain.domain.change import AddObject, Change, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import PolicyUnavailable
from brain.domain.history import TrackRecord
from brain.domain.identity import PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause
from brain.domain.question import Asker, Question
from brain.domain.usage import Count, Usage
from brain.domain.verdict import Decision, Point
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import ACCESS, DECISION, Engine, RawAnswer
from policies.engines.embedded import EmbeddedEngine
from policies.engines.opa import OpaEngine
from policies.facts import input_of

pytestmark = pytest.mark.opa

SETS = {
    "Device.WiFi.Radio.{}.Channel": (ParameterType.UNSIGNED_INT, "1 6 13 14 36 52 100 149 0 x"),
    "Device.WiFi.Radio.{}.TransmitPower": (ParameterType.INT, "-1 0 10 50 100 101 x"),
    "Device.WiFi.Radio.{}.AutoChannelEnable": (ParameterType.BOOLEAN, "true false x"),
    "Device.WiFi.Radio.{}.OperatingChannelBandwidth": (
        ParameterType.STRING,
        "20MHz 40MHz 80MHz 160MHz 320MHz-1 Auto 17MHz",
    ),
    "Device.DNS.Client.Server.{}.DNSServer": (
        ParameterType.STRING,
        '9.9.9.9 149.112.112.112 6.6.6.6 "9.9.9.9" 9.9.9.9\\n',
    ),
    "Device.DHCPv4.Server.Pool.{}.DNSServers": (
        ParameterType.STRING,
        "9.9.9.9 9.9.9.9,149.112.112.112 9.9.9.9,6.6.6.6 ,",
    ),
    "Device.WiFi.AccessPoint.{}.Security.KeyPassphrase": (
        ParameterType.STRING,
        'short "correct-horse" ' + "x" * 64,
    ),
    "Device.PPP.Interface.{}.Username": (ParameterType.STRING, "ann@example \\ é☃"),
    "Device.IP.Interface.{}.Enable": (ParameterType.BOOLEAN, "true false"),
    "Device.ManagementServer.URL": (ParameterType.STRING, "http://evil.example"),
    "Device.DeviceInfo.BootFirmwareImage": (ParameterType.STRING, "Device.X.1"),
    "Device.NAT.PortMapping.{}.ExternalPort": (ParameterType.UNSIGNED_INT, "22"),
    'Device.X_ACME_\\Odd"Name.{}.A': (ParameterType.STRING, "1"),
}
OTHERS: tuple[Change, ...] = (
    Command(path=ParameterPath("Device.Reboot()")),
    Command(path=ParameterPath("Device.FactoryReset()")),
    Command(path=ParameterPath("Device.DeviceInfo.FirmwareImage.1.Download()")),
    DeleteObject(path=ParameterPath("Device.IP.Interface.3.")),
    AddObject(path=ParameterPath("Device.NAT.PortMapping."), values=(("ExternalPort", "22"),)),
)
NOT_AS_SHIPPED = {
    "calendar.frozen",
    "calendar.unreadable",
    "compatibility.not_pilot",
    "compatibility.pilot",
    "compatibility.red",
    "compatibility.unreadable",
    "compatibility.untried",
}
"""Rules about numbers that an operator has to write first; see ``test_parity_tuned``."""
JUNK: tuple[Json, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    3.5,
    2**53,
    "",
    "person",
    "allow",
    'a"b\\c\n\x00',
    [],
    {},
    [None],
    {"secret": True},
)


def question(chance: random.Random, ask: Callable[..., Question]) -> Question:
    """One that could be asked, with every fact drawn anew."""
    asked = ask()
    device = replace(
        asked.device,
        country=chance.choice(["DE", "DE", "US", "JP", "GB", "XX", ""]),
        model=chance.choice(["G1", 'G"1\\', "é☃", ""]),
        last_seen=asked.now - timedelta(seconds=chance.choice([0, 0, 0, 86400])),
    )
    kind = chance.choice(list(PrincipalKind))
    asker = Asker(
        id=PrincipalId("ann"),
        kind=kind,
        roles=frozenset(chance.sample([*Role], chance.choice([0, 2, 3, 4]))),
    )
    broken = glass(chance, asked)
    return replace(
        asked,
        point=Point.EXECUTE if broken else chance.choice(list(Point)),
        plan=Plan(device=device.id, changes=changes(chance)),
        device=device,
        asker=asker,
        author=chance.choice(list(Author)),
        values=values(chance),
        track_record=chance.choice([None, *(TrackRecord(tried=n, succeeded=n) for n in (5, 80))]),
        autonomy=chance.choice(
            [None, standing(Level.WITH_APPROVAL, 80), standing(Level.ALONE, 80)]
        ),
        shared_by=chance.choice([None, 0, 0, 0, 40]),
        can_roll_back=chance.random() < 0.9,
        halted=chance.random() < 0.1,
        usage=usage(chance),
        **broken,
    )


def standing(level: Level, held: int) -> Standing:
    """A playbook of which every change held."""
    subject = Subject(cause=Cause.WRONG_DNS, manufacturer="Acme", model="G1")
    evidence = Evidence(tried=held, succeeded=held, in_a_row=held)
    return Standing(tenant=TenantId("default"), subject=subject, level=level, evidence=evidence)


def usage(chance: random.Random) -> Usage | None:
    """Mostly quiet, sometimes too much of it somewhere, sometimes not counted."""
    quiet = Count(under_way=0, last_hour=0)
    counts: dict[str, Count | None] = dict.fromkeys(("device", "model", "tenant"), quiet)
    placed = chance.choice([None, quiet])
    counts |= dict.fromkeys(("site", "port", "olt"), placed)
    counts["unplaced"] = quiet if placed is None else None
    if chance.random() < 0.2:
        much = Count(under_way=chance.choice([0, 1, 3, 4]), last_hour=chance.choice([11, 12, 40]))
        counts[chance.choice(list(counts))] = much
    return chance.choice([*[Usage(**counts)] * 29, None])  # type: ignore[arg-type]  # all are there


def glass(chance: random.Random, asked: Question) -> dict[str, Any]:
    """Mostly none is broken; and when one is, mostly as it should be."""
    if chance.random() < 0.6:
        return {}

    def mostly(usual: Any, *others: Any) -> Any:
        return usual if chance.random() < 0.95 else chance.choice(others)

    expires = asked.now + timedelta(seconds=mostly(60, -1, 0))
    breaker = Asker(
        id=PrincipalId("olga"),
        kind=mostly(PrincipalKind.PERSON, PrincipalKind.MACHINE),
        roles=frozenset({mostly(Role.OPERATOR, Role.SUPPORT)}),
    )
    return {
        "break_glass": BreakGlass(
            by=breaker.id,
            ticket=mostly("INC-7", "", "é☃" * 40, '"a"\\'),
            reason="",
            plan_digest=asked.plan.digest,
            at=expires - timedelta(seconds=mostly(600, 1801)),
            expires_at=expires,
        ),
        "breaker": mostly(breaker, None),
        "unreviewed": mostly(0, 2, 3, None),
    }


def changes(chance: random.Random) -> tuple[Change, ...]:
    if chance.random() < 0.1:
        return (chance.choice(OTHERS),)
    found: dict[str, Change] = {}
    for _ in range(chance.choice([1, 1, 1, 1, 1, 2, 3, 20, 20])):
        template = chance.choice(list(SETS))
        kind, texts = SETS[template]
        path = ParameterPath(template.format(chance.randint(1, 3)))
        after = chance.choice(texts.split(" "))
        found[path] = SetParameter(path=path, type=kind, before="1", after=after)
    return tuple(found.values())


def values(chance: random.Random) -> dict[str, str]:
    found = {}
    for n in (1, 2, 3):
        radio = f"Device.WiFi.Radio.{n}."
        found[radio + "OperatingFrequencyBand"] = chance.choice(["2.4GHz", "5GHz", "6GHz", "9GHz"])
        found[radio + "RegulatoryDomain"] = chance.choice(["DE ", "DE ", "US ", ""])
        found[radio + "Channel"] = chance.choice(["1", "36", "52"])
    return found


def spoiled(chance: random.Random, asked: dict[str, Json]) -> dict[str, Json]:
    """The question with something in it replaced by junk, or missing."""
    document: Any = deepcopy(asked)
    place: Any = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = chance.choice(keys)
        deeper = place[key]
        if not (isinstance(deeper, dict | list) and deeper) or chance.random() < 0.2:
            break
        place = deeper
    if isinstance(place, dict) and chance.random() < 0.3:
        del place[key]
    else:
        place[key] = chance.choice(JUNK)
    return dict(document)


async def said(engine: Engine, entrypoint: str, asked: dict[str, Json]) -> object:
    """What an engine says, in an order of its own, or that it says nothing."""
    try:
        return in_order((await engine.ask(entrypoint, asked)).result)
    except PolicyUnavailable:
        return "no answer"


def in_order(value: Json) -> Json:
    """Sets have no order, and engines write them in different ones."""
    if isinstance(value, dict):
        return {key: in_order(item) for key, item in value.items()}
    if isinstance(value, list):
        return sorted((in_order(item) for item in value), key=canonical_bytes)
    return value


@pytest.fixture
async def opa(opa_url: str, bundle: Bundle) -> Any:
    engine = OpaEngine(opa_url, bundle, timeout=timedelta(seconds=10))
    yield engine
    await engine.aclose()


@pytest.fixture(scope="module")
def inside(bundle: Bundle) -> EmbeddedEngine:
    return EmbeddedEngine(bundle, timeout=timedelta(seconds=10))


@pytest.mark.slow
async def test_plans_are_judged_alike(
    inside: EmbeddedEngine, opa: OpaEngine, bundle: Bundle, ask: Callable[..., Question]
) -> None:
    chance = random.Random(20260101)
    codes: set[str] = set()
    outcomes: dict[Decision, int] = dict.fromkeys(Decision, 0)
    broken_well = 0

    for _ in range(600):
        asked = input_of(question(chance, ask))
        one, other = await said(inside, DECISION, asked), await said(opa, DECISION, asked)
        assert one == other, asked
        raw = RawAnswer(result=one, revision=bundle.revision)  # type: ignore[arg-type]
        broken = asked["break_glass"] is not None
        found = read(raw, revision=bundle.revision, rules=bundle.findings, broken=broken)
        codes |= {finding.code for finding in found.findings}
        outcomes[found.decision] += 1
        broken_well += bool(found.obligations.review_after)

    assert len(codes) > 40
    assert codes <= set(bundle.findings)
    assert min(outcomes.values()) > 5, outcomes
    assert broken_well > 2


async def test_callers_are_answered_alike(inside: EmbeddedEngine, opa: OpaEngine) -> None:
    chance = random.Random(20260103)
    yes = 0

    for _ in range(300):
        asked: dict[str, Json] = {
            "action": chance.choice(["read", "read", "approve", "chat", "manage_tokens", ""]),
            "principal": {
                "kind": chance.choice(["person", "machine"]),
                "roles": [chance.choice(list(Role)).value for _ in range(chance.randint(0, 3))],
                "tenant": chance.choice(["north", "north", "south", ""]),
            },
            "scopes": chance.choice([None, None, ["read"], ["read", "chat"], [], "read"]),
            "tenant": chance.choice(["north", "north", "south", ""]),
        }
        asked = spoiled(chance, asked) if chance.random() < 0.3 else asked
        one, other = await said(inside, ACCESS, asked), await said(opa, ACCESS, asked)
        assert one == other, asked
        yes += one is True

    assert yes > 10
