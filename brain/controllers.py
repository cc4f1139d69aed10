"""The controller that the settings name, and what feeds the inventory from it."""

from contextlib import AsyncExitStack
from dataclasses import dataclass

from brain.domain.ports import Executor
from brain.domain.remediation import Mode
from brain.remediation.index import Index
from brain.remediation.rules import Rulebook
from brain.settings import Settings
from executors.acs.feeding import Feed
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from executors.genieacs.polling import Polling
from executors.permits import PermitDesk


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """What devices are read and changed through."""

    executor: Executor
    feed: Polling | None = None
    """What has to be asked who called; None where devices call us."""


def controller(
    stack: AsyncExitStack, settings: Settings, own: Executor, desk: PermitDesk, rulebook: Rulebook
) -> Controller:
    """An operator's GenieACS where one is named, closed with the stack; else our ``own`` ACS."""
    if not settings.genieacs_url:
        return Controller(executor=own)
    options = genie_options(settings)
    nbi = Nbi(options)
    stack.push_async_callback(nbi.aclose)
    store, clock = desk.store, desk.clock
    feed = _feed(settings, rulebook)
    genie = GenieAcs(store=store, permits=desk, clock=clock, nbi=nbi, options=options, feed=feed)
    polling = Polling(store=store, clock=clock, nbi=nbi, options=options, reader=genie)
    return Controller(executor=genie, feed=polling)


def genie_options(settings: Settings) -> GenieOptions:
    """The settings of GenieACS as its adapter wants them."""
    password, token = settings.genieacs_password, settings.genieacs_token
    return GenieOptions(
        tenant=settings.tenant,
        url=settings.genieacs_url,
        username=settings.genieacs_username,
        password=password.get_secret_value() if password else "",
        token=token.get_secret_value() if token else "",
        ca=settings.genieacs_ca,
        enrol=settings.enrol_unregistered,
        patience=settings.wake_timeout,
        poll_every=settings.genieacs_poll_every,
    )


def _feed(settings: Settings, rulebook: Rulebook) -> Feed:
    watched = None if settings.remediation is Mode.OFF else Index(rulebook).kept
    return Feed(for_rules=watched, most_unread=settings.remediation_unread)
