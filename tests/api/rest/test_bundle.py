"""The active bundle as OPA servers fetch it: once a revision, signed, and waited for."""

import asyncio
import io
import json
import tarfile
from typing import TYPE_CHECKING

import pytest
from joserfc.jwk import ECKey
from joserfc.jws import deserialize_compact

from brain.domain.identity import Role
from policies.bundle import Bundle

if TYPE_CHECKING:
    from tests.api.conftest import Front

URL = "/v1/policy/bundle"


async def test_the_bundle_is_the_active_one_and_its_etag_the_revision(front: "Front") -> None:
    active = front.wiring.policy.bundle

    async with await front.caller("opa", Role.AUTOMATION) as opa:
        answer = await opa.get(URL)

    assert answer.status_code == 200
    assert answer.headers["etag"] == f'"{active.revision}"'
    assert answer.headers["content-type"] == "application/vnd.openpolicyagent.bundles"
    assert Bundle.from_tar_gz(answer.content) == active


async def test_it_is_signed_with_the_key_that_is_told(front: "Front") -> None:
    async with await front.caller("opa", Role.AUTOMATION) as opa:
        content = (await opa.get(URL)).content
        key = (await opa.get("/v1/policy")).json()["verification_key"]

    with tarfile.open(fileobj=io.BytesIO(content)) as tar:
        names = {each.name.removeprefix("/") for each in tar}
        member = tar.extractfile(next(each for each in tar if "signatures" in each.name))
        assert member is not None
        (token,) = json.loads(member.read())["signatures"]
    signed = deserialize_compact(token, ECKey.import_key(key), algorithms=["ES256"])
    listed = {each["name"] for each in json.loads(signed.payload)["files"]}
    assert listed == names - {".signatures.json"}


@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"other", "{}"'])
async def test_what_a_server_has_it_is_not_sent_again(front: "Front", tag: str) -> None:
    known = tag.format(front.wiring.policy.bundle.revision)

    async with await front.caller("opa", Role.AUTOMATION) as opa:
        answer = await opa.get(URL, headers={"If-None-Match": known})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize("tag", ["", '""', '"0000"', "*"])
async def test_what_a_server_has_not_it_is_sent(front: "Front", tag: str) -> None:
    async with await front.caller("opa", Role.AUTOMATION) as opa:
        answer = await opa.get(URL, headers={"If-None-Match": tag, "Prefer": "wait=60"})

    assert answer.status_code == 200


async def test_whoever_waits_hears_of_the_next_bundle_at_once(front: "Front") -> None:
    policy = front.wiring.policy
    known = {
        "If-None-Match": f'"{policy.bundle.revision}"',
        "Prefer": "modes=snapshot,delta;wait=30",
    }
    other = policy.bundle.with_numbers({"limits": {"presence": {"minutes": 7}}})

    async with await front.caller("opa", Role.AUTOMATION) as opa, asyncio.timeout(10):
        waiting = asyncio.create_task(opa.get(URL, headers=known))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        await policy.exchange(other)
        answer = await waiting

    assert (answer.status_code, answer.headers["etag"]) == (200, f'"{other.revision}"')


async def test_waiting_ends_when_the_time_is_up(front: "Front") -> None:
    known = {"If-None-Match": f'"{front.wiring.policy.bundle.revision}"', "Prefer": "wait=1"}

    async with await front.caller("opa", Role.AUTOMATION) as opa, asyncio.timeout(10):
        answer = await opa.get(URL, headers=known)

    assert answer.status_code == 304


async def test_people_who_talk_to_subscribers_do_not_fetch_rules(front: "Front") -> None:
    async with await front.caller("sam", Role.SUPPORT, Role.APPROVER, Role.OPERATOR) as sam:
        assert (await sam.get(URL)).status_code == 403
