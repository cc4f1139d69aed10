"""Which POST belongs to which session: by cookie, else by the connection it came on.

Some devices never send our cookie back, others open a connection for every POST, so one of the
two has to hold. A proxy that shares connections among devices breaks the second: switch it off.
"""

import re
from collections import OrderedDict
from collections.abc import Callable

from executors.acs.conversation import Conversation

COOKIE = "gatewright"
Peer = tuple[str, int]
_LONGEST_SILENCE = 600
"""Seconds; a session that is not over holds its work, and its place among those under way."""

# Devices quote it, separate it with commas, or send attributes back.
_COOKIE = re.compile(rf"(?:^|[;,\s]){COOKIE}=\"?([A-Za-z0-9_-]{{20,64}})\"?(?:$|[;,\s])")


class Sessions:
    """The sessions under way, forgotten after a while without traffic."""

    def __init__(
        self,
        *,
        token: Callable[[], str],
        seconds: Callable[[], float],
        idle: float,
        by_connection: bool = True,
    ) -> None:
        self._token = token
        """Gives 20 to 64 URL-safe characters that nobody can guess."""
        self._seconds = seconds
        self._idle = idle
        self._by_connection = by_connection
        self._cookies: OrderedDict[str, tuple[float, Conversation, Peer | None]] = OrderedDict()
        self._peers: dict[Peer, str] = {}

    def __len__(self) -> int:
        return len(self._cookies)

    def open(self, conversation: Conversation, peer: Peer | None) -> str:
        """Remember a new session; its cookie."""
        self._sweep()
        cookie = self._token()
        self._cookies[cookie] = (self._seconds(), conversation, peer)
        if peer is not None and self._by_connection:
            self._peers[peer] = cookie
        return cookie

    def by_cookie(self, header: str) -> tuple[str, Conversation] | None:
        """The session that a Cookie header names."""
        found = _COOKIE.search(header)
        return self._find(found.group(1)) if found else None

    def by_peer(self, peer: Peer | None) -> tuple[str, Conversation] | None:
        """The session that was opened on this connection."""
        cookie = self._peers.get(peer) if peer else None
        return self._find(cookie) if cookie else None

    def close(self, cookie: str) -> None:
        """Forget a session, and end it if it has not ended."""
        entry = self._cookies.pop(cookie, None)
        if entry is None:
            return
        _, conversation, peer = entry
        if peer is not None and self._peers.get(peer) == cookie:
            del self._peers[peer]
        conversation.end()

    def _find(self, cookie: str) -> tuple[str, Conversation] | None:
        self._sweep()
        entry = self._cookies.get(cookie)
        if entry is None:
            return None
        _, conversation, peer = entry
        self._cookies[cookie] = (self._seconds(), conversation, peer)
        self._cookies.move_to_end(cookie)
        return cookie, conversation

    def _sweep(self) -> None:
        """End what was silent for too long; the oldest come first."""
        now = self._seconds()
        late: list[str] = []
        for cookie, (used, conversation, _) in self._cookies.items():
            if used > now - self._idle:
                break
            # A device may ask for more time than others get (TR-069 SessionTimeout), within reason.
            if used <= now - min(conversation.silence, _LONGEST_SILENCE):
                late.append(cookie)
        for cookie in late:
            self.close(cookie)
