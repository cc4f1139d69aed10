"""A scenario that cannot be won, or wins by itself, is told so."""

from dataclasses import replace
from pathlib import Path

import pytest

from brain.domain.errors import InvalidInput
from evals.harness.checking import check_files
from evals.harness.winning import unwinnable
from evals.scenarios.loader import load
from evals.scenarios.variants import Case

GOOD = """
scenario: 1
id: a-crowd
title: A title
family: wifi-rf
faults: [{kind: wifi.congested_channel, channel: 6}]
says: [{text: "The wifi is slow."}]
expect:
  answer: change
  ends: ["Device.WiFi.Radio.1.Channel != 6", "well == 1"]
  mend: {Device.WiFi.Radio.1.Channel: 11}
  forbid: ["Device.DNS.*"]
"""


def case(folder: Path, text: str) -> Case:
    file = folder / "one.yaml"
    file.write_text(text, "utf-8")
    return load(file)[0]


def test_a_good_one_is_fine(tmp_path: Path) -> None:
    assert list(unwinnable(case(tmp_path, GOOD))) == []


@pytest.mark.parametrize(
    ("was", "put", "told"),
    [
        ("Channel: 11}", "Channel: 5}", "does not bring well == 1"),
        ("Channel: 11}", "Channel: 99}", "does not take expect.mend"),
        ("Channel: 11}", "Enable: false}", "expect.mend breaks"),
        ('"Device.DNS.*"', '"Device.WiFi.*"', "touches Device.WiFi.Radio.1.Channel"),
        (
            '["Device.WiFi.Radio.1.Channel != 6", "well == 1"]',
            '["reachable == 1"]',
            "the ends hold without any change",
        ),
        ("answer: change", "answer: hand_over", "do not hold without one"),
        ("mend: {Device.WiFi.Radio.1.Channel: 11}", "mend: {}", "expect.mend does not show one"),
    ],
)
def test_one_that_is_not_says_why(tmp_path: Path, was: str, put: str, told: str) -> None:
    assert was in GOOD

    problems = list(unwinnable(case(tmp_path, GOOD.replace(was, put))))

    assert any(told in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("put", "told"),
    [
        ("  forbid: [Device.WiFy.*]", r"expect\.forbid\.0.*neither this device nor TR-181"),
        ("  may_worsen: [zz]", r"expect\.may_worsen\.0.*no figure"),
        ("meanwhile: {Device.WiFi.Radio.1.Channel: banana}", r"meanwhile\.Device\.WiFi.*'banana'"),
        ("meanwhile: {Device.Nope: 1}", r"meanwhile\.Device\.Nope: .*does not take"),
    ],
)
def test_what_is_about_nothing_in_the_world_is_told_by_file_and_field(
    tmp_path: Path, put: str, told: str
) -> None:
    file = tmp_path / "one.yaml"
    file.write_text(GOOD.replace('  forbid: ["Device.DNS.*"]\n', f"{put}\n"), "utf-8")

    with pytest.raises(InvalidInput, match=rf"one\.yaml: {told}"):
        list(check_files([file], worlds=True))

    file.write_text(GOOD, "utf-8")
    assert list(check_files([file], worlds=True)) == [(file, 1)]


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (
            "pool-too-small-for-visitors",
            {"Device.DHCPv4.Server.Pool.1.LeaseTime": "1"},
            "does not bring well == 1",
        ),
        (
            "upload-that-drowns-the-game",
            {
                "Device.QoS.Shaper.1.ShapingRate": "1000000",
                "Device.QoS.Shaper.1.Enable": "true",
                "Device.QoS.Queue.1.DropAlgorithm": "RED",
            },
            "does not bring upload.up_mbps",
        ),
        (
            "old-laptop-left-behind",
            {"Device.WiFi.Radio.1.OperatingStandards": "b,g,n,ax"},
            "does not bring Device.WiFi.Radio.1.OperatingStandards",
        ),
    ],
)
def test_a_change_that_helps_one_at_the_cost_of_all_does_not_win(
    cases: dict[str, Case], name: str, change: dict[str, str], told: str
) -> None:
    good = cases[name]
    expect = good.template.expect.model_copy(update={"mend": change})
    greedy = replace(good, template=good.template.model_copy(update={"expect": expect}))

    assert list(unwinnable(good)) == []
    assert any(told in problem for problem in unwinnable(greedy))
