"""Where devices upload bulk data over HTTP (TR-181 Device.BulkData.Profile.{i}.HTTP): beside CWMP,
on the same port, with what each of them has to show for itself.

The password that devices share is not good here: it does not say whose numbers these are.
"""

from typing import Final
from urllib.parse import parse_qs

from brain.domain.device import device_id
from brain.domain.errors import Busy, GatewrightError
from brain.domain.identity import DeviceId
from brain.store.store import Store
from executors.acs import messages as m
from executors.acs.asgi import (
    CLOSE,
    PLAIN,
    Answer,
    BodyRefused,
    Receive,
    Scope,
    drain,
    header,
    read_body,
)
from executors.acs.certificates import names_of, proves
from executors.acs.digest import Admission
from executors.acs.logins import Entrance, Login
from executors.bulk.collector import Collector
from executors.bulk.reports import MAX_BYTES, Malformed

PATH: Final = "/bulk"
_METHODS: Final = ("POST", "PUT")  # TR-181 HTTP.Method
_AT_ONCE: Final = 32
_LATER: Final = (b"retry-after", b"60")


class BulkDoor:
    """Answers requests for ``PATH``."""

    def __init__(self, *, entrance: Entrance, store: Store, collector: Collector) -> None:
        self._entrance, self._store, self._collector = entrance, store, collector
        self._open = 0

    async def answer(self, scope: Scope, receive: Receive) -> Answer:
        """Take one upload: 204 where it is kept, 4xx where sending it again would not help."""
        if scope["method"] not in _METHODS:
            return Answer(405, b"Reports are uploaded.\n", (PLAIN, (b"allow", b"POST, PUT")))
        who = await self._who(scope)
        if isinstance(who, Admission) or self._open >= _AT_ONCE:
            await drain(scope, receive, MAX_BYTES, keep=0)
            return self._challenge(who) if isinstance(who, Admission) else _refusal(503, "Later")
        self._open += 1
        try:
            content = await read_body(scope, receive, MAX_BYTES)
            await self._collector.take(who, content)
        except BodyRefused as refusal:
            return Answer(refusal.status, headers=(PLAIN, CLOSE))
        except Malformed as error:
            return _refusal(400, str(error))
        except Busy as error:
            return _refusal(429, str(error))
        except GatewrightError as error:
            return _refusal(503, error.code)
        finally:
            self._open -= 1
        return Answer(204)

    async def _who(self, scope: Scope) -> DeviceId | Admission:
        """The device that this is proven to be."""
        authorization = header(scope, b"authorization")
        if names_of(scope) and not authorization:
            return _certified(scope)
        login = await self._entrance.check(scope["method"], PATH, authorization)
        if isinstance(login, Admission):
            return login
        return await self._own(login)

    async def _own(self, login: Login) -> DeviceId | Admission:
        """Whose password it is, if it may still come with that one."""
        if login.device is None:
            return Admission.REFUSED
        async with self._store.read() as tx:
            known = (await tx.credentials.of({login.device})).get(login.device)
        held = known.held(login.password) if known else None
        good = known is not None and held is not None and known.may_come_with(held, reset=False)
        return login.device if good else Admission.REFUSED

    def _challenge(self, admission: Admission) -> Answer:
        stale = admission is Admission.STALE
        asked = [each.encode() for each in self._entrance.challenges(stale=stale)]
        return Answer(401, headers=(*((b"www-authenticate", each) for each in asked), PLAIN))


def _certified(scope: Scope) -> DeviceId | Admission:
    """The device that its URL names (``oui``, ``pc``, ``sn``), where its certificate does too."""
    try:
        said = parse_qs(scope.get("query_string", b"").decode("latin-1"), max_num_fields=32)
    except ValueError:
        return Admission.REFUSED
    oui, product_class, serial = (said.get(name, [""])[0] for name in ("oui", "pc", "sn"))
    if not (oui and serial) or not proves(
        names_of(scope), m.Identity("", oui, product_class, serial)
    ):
        return Admission.REFUSED
    return device_id(oui, product_class, serial)


def _refusal(status: int, text: str) -> Answer:
    later = (_LATER,) if status in (429, 503) else ()
    return Answer(status, f"{text}\n".encode(), (PLAIN, *later))
