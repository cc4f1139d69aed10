"""The number that was checked is called, and the certificate is held against the name."""

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from brain.courier import Courier
from brain.domain.webhook import Progress, Webhook
from evals.workbench import TENANT, Workbench

if TYPE_CHECKING:
    from tests.brain.courier.conftest import Receiver

NAME = "tickets.example.net"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """Of ``NAME`` and nobody else, with its key, signed by itself."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    file = tmp_path / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def port(receiver: "Receiver", certificate: Path) -> Iterator[int]:
    """An encrypted door to the receiver."""
    server = HTTPServer(("127.0.0.1", 0), receiver.handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "end"), [(NAME, Progress.DELIVERED), ("other.example.net", Progress.WAITING)]
)
async def test_only_who_can_prove_the_name_is_told(
    bench: Workbench,
    courier: Courier,
    webhook: Webhook,
    receiver: "Receiver",
    port: int,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    end: Progress,
) -> None:
    async def lookup(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    trusting = httpx.AsyncClient(verify=ssl.create_default_context(cafile=certificate))
    async with bench.store.begin() as tx:
        await tx.webhooks.put(replace(webhook, url=f"https://{name}:{port}/hook"))
    await bench.submit()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)

    await replace(courier, client=trusting).deliver()
    await trusting.aclose()

    async with bench.store.read() as tx:
        (delivery,) = await tx.deliveries.of_webhook(TENANT, webhook.id)
    assert delivery.progress is end
    assert [headers["host"] for headers, _ in receiver.heard] == (
        [f"{name}:{port}"] if end is Progress.DELIVERED else []
    )
