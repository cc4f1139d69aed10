"""Another device: of the same home and tenant, and never of another one."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.brain.conversation.conftest import Talk

SLOW = "the wifi is slow"


async def test_the_case_turns_to_the_other_box_and_looks_there(talk: "Talk") -> None:
    extender = await talk.add("2", model="Larkfield M2")
    await talk.say(SLOW)

    await talk.say("it is the extender")

    assert await talk.about() == extender.id
    assert any("Larkfield M2" in each.text for each in talk.heard if each.kind == "step")
    newest = (await talk.changes())[0]
    assert (newest.device, newest.case) == (extender.id, talk.case.id)


@pytest.mark.parametrize(
    "words",
    ["es ist der Verstärker", "het is de versterker", "es el repetidor", "c'est le répéteur"],
)
async def test_it_is_understood_in_other_languages(talk: "Talk", words: str) -> None:
    extender = await talk.add("2")
    await talk.say(SLOW)

    await talk.say(words)

    assert await talk.about() == extender.id


async def test_turning_is_audited_in_the_name_of_the_asker(talk: "Talk") -> None:
    extender = await talk.add("2")
    await talk.say(SLOW)
    await talk.say("it is the extender")

    async with talk.bench.store.read() as tx:
        entries = await tx.audit.range(talk.case.tenant)

    (turned,) = [each for each in entries if each.kind == "case.turned_to"]
    assert turned.actor == "sam"
    assert extender.id in str(turned.payload)


async def test_which_one_is_asked_when_there_are_several_and_the_answer_is_understood(
    talk: "Talk",
) -> None:
    await talk.add("2", model="M2")
    third = await talk.add("3", model="M3")
    await talk.say(SLOW)
    changes = len(await talk.changes())

    asked = await talk.one("it is the other box in that home")
    assert asked.kind == "question"
    assert ("M2" in asked.text, "M3" in asked.text) == (True, True)
    assert await talk.about() == talk.case.device
    assert len(await talk.changes()) == changes

    await talk.say("the M3")
    assert await talk.about() == third.id


async def test_the_kind_tells_which_when_only_one_is_of_it(talk: "Talk") -> None:
    await talk.add("2", model="M2")
    mesh = await talk.add("3", model="M3", **{"Device.WiFi.EndPoint.1.Enable": "true"})
    await talk.say(SLOW)

    await talk.say("it is the extender")

    assert await talk.about() == mesh.id


@pytest.mark.parametrize(
    ("site", "tenant"), [("home-2", "default"), ("home-1", "south"), (None, "default")]
)
async def test_a_device_elsewhere_cannot_be_named(
    talk: "Talk", site: str | None, tenant: str
) -> None:
    other = await talk.add("77001", model="Larkfield M2", site=site, tenant=tenant)
    await talk.say(SLOW)
    before = [each.id for each in await talk.changes()]

    for words in ("it is the extender", "I mean the box 77001", f"it is the router {other.id}"):
        said = await talk.one(words)
        assert "No other device is known in this home" in said.text
        assert other.id not in said.text

    assert await talk.about() == talk.case.device
    assert [each.id for each in await talk.changes()] == before
    assert all(written[0] != other.id for written in talk.bench.world.writes)


async def test_undoing_after_turning_is_of_the_change_of_the_case(talk: "Talk") -> None:
    extender = await talk.add("2")
    first = await talk.carried_out(await talk.one("Put the 2.4 GHz wifi on channel 11"))
    await talk.say("it is the extender")
    assert await talk.about() == extender.id

    record = await talk.change((await talk.say("undo that"))[-1])

    assert record.device == first.device


async def test_a_trouble_beside_the_other_device_is_looked_for_there(talk: "Talk") -> None:
    extender = await talk.add("2")
    await talk.say("hello there")

    await talk.say("it is the extender, the wifi is slow")

    assert await talk.about() in (extender.id, talk.case.device)
    assert any(each.kind == "proposal" for each in talk.heard)
