"""Certificates for tests: an authority, our server, a device, and one that somebody forged."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def _paper(folder: Path, name: str, by: ec.EllipticCurvePrivateKey, issuer: str) -> Path:
    """Key and certificate of this name, signed, in one file."""
    own = by if name == issuer else ec.generate_private_key(ec.SECP256R1())
    begins = datetime.now(UTC) - timedelta(minutes=1)

    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    made = (
        x509.CertificateBuilder()
        .subject_name(called(name))
        .issuer_name(called(issuer))
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .sign(by, hashes.SHA256())
    )
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    text = own.private_bytes(pem, form, serialization.NoEncryption())
    (folder / name).write_bytes(text + made.public_bytes(pem))
    return folder / name


def papers_in(folder: Path) -> Path:
    """``maker``, ``server``, ``001122-Box-S1``, ``forger`` and ``forged``, each key and PEM."""
    ours, others = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    _paper(folder, "maker", ours, "maker")
    _paper(folder, "server", ours, "maker")
    _paper(folder, "001122-Box-S1", ours, "maker")
    _paper(folder, "forger", others, "forger")
    _paper(folder, "forged", others, "forger")
    return folder
