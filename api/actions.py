"""What a caller can ask of the front door. Which role may is decided in policy, never here.

Each route and console page names exactly one of these; ``data.gatewright.access`` in the policy
bundle maps them to roles, and an action that it does not name is denied to everybody.
"""

from enum import StrEnum


class Action(StrEnum):
    """One thing a caller may or may not do within its own tenant."""

    READ_ME = "me.read"
    READ_DEVICES = "device.read"
    CHAT = "case.chat"
    READ_CASES = "case.read"
    READ_CHANGES = "change.read"
    ANSWER_CHANGES = "change.answer"
    WITHDRAW_CHANGES = "change.withdraw"
    READ_AUDIT = "audit.read"
    IMPORT_INVENTORY = "inventory.import"
    READ_HALT = "halt.read"
    SET_HALT = "halt.set"
    READ_METRICS = "metrics.read"
