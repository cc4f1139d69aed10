"""The input document: typed, masked, and null where nobody knows."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from brain.domain.break_glass import BreakGlass
from brain.domain.change import AddObject, Command, DeleteObject, SetParameter
from brain.domain.device import Device
from brain.domain.history import TrackRecord
from brain.domain.identity import PrincipalId, PrincipalKind, Role
from brain.domain.parameter import ParameterPath, ParameterType
from brain.domain.question import Asker, Question
from brain.domain.usage import Count, Usage
from policies.facts import family_of, input_of, template_of, typed

Ask = Callable[..., Question]


def set_to(path: str, after: str, *, secret: bool = False) -> SetParameter:
    return SetParameter(
        path=ParameterPath(path),
        type=ParameterType.STRING,
        before="old",
        after=after,
        secret=secret,
    )


@pytest.mark.parametrize(
    ("path", "template"),
    [
        ("Device.WiFi.Radio.12.Channel", "Device.WiFi.Radio.{i}.Channel"),
        ("Device.NAT.PortMapping.3.", "Device.NAT.PortMapping.{i}."),
        ("Device.DHCPv4.Server.Pool.1.DNSServers", "Device.DHCPv4.Server.Pool.{i}.DNSServers"),
        ("Device.Reboot()", "Device.Reboot()"),
        ("Device.WiFi.Radio.٦.Channel", "Device.WiFi.Radio.٦.Channel"),
    ],
)
def test_a_template_has_no_instance_numbers(path: str, template: str) -> None:
    assert template_of(path) == template


@pytest.mark.parametrize(
    ("template", "family"),
    [
        ("Device.WiFi.Radio.{i}.Channel", "Device.WiFi."),
        ("Device.WiFi.", "Device.WiFi."),
        ("Device.Reboot()", "Device.Reboot()"),
        ("Device.", "Device."),
        ("Odd", "Odd"),
        ("Device.X_ACME_\\Odd.A", "Device.X_ACME_\\Odd."),
    ],
)
def test_a_template_lies_in_one_family(template: str, family: str) -> None:
    assert family_of(template) == family


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("6", ParameterType.UNSIGNED_INT, 6),
        ("-1", ParameterType.INT, -1),
        ("true", ParameterType.BOOLEAN, True),
        ("false", ParameterType.BOOLEAN, False),
        ("1.5", ParameterType.DECIMAL, 1.5),
        ("6", ParameterType.STRING, "6"),
        ("true", ParameterType.STRING, "true"),
        ("9007199254740992", ParameterType.UNSIGNED_LONG, 9007199254740992),
    ],
)
def test_a_value_is_json_of_its_type(text: str, kind: ParameterType, value: object) -> None:
    found = typed(text, kind)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", ParameterType.INT),
        ("six", ParameterType.INT),
        ("06", ParameterType.INT),
        ("1_0", ParameterType.INT),
        (" 1", ParameterType.INT),
        ("9007199254740993", ParameterType.UNSIGNED_LONG),
        ("18446744073709551621", ParameterType.UNSIGNED_LONG),
        ("1", ParameterType.BOOLEAN),
        ("TRUE", ParameterType.BOOLEAN),
        ("nan", ParameterType.DECIMAL),
        ("inf", ParameterType.DECIMAL),
        ("0.0000001", ParameterType.DECIMAL),
        ("1e308", ParameterType.DECIMAL),
        ("one", ParameterType.DECIMAL),
    ],
)
def test_what_is_not_of_its_type_stays_a_text(text: str, kind: ParameterType) -> None:
    assert typed(text, kind) == text


def test_a_change_says_where_it_is_and_what_it_was(ask: Ask) -> None:
    plan = input_of(ask())["plan"]

    assert isinstance(plan, dict)
    assert plan["op"] == "set"
    assert plan["count"] == 1
    assert plan["families"] == {"Device.DNS.": True}
    assert plan["objects"] == ["Device.DNS.", "Device.DNS.Client.", *_server_objects()]
    assert plan["changes"] == {
        "Device.DNS.Client.Server.{i}.DNSServer": [
            {
                "after": "9.9.9.9",
                "before": "192.0.2.1",
                "object": "Device.DNS.Client.Server.1.",
                "path": "Device.DNS.Client.Server.1.DNSServer",
            }
        ]
    }


def _server_objects() -> list[str]:
    return ["Device.DNS.Client.Server.", "Device.DNS.Client.Server.{i}."]


@pytest.mark.parametrize(
    "change",
    [
        set_to("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "correct horse", secret=True),
        set_to("Device.WiFi.AccessPoint.1.Security.KeyPassphrase", "correct horse"),
        set_to("Device.X_ACME_Door.AdminPassword", "correct horse"),
        set_to("Device.X_ACME_Door.Greeting", "correct horse", secret=True),
        AddObject(
            path=ParameterPath("Device.Users.User."), values=(("Username", "correct horse"),)
        ),
        Command(path=ParameterPath("Device.X.Login()"), arguments=(("Who", "correct horse"),)),
    ],
    ids=["marked", "unmarked", "vendor", "marked alone", "row", "command"],
)
def test_a_secret_is_masked_and_its_length_told(ask: Ask, change: SetParameter) -> None:
    asked = json.dumps(input_of(ask(change)))

    assert "correct horse" not in asked
    assert '{"length": 13, "secret": true}' in asked


def test_a_row_that_is_deleted_has_a_path_and_no_values(ask: Ask) -> None:
    path = ParameterPath("Device.NAT.PortMapping.3.")
    plan = input_of(ask(DeleteObject(path=path)))["plan"]

    assert isinstance(plan, dict)
    assert plan["op"] == "delete"
    assert plan["changes"] == {
        "Device.NAT.PortMapping.{i}.": [{"object": "Device.NAT.PortMapping.", "path": path}]
    }


def test_what_nobody_knows_is_null(ask: Ask) -> None:
    question = ask(shared_by=None, track_record=None)
    bare = Device(
        id=question.device.id,
        tenant=question.device.tenant,
        oui="00D09E",
        product_class="",
        serial="1",
    )
    asked = input_of(replace(question, device=bare))

    assert asked["shared_by"] is None
    assert asked["track_record"] is None
    device = asked["device"]
    assert isinstance(device, dict)
    known = {key for key, value in device.items() if value is not None}
    assert known == {"id", "protocol"}


@pytest.mark.parametrize(("seconds", "said"), [(0, 0), (61, 61), (-5, 0)])
def test_how_long_ago_the_device_was_heard_is_told(ask: Ask, seconds: int, said: int) -> None:
    question = ask()
    seen = question.now - timedelta(seconds=seconds)
    device = input_of(replace(question, device=replace(question.device, last_seen=seen)))["device"]

    assert isinstance(device, dict)
    assert device["seen_seconds_ago"] == said


def test_the_time_is_taken_apart_in_utc_and_where_the_operator_is(ask: Ask) -> None:
    assert input_of(ask(zone="Asia/Tokyo"))["now"] == {
        "epoch": 1767268800,
        "local": {"minute": 1260, "weekday": 3},
        "minute": 720,
        "weekday": 3,
    }


def test_nobody_broke_the_glass_and_nothing_was_counted_unless_it_is_said(ask: Ask) -> None:
    asked = input_of(ask(usage=None))

    assert (asked["break_glass"], asked["usage"], asked["unreviewed"]) == (None, None, None)


def test_a_broken_glass_is_told_with_how_long_it_holds_and_without_the_reason(ask: Ask) -> None:
    now = ask().now
    broken = BreakGlass(
        by=PrincipalId("olga"),
        ticket="INC-7",
        reason="Mrs Moreau has no telephone",
        plan_digest=ask().plan.digest,
        at=now - timedelta(minutes=1),
        expires_at=now + timedelta(minutes=5),
    )

    olga = Asker(
        id=PrincipalId("olga"), kind=PrincipalKind.PERSON, roles=frozenset({Role.OPERATOR})
    )

    told = input_of(ask(break_glass=broken, breaker=olga))["break_glass"]

    assert told == {
        "by": "olga",
        "expires_in_seconds": 300,
        "kind": "person",
        "lasts_seconds": 360,
        "roles": ["operator"],
        "ticket": "INC-7",
        "ticket_length": 5,
    }


def test_of_a_breaker_nobody_knows_nothing_is_believed(ask: Ask) -> None:
    now = ask().now
    broken = BreakGlass(
        by=PrincipalId("olga"),
        ticket="INC-7",
        reason="gone since",
        plan_digest=ask().plan.digest,
        at=now,
        expires_at=now + timedelta(minutes=5),
    )

    told = input_of(ask(break_glass=broken))["break_glass"]

    assert isinstance(told, dict)
    assert (told["kind"], told["roles"]) == (None, [])


def test_a_scope_that_a_device_does_not_lie_in_is_null(ask: Ask) -> None:
    count = Count(under_way=1, last_hour=2)

    told = input_of(ask(usage=Usage(device=count, model=count, tenant=count, site=count)))["usage"]

    assert isinstance(told, dict)
    assert told["site"] == {"last_hour": 2, "under_way": 1}
    assert (told["port"], told["olt"], told["unplaced"]) == (None, None, None)


def test_a_track_record_comes_with_its_lower_bound(ask: Ask) -> None:
    asked = input_of(ask(track_record=TrackRecord(tried=10, succeeded=9)))

    assert asked["track_record"] == {"lower_bound": 0.59585, "succeeded": 9, "tried": 10}


def test_who_asks_and_why_is_told_without_names_of_people(ask: Ask) -> None:
    asked = input_of(ask())

    assert asked["asker"] == {
        "groups": [],
        "id": "ann",
        "kind": "person",
        "roles": ["support"],
    }
    assert (asked["author"], asked["cause"]) == ("rules", "wan.wrong_dns")
    assert (asked["point"], asked["tenant"], asked["halted"]) == ("submit", "north", False)


@pytest.mark.parametrize(
    ("seconds", "age"), [(60, 60), (0, 0), (-1, 0), (-300, 0), (-301, None), (-86400, None)]
)
def test_a_device_seen_long_after_now_was_not_seen(ask: Ask, seconds: int, age: int | None) -> None:
    asked = ask()
    device = replace(asked.device, last_seen=asked.now - timedelta(seconds=seconds))

    about = input_of(replace(asked, device=device))["device"]

    assert isinstance(about, dict)
    assert about["seen_seconds_ago"] == age
