"""Troubles of the air and of the radios' settings."""

from datetime import timedelta
from typing import Literal

from pydantic import Field

from brain.domain.errors import InvalidInput
from evals.homes.crowd import neighbour
from evals.homes.draft import Draft
from evals.homes.troubles.base import Fault

Band = Literal["2.4GHz", "5GHz"]
_STEERING = "Device.WiFi.DataElements.Network.Device.1.Radio.{}.SteeringPolicy"


def crowd(draft: Draft, band: str, channel: int, levels: list[int], load: float) -> None:
    """Have neighbours on a channel."""
    life = draft.life(band)
    seen = [neighbour(draft.draw, channel, dbm, load) for dbm in levels]
    air = type(life.air)(life.air.band, (*life.air.neighbours, *seen), life.air.interferers)
    draft.live(band, air=air)


def crowd_slow_band(draft: Draft, load: float) -> None:
    """Have neighbours on every channel of 2.4 GHz, so that only another band helps."""
    for channel in (1, 6, 11):
        crowd(draft, "2.4GHz", channel, [-50, -53, -56], load)


def bind(draft: Draft, band: str) -> None:
    """Have every wireless client know this band only."""
    for guest in draft.household.guests:
        if guest.body and not guest.body.cable and band in guest.body.bands:
            draft.move(guest.name, bands=(band,))


class CongestedChannel(Fault):
    """Neighbours share the channel; others are freer."""

    kind: Literal["wifi.congested_channel"]
    band: Band = "2.4GHz"
    channel: int = 6
    neighbours: int = Field(default=5, ge=1, le=12)
    loudest: int = Field(default=-48, ge=-90, le=-30)
    load: float = Field(default=0.36, gt=0, lt=1)
    by_the_hour: bool = False
    """Whether it is an evening's trouble only."""
    only: bool = Field(default=True, description="whether the clients know no other band")

    def strike(self, draft: Draft) -> None:
        """Crowd the channel and stand on it."""
        if self.only:
            bind(draft, self.band)
        levels = [self.loudest - 4 * number for number in range(self.neighbours)]
        crowd(draft, self.band, self.channel, levels, self.load)
        parts = {"by_the_hour": self.by_the_hour, "automatic": False}
        draft.live(self.band, channel=self.channel, **parts)


class WrongWidth(Fault):
    """Too wide where neighbours overlap, or too narrow for the line."""

    kind: Literal["wifi.wrong_width"]
    band: Band = "2.4GHz"
    mhz: Literal[20, 40, 80] = 40
    neighbours: int = Field(default=5, ge=0, le=12)
    only: bool = Field(default=True, description="whether the clients know no other band")

    def strike(self, draft: Draft) -> None:
        """Set the width; neighbours stand where only a wide channel reaches."""
        if self.only:
            bind(draft, self.band)
        for number in draft.numbers(self.band):
            draft.set(draft.row(number) + "OperatingChannelBandwidth", f"{self.mhz}MHz")
        beside = 5 if self.band == "2.4GHz" else 44
        here = 1 if self.band == "2.4GHz" else 36
        draft.live(self.band, channel=here, automatic=False)
        if self.mhz > 20:
            levels = [-50 - 4 * number for number in range(self.neighbours)]
            crowd(draft, self.band, beside, levels, 0.4)


class LowPower(Fault):
    """The radios whisper, and somebody sits at the edge."""

    kind: Literal["wifi.low_power"]
    percent: int = Field(default=10, ge=1, le=100)
    client: str = ""
    metres: float = Field(default=16.0, gt=0)
    walls: int = Field(default=3, ge=0)

    def strike(self, draft: Draft) -> None:
        """Set the power, and have one client where it matters."""
        for number in draft.numbers():
            draft.set(draft.row(number) + "TransmitPower", str(self.percent))
        draft.move(self.client or draft.wireless(), metres=self.metres, walls=self.walls)


class WeakCoverage(Fault):
    """Somebody sits where no setting reaches."""

    kind: Literal["wifi.weak_coverage"]
    client: str = ""
    metres: float = Field(default=24.0, gt=0)
    walls: int = Field(default=4, ge=0)
    floors: int = Field(default=1, ge=0)

    def strike(self, draft: Draft) -> None:
        """Move one client far away."""
        name = self.client or draft.wireless()
        draft.move(name, metres=self.metres, walls=self.walls, floors=self.floors)


class BandSteeringOff(Fault):
    """Somebody near sticks to the slow band, and nobody moves them."""

    kind: Literal["wifi.band_steering_off"]
    client: str = ""
    load: float = Field(default=0.5, gt=0, lt=1)

    def strike(self, draft: Draft) -> None:
        """Switch steering off; the slow band is busy on every channel."""
        for number in draft.numbers():
            draft.set(_STEERING.format(number), "0")
        crowd_slow_band(draft, self.load)
        draft.move(self.client or draft.wireless(), sticky=True)


class RadioOff(Fault):
    """A radio is switched off."""

    kind: Literal["wifi.radio_off"]
    band: Band = "5GHz"

    def strike(self, draft: Draft) -> None:
        """Switch it off; the other band is busy on every channel."""
        if self.band == "5GHz":
            crowd_slow_band(draft, 0.5)
        else:
            bind(draft, "2.4GHz")
        for number in draft.numbers(self.band):
            draft.set(draft.row(number) + "Enable", "false")


class NetworkOff(Fault):
    """The radio sends, and the home's own network on it is switched off."""

    kind: Literal["wifi.network_off"]
    band: Band | None = Field(default=None, description="all bands unless given")

    def strike(self, draft: Draft) -> None:
        """Switch its SSID off."""
        for number in draft.numbers(self.band):
            draft.set(f"Device.WiFi.SSID.{number}.Enable", "false")


class GuestIsolation(Fault):
    """Stations of the home's own network cannot reach each other."""

    kind: Literal["wifi.guest_isolation"]

    def strike(self, draft: Draft) -> None:
        """Isolate them; somebody casts, somebody prints."""
        for number in draft.numbers():
            draft.set(f"Device.WiFi.AccessPoint.{number}.IsolationEnable", "true")
        draft.arrive("printer", "printer", metres=5.0)


class OldClient(Fault):
    """A client that knows only what the network no longer speaks."""

    kind: Literal["wifi.old_client"]
    client: str = "old-laptop"
    by: Literal["security", "standard"] = "security"

    def strike(self, draft: Draft) -> None:
        """Take away what it needs."""
        draft.arrive(self.client, "old_laptop", metres=5.0)
        for number in draft.numbers("2.4GHz"):
            if self.by == "security":
                path = f"Device.WiFi.AccessPoint.{number}.Security.ModeEnabled"
                draft.set(path, "WPA3-Personal")
            else:
                draft.set(draft.row(number) + "OperatingStandards", "ax")


class MeshBackhaul(Fault):
    """The extender hears its gateway badly, or only on the slow band."""

    kind: Literal["wifi.mesh_backhaul"]
    why: Literal["distance", "band"] = "distance"
    metres: float = Field(default=26.0, gt=0)
    walls: int = Field(default=4, ge=0)

    def strike(self, draft: Draft) -> None:
        """Move it away, or switch its end point on the fast band off."""
        extender = draft.extender
        if extender is None:
            raise InvalidInput(
                "this home has no extender",
                field="world.extender",
                remedy="Give the world an extender: {metres, walls, clients}.",
            )
        if self.why == "distance":
            draft.move(extender.household.serial, metres=self.metres, walls=self.walls)
            return
        extender.set("Device.WiFi.EndPoint.2.Enable", "false")
        crowd_slow_band(draft, 0.5)


class ForgottenPassphrase(Fault):
    """Nothing is wrong with the network: somebody does not know its passphrase any more."""

    kind: Literal["wifi.forgotten_passphrase"]

    def strike(self, draft: Draft) -> None:
        """Change nothing: it is in the words only."""


class Radar(Fault):
    """A radar drove the box from a clear channel to a crowded one."""

    kind: Literal["wifi.radar"]
    channel: int = Field(default=100, ge=52, le=140)
    minutes_ago: float = Field(default=45.0, ge=0)
    crowded: int = Field(default=36, description="where it fled to")
    every_minutes: float = Field(default=0.0, ge=0, description="0: heard once")

    def strike(self, draft: Draft) -> None:
        """Hear the radar, and stand among neighbours."""
        bind(draft, "5GHz")
        crowd(draft, "5GHz", self.crowded, [-50, -53, -56, -59, -62], 0.45)
        first = draft.at - timedelta(minutes=self.minutes_ago)
        times = range(48 if self.every_minutes else 1)
        heard = tuple(
            (self.channel, first + timedelta(minutes=n * self.every_minutes)) for n in times
        )
        draft.live("5GHz", channel=self.crowded, fled=True, radar=heard, automatic=False)
