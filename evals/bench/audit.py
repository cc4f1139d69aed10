"""How fast an audit trail grows and is checked, in the store and as an exported file."""

from pathlib import Path
from time import process_time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from brain.domain.identity import TenantId
from brain.ids import utc_now
from brain.ledger.audit import AuditTrail
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_export import export
from brain.ledger.audit_verify import verify, verify_export
from brain.store.store import Store
from evals.bench.table import Row
from evals.workbench import temporary_store

RECORDS = 5000
_TENANT = TenantId("audited")


async def audit_rows(folder: Path) -> list[Row]:
    """Records a second of processor time: appended, checked in the store, checked in a file."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    place = folder / "audit"
    place.mkdir()
    async with temporary_store(place) as store:
        appended = await _appended(store, AuditTrail(key.sign, utc_now))
        began = process_time()
        report = await verify(store, _TENANT, public, None)
        checked = process_time() - began
        file = place / "trail.jsonl"
        with file.open("wb") as out:
            async for line in export(store, _TENANT):
                out.write(line)
    began = process_time()
    read = verify_export(file, public)
    offline = process_time() - began
    return [
        Row(name="audit records appended", value=RECORDS / appended, unit="per core s"),
        Row(
            name="audit records verified in the store",
            value=_rate(report, checked),
            unit="per core s",
        ),
        Row(
            name="audit records verified in a file",
            value=_rate(read, offline),
            unit="per core s",
            aim="16,700",
        ),
    ]


async def _appended(store: Store, trail: AuditTrail) -> float:
    began = process_time()
    for _ in range(RECORDS // 100):
        async with store.begin() as tx:
            for number in range(100):
                await trail.append(
                    tx, tenant=_TENANT, actor="bench", kind="counted", payload={"number": number}
                )
    return process_time() - began


def _rate(report: AuditReport, seconds: float) -> float:
    """A trail that does not check out is no measurement."""
    if report.problems or report.records != RECORDS:
        raise ValueError(f"the trail does not check out: {report}")
    return report.records / seconds
