"""What the fault codes of CWMP mean (TR-069 A.5.1, A.5.2).

The words here are ours. What a device writes beside a code is never passed on: it may quote a
value, and a value may be a passphrase.
"""

from executors.acs.messages import Fault

METHOD_NOT_SUPPORTED = 8000
RESOURCES_EXCEEDED = 9004
INVALID_NAME = 9005

_MEANINGS = {
    8000: "method not supported",
    8001: "request denied",
    8002: "internal error",
    8003: "invalid arguments",
    8004: "resources exceeded",
    8005: "retry request",
    9000: "method not supported",
    9001: "request denied",
    9002: "internal error",
    9003: "invalid arguments",
    9004: "resources exceeded",
    9005: "invalid parameter name",
    9006: "invalid parameter type",
    9007: "invalid parameter value",
    9008: "parameter is not writable",
    9009: "notification request rejected",
    9010: "file transfer failed",
    9011: "upload failed",
    9012: "file server refused the credentials",
    9013: "file transfer protocol not supported",
    9014: "could not join the multicast group",
    9015: "file server could not be reached",
    9016: "file could not be accessed",
    9017: "file was not transferred to the end",
    9018: "file is corrupt",
    9019: "file is not authentic",
    9020: "not completed within the time windows",
    9021: "transfer can no longer be cancelled",
}
_NAMED_AT_MOST = 8


def meaning(code: int) -> str:
    """The code in words, for a person."""
    return _MEANINGS.get(code, "vendor-specific or unreadable fault")


def sentence(fault: Fault) -> str:
    """The whole fault for a person: code, meaning, and which parameters were wrong and how."""
    said = f"{fault.code} {meaning(fault.code)}"
    named = fault.parameters[:_NAMED_AT_MOST]
    parts = [f"{each.name[:256]}: {each.code} {meaning(each.code)}" for each in named]
    if len(fault.parameters) > len(named):
        parts.append(f"and {len(fault.parameters) - len(named)} more")
    return f"{said} ({'; '.join(parts)})" if parts else said
