"""Native values as one device wants them: legal, in its vendor's words, of its own types."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from brain.datamodel.catalogue import catalogue, template_of
from brain.datamodel.facets import checked
from brain.datamodel.refusal import Rule, Subject
from brain.datamodel.translation.vendors import Vendor
from brain.domain.parameter import INTEGERS, ParameterType


@dataclass(frozen=True)
class Wording:
    """How one device is spoken to."""

    vendor: Vendor
    types: Mapping[str, str]
    """The xsd types that the device gave its values, without prefix, by native path."""

    def checked(
        self, one: tuple[str, str], pending: Mapping[str, str], subject: Subject, *, shared: bool
    ) -> tuple[str, str]:
        """One native path and its value, in the words of the vendor; InvalidValue when it is not
        legal in TR-098, or when what is pending says otherwise and may not be ``shared``."""
        native, value = one
        entry = catalogue("tr098").find(native)
        if entry is not None and entry.syntax is not None:
            value = checked(entry.syntax, value, subject)
        own = self.vendor.own(native, value)
        if not shared and pending.get(native, own) != own:
            subject.refuse(
                Rule.NOT_MAPPED,
                "another change of the same plan sets the same TR-098 parameter differently",
                "Make them two plans, or give both the same value.",
            )
        return native, own

    def typed(self, native: str, value: str) -> tuple[str, str]:
        """The xsd type, with prefix, and the value as that type is written."""
        entry = catalogue("tr098").find(native)
        standard = entry.type if entry is not None else None
        own = self.types.get(native) or self._alike.get(template_of(native)) or standard
        own = own or ParameterType.STRING
        if standard is ParameterType.BOOLEAN and own in INTEGERS:
            value = {"true": "1", "false": "0"}[value]
        return f"xsd:{own}", value

    @cached_property
    def _alike(self) -> Mapping[str, str]:
        """By template: what a new row has no type of its own for is like the other rows."""
        return {template_of(native): kind for native, kind in self.types.items()}
