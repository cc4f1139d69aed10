"""USP records: who says something to whom, and how the message inside travels (TR-369, USP Record).

decode(encode(record)) is the record again; ``decode`` raises nothing but UspError.
"""

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from executors.usp.codec import Codec
from executors.usp.codes import INVALID_RECORD
from executors.usp.errors import UspError
from executors.usp.schema import usp_record_pb2

MAX_BYTES: Final = 4 * 1024 * 1024
VERSION: Final = "1.4"


class PayloadSecurity(IntEnum):
    """Whether the payload is sealed end to end; we speak plaintext inside of TLS."""

    PLAINTEXT = 0
    TLS12 = 1


class SarState(IntEnum):
    """Where a piece stands in what was cut up (PayloadSARState)."""

    NONE = 0
    BEGIN = 1
    INPROCESS = 2
    COMPLETE = 3


class MqttVersion(IntEnum):
    """Of the MQTT that an agent connected with."""

    V3_1_1 = 0
    V5 = 1


class StompVersion(IntEnum):
    """Of the STOMP that an agent connected with."""

    V1_2 = 0


@dataclass(frozen=True, slots=True)
class NoSessionContextRecord:
    """A whole message, by itself."""

    payload: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContextRecord:
    """A message or a piece of one, numbered within a session (TR-369 R-E2E)."""

    session_id: int
    sequence_id: int
    expected_id: int
    retransmit_id: int = 0
    payload_sar_state: SarState = SarState.NONE
    payloadrec_sar_state: SarState = SarState.NONE
    payload: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class WebSocketConnectRecord:
    """The first record on a WebSocket (R-MTP.6)."""


@dataclass(frozen=True, slots=True)
class MQTTConnectRecord:
    """The first record over a broker: where the agent listens."""

    version: MqttVersion = MqttVersion.V5
    subscribed_topic: str = ""


@dataclass(frozen=True, slots=True)
class STOMPConnectRecord:
    """The first record over a STOMP broker: where the agent listens."""

    version: StompVersion = StompVersion.V1_2
    subscribed_destination: str = ""


@dataclass(frozen=True, slots=True)
class DisconnectRecord:
    """The other end goes, or tells why it does not take what it was sent (R-MTP.7)."""

    reason: str = ""
    reason_code: int = 0


@dataclass(frozen=True, slots=True)
class UDSConnectRecord:
    """The first record on a Unix domain socket; between services of one device."""


RecordType = (
    NoSessionContextRecord
    | SessionContextRecord
    | WebSocketConnectRecord
    | MQTTConnectRecord
    | STOMPConnectRecord
    | DisconnectRecord
    | UDSConnectRecord
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record. ``version`` is not checked: agents send theirs, and it says nothing of fields."""

    version: str = VERSION
    to_id: str
    from_id: str
    payload_security: PayloadSecurity = PayloadSecurity.PLAINTEXT
    mac_signature: bytes = field(default=b"", repr=False)
    sender_cert: bytes = field(default=b"", repr=False)
    record_type: RecordType


_CODEC = Codec(Record, usp_record_pb2.DESCRIPTOR.message_types_by_name["Record"])


def encode(record: Record) -> bytes:
    """As bytes."""
    return _CODEC.encode(record)


def decode(content: bytes) -> Record:
    """The record that these bytes are; UspError for all others."""
    if len(content) > MAX_BYTES:
        raise UspError(f"is larger than {MAX_BYTES} bytes", field="record")
    record = _CODEC.decode(content)
    for name, value in (("from_id", record.from_id), ("to_id", record.to_id)):
        if not value:
            raise UspError("is empty", field=name, err_code=INVALID_RECORD)
    return record
