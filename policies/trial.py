"""Tries a folder of rules in the embedded engine: ``python -m policies.trial FOLDER``.

Its own process, because rego-cpp crashes on some rules that OPA takes, and a crash must not take
the one who asks with it.
"""

import asyncio
import sys
from pathlib import Path

from brain.domain.canonical import Json
from brain.domain.errors import GatewrightError
from policies.answer import read
from policies.bundle import Bundle
from policies.engine import ACCESS, DECISION
from policies.engines.embedded import EmbeddedEngine


async def tried(folder: Path) -> str:
    """An empty reason, or why the rules in this folder cannot be used."""
    try:
        return await refusal(Bundle.load(folder))
    except GatewrightError as error:
        return str(error)


async def refusal(bundle: Bundle) -> str:
    """Why these rules cannot be used; empty where they can. It may take its process with it."""
    try:
        engine = EmbeddedEngine(bundle)
        nobody: dict[str, Json] = {"action": "", "principal": None, "tenant": ""}
        access = await engine.ask(ACCESS, nobody)
        empty = read(
            await engine.ask(DECISION, {}), revision=bundle.revision, rules=bundle.findings
        )
    except GatewrightError as error:
        return str(error)
    if access.result is not False or empty.decision.value != "deny":
        return "an empty question is not refused"
    return ""


if __name__ == "__main__":
    reason = asyncio.run(tried(Path(sys.argv[1])))
    sys.exit(reason or 0)
