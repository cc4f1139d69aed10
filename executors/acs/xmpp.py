"""XMPP connection requests (TR-069 annex K): an IQ to the device, through the operator's server.

The request carries name and password in the clear to whoever holds that address, and the address is
what the device said: so it goes to our own domain only, and with the device's own password only.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from slixmpp import JID, ClientXMPP
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.jid import InvalidJID
from slixmpp.xmlstream import ET

from executors.acs.digest import Key
from executors.acs.ladder import Means
from executors.acs.wake import Woken

_log = structlog.get_logger(__name__)

NAMESPACE: Final = "urn:broadband-forum-org:cwmp:xmppConnReq-1-0"


@dataclass(frozen=True, slots=True, kw_only=True)
class XmppAccount:
    """Who we are at the operator's server."""

    jid: str
    password: str = field(repr=False)
    host: str
    port: int = 5222
    encrypted: bool = True
    """Only where the server is on this machine may it be otherwise."""
    patience: float = 5.0
    """Seconds for the server to let us in, and for a device to answer."""


class XmppRequests:
    """One connection to the server, opened when a device is woken first, and after it broke."""

    def __init__(self, account: XmppAccount, *, shared: Key) -> None:
        """``shared`` is never sent."""
        self._account, self._shared = account, shared
        self._domain = JID(account.jid).domain
        self._client: ClientXMPP | None = None
        self._opening = asyncio.Lock()

    async def ask(self, means: Means) -> Woken:
        """Wake a device by its ConnReqJabberID."""
        try:
            jid = JID(means.jid)
        except InvalidJID:
            return Woken.FORBIDDEN
        keys = [key for key in means.keys if key != self._shared]
        if jid.domain != self._domain or not keys:
            return Woken.FORBIDDEN
        client = await self._connected()
        if client is None:
            return Woken.SILENT
        woken = Woken.SILENT
        for key in keys:
            woken = await _request(client, jid, key, self._account.patience)
            if woken is not Woken.REFUSED:
                break
        return woken

    async def close(self) -> None:
        """Hang up."""
        if self._client is not None:
            client, self._client = self._client, None
            await client.disconnect(wait=1.0)

    async def _connected(self) -> ClientXMPP | None:
        async with self._opening:
            if self._client is not None and self._client.is_connected():
                return self._client
            self._client = await self._open()
            return self._client

    async def _open(self) -> ClientXMPP | None:
        account = self._account
        # SCRAM shows the password to nobody (RFC 5802), so it may go without TLS on this machine.
        config = {"feature_mechanisms": {"unencrypted_scram": not account.encrypted}}
        client = ClientXMPP(account.jid, account.password, plugin_config=config)
        client.enable_plaintext = not account.encrypted
        client.enable_starttls = client.enable_direct_tls = account.encrypted
        begun = asyncio.Event()
        client.add_event_handler("session_start", lambda _: begun.set())
        client.connect(account.host, account.port)
        try:
            async with asyncio.timeout(account.patience):
                await begun.wait()
        except TimeoutError:
            _log.warning("xmpp_unreachable", host=account.host)
            client.abort()
            return None
        client.send_presence()
        return client


async def _request(client: ClientXMPP, jid: JID, key: Key, patience: float) -> Woken:
    """K.2.3: a result says that the device will come."""
    iq = client.make_iq_get(ito=jid)
    element = ET.Element(f"{{{NAMESPACE}}}connectionRequest")
    for name, text in (("username", key.username), ("password", key.password)):
        ET.SubElement(element, f"{{{NAMESPACE}}}{name}").text = text
    iq.append(element)
    try:
        await iq.send(timeout=patience)  # type: ignore[no-untyped-call]  # slixmpp's own
    except IqError as error:
        return Woken.REFUSED if error.condition == "not-authorized" else Woken.SILENT
    except IqTimeout:
        return Woken.SILENT
    return Woken.COMING
