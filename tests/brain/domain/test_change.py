"""A plan is one step on one device, named by its content, and knows the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.domain.change import AddObject, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import InvalidPlan
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, ParameterType

HOME = DeviceId("00D09E-G1-1")
CHANNEL = ParameterPath("Device.WiFi.Radio.1.Channel")
AUTO = ParameterPath("Device.WiFi.Radio.1.AutoChannelEnable")


def set_to(after: str, *, path: ParameterPath = CHANNEL, before: str = "1", secret: bool = False):
    return SetParameter(
        path=path, type=ParameterType.UNSIGNED_INT, before=before, after=after, secret=secret
    )


def plan(*changes: SetParameter) -> Plan:
    return Plan(device=HOME, changes=changes)


values = st.text(max_size=8)


@given(one=st.tuples(values, values), two=st.tuples(values, values))
def test_two_plans_have_one_digest_exactly_when_they_are_the_same(
    one: tuple[str, str], two: tuple[str, str]
) -> None:
    first = plan(set_to(one[1], before=one[0]))
    second = plan(set_to(two[1], before=two[0]))

    assert (first.digest == second.digest) is (one == two)


def test_the_same_changes_on_another_device_are_another_plan() -> None:
    elsewhere = Plan(device=DeviceId("00D09E-G1-2"), changes=(set_to("6"),))

    assert elsewhere.digest != plan(set_to("6")).digest


def test_rolling_back_twice_is_the_plan() -> None:
    there = plan(set_to("6"), set_to("false", path=AUTO, before="true"))
    back = there.rollback()

    assert back is not None
    assert back.rollback() == there


def test_the_last_change_is_undone_first() -> None:
    back = plan(set_to("6"), set_to("false", path=AUTO, before="true")).rollback()

    assert back is not None
    assert back.paths == (AUTO, CHANNEL)


def test_a_secret_cannot_be_put_back_since_it_was_never_read() -> None:
    assert plan(set_to("new secret", before="", secret=True)).rollback() is None


def test_a_command_cannot_be_undone() -> None:
    reboot = Plan(device=HOME, changes=(Command(path=ParameterPath("Device.Reboot()")),))

    assert reboot.rollback() is None


@pytest.mark.parametrize(
    "path",
    [
        "",
        "Device.WiFi.Radio.*.Channel",
        "Device.WiFi.Radio.[Enable==true].Channel",
        "Device.WiFi.Radio.{i}.Channel",
        "Device.WiFi.Radio.1.",
        "Device.WiFi.Radio.1.Channel ",
    ],
)
def test_a_path_that_is_not_one_parameter_never_makes_a_plan(path: str) -> None:
    with pytest.raises(InvalidPlan):
        plan(set_to("6", path=ParameterPath(path)))


def test_an_empty_plan_is_refused() -> None:
    with pytest.raises(InvalidPlan, match="changes nothing"):
        plan()


def test_one_path_is_not_changed_twice() -> None:
    with pytest.raises(InvalidPlan, match="twice"):
        plan(set_to("6"), set_to("11"))


def test_what_cannot_be_applied_in_one_step_is_not_one_plan() -> None:
    row = AddObject(path=ParameterPath("Device.NAT.PortMapping."))

    with pytest.raises(InvalidPlan, match="only change"):
        Plan(device=HOME, changes=(set_to("6"), row))


def test_a_path_the_device_did_not_say_counts_as_moved() -> None:
    assert plan(set_to("6")).moved({}) == (CHANNEL,)


def test_a_value_that_is_as_seen_has_not_moved() -> None:
    assert plan(set_to("6")).moved({CHANNEL: "1"}) == ()


def test_nothing_read_is_not_reached() -> None:
    assert not plan(set_to("6")).reached({})
    assert plan(set_to("6")).reached({CHANNEL: "6"})


TABLE = ParameterPath("Device.NAT.PortMapping.")
ADDED = Plan(device=HOME, changes=(AddObject(path=TABLE, values=(("Enable", "true"),)),))


def deleting(path: str, *, device: DeviceId = HOME) -> Plan:
    return Plan(device=device, changes=(DeleteObject(path=ParameterPath(path)),))


def test_a_new_row_is_undone_by_deleting_it_once_it_has_a_number() -> None:
    assert ADDED.can_be_undone
    assert ADDED.rollback() is None
    assert ADDED.without_row(7) == deleting(f"{TABLE}7.")
    assert ADDED.undone_by(deleting(f"{TABLE}7."))


@pytest.mark.parametrize(
    "other",
    [
        deleting("Device.QoS.Shaper.7."),
        deleting("Device.NAT.PortMapping.7.Tea.1."),
        deleting(f"{TABLE}7.", device=DeviceId("00D09E-G1-2")),
        ADDED,
        Plan(device=HOME, changes=(AddObject(path=ParameterPath(f"{TABLE}7.")),)),
        plan(set_to("6")),
    ],
)
def test_nothing_else_undoes_a_new_row(other: Plan) -> None:
    assert not ADDED.undone_by(other)


def test_settings_are_undone_by_their_old_values_alone() -> None:
    there = plan(set_to("6"))
    back = there.rollback()

    assert back is not None
    assert there.undone_by(back)
    assert not there.undone_by(there)
    assert not there.undone_by(deleting(f"{TABLE}7."))
    assert there.without_row(7) is None
    assert not deleting(f"{TABLE}7.").can_be_undone
