"""What a caller can ask of the front door. Which role may is decided in policy, never here.

Each route and console page names exactly one of these. ``data.gatewright.roles`` in the policy
bundle maps roles to them; what it does not name is denied to everybody.
"""

from enum import StrEnum


class Action(StrEnum):
    """One thing a caller may or may not do within its own tenant."""

    READ = "read"
    CHAT = "chat"
    PROPOSE = "propose"
    APPROVE = "approve"
    COMMENT = "comment"
    READ_AUDIT = "read_audit"
    IMPORT_INVENTORY = "import_inventory"
    MANAGE_HALT = "manage_halt"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_USERS = "manage_users"
    MANAGE_WEBHOOKS = "manage_webhooks"
    MANAGE_POLICY = "manage_policy"
    FETCH_POLICY = "fetch_policy"
    ROLL_OUT = "roll_out"
    BREAK_GLASS = "break_glass"
    END_SESSIONS = "end_sessions"
