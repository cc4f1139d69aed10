"""Stands in for Go's ``encoding/json`` over the structures of protobuf, as Oktopus answers.

Fields go by the schema's names and are left out where they are empty; a oneof is an object of its
own, and it and its members go by the names of Go.
"""

from typing import Any, cast

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from brain.domain.canonical import Json
from executors.usp import messages
from executors.usp.messages import Body, Message
from executors.usp.schema import usp_msg_pb2


def spelled(answer: Body) -> Json:
    """The body of one answer: of a response without its kind, or of an error."""
    kind = GetMessageClass(usp_msg_pb2.DESCRIPTOR.message_types_by_name["Msg"])
    whole: Any = kind.FromString(messages.encode(Message("-", answer)))
    if whole.body.WhichOneof("msg_body") == "error":
        return _object(whole.body.error)
    response = whole.body.response
    return _object(getattr(response, response.WhichOneof("resp_type")))


def _object(message: Any) -> dict[str, Json]:
    made: dict[str, Json] = {}
    schema: Descriptor = message.DESCRIPTOR
    for field in schema.fields:
        value = getattr(message, field.name)
        oneof = field.containing_oneof
        if oneof is None:
            said = _value(field, value)
            if said not in (None, "", 0, False, [], {}) or _is_set(message, field):
                made[field.name] = said
        elif message.WhichOneof(oneof.name) == field.name:
            made[_camel(oneof.name)] = {_camel(field.name): _value(field, value)}
    return made


def _is_set(message: Any, field: FieldDescriptor) -> bool:
    return bool(field.has_presence and message.HasField(field.name))


def _value(field: FieldDescriptor, value: Any) -> Json:
    inner = field.message_type
    if inner is not None and inner.GetOptions().map_entry:
        return {key: value[key] for key in sorted(value)}
    if field.is_repeated:
        return [_object(each) if inner is not None else each for each in value]
    return _object(value) if inner is not None else cast(Json, value)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
