"""Permits are signed over every field."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from brain.domain.identity import ChangeId, DeviceId, PermitId, PlanDigest, TenantId
from brain.domain.permit import Permit
from policies.signing import PermitSigner

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIGNER = PermitSigner.from_bytes(bytes(range(32)))
PERMIT = Permit(
    id=PermitId("per_1"),
    tenant=TenantId("north"),
    change=ChangeId("chg_1"),
    device=DeviceId("d"),
    plan_digest=PlanDigest("p"),
    policy_revision="r1",
    fence=1,
    minted_at=NOW,
    expires_at=NOW + timedelta(minutes=5),
)


def verify(permit: Permit) -> None:
    key = Ed25519PublicKey.from_public_bytes(SIGNER.public_key)
    key.verify(permit.signature, permit.signed_bytes)


def test_a_signed_permit_is_the_same_permit_and_holds() -> None:
    signed = SIGNER.sign(PERMIT)

    verify(signed)
    assert replace(signed, signature=b"") == PERMIT


@pytest.mark.parametrize(
    "change",
    [
        {"id": "per_2"},
        {"tenant": "south"},
        {"change": "chg_2"},
        {"device": "e"},
        {"plan_digest": "q"},
        {"policy_revision": "r2"},
        {"fence": 2},
        {"minted_at": NOW - timedelta(1)},
        {"expires_at": NOW + timedelta(1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_field_can_be_altered(change: dict[str, object]) -> None:
    forged = replace(SIGNER.sign(PERMIT), **change)  # type: ignore[arg-type]  # one field each

    with pytest.raises(InvalidSignature):
        verify(forged)


def test_the_key_does_not_print_itself() -> None:
    assert "key" not in repr(SIGNER)
