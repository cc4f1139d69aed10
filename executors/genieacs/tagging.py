"""Tags of a device in GenieACS, as a parameter of ours: presets hang on them, so to put one is a
change like any other.

A tag that is no plain word is neither shown nor touched.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from brain.datamodel.managing import GENIE, TAGS
from brain.domain.canonical import Json
from brain.domain.change import Plan
from brain.domain.errors import ControllerRefused, DeviceUnreachable, NotFound, OutcomeUnknown
from brain.domain.outcome import Outcome, Progress
from brain.domain.parameter import ParameterPath
from brain.domain.ports import Clock
from executors.acs.plans import refused, unknown
from executors.genieacs.nbi import Nbi

_WORD: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


def is_tagging(plan: Plan) -> bool:
    """Whether it is about the tags, and about nothing else."""
    return plan.paths == (TAGS,) and bool(plan.sets)


def asks_for_tags(paths: Sequence[ParameterPath]) -> bool:
    """Whether these paths mean the tags too: themselves, or an object that they are in."""
    return any(path == TAGS or (path[-1] == "." and TAGS.startswith(path)) for path in paths)


def without_tags(paths: Sequence[ParameterPath]) -> list[ParameterPath]:
    """What of these a device can be asked for."""
    return [path for path in paths if not path.startswith(GENIE)]


def tags_of(document: Mapping[str, Json]) -> str:
    """The tags of a device's document, in order, with commas between."""
    tags = document.get("_tags")
    words = [each for each in tags if isinstance(each, str)] if isinstance(tags, list) else []
    return ",".join(sorted(each for each in words if _WORD.fullmatch(each)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """The tags of one device."""

    nbi: Nbi
    clock: Clock
    name: str
    """What GenieACS calls the device."""

    async def read(self) -> str:
        """The tags in order, with commas between. Raises as ``Nbi.device``."""
        return tags_of(await self.nbi.device(self.name, ["_tags"]))

    async def carry_out(self, plan: Plan) -> Outcome:
        """Put on and take off what the plan says. DeviceUnreachable: no tag was touched."""
        (change,) = plan.sets
        if _listed(change.after) != sorted(set(_listed(change.after))):
            return refused("the tags are to be named in order, each once", at=self.clock())
        try:
            now = await self.read()
        except (ControllerRefused, OutcomeUnknown) as error:
            raise DeviceUnreachable(f"it was not tagged, since {error.message}") from None
        if now == change.after:
            return Outcome(progress=Progress.APPLIED, at=self.clock(), already=True)
        if now != change.before:
            return refused("somebody else has put other tags on it", at=self.clock())
        try:
            await self._change(set(_listed(now)), set(_listed(change.after)))
            then = await self.read()
        except (ControllerRefused, OutcomeUnknown, DeviceUnreachable, NotFound) as error:
            return unknown(f"some of its tags may be changed: {error.message}", at=self.clock())
        if then != change.after:
            return unknown("it does not bear the tags that were put on it", at=self.clock())
        return Outcome(progress=Progress.APPLIED, at=self.clock())

    async def _change(self, now: set[str], wanted: set[str]) -> None:
        for tag in sorted(wanted - now):
            await self.nbi.tag(self.name, tag, on=True)
        for tag in sorted(now - wanted):
            await self.nbi.tag(self.name, tag, on=False)


def _listed(text: str) -> list[str]:
    return text.split(",") if text else []
