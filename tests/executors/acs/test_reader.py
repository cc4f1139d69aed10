"""Reading many parameters from devices that answer all or nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from brain.domain.errors import ControllerRefused, DeviceUnreachable
from executors.acs import messages as m
from executors.acs.mailbox import Reply
from executors.acs.reader import Ask, Reading

Answer = Callable[[m.Request], Reply]


def device(answer: Answer) -> tuple[Ask, list[m.Request]]:
    asked: list[m.Request] = []

    async def ask(message: m.Request) -> Reply:
        asked.append(message)
        return answer(message)

    return ask, asked


def having(names: set[str], most: int = 1000) -> Answer:
    def answer(message: m.Request) -> Reply:
        assert isinstance(message, m.GetParameterValues)
        assert message.names
        if len(message.names) > most:
            return m.Fault(9004)
        if not set(message.names) <= names:
            return m.Fault(9005)
        return m.GetParameterValuesResponse(tuple(m.ParameterValue(n, "v") for n in message.names))

    return answer


@given(
    st.sets(st.integers(0, 40), max_size=30),
    st.lists(st.integers(0, 40), max_size=30),
    st.integers(1, 12),
    st.integers(1, 12),
)
async def test_whatever_it_has_and_however_much_it_takes_exactly_that_is_read(
    has: set[int], wanted: list[int], batch: int, most: int
) -> None:
    ask, _ = device(having({str(n) for n in has}, most))

    found = await Reading(ask, batch=batch).values([str(n) for n in wanted])

    assert sorted(each.name for each in found) == sorted(str(n) for n in has & set(wanted))


async def test_a_device_that_takes_less_is_not_offered_more_again() -> None:
    ask, asked = device(having({str(n) for n in range(32)}, most=4))

    await Reading(ask, batch=16).values([str(n) for n in range(32)])

    sizes = [len(each.names) for each in asked if isinstance(each, m.GetParameterValues)]
    assert sizes == [16, 8, *[4] * 8]


async def test_twenty_thousand_parameters_are_read_in_batches_that_a_small_device_takes() -> None:
    names = [f"Device.X.{n}" for n in range(20_000)]
    ask, asked = device(having(set(names), most=40))

    found = await Reading(ask, batch=256).values(names)

    assert [each.name for each in found] == names
    sizes = [len(each.names) for each in asked if isinstance(each, m.GetParameterValues)]
    assert sizes[:4] == [256, 128, 64, 32]
    assert max(sizes[3:]) == 32
    assert len(asked) == 3 + 20_000 / 32


async def test_an_object_too_large_to_read_at_once_is_read_name_by_name() -> None:
    def answer(message: m.Request) -> Reply:
        if isinstance(message, m.GetParameterNames):
            infos = (m.ParameterInfo("A."), m.ParameterInfo("A.B"), m.ParameterInfo("A.C"))
            return m.GetParameterNamesResponse(infos)
        return (
            m.Fault(9004)
            if message == m.GetParameterValues(("A.",))
            else having({"A.B", "A.C"})(message)
        )

    ask, _ = device(answer)

    found = await Reading(ask, batch=8).values(["A."])

    assert [each.name for each in found] == ["A.B", "A.C"]


async def test_a_device_that_refuses_everything_is_left_alone_after_a_while() -> None:
    ask, asked = device(lambda _: m.Fault(9005))

    with pytest.raises(ControllerRefused):
        await Reading(ask, batch=64, lenient=True).values([str(n) for n in range(5000)])

    assert len(asked) == 401


async def test_a_silent_device_is_not_one_without_parameters() -> None:
    ask, _ = device(lambda _: None)

    with pytest.raises(DeviceUnreachable):
        await Reading(ask, batch=8).values(["A"])
    with pytest.raises(DeviceUnreachable):
        await Reading(ask, batch=8).names("Device.")


@pytest.mark.parametrize("refusal", [m.Fault(9004), m.GetParameterNamesResponse(())])
async def test_a_device_that_cannot_list_everything_is_asked_object_by_object(
    refusal: m.Fault | m.GetParameterNamesResponse,
) -> None:
    listed = {
        m.GetParameterNames("Device.", next_level=True): ["Device.", "Device.A.", "Device.B."],
        m.GetParameterNames("Device.A.", next_level=False): ["Device.A.X"],
    }

    def answer(message: m.Request) -> Reply:
        if message == m.GetParameterNames("Device.", next_level=False):
            return refusal
        if message not in listed:
            return m.Fault(9002)
        assert isinstance(message, m.GetParameterNames)
        return m.GetParameterNamesResponse(tuple(map(m.ParameterInfo, listed[message])))

    ask, _ = device(answer)

    names = await Reading(ask, batch=8).names("Device.")

    assert set(names) == {"Device.", "Device.A.", "Device.B.", "Device.A.X"}
