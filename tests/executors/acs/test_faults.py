"""Every fault code of the standard has words of ours and one thing that helps."""

import pytest

from executors.acs.faults import MEANINGS, Remedy, advice, meaning, remedy, sentence
from executors.acs.messages import Fault, ParameterFault


def test_every_code_of_the_standard_has_a_meaning() -> None:
    # TR-069 A.5.1: 8000 to 8006; A.5.2: 9000 to 9032.
    assert [*MEANINGS] == [*range(8000, 8007), *range(9000, 9033)]


@pytest.mark.parametrize(
    ("wanted", "codes"),
    [
        (Remedy.RETRY, (8002, 8004, 8005, 9001, 9002, 9004, 9010, 9011, 9014, 9015, 9017, 9020)),
        (Remedy.RETRY, (9027,)),
        (Remedy.REPLAN, (8000, 8003, 9000, 9003, 9005, 9006, 9007, 9008, 9009, 9013)),
        (Remedy.REPLAN, (9022, 9023, 9024, 9025, 9026, 9028, 9029, 9030, 9031, 9032)),
        (Remedy.STOP, (8001, 8006, 9016, 9018, 9019, 9021, 8800, 9800, 9899, 0, -1)),
        (Remedy.CREDENTIALS, (9012,)),
    ],
)
def test_what_helps_against_a_fault(wanted: Remedy, codes: tuple[int, ...]) -> None:
    assert {remedy(Fault(code)) for code in codes} == {wanted}


def test_the_worst_of_several_parameters_decides() -> None:
    fault = Fault(9003, parameters=(ParameterFault("A", 9007), ParameterFault("B", 9800)))

    assert remedy(fault) is Remedy.STOP
    assert remedy(Fault(9002, parameters=(ParameterFault("A", 9007),))) is Remedy.REPLAN


@pytest.mark.parametrize("code", [9004, 9008, 9012, 9800])
def test_advice_says_what_to_do(code: int) -> None:
    words = {9004: "later", 9008: "something else", 9012: "password", 9800: "person"}

    assert words[code] in advice(Fault(code))


def test_what_a_device_writes_beside_a_code_is_never_passed_on() -> None:
    fault = Fault(9003, "correct horse", (ParameterFault("Device.A", 9007, "battery staple"),))

    assert sentence(fault) == ("9003 invalid arguments (Device.A: 9007 invalid parameter value)")
    assert meaning(12345) == "vendor-specific or unreadable fault"
