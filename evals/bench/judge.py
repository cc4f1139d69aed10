"""What a verdict costs: the embedded engine beside an OPA server, for plans of several sizes."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.canonical import Json
from brain.domain.change import Plan, SetParameter
from brain.domain.controller import OWN_ACS
from brain.domain.device import Device, device_id
from brain.domain.errors import PolicyUnavailable
from brain.domain.identity import PrincipalId, PrincipalKind, Role, TenantId
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.proposal import Author, Cause
from brain.domain.question import Asker, Question
from brain.domain.verdict import Point, Verdict
from brain.ids import new_id, utc_now
from evals.bench.table import Result, Row, percentile, spread, timed
from evals.demo.stage import free_port
from policies.bundle import Bundle
from policies.check import find_program
from policies.engine import DECISION, Engine
from policies.engines.embedded import EmbeddedEngine
from policies.facts import input_of
from policies.gate import Gate
from policies.signing import PermitSigner

_ROUNDS = 400


@dataclass(frozen=True, slots=True)
class _NoLog:
    async def __call__(self, tenant: TenantId, verdict: Verdict, question: Json) -> None:
        return None


async def bench_judge() -> Result:
    """Through the whole gate: facts, engine, strict reading. The log is left out."""
    bundle = Bundle.load()
    embedded = EmbeddedEngine(bundle)
    rows: list[Row] = []
    notes = ["a plan that reads well: sets of radio parameters, asked for by a person"]
    bare = await timed(lambda: embedded.ask(DECISION, _asked(8)), _ROUNDS)
    rows += spread("embedded engine alone, 8 changes", bare)
    for size, aim in ((1, ""), (8, "0.5"), (64, "")):
        gate = gate_of(embedded, bundle)
        samples = await timed(lambda g=gate, n=size: g.judge(question(n)), _ROUNDS)  # type: ignore[misc]
        rows += spread(f"embedded gate, {size} changes", samples, aim)
        if size == 8:
            ratio = percentile(samples, 0.5) / percentile(bare, 0.5)
            rows.append(Row(name="embedded gate to its engine alone", value=ratio, unit="times"))
    opa = find_program("opa")
    if not opa:
        notes.append("no OPA server measured: `make tools` installs one")
    else:
        async with opa_server(opa, bundle) as engine:
            samples = await timed(lambda: gate_of(engine, bundle).judge(question(8)), _ROUNDS)
            rows += spread("OPA server gate, 8 changes", samples)
    return Result(name="judge", title="Judging a plan", rows=tuple(rows), notes=tuple(notes))


def question(size: int) -> Question:
    """A plan of so many changes of channel, each on a radio of its own."""
    home = device_id("00D09E", "G1", "1")
    changes = tuple(
        SetParameter(
            path=ParameterPath(f"Device.WiFi.Radio.{number}.Channel"),
            type=ParameterType.UNSIGNED_INT,
            before="1",
            after="6",
        )
        for number in range(1, size + 1)
    )
    values = {
        f"Device.WiFi.Radio.{number}.{name}": value
        for number in range(1, size + 1)
        for name, value in (
            ("OperatingFrequencyBand", "2.4GHz"),
            ("RegulatoryDomain", "GB "),
            ("OperatingChannelBandwidth", "20MHz"),
        )
    }
    now = utc_now()
    return Question(
        point=Point.SUBMIT,
        plan=Plan(device=home, changes=changes),
        device=Device(
            id=home,
            tenant=TenantId("default"),
            oui="00D09E",
            product_class="G1",
            serial="1",
            model="G1",
            firmware="1.0",
            country="GB",
            last_seen=now,
        ),
        asker=Asker(
            id=PrincipalId("sam"), kind=PrincipalKind.PERSON, roles=frozenset({Role.SUPPORT})
        ),
        cause=Cause.CONGESTED_CHANNEL,
        author=Author.RULES,
        now=now,
        values=values,
        shared_by=0,
        can_roll_back=True,
        controller=OWN_ACS,
        halted=False,
    )


def _asked(size: int) -> dict[str, Json]:
    return input_of(question(size))


def gate_of(engine: Engine, bundle: Bundle) -> Gate:
    """A gate on this engine that logs nothing."""
    return Gate(
        engine=engine,
        bundle=bundle,
        clock=utc_now,
        new_id=new_id,
        signer=PermitSigner(Ed25519PrivateKey.generate()),
        log=_NoLog(),
    )


@asynccontextmanager
async def opa_server(program: str, bundle: Bundle) -> AsyncIterator[Engine]:
    """A real OPA server with the bundle loaded, until the end."""
    from policies.engines.opa import OpaEngine

    port = free_port(0)
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "bundle.tar.gz"
        packed.write_bytes(bundle.to_tar_gz())
        process = await asyncio.create_subprocess_exec(  # its warning of running as root is noise
            *(program, "run", "--server", "--log-level", "error", "--skip-version-check"),
            *("--addr", f"127.0.0.1:{port}", "-b", str(packed)),
            stderr=asyncio.subprocess.DEVNULL,
        )
        engine = OpaEngine(f"http://127.0.0.1:{port}", bundle, timeout=timedelta(seconds=2))
        try:
            await _answers(engine)
            yield engine
        finally:
            await engine.aclose()
            process.terminate()
            await process.wait()


async def _answers(engine: Engine) -> None:
    for _ in range(100):
        try:
            await engine.ask(DECISION, _asked(1))
        except PolicyUnavailable:  # it is only starting
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("OPA does not answer")
