"""Webhooks from the command line."""

from typing import TYPE_CHECKING

import pytest

from brain.domain.identity import Role

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front

URL = "https://tickets.example.net/hook"


@pytest.fixture
async def root(front: "Front") -> str:
    return await front.token("root", Role.ADMIN)


async def test_one_is_added_tried_and_removed(shell: "Shell", root: str) -> None:
    event = ("--event", "change.awaiting_approval", "--event", "change.paged")

    added = await shell.run("webhook", "add", URL, *event, token=root)
    listed = await shell.run("webhook", "list", "--json", token=root)
    (hook,) = listed.document["items"]
    tested = await shell.run("webhook", "test", hook["id"], token=root)
    sent = await shell.run("webhook", "deliveries", hook["id"], token=root)
    removed = await shell.run("webhook", "remove", hook["id"], token=root)
    after = await shell.run("webhook", "list", token=root)

    assert added.out.startswith("whsec_")
    assert sorted(hook["events"]) == ["change.awaiting_approval", "change.paged"]
    assert "on its way" in tested.out
    assert "webhook.test" in sent.out
    assert removed.code == 0
    assert "No webhooks." in after.out


async def test_a_new_secret_is_shown_once(shell: "Shell", root: str) -> None:
    made = await shell.run("webhook", "add", URL, "--event", "change.paged", "--json", token=root)
    name = made.document["id"]

    rotated = await shell.run("webhook", "rotate", name, "--json", token=root)
    listed = await shell.run("webhook", "list", "--json", token=root)

    assert rotated.document["secret"] != made.document["secret"]
    assert "secret" not in listed.document["items"][0]


async def test_an_address_that_may_not_be_called_is_refused_in_a_sentence(
    shell: "Shell", root: str
) -> None:
    ran = await shell.run("webhook", "add", "http://x/", "--event", "change.paged", token=root)

    assert (ran.code, ran.out) == (1, "")
    assert "https://" in ran.err


async def test_who_may_not_is_told_what_is_missing(front: "Front", shell: "Shell") -> None:
    ran = await shell.run("webhook", "list", token=await front.token("sam", Role.SUPPORT))

    assert ran.code == 1
    assert "manage_webhooks" in ran.err
