"""``gatewright policy replay`` and ``export``: what other rules would have decided."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Context, Exit, Option

from api.cli.command import Desk, desk
from api.cli.output import Output
from api.cli.replayed import show_replay
from api.cli.rules import Numbers, Rules, bundle_in, named_bundle, numbers_in
from api.cli.server import Refused
from api.shapes.policy import ReplayShape
from brain.domain.canonical import Json, jsonable
from brain.domain.errors import InvalidInput
from brain.settings import Settings

if TYPE_CHECKING:
    from brain.store.verdicts import KeptVerdict
    from policies.bundle import Bundle

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
Since = Annotated[str, Option(help="How far back: 90m, 24h, 7d, 4w.")]
Most = Annotated[int, Option(help="Only the newest so many decisions.", min=1, max=1_000_000)]


def replay(
    context: Context,
    bundle: Rules = None,
    data: Numbers = None,
    since: Since = "7d",
    most: Most = 100_000,
    from_file: Annotated[
        Path | None, Option("--from", help="A file of `policy export`, instead of the server.")
    ] = None,
) -> None:
    """Say which past decisions other rules would change; exit code 1 when any became looser.

    Nothing is activated. What cannot be compared is counted, never taken as unchanged.
    """
    at = desk(context)
    if bundle is None and data is None:
        raise InvalidInput(
            "neither rules nor numbers are named",
            field="--bundle",
            remedy="Give --bundle FOLDER, --data FILE or both.",
        )
    back = duration(since)
    if from_file is not None:
        new = with_numbers(at.settings, bundle, data)
        document = asyncio.run(_of_file(at.output, new, from_file, _Part(back, most)))
    else:
        wanted = {**request_of(at.settings, bundle, data), "since": int(back.total_seconds())}
        document = _of_server(at, {**wanted, "most": most})
    at.present(document, ReplayShape, lambda found: show_replay(at.output, found))
    if not isinstance(document, dict) or document.get("loosens") is not False:
        raise Exit(1)


def export(
    context: Context,
    output: Annotated[Path, Option("--output", "-o", help="Where to write it: FILE.jsonl.")],
    since: Since = "7d",
) -> None:
    """Write the server's past decisions as JSON lines, in the shape that OPA logs them in.

    Secrets are masked. What is left may be a subscriber's: keep the file as you keep such data.
    """
    at = desk(context)
    start = datetime.now(UTC) - duration(since)
    count = 0
    try:
        with output.open("x", encoding="utf-8") as file:
            output.chmod(0o600)
            for entry in _decisions(at, start):
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
                count += 1
    except OSError as error:
        raise InvalidInput(
            f"{output} cannot be written ({error.strerror})",
            field="--output",
            remedy="Name a new file in a folder that you may write to.",
        ) from None
    if at.output.as_json:
        at.output.json({"file": str(output), "decisions": count})
    else:
        at.output.facts([("File", output), ("Decisions", count)])
        at.output.hint(f"Replay it: gatewright policy replay --bundle NEW --from {output}")


def duration(text: str) -> timedelta:
    """``90m``, ``24h``, ``7d`` or ``4w``. Raises InvalidInput for anything else."""
    number, unit = text[:-1], _UNITS.get(text[-1:])
    if unit is None or not number.isascii() or not number.isdecimal() or not 0 < int(number) < 5000:
        raise InvalidInput("is not a span of time", field="--since", remedy="Write 24h or 7d.")
    return timedelta(**{unit: int(number)})


def request_of(settings: Settings, bundle: Path | None, data: Path | None) -> dict[str, Json]:
    """The rules and numbers that are named, as the server takes them."""
    packed = named_bundle(settings, bundle).to_tar_gz() if bundle else b""
    return {"bundle": b64encode(packed).decode(), "data": numbers_in(data)}


def with_numbers(settings: Settings, bundle: Path | None, data: Path | None) -> "Bundle":
    """The rules that are named, or this machine's, with the numbers on top."""
    found = named_bundle(settings, bundle) if bundle else bundle_in(settings, None)
    return found.with_numbers(numbers_in(data)) if data else found


class _Part:
    """How much of a log."""

    def __init__(self, back: timedelta, most: int) -> None:
        self.until = datetime.now(UTC)
        self.since = self.until - back
        self.most = most


async def _of_file(output: Output, bundle: "Bundle", file: Path, part: _Part) -> Json:
    # Here, since what reads a server's past needs neither.
    from policies.replay.log import pages_of_lines
    from policies.replay.replay import replay as replay_here
    from policies.replay.report import report

    seen = 0

    async def pages() -> AsyncIterator[Sequence["KeptVerdict"]]:
        nonlocal seen
        with file.open(encoding="utf-8") as lines:
            async for page in pages_of_lines(lines, part.since, part.most):
                seen += len(page)
                yield page

    with output.progress("Replaying") as told:
        try:
            found = await replay_here(bundle, pages(), progress=lambda done: told(done, seen))
        except (OSError, UnicodeDecodeError):
            raise InvalidInput(
                f"{file} cannot be read", field="--from", remedy="Name a file of `policy export`."
            ) from None
    made = report(found, bundle, since=part.since, until=part.until, in_log=seen)
    return jsonable(made)


def _of_server(at: Desk, wanted: Json) -> Json:
    with at.output.progress("Replaying") as told:
        for event in at.server().stream("/v1/policy/replay", wanted):
            if "total" in event:
                told(_whole(event["done"]), _whole(event["total"]))
            elif "detail" in event:
                raise Refused(str(event["detail"]), remedy=str(event.get("remedy", "")))
            else:
                return event
    raise Refused("the server ended the replay without a report", remedy="Look into its log.")


def _decisions(at: Desk, since: datetime) -> Iterator[Json]:
    server, after = at.server(), ""
    while True:
        page = server.get("/v1/policy/decisions", {"since": since.isoformat(), "after": after})
        items = page.get("items") if isinstance(page, dict) else None
        if not isinstance(page, dict) or not isinstance(items, list):
            raise Refused("the server's answer is not understood")
        yield from items
        after = str(page.get("next", ""))
        if not after:
            return


def _whole(value: Json) -> int:
    return value if isinstance(value, int) else 0
