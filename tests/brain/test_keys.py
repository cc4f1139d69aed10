"""The installation's secrets are made once, all together, and never replaced behind one's back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from brain.domain.errors import InvalidInput
from brain.keys import FOLDER, Keys

NAMES = {
    "permit-signing.pem",
    "audit-signing.pem",
    "store-encryption.key",
    "session.secret",
    "acs.password",
}


def contents(directory: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (directory / FOLDER).iterdir()}


def test_the_first_start_makes_every_secret_for_the_owner_alone(tmp_path: Path) -> None:
    Keys.open(tmp_path / "data")

    folder = tmp_path / "data" / FOLDER
    assert set(contents(tmp_path / "data")) == NAMES
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FOLDER]


def test_the_next_start_reads_the_same_secrets_and_writes_nothing(tmp_path: Path) -> None:
    first = Keys.open(tmp_path)
    before = contents(tmp_path)

    again = Keys.open(tmp_path)

    assert contents(tmp_path) == before
    assert again.permit_signing.private_bytes_raw() == first.permit_signing.private_bytes_raw()
    assert again.audit_public == first.audit_public
    assert again.store_encryption == first.store_encryption
    assert again.session_secret == first.session_secret
    assert again.acs_password == first.acs_password


def test_every_secret_is_another_one(tmp_path: Path) -> None:
    one, other = Keys.open(tmp_path / "one"), Keys.open(tmp_path / "other")

    secrets = [
        each
        for keys in (one, other)
        for each in (
            keys.permit_signing.private_bytes_raw(),
            keys.audit_public,
            keys.store_encryption,
            bytes.fromhex(keys.session_secret),
            keys.acs_password.encode(),
        )
    ]
    assert len(set(secrets)) == len(secrets)
    assert len(one.store_encryption) == 32


def test_the_public_half_checks_what_the_private_half_signs(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path)

    Ed25519PublicKey.from_public_bytes(keys.audit_public).verify(
        keys.audit_signing.sign(b"head"), b"head"
    )


def test_many_starts_at_once_agree_on_one_set(tmp_path: Path) -> None:
    together = Barrier(8)

    def start(_: int) -> tuple[bytes, bytes, str]:
        together.wait()
        keys = Keys.open(tmp_path / "data")
        return keys.audit_public, keys.store_encryption, keys.acs_password

    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(start, range(8)))

    assert len(seen) == 1
    assert [path.name for path in (tmp_path / "data").iterdir()] == [FOLDER]


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_lost_key_is_an_error_and_no_new_one_is_made(tmp_path: Path, name: str) -> None:
    Keys.open(tmp_path)
    (tmp_path / FOLDER / name).unlink()

    with pytest.raises(InvalidInput, match=f"{name}: this key is missing.*backup"):
        Keys.open(tmp_path)

    assert set(contents(tmp_path)) == NAMES - {name}


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 64])
def test_a_malformed_key_is_named_and_left_as_it_is(
    tmp_path: Path, name: str, content: bytes
) -> None:
    Keys.open(tmp_path)
    (tmp_path / FOLDER / name).write_bytes(content)

    with pytest.raises(InvalidInput, match=name):
        Keys.open(tmp_path)

    assert contents(tmp_path)[name] == content


def test_a_signing_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    Keys.open(tmp_path)
    other = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (tmp_path / FOLDER / "permit-signing.pem").write_bytes(other)

    with pytest.raises(InvalidInput, match=r"permit-signing\.pem: is not what was written"):
        Keys.open(tmp_path)


@pytest.mark.parametrize("name", sorted(NAMES))
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_key_that_others_can_reach_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    Keys.open(tmp_path)
    (tmp_path / FOLDER / name).chmod(mode)

    with pytest.raises(InvalidInput, match=f"{name}: others on this machine.*chmod 600"):
        Keys.open(tmp_path)


def test_a_folder_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    Keys.open(tmp_path)
    (tmp_path / FOLDER).chmod(0o770)

    with pytest.raises(InvalidInput, match="chmod go-w"):
        Keys.open(tmp_path)


def test_a_process_that_may_not_make_keys_makes_none(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="no keys here"):
        Keys.open(tmp_path, create=False)

    assert list(tmp_path.iterdir()) == []


def test_keys_do_not_print_themselves_and_errors_do_not_quote_them(tmp_path: Path) -> None:
    keys = Keys.open(tmp_path)
    assert repr(keys) == "Keys()"

    secret = keys.session_secret[:-1] + "x"
    (tmp_path / FOLDER / "session.secret").write_text(secret)
    with pytest.raises(InvalidInput) as caught:
        Keys.open(tmp_path)

    assert secret not in str(caught.value)
    assert caught.value.__cause__ is None
