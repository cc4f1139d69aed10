"""A USP message: its id and what it says, as bytes and back (TR-369, Messages).

    content = encode(Message("m1", Get(("Device.DeviceInfo.",))))
    message = decode(content)          # UspError for anything that is no message

Which of the types of ``header.msg_type`` it is follows from what it says; a header that says
otherwise is refused (an agent in the field leaves it out for errors: 0 is ERROR).
"""

from dataclasses import dataclass
from typing import Final

from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codec import Codec
from executors.usp.codes import MESSAGE_FAILED
from executors.usp.errors import UspError
from executors.usp.schema import usp_msg_pb2
from executors.usp.supported import GetSupportedDMResp

Body = q.Request | r.Response | r.Error

_LONGEST_ID: Final = 256


@dataclass(frozen=True, slots=True)
class Message:
    """What one end says to the other. An answer repeats the ``msg_id`` of what it answers."""

    msg_id: str
    body: Body


@dataclass(slots=True)  # not frozen, which would make it three times as slow to make
class _Header:
    msg_id: str
    msg_type: int


_NUMBERS: Final[dict[type, int]] = {
    r.Error: 0,
    q.Get: 1,
    r.GetResp: 2,
    q.Notify: 3,
    q.Set: 4,
    r.SetResp: 5,
    q.Operate: 6,
    r.OperateResp: 7,
    q.Add: 8,
    r.AddResp: 9,
    q.Delete: 10,
    r.DeleteResp: 11,
    q.GetSupportedDM: 12,
    GetSupportedDMResp: 13,
    q.GetInstances: 14,
    r.GetInstancesResp: 15,
    r.NotifyResp: 16,
    q.GetSupportedProtocol: 17,
    r.GetSupportedProtocolResp: 18,
    q.Register: 19,
    r.RegisterResp: 20,
    q.Deregister: 21,
    r.DeregisterResp: 22,
}
ANSWERS: Final[dict[type, type]] = {
    q.Get: r.GetResp,
    q.GetSupportedDM: GetSupportedDMResp,
    q.GetInstances: r.GetInstancesResp,
    q.Set: r.SetResp,
    q.Add: r.AddResp,
    q.Delete: r.DeleteResp,
    q.Operate: r.OperateResp,
    q.Notify: r.NotifyResp,
    q.GetSupportedProtocol: r.GetSupportedProtocolResp,
    q.Register: r.RegisterResp,
    q.Deregister: r.DeregisterResp,
}
"""What each request is answered with, unless it is an Error."""


@dataclass(slots=True)
class _Msg:
    header: _Header
    body: Body


_CODEC: Final = Codec(_Msg, usp_msg_pb2.DESCRIPTOR.message_types_by_name["Msg"])


def encode(message: Message) -> bytes:
    """As bytes; UspError for text that no message can hold."""
    body = message.body
    return _CODEC.encode(_Msg(_Header(message.msg_id, _NUMBERS[type(body)]), body))


def decode(content: bytes) -> Message:
    """The message that these bytes are; UspError for all others."""
    said = _CODEC.decode(content)
    header, body = said.header, said.body
    if not 0 < len(header.msg_id) <= _LONGEST_ID:
        raise UspError("is empty or too long", field="msg_id", err_code=MESSAGE_FAILED)
    if header.msg_type != _NUMBERS[type(body)]:
        raise UspError("is not what is said", field="msg_type", err_code=MESSAGE_FAILED)
    return Message(header.msg_id, body)
