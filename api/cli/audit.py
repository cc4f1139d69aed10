"""``gatewright audit``: read the trail, take it away as a file, and have it checked."""

import asyncio
from json import loads
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option, Typer

from api.cli.command import command, desk
from api.cli.output import Output
from api.local import open_store
from api.shapes.base import Page
from api.shapes.operations import AuditEntryShape, AuditReportShape
from brain.domain.canonical import Json, jsonable
from brain.domain.errors import InvalidInput
from brain.keys import Keys
from brain.ledger.audit_chain import AuditReport
from brain.ledger.audit_export import export
from brain.ledger.audit_keys import fingerprint
from brain.ledger.audit_verify import verify, verify_export
from brain.ledger.audit_words import WORDS
from brain.settings import Settings

app = Typer(no_args_is_help=True)
CHECKPOINTS = "audit-checkpoints.jsonl"
_KEY_BYTES = 32
_LONG = frozenset({"plan_digest", "policy_revision", "decision_id", WORDS})


@command(app, "list")
def list_entries(
    context: Context,
    after: Annotated[int, Option(min=0, help="The last number of the page before.")] = 0,
    limit: Annotated[int, Option(min=1, max=500)] = 50,
) -> None:
    """List the entries of your tenant, oldest first."""
    at = desk(context)
    page = at.server().get("/v1/audit", {"after": after, "limit": limit})
    at.present(page, Page[AuditEntryShape], lambda shown: _list(at.output, shown))


@command(app, "verify")
def verify_trail(
    context: Context,
    offline: Annotated[
        bool, Option("--offline", help="Ask no server: read the local store and its keys.")
    ] = False,
    file: Annotated[
        Path | None, Option(help="Check an exported trail instead; needs no store.")
    ] = None,
    public_key: Annotated[
        list[str] | None,
        Option(
            "--public-key",
            "--key",
            help="With --file: the key in hexadecimal; again for each that signed, oldest first. "
            "Default: this machine's.",
        ),
    ] = None,
    checkpoints: Annotated[
        Path | None, Option(help="With --file: checkpoints that were kept elsewhere.")
    ] = None,
) -> None:
    """Walk the whole chain; exit code 1 when any link is wrong."""
    at = desk(context)
    if file is not None:
        keys = _keys(at.settings, public_key or [])
        document = _document(verify_export(_existing(file), keys, checkpoints=checkpoints))
    elif offline:
        document = _document(asyncio.run(_verify(at.settings)))
    else:
        document = at.server().post("/v1/audit/verify")
    at.present(document, AuditReportShape, lambda shown: _report(at.output, shown))
    if not (isinstance(document, dict) and document.get("ok") is True):
        raise Exit(1)


@command(app, "export")
def export_trail(
    context: Context,
    file: Annotated[Path, Argument(help="Where to write it: one JSON line an entry.")],
) -> None:
    """Write your tenant's trail from the local store, for somebody else to check."""
    at = desk(context)
    keys = Keys.open(at.settings.data_dir, create=False)
    count = asyncio.run(_export(at.settings, keys, file))
    publics = [key.hex() for key in keys.audit_publics]
    signed_by = fingerprint(keys.audit_public)
    if at.output.as_json:
        at.output.json(
            {
                "file": str(file),
                "lines": count,
                "public_keys": [*publics],
                "fingerprint": signed_by,
            }
        )
        return
    at.output.say(f"Wrote {count} lines to {file}, signed by {signed_by}.")
    shown = " ".join(f"--public-key {key}" for key in publics)
    at.output.hint(f"To check it: gatewright audit verify --file {file} {shown}")


async def _verify(settings: Settings) -> AuditReport:
    keys = Keys.open(settings.data_dir, create=False)
    checkpoints = settings.data_dir / CHECKPOINTS
    async with open_store(settings, keys) as store:
        return await verify(store, settings.tenant, keys.audit_publics, checkpoints)


async def _export(settings: Settings, keys: Keys, file: Path) -> int:
    async with open_store(settings, keys) as store:
        noted, signed = settings.data_dir / CHECKPOINTS, keys.audit_publics
        lines = export(store, settings.tenant, checkpoints=noted, public_keys=signed)
        try:
            with file.open("xb") as out:
                count = 0
                async for line in lines:
                    out.write(line)
                    count += 1
        except OSError as error:
            raise InvalidInput(
                f"cannot be written ({error.strerror})",
                field=str(file),
                remedy="Name a file that does not exist yet, in a folder that does.",
            ) from None
    return count


def _existing(file: Path) -> Path:
    if not file.is_file():
        raise InvalidInput("is not a file", field=str(file), remedy="Name an exported trail.")
    return file


def _keys(settings: Settings, public_keys: list[str]) -> tuple[bytes, ...]:
    if not public_keys:
        return Keys.open(settings.data_dir, create=False).audit_publics
    return tuple(_key(each) for each in public_keys)


def _key(public_key: str) -> bytes:
    try:
        key = bytes.fromhex(public_key)
    except ValueError:
        key = b""
    if len(key) != _KEY_BYTES:
        raise InvalidInput(
            "is not a public key",
            field="--public-key",
            remedy="Give the 64 hexadecimal digits that `gatewright audit export` told.",
        )
    return key


def _document(report: AuditReport) -> Json:
    document = jsonable(report)
    assert isinstance(document, dict)
    return {**document, "ok": report.ok}


def _list(output: Output, shown: Page[AuditEntryShape]) -> None:
    if not shown.items:
        output.say("Nothing has been recorded yet.")
        return
    output.table(
        ("Number", "When", "Who", "What", "About"),
        ((each.seq, each.at, each.actor, each.kind, _about(each)) for each in shown.items),
    )
    if shown.next:
        output.hint(f"There are more: add --after {shown.next}")


def _about(entry: AuditEntryShape) -> str:
    """What a person wants to know of the payload; --json has all of it."""
    try:
        payload = loads(entry.payload)
    except (ValueError, RecursionError):  # altered: `audit verify` says which entry is
        payload = None
    if not isinstance(payload, dict):
        return entry.payload
    said = [f"{name}: “{text}”" for name, text in entry.words.items()]
    if entry.words_as_written is False:
        said.append("what was said then is NOT as it was written")
    about = (
        f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in payload.items()
        if value not in (None, "", []) and name not in _LONG
    )
    return ", ".join((*about, *said))


def _report(output: Output, shown: AuditReportShape) -> None:
    what = f"{shown.records} entries of {shown.tenant}, {shown.checkpoints} checkpoints"
    if shown.ok:
        by = f", signed by {shown.signed_by}" if shown.signed_by else ""
        output.say(f"The audit trail is whole: {what}{by}.", style="green")
        return
    output.say(f"The audit trail is NOT whole: {what}.", style="bold red")
    output.table(
        ("Line", "At entry", "What", "Why"),
        ((each.line or "", each.seq, each.code, each.message) for each in shown.problems),
    )
