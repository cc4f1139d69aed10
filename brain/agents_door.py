"""The USP controller and its door, as the settings say: where it is, who comes in, over what."""

import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

import structlog

from brain.domain.errors import InvalidInput
from brain.domain.remediation import Mode
from brain.ids import new_id, utc_now
from brain.keys import Keys
from brain.ledger.audit import AuditTrail
from brain.remediation.index import Index
from brain.remediation.rules import Rulebook
from brain.settings import Settings
from brain.store.store import Store
from executors.permits import PermitDesk
from executors.usp.admission import by_broker, by_certificate, by_word
from executors.usp.broker import BrokerOptions
from executors.usp.destinations import Destinations
from executors.usp.endpoint import endpoint_id
from executors.usp.errors import UspError
from executors.usp.mqtt import MqttOptions, through_broker
from executors.usp.options import UspOptions
from executors.usp.stomp import ThroughStomp, through_stomp
from executors.usp.stomp_broker import StompOptions
from executors.usp.stomp_connection import StompServer
from executors.usp.topics import Topics
from executors.usp.usp import Usp
from executors.usp.websocket import WebSocketOptions, serving_agents

_log = structlog.get_logger(__name__)


def usp_controller(
    settings: Settings, keys: Keys, store: Store, audit: AuditTrail, rulebook: Rulebook
) -> Usp | None:
    """Our own USP controller; None where it is off. InvalidInput for a name that is none."""
    if not settings.usp:
        return None
    try:
        name = endpoint_id(settings.usp_endpoint_id)
    except UspError as error:
        raise InvalidInput(
            error.message, field="GATEWRIGHT_USP_ENDPOINT_ID", remedy="Such as self::gatewright."
        ) from None
    desk = PermitDesk(public_key=keys.permit_signing.public_key(), store=store, clock=utc_now)
    options = UspOptions(
        tenant=settings.tenant,
        endpoint_id=name.text,
        patience=settings.wake_timeout,
        enrol=settings.enrol_unregistered,
        most_unread=settings.remediation_unread,
    )
    if settings.remediation is not Mode.OFF:
        options = replace(options, for_rules=Index(rulebook).kept)
    return Usp(
        store=store, permits=desk, audit=audit, clock=utc_now, new_id=new_id, options=options
    )


@asynccontextmanager
async def agents_served(usp: Usp | None, settings: Settings) -> AsyncIterator[None]:
    """Let agents in for as long as the block lasts; nobody where USP is off.

    InvalidInput for papers that cannot be used, and where the port is taken.
    """
    if usp is None:
        yield
        return
    if settings.usp_insecure:
        _log.warning("usp_insecure", remedy="Unset GATEWRIGHT_USP_INSECURE outside of a bench.")
    options = WebSocketOptions(
        host=settings.usp_host,
        port=settings.usp_port,
        admission=by_word if settings.usp_insecure else by_certificate,
        tls=None if settings.usp_insecure else _tls(settings),
    )
    async with AsyncExitStack() as stack:
        try:
            await stack.enter_async_context(serving_agents(usp.exchange, options))
        except OSError as error:
            raise InvalidInput(
                f"port {settings.usp_port} cannot be listened on ({error.strerror})",
                field="GATEWRIGHT_USP_PORT",
                remedy="Set another one, or end what has it.",
            ) from None
        _log.info("usp_listening", port=settings.usp_port)
        if settings.usp_mqtt_host:
            through = replace(
                mqtt_options(settings), collect=usp.telemetry.published, at_home=usp.homes.published
            )
            await stack.enter_async_context(through_broker(usp.exchange, through))
        if settings.usp_stomp_host:
            await stack.enter_async_context(through_stomp(usp.exchange, stomp_options(settings)))
        yield


def mqtt_options(settings: Settings) -> MqttOptions:
    """How agents are served through the broker: over TLS, but on a bench.

    InvalidInput for an authority that cannot be used.
    """
    modern = settings.usp_mqtt_version == "5"
    broker = BrokerOptions(
        host=settings.usp_mqtt_host,
        port=settings.usp_mqtt_port,
        client=settings.usp_mqtt_client,
        endpoint=settings.usp_endpoint_id,
        user=settings.usp_mqtt_user,
        password=settings.usp_mqtt_password.get_secret_value(),
        tls=None if settings.usp_insecure else _tls_to_broker(settings.usp_mqtt_ca, "MQTT"),
        modern=modern,
    )
    admission = by_word if settings.usp_insecure else by_broker
    return MqttOptions(broker=broker, topics=topics_of(settings), admission=admission)


def topics_of(settings: Settings) -> Topics:
    """Where USP travels on the broker."""
    modern = settings.usp_mqtt_version == "5"
    return Topics(
        prefix=settings.usp_mqtt_topic,
        client=settings.usp_mqtt_client,
        group=settings.usp_mqtt_group if modern else "",
    )


def stomp_options(settings: Settings) -> ThroughStomp:
    """The same for the STOMP broker."""
    server = StompServer(
        host=settings.usp_stomp_host,
        port=settings.usp_stomp_port,
        endpoint=settings.usp_endpoint_id,
        user=settings.usp_stomp_user,
        password=settings.usp_stomp_password.get_secret_value(),
        virtual_host=settings.usp_stomp_vhost,
        tls=None if settings.usp_insecure else _tls_to_broker(settings.usp_stomp_ca, "STOMP"),
    )
    admission = by_word if settings.usp_insecure else by_broker
    return ThroughStomp(
        broker=StompOptions(server=server),
        destinations=destinations_of(settings),
        admission=admission,
    )


def destinations_of(settings: Settings) -> Destinations:
    """Where USP travels on the STOMP broker."""
    return Destinations(
        prefix=settings.usp_stomp_topic,
        client=settings.usp_stomp_client,
        group=settings.usp_stomp_group,
    )


def _tls_to_broker(authority: Path | None, kind: str) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=authority)
    except (OSError, ssl.SSLError) as error:
        raise InvalidInput(
            f"the broker's authority cannot be used ({error.strerror or error})",
            field=f"GATEWRIGHT_USP_{kind}_CA",
            remedy="Give the certificates of who signs the broker's, as PEM.",
        ) from None
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _tls(settings: Settings) -> ssl.SSLContext:
    """Our certificate, and each agent's checked against the operator's authority."""
    assert settings.usp_certificate is not None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    try:
        context.load_verify_locations(settings.usp_agents_ca)
        context.load_cert_chain(settings.usp_certificate, settings.usp_key)
    except (OSError, ssl.SSLError) as error:
        raise InvalidInput(
            f"the certificates for agents cannot be used ({error.strerror or error})",
            field="GATEWRIGHT_USP_CERTIFICATE",
            remedy="Look at it, at GATEWRIGHT_USP_KEY and at GATEWRIGHT_USP_AGENTS_CA.",
        ) from None
    return context
