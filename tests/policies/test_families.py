"""No topic hides: each is asked about every family of objects that it speaks of."""

import shutil
from pathlib import Path

import pytest

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from policies.bundle import Bundle
from policies.check import shipped_rules
from policies.families import asked_about, hidden

HEAD = "package gatewright.change.clock\n\nimport rego.v1\n\n"
WIFI = frozenset({"Device.WiFi."})
DENY = 'deny contains {"code": "clock.x", "path": change.path} if {\n'


def topics(*rules: str) -> str:
    return "\n\n".join(
        ["package gatewright.topics", "import rego.v1", "_touched := input.plan.families", *rules]
    )


TAKES_IN = "denials contains finding if {\n\t_air\n\tsome finding in clock.deny\n}"


def test_a_topic_is_asked_about_all_families_of_its_guard() -> None:
    found = asked_about(
        topics(
            TAKES_IN,
            TAKES_IN.replace("_air", "_line"),
            '_air if _touched["Device.WiFi."]',
            '_air if _touched["Device.Radio."]',
            '_line if _touched["Device.IP."]',
            "reviews contains finding if some finding in clock.review",
        )
    )

    assert found["clock.deny"] == {"Device.WiFi.", "Device.Radio.", "Device.IP."}
    assert found["clock.review"] is None, "without a guard it is always asked"


@pytest.mark.parametrize(
    "rule",
    [
        '_air if not _touched["Device.WiFi."]',
        '_air if {\n\t_touched["Device.WiFi."]\n\tinput.point == "submit"\n}',
        "_air if _touched[input.family]",
        '_air if input.plan.families["Device.WiFi."]',
        '_touched := {"Device.WiFi.": true}',
        "_air if count(_touched) > 0",
    ],
)
def test_a_guard_that_cannot_be_checked_is_refused(rule: str) -> None:
    with pytest.raises(ValueError, match="line"):
        asked_about(topics(TAKES_IN, rule))


@pytest.mark.parametrize("body", ["not _air", "_air\n\t_line"])
def test_a_topic_stands_behind_one_guard_that_holds(body: str) -> None:
    guards = ['_air if _touched["Device.WiFi."]', '_line if _touched["Device.IP."]']

    with pytest.raises(ValueError, match="line"):
        asked_about(topics(TAKES_IN.replace("_air", body), *guards))


@pytest.mark.parametrize(
    "body",
    [
        '\tsome change in input.plan.changes["Device.WiFi.Radio.{i}.Channel"]\n}',
        "\tsome template in covers\n\tsome change in input.plan.changes[template]\n}",
        "\tinput.device.country == input.asker.country\n}",
        '\tsome t in object.keys(input.plan.changes)\n\tstartswith(t, "Device.WiFi.")\n}',
    ],
)
def test_a_topic_within_its_families_may_stand_behind_them(body: str) -> None:
    source = HEAD + 'covers := {"Device.WiFi.Radio.{i}.Channel"}\n\n' + DENY + body

    assert hidden("clock", [source], WIFI, {}) == ""


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('\tsome change in input.plan.changes["Device.Time.Enable"]\n}', "about Device.Time."),
        ('\tsome change in input.plan.changes["Device.Reboot()"]\n}', "about Device.Reboot()"),
        ('\tstartswith(input.plan.digest, "Device.")\n}', "about Device."),
        ('\tstartswith(input.plan.digest, "Device")\n}', "about Device"),
        ("\tsome change in input.plan.changes[_][_]\n}", "whole plan"),
        ("\tsome t\n\tsome change in input.plan.changes[t]\n}", "whole plan"),
        ("\tsome t in input.plan.named\n\tsome c in input.plan.changes[t]\n}", "whole plan"),
        ("\tsome t, changes in input.plan.changes\n}", "whole plan"),
        ('\tsome t in object.keys(input.plan.changes)\n\tendswith(t, "Key")\n}', "whole plan"),
        ("\tplan := input.plan\n}", "whole plan"),
        ('\tchanges := object.get(input, ["plan", "changes"], {})\n}', "whole plan"),
    ],
)
def test_a_topic_that_would_hide_is_found_out(body: str, told: str) -> None:
    assert told in hidden("clock", [HEAD + DENY + body], WIFI, {})


@pytest.mark.parametrize(
    "use",
    [
        "some template in limits.held",
        "some template, _ in limits.named",
        'some template in object.get(limits, "held", [])',
        'some template in object.get(limits, ["held"], [])',
        "some template in limits[name]",
        "some template in object.get(limits, name, [])",
    ],
)
def test_templates_in_the_numbers_that_a_topic_uses_count_too(use: str) -> None:
    data: dict[str, Json] = {
        "limits": {
            "held": ["Device.Time.Enable"],
            "named": {"Device.Time.Enable": 1},
            "plan": {"max_changes": 1},
        }
    }
    source = HEAD.replace("rego.v1\n", "rego.v1\n\nimport data.gatewright.limits\n", 1)

    assert "Device.Time." in hidden("clock", [source + DENY + f"\t{use}\n}}"], WIFI, data)
    alone = DENY + "\tlimits.plan.max_changes == 1\n}"
    assert hidden("clock", [source + alone], WIFI, data) == "", "other numbers do not"


def test_a_topic_without_families_may_be_about_anything() -> None:
    body = "\tsome t, changes in input.plan.changes\n}"

    assert hidden("clock", [HEAD + DENY + body], None, {}) == ""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules, to be altered."""
    return Path(shutil.copytree(shipped_rules(), tmp_path / "rego"))


@pytest.mark.parametrize(
    ("file", "before", "after", "told"),
    [
        (
            "change/radio/radio.rego",
            '\t"Device.WiFi.Radio.{i}.Channel",\n',
            '\t"Device.WiFi.Radio.{i}.Channel",\n\t"Device.Time.Enable",\n',
            "radio is about Device.Time., and is not asked about it",
        ),
        (
            "topics/topics.rego",
            '_line if _touched["Device.PPP."]\n',
            "",
            "wan is about Device.PPP., and is not asked about it",
        ),
        (
            "topics/topics.rego",
            "_touched := input.plan.families",
            "_touched := {}",
            "_touched is input.plan.families",
        ),
    ],
)
def test_a_bundle_whose_topics_hide_is_refused(
    rules: Path, file: str, before: str, after: str, told: str
) -> None:
    altered = rules / "gatewright" / file
    source = altered.read_text()
    assert before in source
    altered.write_text(source.replace(before, after, 1))

    with pytest.raises(InvalidInput, match=told):
        Bundle.load(rules)
