"""The active bundle, for OPA servers: they fetch it themselves, and ask again when it changed.

This is OPA's bundle service API: an ETag, 304 for what the server has, and long polling.
"""

import asyncio
import re
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.actions import Action
from api.auth import Wired, may
from api.rest.scope import responses
from brain.domain.identity import Principal
from policies.bundle import Bundle

router = APIRouter(prefix="/v1/policy/bundle", tags=["policy"])
MEDIA_TYPE = "application/vnd.openpolicyagent.bundles"
"""It tells an OPA server that it may wait here for the next bundle."""
LONGEST_WAIT = timedelta(seconds=60)
_WAIT = re.compile(r"(?:^|[;,\s])wait=(\d{1,4})(?=$|[;,\s])")

_FILE = {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}}


@router.get(
    "",
    response_class=Response,
    responses={
        **responses(),
        200: {"description": "The signed bundle, as a .tar.gz.", **_FILE},
        304: {"description": "The active bundle is still the one of `If-None-Match`."},
    },
)
async def get_bundle(
    gatewright: Wired,
    _who: Annotated[Principal, may(Action.FETCH_POLICY)],
    if_none_match: Annotated[str, Header(max_length=1000)] = "",
    prefer: Annotated[
        str, Header(max_length=200, description="`wait=N`: wait so many seconds for another one.")
    ] = "",
) -> Response:
    """The active bundle. Its ETag is its revision; `gatewright policy opa-config` uses this."""
    bundle = gatewright.policy.bundle
    if _is_known(if_none_match, bundle):
        bundle = await gatewright.policy.other_than(bundle.revision, within=_patience(prefer))
    headers = {"ETag": f'"{bundle.revision}"', "Cache-Control": "no-cache"}
    if _is_known(if_none_match, bundle):
        return Response(status_code=304, headers={**headers, "Content-Type": MEDIA_TYPE})
    content = await asyncio.to_thread(gatewright.bundle_signer.signed, bundle)
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


def _is_known(tags: str, bundle: Bundle) -> bool:
    return bundle.revision in re.findall(r'"([0-9a-f]*)"', tags)


def _patience(prefer: str) -> timedelta:
    found = _WAIT.search(prefer)
    return min(timedelta(seconds=int(found[1])), LONGEST_WAIT) if found else timedelta(0)
