"""Makes our own ACS of what the operator set."""

from dataclasses import replace

from brain.domain.errors import InvalidInput
from brain.domain.remediation import Mode
from brain.ids import new_id, utc_now
from brain.keys import Keys
from brain.ledger.audit import AuditTrail
from brain.remediation.index import Index
from brain.remediation.rules import Rulebook
from brain.settings import Settings
from brain.store.store import Store
from executors.acs.acs import Acs
from executors.acs.certificates import Tls
from executors.acs.digest import Key
from executors.acs.enrolment import Enrolment, StunAddress
from executors.acs.ladder import Requests
from executors.acs.looking import LINE_EVERY
from executors.acs.options import AcsOptions
from executors.permits import PermitDesk


def own_acs(
    settings: Settings, keys: Keys, store: Store, audit: AuditTrail, rulebook: Rulebook
) -> Acs:
    """Not yet listening; close it after use."""
    password = settings.acs_password and settings.acs_password.get_secret_value()
    wake = settings.connection_request_password
    desk = permit_desk(keys, store)
    options = AcsOptions(
        tenant=settings.tenant,
        enrol=settings.enrol_unregistered,
        username=settings.acs_username,
        password=password or keys.acs_password,
        connection_request_username=settings.connection_request_username,
        connection_request_password=(wake and wake.get_secret_value())
        or password
        or keys.acs_password,
        nonce_secret=keys.derived("acs nonces"),
        tls=Tls.of(settings.acs_tls_certificate, settings.acs_tls_key, settings.acs_tls_clients),
        wake_timeout=settings.wake_timeout,
        transfer_patience=settings.silence_limit,  # the device is leased for twice as long
        most_unread=settings.remediation_unread,
        measure_every=settings.measure_every,
        line_every=LINE_EVERY,
    )
    if settings.xmpp_jid:
        shared = Key(options.connection_request_username, options.connection_request_password)
        options = replace(options, xmpp=_xmpp(settings, shared))
    if settings.remediation is not Mode.OFF:
        index = Index(rulebook)
        options = replace(options, for_rules=index.kept, rules_every=index.every)
    stun = StunAddress(host=settings.stun_address, port=settings.stun_port)
    given = Enrolment(
        audit=audit,
        inform_every=settings.inform_every,
        stun=stun if settings.stun_address else None,
    )
    return Acs(
        store=store, permits=desk, clock=utc_now, new_id=new_id, options=options, enrolment=given
    )


def permit_desk(keys: Keys, store: Store) -> PermitDesk:
    """The lock on the door of every executor."""
    return PermitDesk(public_key=keys.permit_signing.public_key(), store=store, clock=utc_now)


def _xmpp(settings: Settings, shared: Key) -> Requests:
    try:
        from executors.acs.xmpp import XmppAccount, XmppRequests
    except ModuleNotFoundError:  # an extra that not everyone has
        raise InvalidInput(
            "waking devices over XMPP needs the extra xmpp",
            field="GATEWRIGHT_XMPP_JID",
            remedy="Run: pip install 'gatewright[xmpp]', or unset it.",
        ) from None
    account = XmppAccount(
        jid=settings.xmpp_jid,
        password=settings.xmpp_password.get_secret_value(),
        host=settings.xmpp_host or settings.xmpp_jid.partition("@")[2],
    )
    return XmppRequests(account, shared=shared)
