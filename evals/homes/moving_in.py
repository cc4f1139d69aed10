"""Switches a drafted home on: settings that differ are typed in, and it has been up for a while."""

import re
from dataclasses import replace
from datetime import timedelta

from brain.domain.errors import InvalidInput
from evals.hand_clock import HandClock
from evals.homes import diagnostics
from evals.homes.draft import Draft
from evals.homes.home import Home

_ROW = re.compile(r"\.(\d+)\.")


def switched_on(draft: Draft, clock: HandClock, *, up_for: timedelta) -> Home:
    """The home as it is at the draft's moment; the clock is left there."""
    clock.now = draft.at - up_for
    home = Home(draft.household, clock=clock)
    home.faults = replace(home.faults, **draft.manners)
    for path, value in draft.settings.items():
        _type_in(home, path, value)
    if draft.extender:
        given = draft.extender
        # What the gateway has on the air around it, the extender has too.
        given.change(radios=draft.household.radios)
        extender = switched_on(given, clock, up_for=up_for)
        home.extend(extender, draft.guest(given.household.serial))
    home.association.renew()
    clock.now = draft.at
    home.events = []
    home.tick()
    diagnostics.last_night(home)
    return home


def _type_in(home: Home, path: str, value: str) -> None:
    """Set one parameter as somebody at the box would, adding the row that it stands in."""
    for found in _ROW.finditer(path):
        table, number = path[: found.start() + 1], int(found[1])
        while table in home.tree.objects and number not in home.tree.rows(table):
            if not home.tree.can_grow(table) or max(home.tree.rows(table), default=0) > number:
                break
            home.tree.add(table, facts={"resolver": "", "kind": "Static", "name": ""})
    if path not in home.tree.parameters:
        raise InvalidInput(
            f"{home.model.name} has no {path}",
            field="world.settings",
            remedy="Name a parameter of this make.",
        )
    home.tree.put(path, value)
