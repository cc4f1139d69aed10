"""Troubles between the line and the internet: log-in, VLAN, packet size, names, prefixes."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from brain.domain.errors import InvalidInput
from evals.homes.cast import DEAD_RESOLVERS
from evals.homes.connection import ETHERNET_MTU, PPP, PPPOE_MTU, V6, VLAN, WAN
from evals.homes.draft import Draft
from evals.homes.troubles.base import Fault
from evals.homes.truth import Account


class WrongDns(Fault):
    """Resolvers that do not answer."""

    kind: Literal["wan.wrong_dns"]
    resolvers: tuple[str, ...] = DEAD_RESOLVERS
    typed_in: bool = Field(default=True, description="by somebody, so that they can be changed")

    def strike(self, draft: Draft) -> None:
        """Use them."""
        draft.change(resolvers=self.resolvers, own_resolvers=self.typed_in)


class LoginRefused(Fault):
    """The operator's side does not take the log-in."""

    kind: Literal["wan.login_refused"]
    why: Literal["username", "password", "account"] = "username"
    username: str = Field(default="admin", description="what somebody typed in")

    def strike(self, draft: Draft) -> None:
        """Type in another name, or expect another password, or lock the account."""
        if self.why == "username":
            draft.set(PPP + "Username", self.username)
        elif self.why == "password":
            draft.contract(password=f"{draft.draw.randrange(36**8):09x}")
        else:
            draft.contract(account=Account.LOCKED)


class WrongVlan(Fault):
    """The box tags another VLAN than the line has internet on."""

    kind: Literal["wan.wrong_vlan"]
    vlan: int = Field(default=100, ge=1, le=4094)

    def strike(self, draft: Draft) -> None:
        """Tag it so."""
        draft.set(VLAN + "VLANID", str(self.vlan))


class WrongMtu(Fault):
    """Packets larger than the way carries vanish without a word."""

    kind: Literal["wan.wrong_mtu"]
    mtu: int = Field(default=1500, ge=576, le=9000, description="what the box sends at most")
    path: int = Field(default=0, ge=0, le=1500, description="what the way carries; 0: as usual")

    def strike(self, draft: Draft) -> None:
        """Set what is sent, and what gets through; refuses a pair that harms nobody."""
        usual = PPPOE_MTU if draft.has(PPP + "Username") else ETHERNET_MTU
        if min(self.mtu, ETHERNET_MTU) <= (self.path or usual):
            raise InvalidInput(
                f"packets of {self.mtu} bytes get through here",
                field="faults.path",
                remedy=f"Give a path below mtu; this line carries {usual}.",
            )
        draft.set(WAN + "MaxMTUSize", str(self.mtu))
        draft.contract(path_mtu=self.path)


class NoIpv6Prefix(Fault):
    """No prefix for the home."""

    kind: Literal["wan.no_ipv6_prefix"]
    why: Literal["not_requested", "not_delegated"] = "not_requested"

    def strike(self, draft: Draft) -> None:
        """Do not ask, or do not give."""
        if self.why == "not_requested":
            draft.set(V6 + "RequestPrefixes", "false")
        else:
            draft.contract(prefix=False)


class DoubleNat(Fault):
    """Another router stands between the box and the line, or the carrier shares its addresses."""

    kind: Literal["wan.double_nat"]
    address: str = Field(default="192.168.0.23", description="what the box has outside")

    def strike(self, draft: Draft) -> None:
        """Have an address that nobody outside can reach."""
        draft.change(wan=replace(draft.household.wan, address=self.address))
        draft.contract(public=False)
        draft.arrive("camera", "camera", metres=5.0, port=8554)


class Suspended(Fault):
    """Nobody paid."""

    kind: Literal["wan.suspended"]

    def strike(self, draft: Draft) -> None:
        """Hold every page. No device knows of it: the books do."""
        draft.plan = "suspended"
        draft.contract(account=Account.SUSPENDED)
