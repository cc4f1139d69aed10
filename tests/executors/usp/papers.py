"""Certificates of a fleet: an authority, a server and agents, each with its key in one file."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write_papers(folder: Path, endpoint: str) -> None:
    """``ca``, ``server`` (localhost), ``agent`` (this endpoint) and ``nameless``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fleet CA")])

    def paper(file: str, *names: x509.GeneralName) -> None:
        own = key if file == "ca" else ec.generate_private_key(ec.SECP256R1())
        said = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, file)])
        begins = datetime.now(UTC) - timedelta(minutes=1)
        made = (
            x509.CertificateBuilder()
            .subject_name(name if file == "ca" else said)
            .issuer_name(name)
            .public_key(own.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=file == "ca", path_length=None), critical=True)
        )
        if names:
            made = made.add_extension(x509.SubjectAlternativeName(names), critical=False)
        form = serialization.PrivateFormat.PKCS8
        pem = serialization.Encoding.PEM
        text = own.private_bytes(pem, form, serialization.NoEncryption())
        (folder / file).write_bytes(text + made.sign(key, hashes.SHA256()).public_bytes(pem))

    paper("ca")
    paper("server", x509.DNSName("localhost"))
    paper("agent", x509.UniformResourceIdentifier(f"urn:bbf:usp:id:{endpoint}"))
    paper("nameless")
