"""Enrolment from the command line."""

from pathlib import Path
from typing import TYPE_CHECKING

from brain.domain.enrolment import Stranger, Why
from brain.domain.identity import DeviceId, Role, TenantId

if TYPE_CHECKING:
    from tests.api.cli.conftest import Shell
    from tests.api.conftest import Front


async def test_a_file_is_registered_and_each_bad_row_is_said(
    front: "Front", shell: "Shell", tmp_path: Path
) -> None:
    token = await front.token("olga", Role.OPERATOR)
    file = tmp_path / "boxes.csv"
    file.write_text("oui;serial\n00D09E;SN1\n00D09E;\n")

    ran = await shell.run("enrolment", "register", str(file), token=token)
    file.write_text("oui,serial\n00D09E,SN1\n")
    again = await shell.run("enrolment", "register", str(file), token=token)

    assert ran.code == 1
    assert "1 registered, 1 refused." in ran.out
    assert "is empty" in ran.out
    assert again.code == 0


async def test_a_stranger_is_shown_and_answered(front: "Front", shell: "Shell") -> None:
    token, now = await front.token("olga", Role.OPERATOR), front.wiring.clock()
    for serial in ("S1", "S2"):
        came = Stranger(
            tenant=TenantId("north"),
            device=DeviceId(f"001122-{serial}"),
            oui="001122",
            product_class="",
            serial=serial,
            manufacturer="Acme",
            firmware="1.0",
            root="Device.",
            why=Why.UNKNOWN,
            first_at=now,
            last_at=now,
        )
        async with front.wiring.store.begin() as tx:
            await tx.strangers.put(came)

    listed = await shell.run("enrolment", "strangers", token=token)
    admitted = await shell.run("enrolment", "admit", "001122-S1", token=token)
    rejected = await shell.run("enrolment", "reject", "001122-S2", token=token)
    after = await shell.run("enrolment", "strangers", "--json", token=token)

    assert "001122-S1" in listed.out
    assert "may come in" in admitted.out
    assert "is refused" in rejected.out
    assert [each["answer"] for each in after.document["items"]] == ["rejected"]
