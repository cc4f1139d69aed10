"""The controllers that the settings name, and what feeds the inventory from them."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol

from brain.domain.device import ControllerName
from brain.domain.ports import Executor
from brain.domain.remediation import Mode
from brain.ids import new_id
from brain.ledger.audit import AuditTrail
from brain.remediation.index import Index
from brain.remediation.rules import Rulebook
from brain.settings import Settings
from executors.acs.feeding import Feed
from executors.genieacs.genieacs import GenieAcs
from executors.genieacs.nbi import Nbi
from executors.genieacs.options import GenieOptions
from executors.genieacs.polling import Polling
from executors.oktopus.interface import Interface
from executors.oktopus.oktopus import Oktopus
from executors.oktopus.options import Mtp, OktopusOptions
from executors.oktopus.polling import Polling as OktopusPolling
from executors.permits import PermitDesk
from executors.usp.arrivals import Arrivals
from executors.usp.options import UspOptions


class Polls(Protocol):
    """Asks a controller who called, again and again."""

    async def run(self) -> None:
        """Until cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller:
    """An operator's own: what devices are read and changed through, and what asks who called it."""

    name: ControllerName
    executor: Executor
    feed: Polls


def operators(
    stack: AsyncExitStack,
    settings: Settings,
    desk: PermitDesk,
    audit: AuditTrail,
    rulebook: Rulebook,
) -> tuple[Controller, ...]:
    """Those that the settings name, closed with the stack."""
    named = (
        genieacs(stack, settings, desk, rulebook),
        oktopus(stack, settings, desk, audit, rulebook),
    )
    return tuple(each for each in named if each)


def genieacs(
    stack: AsyncExitStack, settings: Settings, desk: PermitDesk, rulebook: Rulebook
) -> Controller | None:
    """An operator's GenieACS where one is named, closed with the stack."""
    if not settings.genieacs_url:
        return None
    options = genie_options(settings)
    nbi = Nbi(options)
    stack.push_async_callback(nbi.aclose)
    store, clock = desk.store, desk.clock
    feed = _feed(settings, rulebook)
    genie = GenieAcs(store=store, permits=desk, clock=clock, nbi=nbi, options=options, feed=feed)
    polling = Polling(store=store, clock=clock, nbi=nbi, options=options, reader=genie)
    return Controller(name=ControllerName.GENIEACS, executor=genie, feed=polling)


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
        files=settings.genieacs_files,
        transfer_patience=settings.silence_limit,  # the device is leased for twice as long
        poll_every=settings.genieacs_poll_every,
    )


def oktopus(
    stack: AsyncExitStack,
    settings: Settings,
    desk: PermitDesk,
    audit: AuditTrail,
    rulebook: Rulebook,
) -> Controller | None:
    """An operator's Oktopus where one is named, closed with the stack."""
    if not settings.oktopus_url:
        return None
    options = oktopus_options(settings)
    interface = Interface(options)
    stack.push_async_callback(interface.aclose)
    store, clock = desk.store, desk.clock
    executor = Oktopus(
        store=store,
        permits=desk,
        clock=clock,
        new_id=new_id,
        interface=interface,
        options=options,
        feed=_feed(settings, rulebook),
    )
    binding = UspOptions(
        tenant=settings.tenant,
        endpoint_id=settings.usp_endpoint_id,
        enrol=settings.enrol_unregistered,
        controller=ControllerName.OKTOPUS,
    )
    arrivals = Arrivals(store=store, audit=audit, clock=clock, options=binding)
    polling = OktopusPolling(oktopus=executor, arrivals=arrivals)
    return Controller(name=ControllerName.OKTOPUS, executor=executor, feed=polling)


def oktopus_options(settings: Settings) -> OktopusOptions:
    """The settings of Oktopus as its adapter wants them."""
    password = settings.oktopus_password
    return OktopusOptions(
        tenant=settings.tenant,
        url=settings.oktopus_url,
        email=settings.oktopus_email,
        password=password.get_secret_value() if password else "",
        mtp=Mtp(settings.oktopus_mtp),
        ca=settings.oktopus_ca,
        poll_every=settings.oktopus_poll_every,
    )


def _feed(settings: Settings, rulebook: Rulebook) -> Feed:
    watched = None if settings.remediation is Mode.OFF else Index(rulebook).kept
    return Feed(for_rules=watched, most_unread=settings.remediation_unread)
