"""What tests of policy share: the bundle, questions, an engine that says what it is told."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from brain.domain.canonical import Json
from brain.domain.change import Change, Plan, SetParameter
from brain.domain.controller import OWN_ACS
from brain.domain.device import Device
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import DeviceId, PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause
from brain.domain.question import Asker, Question
from brain.domain.usage import Count, Usage
from brain.domain.verdict import Point, Verdict
from policies.bundle import Bundle
from policies.check import find_program
from policies.engine import RawAnswer

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
DEVICE = Device(
    id=DeviceId("00D09E-G1-1"),
    tenant=TenantId("north"),
    oui="00D09E",
    product_class="G1",
    serial="1",
    manufacturer="Acme",
    model="G1",
    firmware="1.0",
    country="DE",
    last_seen=NOW - timedelta(seconds=10),
)
RESOLVER = SetParameter(
    path=ParameterPath("Device.DNS.Client.Server.1.DNSServer"),
    type=ParameterType.STRING,
    before="192.0.2.1",
    after="9.9.9.9",
)
QUIET = Count(under_way=0, last_hour=0)
Ask = Callable[..., Question]


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    return Bundle.load()


@pytest.fixture(scope="session")
def opa_binary() -> str:
    """The opa program, from ``.tools/bin`` or PATH."""
    found = find_program("opa")
    if not found and os.environ.get("CI") == "true":
        pytest.fail("CI has to have OPA: run `make tools`")
    if not found:
        pytest.skip("OPA is not installed: `make tools` installs it")
    return found


@pytest.fixture(scope="session")
def crashing(bundle: Bundle) -> Bundle:
    """Rules that OPA takes, and that rego-cpp does not survive compiling."""
    radio = "gatewright/change/radio/radio.rego"
    before = "_abroad(radio) := regulatory.tables[regulatory.countries[radio.country]]"
    after = "_abroad(radio) := regulatory.tables[name] if name := regulatory.countries[_of(radio)]"
    source = bundle.modules[radio]
    assert before in source
    altered = f"{source.replace(before, after)}\n_of(radio) := radio.country\n"
    return Bundle.of({**bundle.modules, radio: altered}, bundle.data)


@pytest.fixture
def ask() -> Ask:
    """Makes a question: a resolver that a support agent asks for, or what is said instead."""

    def make(*changes: Change, **said: object) -> Question:
        question = Question(
            point=Point.SUBMIT,
            plan=Plan(device=DEVICE.id, changes=changes or (RESOLVER,)),
            device=DEVICE,
            asker=person(Role.SUPPORT),
            cause=Cause.WRONG_DNS,
            author=Author.RULES,
            now=NOW,
            shared_by=0,
            controller=OWN_ACS,
            can_roll_back=True,
            halted=False,
            usage=Usage(device=QUIET, model=QUIET, tenant=QUIET, unplaced=QUIET),
        )
        return replace(question, **said)  # type: ignore[arg-type]  # the fields of a question

    return make


def person(*roles: Role) -> Asker:
    return Asker(id=PrincipalId("ann"), kind=PrincipalKind.PERSON, roles=frozenset(roles))


class Told:
    """An engine that answers what it is told, or raises it, and remembers what it was asked."""

    name = "told"

    def __init__(self, answer: object, revision: str) -> None:
        self.answer = answer
        self.revision = revision
        self.asked: list[tuple[str, dict[str, Json]]] = []

    async def ask(self, entrypoint: str, question: dict[str, Json]) -> RawAnswer:
        self.asked.append((entrypoint, question))
        if isinstance(self.answer, PolicyUnavailable):
            raise self.answer
        return RawAnswer(result=self.answer, revision=self.revision)  # type: ignore[arg-type]


@pytest.fixture
def told(bundle: Bundle) -> Callable[..., Told]:
    """Makes an engine that gives this answer, from the active bundle unless told otherwise."""
    return lambda answer, revision=bundle.revision: Told(answer, revision)


class Log:
    """A decision log in memory."""

    def __init__(self) -> None:
        self.kept: list[tuple[TenantId, Verdict, Json]] = []
        self.broken: Exception | None = None

    async def __call__(self, tenant: TenantId, verdict: Verdict, question: Json) -> None:
        if self.broken is not None:
            raise self.broken
        self.kept.append((tenant, verdict, question))


@pytest.fixture
def log() -> Log:
    return Log()
