"""What a language model is sent, recorded on its way out, in every shipped scenario.

The model asks for all that there is, and the message holds whatever an agent should not have typed.
"""

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from brain.domain.identity import Role
from brain.domain.incident import Symptom
from brain.planner.http_of_openai import http
from brain.planner.llm import LlmLimits, OpenAiModel
from brain.planner.prompting import instructions
from brain.planner.pseudonyms import Pseudonyms
from evals.assembly import person
from evals.harness.past import remember
from evals.harness.planning import Desk, graph_mind, planned
from evals.harness.road import road
from evals.homes.build import World, build
from evals.homes.network import TENANT
from evals.homes.spec import KINDS, ClientSpec, Spec
from evals.scenarios.frozen import FREE_WORDS
from evals.scenarios.loader import LIBRARY, load_all
from evals.scenarios.variants import Case
from evals.standins.curious import curious
from evals.standins.llm import LanguageServer
from evals.workbench import temporary_store

_PERSONAL = re.compile(
    r"(SSID|HostName|SerialNumber|MACAddress|PhysAddress|IPAddress|User(N|n)ame|Password"
    r"|Passphrase|PreSharedKey|DirectoryNumber|\.ID|Prefix|IPRouters|(Min|Max)Address)$"
)
"""Leaves whose values are somebody's. Our own list: that of the product is what is tested."""
_SHARED = re.compile(r"(NTPServer|DNSServer|Diagnostics\.(IPPing|NSLookup)|SubnetMask)")
_OURS = " ".join(
    [*KINDS, *(instructions(name) for name in ("intake", "diagnose", "propose", "answer"))]
).casefold()
"""Words that we say ourselves: nobody is known by a network that is called *home*."""
_NEUTRAL = "Please have a look at this one."
_WHY = "why did you do that?"
_SECRETS = (
    "the passphrase is {0}; Password: {0}",
    "The wifi password is: {0}",
    "pw: {0}. Das Passwort lautet: {0}",
    "le mot de passe est {0}; wpa key {0}",
    "change the password to -> {0}",
    "{0} is the password they want",
    "het wachtwoord moet {0} zijn",
    "la contraseña es: {0}",
)
"""How a secret is typed, in turns: {0} is where."""
_SAYS_NOTHING = re.compile(r"\d{1,4}|true|false|", re.IGNORECASE)


@dataclass
class Recording(http.AsyncBaseTransport):
    """Hands everything on, and keeps what was sent."""

    to: http.AsyncBaseTransport
    sent: list[str] = field(default_factory=list)

    async def handle_async_request(self, request: http.Request) -> http.Response:
        head = [f"{name}: {value}" for name, value in request.headers.items()]
        body = (await request.aread()).decode()
        self.sent.append("\n".join([str(request.url), *head, body]))
        return await self.to.handle_async_request(request)


def firsts() -> list[Case]:
    """The first case of every template."""
    found: dict[str, Case] = {}
    for case in load_all([LIBRARY, FREE_WORDS]):
        found.setdefault(case.template.id, case)
    return list(found.values())


def others() -> list[Case]:
    """All other cases: other words, languages, personas and worlds of the same."""
    seen = {case.id for case in firsts()}
    return [case for case in load_all([LIBRARY, FREE_WORDS]) if case.id not in seen]


@pytest.fixture(params=firsts(), ids=lambda case: case.template.id)
def case(request: pytest.FixtureRequest) -> Case:
    """Each of them."""
    found: Case = request.param
    return found


@pytest.mark.slow
def test_nothing_of_anybody_leaves(case: Case, tmp_path: Path) -> None:
    asked = _asked(case, tmp_path)

    assert asked.sent, "the model was never asked"
    assert len(asked.private) > 10
    assert asked.left() == []


@pytest.mark.long
@pytest.mark.parametrize("other", others(), ids=lambda case: case.id)
def test_nothing_of_anybody_leaves_in_any_other_words_or_world(other: Case, tmp_path: Path) -> None:
    asked = _asked(other, tmp_path)

    assert asked.sent, "the model was never asked"
    assert asked.left() == []


def test_what_would_leave_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pseudonyms, "scrub", lambda self, text: text)

    asked = _asked(firsts()[0], tmp_path)

    assert len(asked.left()) > 20


def test_where_the_evidence_is_not_clear_all_kinds_of_questions_are_asked(tmp_path: Path) -> None:
    asked = _asked(next(each for each in firsts() if each.template.id == "all-is-well"), tmp_path)

    assert {_name(each) for each in asked.sent} == {"intake", "diagnose", "propose", "answer"}


@dataclass
class Asked:
    """What was sent, and what of it is somebody's."""

    sent: list[str]
    private: list[str]

    def left(self) -> list[str]:
        """What should have stayed here."""
        words = "\n".join(_unfolded(each) for each in self.sent)
        return [each for each in self.private if _stands_in(each, words)]


def _asked(case: Case, folder: Path) -> Asked:
    world = build(_with_somebodys_things(case.spec()), case.seed)
    mine, *others = [set(_private(world, number)) for number in range(len(world.residents))]
    sent = asyncio.run(_planned(case, world, sorted(mine), folder))
    seeded = sorted(mine.union(*others, [world.home.passphrase()]))
    return Asked(sent, [each for each in seeded if not _stands_in(each, _OURS)])


def _with_somebodys_things(spec: Spec) -> Spec:
    """With things on the network that nobody mistakes for a word of ours."""
    struck = str([each.model_dump() for each in spec.faults])
    usual = (ClientSpec(name="phone", kind="phone"), ClientSpec(name="laptop", kind="laptop"))
    own = [
        each.model_copy(update={"name": f"{each.name} of Zofia"[-40:]})
        for each in spec.world.clients or usual
    ]
    if any(f"'{each.name}'" in struck for each in (*spec.world.clients, *usual)):
        return spec
    return spec.model_copy(update={"world": spec.world.model_copy(update={"clients": tuple(own)})})


def _private(world: World, number: int) -> Iterator[str]:
    """Names of people and places, and what tells a device or a household."""
    resident, device = world.residents[number], world.devices[number]
    yield from (resident.subscriber, resident.site, device.serial)
    tree = resident.home.tree  # also of a home that answers nobody
    for path, value in ((each, tree.shown(each)) for each in tree.parameters):
        if _PERSONAL.search(path) and not _SHARED.search(path):
            yield from (item for item in value.split(",") if len(item) > 3)


async def _planned(case: Case, world: World, mine: list[str], folder: Path) -> list[str]:
    asker = person(TENANT, "agent-1", Role.SUPPORT)
    recording = Recording(http.ASGITransport(app=LanguageServer(curious(_symptom(case)))))
    model = OpenAiModel(
        model="stand-in",
        base_url="http://stand-in.invalid/v1",
        limits=LlmLimits(timeout=5, retries=0, question_seconds=10),
        transport=recording,
    )
    async with temporary_store(folder) as store, road(world, store, asker) as at:
        await remember(world, store, case.template.history)
        async with store.read() as tx:
            heard = await tx.snapshots.latest(TENANT, at.device.id)
        said = ",".join(heard.values.values() if heard else [])
        resident = world.residents[0]
        told_of = (resident.subscriber, resident.site, at.device.serial)
        # What a home that never called calls its things, nobody here can know.
        typed = [each for each in mine if each in told_of or each in said]
        plain = [each for each in typed if " " not in each]  # some networks give orders
        for words, things in ((case.words(), typed), (_NEUTRAL, plain)):
            told = _typed(case, world.home.passphrase())
            text = f"{words} {' / '.join(things)}; {told}"
            mind, expect, desk = graph_mind(model, told=False), case.template.expect, Desk(at)
            opened = await planned(desk, mind, text, most_seconds=60, expect=expect)
            await mind(desk, opened, f"{' / '.join(things)}. {told}. {_WHY}")
    await model.aclose()
    return recording.sent


def _typed(case: Case, secret: str) -> str:
    return _SECRETS[_turn(case) % len(_SECRETS)].format(secret)


def _turn(case: Case) -> int:
    return sum(map(ord, case.template.id))


def _symptom(case: Case) -> str:
    """What the words are taken for: in turns, so that every reading of a home leaves once."""
    of_a_home = [
        each for each in Symptom if each not in (Symptom.UNCLEAR, Symptom.EXPLICIT_REQUEST)
    ]
    return of_a_home[_turn(case) % len(of_a_home)].value


def _name(sent: str) -> str:
    return str(_body(sent)["response_format"]["json_schema"]["name"])


def _body(sent: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(sent[sent.index("\n{") :])
    return body


def _unfolded(sent: str) -> str:
    """The bytes as sent, and all texts in them as they read."""
    said = [str(each["content"]) for each in _body(sent)["messages"]]
    return "\n".join([sent, *said]).casefold()


def _stands_in(private: str, words: str) -> bool:
    if _SAYS_NOTHING.fullmatch(private):
        return False
    return re.search(rf"(?<!\w){re.escape(private.casefold())}(?!\w)", words) is not None
