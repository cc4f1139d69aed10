"""``gatewright audit rotate-key`` and ``protect``: who signs the trail, who can touch its rows."""

import asyncio
import re
from typing import Annotated

from typer import Argument, Context, Option

from api.cli.audit import CHECKPOINTS, app
from api.cli.command import command, desk
from api.local import open_store
from brain.domain.errors import InvalidInput
from brain.ids import utc_now
from brain.keys import Keys, next_audit_key, retire_audit_key
from brain.ledger.audit_checkpoints import Checkpoints
from brain.ledger.audit_keys import fingerprint
from brain.ledger.audit_rotation import rotate
from brain.lock import only_process
from brain.settings import Settings

_ROLE = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_PROTECT = """\
-- For the owner of the database to run, once the product has made its tables.
-- {keeper} then owns the audit trail. {role}, which the product connects as, can add to it and
-- read it, and can neither alter what is there nor take away what keeps it.
BEGIN;
CREATE ROLE {keeper} NOLOGIN;
ALTER TABLE audit_records OWNER TO {keeper};
ALTER TABLE audit_heads OWNER TO {keeper};
ALTER FUNCTION audit_keep() OWNER TO {keeper};
REVOKE ALL ON audit_records, audit_heads FROM PUBLIC, {role};
GRANT SELECT, INSERT ON audit_records TO {role};
GRANT SELECT, INSERT, UPDATE ON audit_heads TO {role};
COMMIT;
"""


def rotate_key(
    context: Context,
    by: Annotated[str, Option(help="Who does it: the name that the trail will show.")],
) -> None:
    """Have a new key sign the audit trail from now on; stop the server first.

    The trail says when the key changed, in an entry that the old key signed. Keep every public
    key that is told: a trail is checked with all of those that signed it.
    """
    at = desk(context)
    with only_process(at.settings.data_dir):
        trails, keys = asyncio.run(_rotated(at.settings, by))
    publics = [key.hex() for key in keys.audit_publics]
    if at.output.as_json:
        at.output.json({"trails": trails, "public_keys": [*publics]})
        return
    at.output.say(f"{fingerprint(keys.audit_public)} signs {trails} trails from now on.")
    shown = " ".join(f"--public-key {key}" for key in publics)
    at.output.hint(f"To check an export: gatewright audit verify --file FILE {shown}")


def protect(
    context: Context,
    role: Annotated[str, Argument(help="The role that the product connects as.")],
    keeper: Annotated[
        str, Option(help="The role that is to own the trail; nobody logs in as it.")
    ] = "gatewright_audit_keeper",
) -> None:
    """Print the SQL that takes the trail's tables out of the product's own hands (PostgreSQL)."""
    for name, field in ((role, "ROLE"), (keeper, "--keeper")):
        if not _ROLE.fullmatch(name):
            raise InvalidInput(
                "is not a plain role name",
                field=field,
                remedy="Use lower-case letters, digits and underscores.",
            )
    at = desk(context)
    sql = _PROTECT.format(role=role, keeper=keeper)
    if at.output.as_json:
        at.output.json({"sql": sql})
    else:
        at.output.say(sql)


async def _rotated(settings: Settings, by: str) -> tuple[int, Keys]:
    keys = Keys.open(settings.data_dir, create=False)
    old, new = keys.audit_signing, next_audit_key(settings.data_dir)
    async with open_store(settings, keys) as store:
        noted = Checkpoints(settings.data_dir / CHECKPOINTS, sign=old.sign, clock=utc_now)
        await noted.write(store)
        trails = await rotate(store, old, new, actor=by, clock=utc_now)
        await noted.write(store)  # the old key's last word is on the entry that hands over
    retire_audit_key(settings.data_dir, keys.audit_public)
    return trails, Keys.open(settings.data_dir, create=False)


command(app, "rotate-key")(rotate_key)
command(app, "protect")(protect)
