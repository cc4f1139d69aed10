"""A decision log as a month of work leaves it: kinds of change by their share, circumstances drawn.

Every decision is the embedded engine's own on its kind of question; within a kind, only what its
decision does not hang on is drawn.
"""

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from brain.domain.canonical import Json
from brain.domain.change import Change, Command, SetParameter
from brain.domain.identity import PrincipalId, PrincipalKind, Role
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause
from brain.domain.question import Asker, Question
from brain.domain.verdict import Point, Verdict
from brain.ids import new_id
from evals.bench.judge import question
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import DECISION
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One decision, as the log is given it."""

    verdict: Verdict
    question: Json


def _set(path: str, after: str, kind: ParameterType = ParameterType.STRING) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=kind, before="0", after=after)


_NUMBER, _TRUTH = ParameterType.UNSIGNED_INT, ParameterType.BOOLEAN
_RADIO = "Device.WiFi.Radio.1."
_CHANNEL = (_set(_RADIO + "Channel", "6", _NUMBER),)
_SECRET = (_set("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "correct horse battery"),)
_DNS = (_set("Device.DNS.Client.Server.1.DNSServer", "9.9.9.9"),)
_URL = (_set("Device.ManagementServer.URL", "http://acs.example"),)
_REBOOT = (Command(path=ParameterPath("Device.Reboot()")),)
_SHARES: tuple[tuple[int, tuple[Change, ...], Cause], ...] = (
    (45, _CHANNEL, Cause.CONGESTED_CHANNEL),
    (15, (*_CHANNEL, _set(_RADIO + "AutoChannelEnable", "false", _TRUTH)), Cause.REQUESTED),
    (15, _DNS, Cause.WRONG_DNS),
    (10, _SECRET, Cause.FORGOTTEN_PASSPHRASE),
    (10, _REBOOT, Cause.REQUESTED),
    (5, _URL, Cause.REQUESTED),
)
_SCOPES = ("device", "model", "olt", "port", "site", "tenant", "unplaced")
_QUIET: dict[str, Json] = {"last_hour": 0, "under_way": 0}
_POINTS = (Point.SUBMIT, Point.EXECUTE)


async def decisions(bundle: Bundle, count: int, *, until: datetime) -> Iterator[Decided]:
    """So many decisions of the week before ``until``, the same for the same arguments."""
    engine, kinds, weights = EmbeddedEngine(bundle), [], []
    for share, changes, cause in _SHARES:
        for point in _POINTS:
            asked = _question(changes, cause, point)
            said = input_of(asked) | {"usage": {scope: _QUIET for scope in _SCOPES}}
            raw = await engine.ask(DECISION, said)
            reading = read(raw, revision=bundle.revision, rules=bundle.findings)
            verdict = Verdict(
                decision=reading.decision,
                point=point,
                plan_digest=asked.plan.digest,
                policy_revision=bundle.revision,
                engine=engine.name,
                decision_id="",
                decided_at=until,
                findings=reading.findings,
                obligations=reading.obligations,
            )
            kinds.append(Decided(verdict=verdict, question=said))
            weights.append(share)
    drawn = random.Random(1).choices(kinds, weights, k=count)  # noqa: S311 - the same every time
    return (_varied(each, until, n, count) for n, each in enumerate(drawn))


def _question(changes: tuple[Change, ...], cause: Cause, point: Point) -> Question:
    base = question(1)
    sam = Asker(id=PrincipalId("sam"), kind=PrincipalKind.PERSON, roles=frozenset({Role.SUPPORT}))
    return replace(
        base,
        plan=replace(base.plan, changes=changes),
        cause=cause,
        point=point,
        author=Author.RULES,
        asker=sam,
    )


def _varied(kind: Decided, until: datetime, number: int, count: int) -> Decided:
    """Another device, person, moment, neighbourhood and value before."""
    draw = random.Random(number)  # noqa: S311 - the same every time
    at = until - timedelta(days=7) * ((number + 1) / (count + 1))
    asked: Any = deepcopy(kind.question)
    asked["device"]["id"] = f"00D09E-G1-{draw.randrange(20_000)}"
    asked["device"]["seen_seconds_ago"] = draw.randrange(600)
    asked["asker"]["id"] = f"agent{draw.randrange(40)}"
    minute = at.hour * 60 + at.minute
    clock = {"minute": minute, "weekday": at.weekday()}
    asked["now"] = {"epoch": int(at.timestamp()), "local": clock, **clock}
    asked["usage"] = {scope: _few(draw) for scope in _SCOPES}
    asked["usage"]["device"]["under_way"] = 0  # a second one would be denied
    for changes in asked["plan"]["changes"].values():
        for change in changes:
            if "before" in change:
                change["before"] = draw.randrange(1, 14)
    asked["plan"]["digest"] = f"{number:064x}"
    verdict = replace(kind.verdict, decision_id=new_id("dec"), decided_at=at)
    return Decided(verdict=verdict, question=asked)


def _few(draw: random.Random) -> dict[str, int]:
    return {"last_hour": draw.randrange(3), "under_way": draw.randrange(2)}
