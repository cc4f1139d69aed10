"""USP requests and answers as Oktopus's interface has them: JSON, spelled in one of three ways.

It writes its Go structures as they are, so a oneof is an object of its own with names in capitals
(``{"OperStatus": {"OperSuccess": ...}}``); other versions write the JSON of protobuf, with names
either way. Only the body of an answer is told, so its ``msg_id`` is not known here.
"""

import re
from collections.abc import Mapping
from typing import Any, Final, cast

from google.protobuf import json_format
from google.protobuf.message_factory import GetMessageClass

from brain.domain.canonical import Json
from executors.usp import requests as q
from executors.usp import responses as r
from executors.usp.codec import Codec
from executors.usp.errors import UspError
from executors.usp.messages import ANSWERS
from executors.usp.schema import usp_msg_pb2

_SCHEMA: Final = usp_msg_pb2.DESCRIPTOR.message_types_by_name
_ASKED: Final[tuple[type, ...]] = (q.Get, q.Set, q.Add, q.Delete, q.Operate)
_CODECS: Final[dict[type, Codec[Any]]] = {
    kind: Codec(kind, _SCHEMA[kind.__name__])
    for kind in (*_ASKED, *(ANSWERS[each] for each in _ASKED), r.Error)
}
_ONEOFS: Final = frozenset({"OperStatus", "OperationResp"})
_MAPS: Final = frozenset({"result_params", "updated_params", "unique_keys", "output_args"})
"""Their keys are names in the device, and stay as they are."""
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def written(request: q.Request) -> dict[str, Json]:
    """A request's body; UspError for what no message can hold."""
    kind = type(request)
    _CODECS[kind].encode(request)
    message = GetMessageClass(_SCHEMA[kind.__name__])()
    _CODECS[kind].write(message, request)
    made = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return cast(dict[str, Json], made)


def answered(request: q.Request, said: Json) -> r.Response | r.Error | None:
    """What an answer says to a request of this kind; None for what is no answer to it."""
    if not isinstance(said, dict):
        return None
    try:
        plain = _plain(said)
        kind = r.Error if "err_code" in plain else ANSWERS[type(request)]
        message = GetMessageClass(_SCHEMA[kind.__name__])()
        json_format.ParseDict(plain, message)
        found = _CODECS[kind].decode(message.SerializeToString())
    except (json_format.ParseError, UspError, RecursionError):
        return None
    return cast(r.Response | r.Error, found)


def _plain(said: Mapping[str, Json]) -> dict[str, Json]:
    """By the schema's names, and what Go puts around a oneof opened."""
    made: dict[str, Json] = {}
    for key, value in said.items():
        name = _HUMP.sub("_", key).lower()
        if key in _ONEOFS and isinstance(value, dict):
            made |= _plain(value)
        else:
            made[name] = value if name in _MAPS else _inside(value)
    return made


def _inside(value: Json) -> Json:
    if isinstance(value, list):
        return [_inside(each) for each in value]
    return _plain(value) if isinstance(value, dict) else value
