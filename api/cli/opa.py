"""``gatewright policy opa-config``: how an OPA server comes by the active rules."""

from typing import Annotated

from typer import Context, Option
from yaml import safe_dump

from api.cli.command import desk
from api.shapes.policy import PolicyShape
from brain.domain.canonical import Json

_TOKEN_FILE = "/etc/opa/gatewright.token"  # noqa: S105 - where it is, not what it is


def opa_config(
    context: Context,
    token_file: Annotated[
        str, Option(help="The file on OPA's machine that holds its token.")
    ] = _TOKEN_FILE,
    every: Annotated[
        int, Option(help="Ask so often, in seconds; 0: wait on the line.", min=0, max=3600)
    ] = 0,
) -> None:
    """Print the configuration with which an OPA server fetches the active rules by itself.

    It takes rules only if this server signed them. Give it a token of role automation.
    """
    at = desk(context)
    server = at.server()
    found = server.read(PolicyShape, "/v1/policy")
    document = configuration(server.url, found.verification_key, token_file=token_file, every=every)
    if at.output.as_json:
        at.output.json(document)
        return
    at.output.raw(safe_dump(document, sort_keys=False))
    at.output.warn(
        "Save it as opa.yaml, put a token into the file it names "
        "(gatewright token create --service opa --owner YOU), then: "
        "opa run --server --config-file opa.yaml. Set GATEWRIGHT_OPA_URL to where OPA listens."
    )


def configuration(url: str, key: str, *, token_file: str, every: int = 0) -> dict[str, Json]:
    """What an OPA server needs to know (see OPA's documentation, Configuration)."""
    from policies.bundle_signing import ALGORITHM, KEY_ID

    polling: dict[str, Json] = (
        {"min_delay_seconds": every, "max_delay_seconds": every}
        if every
        else {"long_polling_timeout_seconds": 30, "min_delay_seconds": 1, "max_delay_seconds": 10}
    )
    return {
        "services": {
            KEY_ID: {"url": url, "credentials": {"bearer": {"token_path": token_file}}},
        },
        "keys": {KEY_ID: {"algorithm": ALGORITHM, "key": key}},
        "bundles": {
            KEY_ID: {
                "service": KEY_ID,
                "resource": "v1/policy/bundle",
                "polling": polling,
                "signing": {"keyid": KEY_ID},
            }
        },
    }
