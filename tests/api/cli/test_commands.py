"""The command line says plainly what is there, what failed, and what to do next."""

import asyncio
from typing import TYPE_CHECKING

import pytest

from brain.domain.device import Device
from brain.domain.identity import Role
from brain.domain.incident import Case
from brain.domain.reachability import Reachability, Tried, Way
from brain.domain.record import ChangeRecord
from brain.domain.thing import Household, Thing, ThingKind
from brain.planner.events import PlannerEvent

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


@pytest.fixture
async def token(front: "Front") -> str:
    return await front.token("sam", Role.SUPPORT, Role.OPERATOR)


async def test_devices_are_listed_for_people(shell: "Shell", device: Device, token: str) -> None:
    ran = await shell.run("device", "list", token=token)

    assert (ran.code, ran.err) == (0, "")
    assert device.id in ran.out
    assert "HomeGate 3" in ran.out
    assert "\x1b[" not in ran.out  # no colours where no terminal is


async def test_devices_are_listed_for_programs(shell: "Shell", device: Device, token: str) -> None:
    after = await shell.run("device", "list", "--json", token=token)
    before = await shell.run("--json", "device", "list", token=token)

    assert [each["id"] for each in after.document["items"]] == [device.id]
    assert before.document == after.document


async def test_what_else_speaks_in_a_home_is_listed(
    shell: "Shell", front: "Front", device: Device, token: str
) -> None:
    nothing = await shell.run("device", "things", device.id, token=token)
    lamp = Thing(name="hall lamp", kind=ThingKind.ROUTER, bridge="zigbee2mqtt")
    async with front.wiring.store.begin() as tx:
        await tx.households.put(Household(tenant=device.tenant, device=device.id, things=(lamp,)))
    ran = await shell.run("device", "things", device.id, token=token)

    assert "Nothing else" in nothing.out
    assert "hall lamp" in ran.out
    assert "zigbee2mqtt" in ran.out


async def test_how_a_device_is_reached_is_told(
    shell: "Shell", front: "Front", device: Device, token: str
) -> None:
    never = await shell.run("device", "ways", device.id, token=token)
    tried = Tried().failed(front.wiring.clock(), "nothing answers there")
    async with front.wiring.store.begin() as tx:
        known = Reachability(tenant=device.tenant, device=device.id)
        await tx.reachabilities.put(known.noted(Way.HTTP, tried))
    ran = await shell.run("device", "ways", device.id, token=token)

    assert "Nobody ever had to ask" in never.out
    assert "http" in ran.out
    assert "nothing answers there" in ran.out


async def test_an_empty_list_says_what_to_do(shell: "Shell", token: str) -> None:
    ran = await shell.run("device", "list", token=token)

    assert "gatewright inventory import" in ran.out


@pytest.mark.parametrize(
    ("words", "said", "next_step"),
    [
        ("case list", "No case yet.", "gatewright chat"),
        ("proposals", "No proposals yet.", "gatewright chat"),
        ("changes list", "No changes here.", "gatewright chat"),
    ],
)
async def test_an_empty_list_is_no_bare_header(
    shell: "Shell", token: str, words: str, said: str, next_step: str
) -> None:
    ran = await shell.run(*words.split(), token=token)

    assert (ran.code, ran.err) == (0, "")
    assert said in ran.out
    assert next_step in ran.out
    assert "\u2500" not in ran.out


async def test_a_snapshot_is_shown_with_its_secrets_masked(
    shell: "Shell", device: Device, token: str
) -> None:
    ran = await shell.run("device", "show", device.id, "--below", "Device.WiFi.", token=token)

    assert "Device.WiFi.Radio.1.Channel" in ran.out
    assert "(masked)" in ran.out
    assert "hunter2" not in ran.out


async def test_what_is_not_there_is_one_sentence_and_exit_code_1(
    shell: "Shell", token: str
) -> None:
    ran = await shell.run("device", "show", "nobody", token=token)

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "device: there is no such device"


async def test_what_may_not_be_done_is_said_with_its_remedy(front: "Front", shell: "Shell") -> None:
    ran = await shell.run("halt", "on", token=await front.token("bob", Role.SUPPORT))

    assert ran.code == 1
    assert "manage_halt" in ran.err
    assert "administrator" in ran.err


async def test_without_a_token_the_first_step_is_named(shell: "Shell") -> None:
    ran = await shell.run("device", "list")

    assert ran.code == 1
    assert "gatewright serve" in ran.err


async def test_the_administrators_token_is_not_sent_to_another_server(
    shell: "Shell", front: "Front"
) -> None:
    shell.data_dir.mkdir()
    (shell.data_dir / "admin.token").write_text(await front.token("sam", Role.SUPPORT))

    ran = await shell.run("device", "list", GATEWRIGHT_URL=shell.url)

    assert ran.code == 1
    assert "GATEWRIGHT_TOKEN" in ran.err


async def test_the_administrators_token_is_used_on_this_machine(
    shell: "Shell", front: "Front"
) -> None:
    shell.data_dir.mkdir()
    (shell.data_dir / "admin.token").write_text(await front.token("sam", Role.SUPPORT) + "\n")

    ran = await shell.run("halt", "status", GATEWRIGHT_PORT=shell.url.rpartition(":")[2])

    assert (ran.code, ran.err) == (0, "")
    assert "Running" in ran.out


async def test_a_server_that_is_not_there_is_said_so(shell: "Shell") -> None:
    ran = await shell.run("device", "list", token="gwt_x", GATEWRIGHT_URL="http://127.0.0.1:9")

    assert ran.code == 1
    assert "no server answers at http://127.0.0.1:9" in ran.err


@pytest.mark.parametrize(
    "arguments", [["device", "lst"], ["device", "list", "--limit", "0"], ["halt"], ["approve"]]
)
async def test_what_is_not_understood_is_exit_code_2(shell: "Shell", arguments: list[str]) -> None:
    ran = await shell.run(*arguments)

    assert ran.code == 2
    assert ran.err or ran.out


async def test_the_whole_road_is_shown_and_what_comes_next(
    shell: "Shell", change: ChangeRecord, token: str
) -> None:
    ran = await shell.run("changes", "show", change.id, token=token)

    assert "channel 6 is full" in ran.out
    assert "1 of approvers" in ran.out
    assert f"gatewright approve {change.id} --digest {change.plan.digest}" in ran.out
    assert "CANNOT be undone" in ran.out
    assert "correct-horse" not in ran.out


async def test_an_approver_approves_by_digest(
    front: "Front", shell: "Shell", change: ChangeRecord
) -> None:
    ana = await front.token("ana", Role.APPROVER, groups=["approvers"])

    ran = await shell.run("approve", change.id, "--digest", change.plan.digest, token=ana)

    assert (ran.code, ran.err) == (0, "")
    assert f"{change.id} is approved" in ran.out
    assert front.woken == [change.id]


async def test_nobody_approves_what_they_were_not_shown(
    front: "Front", shell: "Shell", change: ChangeRecord
) -> None:
    ana = await front.token("ana", Role.APPROVER, groups=["approvers"])

    blind = await shell.run("approve", change.id, token=ana)
    wrong = await shell.run("approve", change.id, "--digest", "0" * 64, token=ana)

    assert (blind.code, wrong.code) == (1, 1)
    assert "--digest" in blind.err
    assert front.woken == []


async def test_one_may_not_approve_ones_own_change(
    shell: "Shell", change: ChangeRecord, token: str
) -> None:
    ran = await shell.run("approve", change.id, "--digest", change.plan.digest, token=token)

    assert ran.code == 1
    assert "nobody reviews a change that they asked for" in ran.err


async def test_a_chat_shows_each_step_and_where_to_look(
    front: "Front", shell: "Shell", device: Device, token: str
) -> None:
    front.wiring.planner.script = [
        PlannerEvent(kind="step", text="Reading the radios"),
        PlannerEvent(kind="proposal", text="Move to channel 11", payload={"change_id": "chg_9"}),
        PlannerEvent(kind="done", text=""),
    ]

    ran = await shell.run("chat", "--device", device.id, "it is slow", token=token)

    assert ran.code == 0
    assert "Reading the radios" in ran.out
    assert "gatewright changes show chg_9" in ran.out


async def test_a_chat_for_a_program_is_one_document_a_line(
    front: "Front", shell: "Shell", case: Case, token: str
) -> None:
    ran = await shell.run("chat", "--case", case.id, "it is slow", "--json", token=token)

    assert ran.code == 0
    assert ran.document == {"case": case.id, "kind": "done", "text": "", "payload": {}}


async def test_a_denied_chat_is_exit_code_1(
    front: "Front", shell: "Shell", case: Case, token: str
) -> None:
    front.wiring.planner.script = [
        PlannerEvent(kind="denied", text="policy says no"),
        PlannerEvent(kind="done", text=""),
    ]

    ran = await shell.run("chat", "--case", case.id, "open everything", token=token)

    assert ran.code == 1
    assert "policy says no" in ran.out


async def test_a_device_cannot_write_to_the_terminal(
    front: "Front", shell: "Shell", device: Device, token: str
) -> None:
    front.wiring.planner.script = [
        PlannerEvent(kind="text", text="\x1b]0;owned\x07[red]hi[/red]"),
        PlannerEvent(kind="done", text=""),
    ]

    ran = await shell.run("chat", "--device", device.id, "hello", token=token)

    assert "\x1b" not in ran.out
    assert "[red]hi[/red]" in ran.out


async def test_an_inventory_is_imported_from_a_file(
    shell: "Shell", token: str, tmp_path: object
) -> None:
    shell.data_dir.mkdir()
    file = shell.data_dir / "homes.json"
    file.write_text('{"sites": [{"id": "home-1", "name": "Lime Street 7"}]}')

    good = await shell.run("inventory", "import", str(file), token=token)
    file.write_text('{"sites": [{"id": "home 1", "name": "x"}]}')
    bad = await shell.run("inventory", "import", str(file), token=token)
    missing = await shell.run("inventory", "import", str(file) + "x", token=token)

    assert "1 sites" in good.out
    assert (bad.code, "sites.0.id" in bad.err) == (1, True)
    assert (missing.code, "No such file" in missing.err) == (1, True)


async def test_the_kill_switch_is_turned_from_here(shell: "Shell", token: str) -> None:
    on = await shell.run("halt", "on", "--reason", "storm", token=token)
    status = await shell.run("halt", "status", "--json", token=token)

    assert "Halted" in on.out
    assert status.document == {"halted": True}


async def test_following_a_change_ends_with_it(
    front: "Front", shell: "Shell", change: ChangeRecord, token: str
) -> None:
    following = asyncio.ensure_future(
        shell.run("changes", "show", change.id, "--follow", token=token)
    )
    ana = await front.token("ana", Role.APPROVER, groups=["approvers"])
    await asyncio.sleep(0.3)
    assert not following.done()

    await reject(front, ana, change)
    ran = await following

    assert ran.code == 0
    assert "awaiting approval ..." in ran.out
    assert "rejected" in ran.out


async def reject(front: "Front", token: str, change: ChangeRecord) -> None:
    async with front.client(token) as client:
        await client.post(f"/v1/changes/{change.id}/reject", json={"digest": change.plan.digest})
