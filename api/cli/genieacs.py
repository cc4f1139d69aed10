"""``gatewright genieacs``: the firmware images on the file server of an operator's own GenieACS.

An image that lies there changes no device: a rollout does, once policy and people let it.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar

from typer import Argument, Context, Option, Typer

from api.cli.command import Desk, command, desk
from brain.controllers import genie_options
from brain.domain.canonical import Json
from brain.domain.errors import Conflict, InvalidInput, NotFound
from executors.acs.transfers import FIRMWARE
from executors.genieacs.names import is_file_name
from executors.genieacs.nbi import Document, Nbi

T = TypeVar("T")
app = Typer(no_args_is_help=True)
Name = Annotated[str, Argument(help="What the file is called there.")]


@command(app, "images")
def images(context: Context) -> None:
    """List the firmware images that GenieACS has, and for which devices."""
    at = desk(context)
    rows = _ask(at, lambda nbi: nbi.list("files", {}))
    found = [each for each in map(_image, rows) if each is not None]
    if at.output.as_json:
        at.output.json({"items": list[Json](found)})
        return
    if not found:
        at.output.say("GenieACS has no firmware image.")
        return
    at.output.table(
        ("Name", "Bytes", "OUI", "Product class", "Version"), [[*each.values()] for each in found]
    )


@command(app, "put-image")
def put_image(
    context: Context,
    file: Annotated[Path, Argument(help="The image.", exists=True, dir_okay=False)],
    oui: Annotated[str, Option(help="Of the devices that it is for; empty: of any.")] = "",
    product_class: Annotated[str, Option(help="Likewise.")] = "",
    version: Annotated[str, Option(help="What devices call it once they run it.")] = "",
) -> None:
    """Put an image on GenieACS's file server, under the name it has here. None is overwritten."""
    at, name = desk(context), file.name
    if not is_file_name(name):
        raise InvalidInput(
            f"{name!r} is no plain name",
            field="FILE",
            remedy="Call it by letters, digits, dots, dashes and underscores, 200 at most.",
        )
    about = {"fileType": FIRMWARE, "oui": oui, "productClass": product_class, "version": version}
    body = file.read_bytes()

    async def put(nbi: Nbi) -> None:
        if await nbi.list("files", {"_id": name}):
            raise Conflict(
                f"GenieACS has a file {name} already",
                remedy="Call yours otherwise, so that no device gets another image than before.",
            )
        await nbi.put_file(name, body, {key: value for key, value in about.items() if value})

    _ask(at, put)
    site = at.settings.genieacs_files
    if at.output.as_json:
        at.output.json({"name": name, "bytes": len(body), "url": f"{site}{name}" if site else None})
        return
    at.output.say(f"GenieACS has {name} now, {len(body):,} bytes.")
    at.output.hint(
        f"List {site}{name} for its version in the policy's numbers (firmware)."
        if site
        else "Say in GATEWRIGHT_GENIEACS_FILES where devices find it."
    )


@command(app, "drop-image")
def drop_image(context: Context, name: Name) -> None:
    """Take an image off GenieACS's file server."""
    at = desk(context)
    if not is_file_name(name) or not _ask(at, lambda nbi: nbi.drop_file(name)):
        raise NotFound(f"GenieACS has no file {name}", field="NAME")
    if at.output.as_json:
        at.output.json({"name": name, "dropped": True})
        return
    at.output.say(f"GenieACS has {name} no more.")


def _ask(at: Desk, what: Callable[[Nbi], Awaitable[T]]) -> T:
    if not at.settings.genieacs_url:
        raise InvalidInput(
            "no GenieACS is named",
            field="GATEWRIGHT_GENIEACS_URL",
            remedy="Name its northbound interface, such as http://10.0.0.5:7557.",
        )

    async def ask() -> T:
        nbi = Nbi(genie_options(at.settings))
        try:
            return await what(nbi)
        finally:
            await nbi.aclose()

    return asyncio.run(ask())


def _image(row: Document) -> dict[str, Json] | None:
    about = row.get("metadata")
    if not isinstance(about, dict) or about.get("fileType") != FIRMWARE:
        return None
    leaves = {"oui": "oui", "product_class": "productClass", "version": "version"}
    said: dict[str, Json] = {name: about.get(leaf) or "" for name, leaf in leaves.items()}
    return {"name": row.get("_id", ""), "bytes": row.get("length", 0), **said}
