"""A plan is one request, whole or nothing, and an answer is never read as more than it says."""

from datetime import UTC, datetime
from typing import Any

import pytest

from brain.domain.change import AddObject, Change, Command, DeleteObject, Plan, SetParameter
from brain.domain.errors import InvalidPlan
from brain.domain.identity import DeviceId
from brain.domain.outcome import Progress
from brain.domain.parameter import ParameterPath, ParameterType
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.plans import outcome_of, request_for

NOW = datetime(2026, 1, 1, tzinfo=UTC)
RADIO = "Device.WiFi.Radio.1."
TABLE = "Device.NAT.PortMapping."
SET = q.Set(update_objs=(q.UpdateObject(RADIO, (q.UpdateParamSetting("Channel", "11"),)),))
ADD = q.Add(create_objs=(q.CreateObject(TABLE, (q.CreateParamSetting("Enable", "true"),)),))
DELETE = q.Delete(obj_paths=(f"{TABLE}1.",))


def to(path: str, value: str) -> SetParameter:
    return SetParameter(path=ParameterPath(path), type=ParameterType.STRING, before="", after=value)


def asked(*changes: Change) -> q.Request:
    return request_for(Plan(device=DeviceId("d"), changes=changes), key="chg_1")


def test_parameters_are_set_together_by_object_and_each_is_required() -> None:
    request = asked(
        to(f"{RADIO}Channel", "11"), to("Device.X.P", "a"), to(f"{RADIO}TransmitPower", "50")
    )

    assert request == q.Set(
        allow_partial=False,
        update_objs=(
            q.UpdateObject(
                RADIO,
                (
                    q.UpdateParamSetting("Channel", "11", True),
                    q.UpdateParamSetting("TransmitPower", "50", True),
                ),
            ),
            q.UpdateObject("Device.X.", (q.UpdateParamSetting("P", "a", True),)),
        ),
    )


def test_every_other_change_is_one_request_too() -> None:
    row = AddObject(path=ParameterPath(TABLE), values=(("Enable", "true"),))
    command = Command(path=ParameterPath("Device.Reboot()"), arguments=(("Why", "x"),))

    assert asked(row) == ADD
    assert asked(DeleteObject(path=ParameterPath(f"{TABLE}1."))) == DELETE
    assert asked(command) == q.Operate(
        command="Device.Reboot()", command_key="chg_1", input_args={"Why": "x"}
    )


@pytest.mark.parametrize("name", ["*", "[Enable==true]", "A.", ".A", "", "A+"])
def test_a_search_in_the_name_of_a_leaf_never_leaves(name: str) -> None:
    with pytest.raises(InvalidPlan):
        asked(AddObject(path=ParameterPath(TABLE), values=((name, "x"),)))


def updated(path: str, *wrong: r.ParameterError) -> r.UpdatedObjectResult:
    return r.UpdatedObjectResult(path, r.UpdateSuccess((r.UpdatedInstanceResult(path, wrong),)))


def created(*wrong: r.ParameterError) -> r.AddResp:
    return r.AddResp((r.CreatedObjectResult(TABLE, r.CreateSuccess(f"{TABLE}1.", wrong)),))


def deleted(*left: r.UnaffectedPathError) -> r.DeleteResp:
    success = r.DeleteSuccess((f"{TABLE}1.",), left)
    return r.DeleteResp((r.DeletedObjectResult(f"{TABLE}1.", success),))


WRONG = r.ParameterError("Channel", 7012, "hush-42 is bad")
FAILED = r.UpdatedObjectResult(
    RADIO, r.UpdateFailure(7021, "", (r.UpdatedInstanceFailure(RADIO, (WRONG,)),))
)


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (SET, r.SetResp((updated(RADIO),))),
        (ADD, created()),
        (DELETE, deleted()),
    ],
    ids=["set", "add", "delete"],
)
def test_what_the_agent_says_it_did_is_applied(request_: q.Request, reply: Any) -> None:
    assert outcome_of(request_, reply, at=NOW).progress is Progress.APPLIED


@pytest.mark.parametrize(
    ("request_", "reply", "fault"),
    [
        (SET, r.Error(7004, "", (r.ParamError(f"{RADIO}Channel", 7012),)), "7004"),
        (SET, r.SetResp((FAILED,)), "7012"),
        (SET, r.Error(7005), "7005"),
        (ADD, r.AddResp((r.CreatedObjectResult(TABLE, r.OperationFailure(7017)),)), "7017"),
        (
            DELETE,
            r.DeleteResp((r.DeletedObjectResult(f"{TABLE}1.", r.OperationFailure(7016)),)),
            "7016",
        ),
    ],
)
def test_what_the_agent_did_not_do_is_refused_by_its_code(
    request_: q.Request, reply: Any, fault: str
) -> None:
    outcome = outcome_of(request_, reply, at=NOW)

    assert (outcome.progress, outcome.fault) == (Progress.REFUSED, fault)


@pytest.mark.parametrize(
    ("request_", "reply"),
    [
        (SET, None),
        (SET, r.Error(7003)),
        (SET, r.Error(7000)),
        (SET, r.Error(7900)),
        (SET, r.SetResp()),
        (SET, r.SetResp((updated("Device.Other."),))),
        (SET, r.SetResp((updated(RADIO), updated(RADIO)))),
        (SET, r.SetResp((updated(RADIO, WRONG),))),
        (SET, r.SetResp((updated("Device.X."), FAILED))),
        (SET, created()),
        (ADD, r.AddResp()),
        (ADD, created(r.ParameterError("Enable", 7012))),
        (DELETE, deleted(r.UnaffectedPathError(f"{TABLE}1.", 7024))),
    ],
)
def test_what_says_less_than_that_is_unknown(request_: q.Request, reply: Any) -> None:
    assert outcome_of(request_, reply, at=NOW).progress is Progress.UNKNOWN


def test_a_refusal_names_each_parameter_and_never_what_the_agent_wrote() -> None:
    errors = tuple(r.ParamError(f"Device.X.P{n}", 7012, "hush-42") for n in range(10))

    outcome = outcome_of(SET, r.Error(7004, "hush-42", errors), at=NOW)

    assert "Device.X.P0: 7012 invalid value" in outcome.detail
    assert "and 2 more" in outcome.detail
    assert "hush" not in repr(outcome)
