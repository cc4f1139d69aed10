"""What tests of the courier share: a real HTTP server that is told, and a courier who tells it."""

import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from brain.addresses import Addresses
from brain.courier import Courier
from brain.domain.webhook import EventType, Webhook, WebhookId, new_secret
from brain.store.store import Store
from evals.workbench import TENANT, Workbench, workbench

SECRET = new_secret(bytes(range(32)))


@dataclass
class Receiver:
    """A real HTTP server that keeps what it is sent, and answers as it is told."""

    url: str = ""
    handler: type[BaseHTTPRequestHandler] = BaseHTTPRequestHandler
    status: int = 204
    location: str = ""
    retry_after: str = ""
    stall: threading.Event | None = None
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            told.heard.append(({name.lower(): each for name, each in self.headers.items()}, body))
            told.arrived.set()
            if told.stall is not None:
                told.stall.wait(5)
            self.send_response(told.status)
            if told.location:
                self.send_header("Location", told.location)
            if told.retry_after:
                self.send_header("Retry-After", told.retry_after)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.handler = Handler
    told.url = f"http://127.0.0.1:{server.server_port}/hook?for=us"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield told
    if told.stall is not None:
        told.stall.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
async def bench(store: Store) -> Workbench:
    return await workbench(store)


@pytest.fixture
async def webhook(bench: Workbench, receiver: Receiver) -> Webhook:
    made = Webhook(
        id=WebhookId("hook_1"),
        tenant=TENANT,
        url=receiver.url,
        secret=SECRET,
        events=frozenset(EventType) - {EventType.APPROVED},
        created_at=bench.clock(),
    )
    async with bench.store.begin() as tx:
        await tx.webhooks.add(made)
    return made


@pytest.fixture
async def courier(bench: Workbench) -> AsyncIterator[Courier]:
    made = Courier(
        store=bench.store,
        clock=bench.clock,
        addresses=Addresses(insecure=True),
        audit=bench.ledger.steps.audit,
        public_url="https://gw.example.net/",
        timeout=timedelta(seconds=20),
    )
    yield made
    await made.aclose()
