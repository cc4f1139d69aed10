"""How vendors stray from TR-098: other words for a value, another place for the passphrase.

Only what was seen on a real device, or in what operators publish, is listed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from json import loads

from brain.datamodel.catalogue import template_of
from brain.datamodel.translation.mapping import OLD

_MANUFACTURER = OLD + "DeviceInfo.Manufacturer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """What is known of one vendor's devices."""

    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By TR-098 template without its root: the vendor's word for each word of the standard."""
    passphrases: tuple[str, ...] = ()
    """Where below WLANConfiguration the passphrase may be, best first; none means the standard."""

    def standard(self, native: str, text: str) -> str:
        """The word of the standard for what the device said."""
        return self._of(native).get(text, text)

    def own(self, native: str, text: str) -> str:
        """The word the device uses for one of the standard."""
        words = {standard: own for own, standard in self._of(native).items()}
        return words.get(text, text)

    def _of(self, native: str) -> Mapping[str, str]:
        return self.words.get(template_of(native).removeprefix(OLD), {})


NO_VENDOR = Vendor()


def vendor_of(values: Mapping[str, str]) -> Vendor:
    """The vendor of the device that said these values, by the manufacturer it names."""
    said = values.get(_MANUFACTURER, "").lower()
    known = (vendor for name, vendor in _vendors().items() if name in said)
    return next(known, NO_VENDOR)


@cache
def _vendors() -> dict[str, Vendor]:
    text = (files("brain.datamodel") / "data" / "tr098_vendors.json").read_text("utf-8")
    return {
        row["manufacturer"]: Vendor(words=row["words"], passphrases=tuple(row["passphrases"]))
        for row in loads(text)
    }
