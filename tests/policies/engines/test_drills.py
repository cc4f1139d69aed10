"""Drills with a real OPA server: killed, hung, with other rules; and back without our restart."""

import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from brain.domain.ports import Clock, NewId
from brain.domain.question import Question
from brain.domain.verdict import Decision, Verdict
from evals.demo.stage import free_port
from policies.bundle import Bundle
from policies.engine import ACCESS
from policies.engines.opa import OpaEngine
from policies.gate import Gate
from policies.signing import PermitSigner
from tests.policies.engines.serving import start

pytestmark = pytest.mark.opa
Ask = Callable[..., Question]
LIMIT = 1.0
UNAVAILABLE = (Decision.DENY, "policy_unavailable")
ANSWERED = (Decision.REVIEW, "")


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
async def gate(
    port: int, bundle: Bundle, clock: Clock, new_id: NewId, log: Any
) -> AsyncIterator[Gate]:
    url = f"http://127.0.0.1:{port}"
    engine = OpaEngine(url, bundle, timeout=timedelta(seconds=LIMIT))
    signer = PermitSigner.from_bytes(bytes(32))
    yield Gate(engine=engine, bundle=bundle, clock=clock, new_id=new_id, signer=signer, log=log)
    await engine.aclose()


@contextmanager
def opa(
    program: str, port: int, bundle: Bundle, folder: Path, *more: str
) -> Iterator["subprocess.Popen[bytes]"]:
    packed = folder / f"{bundle.revision}.tar.gz"
    packed.write_bytes(bundle.to_tar_gz())
    server = start(program, port, packed, *more)
    try:
        yield server
    finally:
        server.send_signal(signal.SIGCONT)
        server.kill()
        server.wait(timeout=10)


def stop(server: "subprocess.Popen[bytes]") -> None:
    """Stop it as a hang would; a signal takes a moment to arrive, so wait until it has."""
    server.send_signal(signal.SIGSTOP)
    os.waitpid(server.pid, os.WUNTRACED)


async def judged(gate: Gate, question: Question) -> tuple[Verdict, float]:
    started = time.monotonic()
    verdict = await gate.judge(question)
    return verdict, time.monotonic() - started


def said(verdict: Verdict) -> tuple[Decision, str]:
    return verdict.decision, verdict.cause


async def test_killed_it_denies_at_once_and_back_it_answers_again(
    gate: Gate, opa_binary: str, port: int, bundle: Bundle, ask: Ask, tmp_path: Path
) -> None:
    with opa(opa_binary, port, bundle, tmp_path) as server:
        before, _ = await judged(gate, ask())
        server.kill()
        server.wait()
        broken, _ = await judged(gate, ask())
        gone, seconds = await judged(gate, ask())
        ready = await gate.ready()
    with opa(opa_binary, port, bundle, tmp_path):
        back, _ = await judged(gate, ask())

    assert (said(before), said(back)) == (ANSWERED, ANSWERED)
    assert said(broken) == said(gone) == UNAVAILABLE
    assert seconds < LIMIT + 2
    assert not ready
    assert "cannot be reached" in gone.findings[0].message
    assert "gatewright doctor" in gone.findings[0].remedy


async def test_hung_it_denies_within_the_limit_and_freed_it_answers_again(
    gate: Gate, opa_binary: str, port: int, bundle: Bundle, ask: Ask, tmp_path: Path
) -> None:
    with opa(opa_binary, port, bundle, tmp_path) as server:
        before, _ = await judged(gate, ask())
        stop(server)
        hung, seconds = await judged(gate, ask())
        server.send_signal(signal.SIGCONT)
        back, _ = await judged(gate, ask())

    assert (said(before), said(hung), said(back)) == (ANSWERED, UNAVAILABLE, ANSWERED)
    assert LIMIT - 0.1 < seconds < LIMIT + 2
    assert "did not answer within 1 seconds" in hung.findings[0].message


async def test_with_other_rules_it_denies_and_with_the_active_ones_it_answers_again(
    gate: Gate, opa_binary: str, port: int, bundle: Bundle, ask: Ask, tmp_path: Path
) -> None:
    other = bundle.with_numbers({"limits": {"presence": {"minutes": 7}}})

    with opa(opa_binary, port, other, tmp_path):
        wrong, _ = await judged(gate, ask())
    with opa(opa_binary, port, bundle, tmp_path):
        back, _ = await judged(gate, ask())

    assert (said(wrong), said(back)) == (UNAVAILABLE, ANSWERED)
    assert "another bundle than the active one" in wrong.findings[0].message
    assert "opa-config" in wrong.findings[0].remedy


async def test_with_no_rules_at_all_it_denies_and_says_so(
    gate: Gate, opa_binary: str, port: int, ask: Ask, tmp_path: Path
) -> None:
    server = start(opa_binary, port, tmp_path)
    try:
        verdict, _ = await judged(gate, ask())
    finally:
        server.kill()
        server.wait()

    assert said(verdict) == UNAVAILABLE
    assert "loaded no rules" in verdict.findings[0].message


@pytest.mark.parametrize(
    ("lie", "why"),
    [
        ({"status": 404}, "answered 404"),
        ({"status": 500}, "answered 500"),
        ({"body": b""}, "no rule"),
        ({"body": b"<html>", "kind": "text/html"}, "no usable answer"),
        ({"body": b"{"}, "no usable answer"),
        ({"delay": 2.0}, "did not answer within"),
    ],
    ids=str,
)
async def test_whatever_is_wrong_the_finding_says_why_and_nobody_has_to_restart(
    bundle: Bundle,
    clock: Clock,
    new_id: NewId,
    log: Any,
    liar: Any,
    ask: Ask,
    lie: dict[str, Any],
    why: str,
) -> None:
    engine = OpaEngine(liar.url, bundle, timeout=timedelta(seconds=LIMIT))
    signer = PermitSigner.from_bytes(bytes(32))
    gate = Gate(engine=engine, bundle=bundle, clock=clock, new_id=new_id, signer=signer, log=log)
    honest = {name: getattr(liar, name) for name in lie}
    for name, value in lie.items():
        setattr(liar, name, value)

    verdict, seconds = await judged(gate, ask())
    for name, value in honest.items():
        setattr(liar, name, value)
    liar.say(
        {
            "result": False,
            "provenance": {"bundles": {"gatewright": {"revision": bundle.revision}}},
        }
    )
    ready = await gate.ready()
    await engine.aclose()

    assert said(verdict) == UNAVAILABLE
    assert why in verdict.findings[0].message
    assert seconds < LIMIT + 2
    assert ready


async def test_an_opa_that_asks_for_a_token_answers_whoever_brings_it_and_nobody_else(
    opa_binary: str, port: int, bundle: Bundle, gate: Gate, ask: Ask, tmp_path: Path
) -> None:
    guard = tmp_path / "guard"
    guard.mkdir()
    (guard / ".manifest").write_text('{"roots": ["system"], "revision": "guard"}')
    (guard / "authz.rego").write_text(
        "package system.authz\nimport rego.v1\ndefault allow := false\n"
        'allow if input.identity == "of-the-operator"\nallow if input.path == ["health"]\n'
    )
    options = ("--authentication=token", "--authorization=basic", str(guard))
    url = f"http://127.0.0.1:{port}"
    with opa(opa_binary, port, bundle, tmp_path, *options):
        without = await gate.judge(ask())
        engine = OpaEngine(url, bundle, timeout=timedelta(seconds=LIMIT), token="of-the-operator")
        answer = await engine.ask(ACCESS, {"action": "", "principal": None, "tenant": ""})
        await engine.aclose()

    assert (without.decision, without.cause) == UNAVAILABLE
    assert answer.result is False
