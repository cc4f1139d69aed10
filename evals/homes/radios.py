"""The radios of one home: put in, asked to answer to what was set, and moved on with time."""

from typing import TYPE_CHECKING

from evals.homes import furnish
from evals.homes.radio import Radio

if TYPE_CHECKING:
    from evals.homes.home import Home


def installed(home: "Home") -> list[Radio]:
    """A radio for each that the make has, in the air of its band; quiet where nobody said."""
    lives = {life.air.band: life for life in home.household.radios}
    return [
        Radio(
            number=number,
            spec=spec,
            life=lives.get(spec.band) or furnish.quiet(spec.band),
            tree=home.tree,
            seed=home.household.seed,
            clock=home.clock,
        )
        for number, spec in enumerate(home.model.radios, 1)
    ]


def answer(home: "Home", path: str) -> None:
    """Move the radio whose channel, or whose choosing of one, this path is."""
    for radio in home.radios:
        if path == radio.spec.row + "Channel":
            radio.moved()
            # TR-181 Radio.Channel: setting it turns automatic selection off.
            home.tree.put(radio.spec.row + "AutoChannelEnable", "false")
        elif path == radio.spec.row + "AutoChannelEnable" and home.tree.read(path) == "true":
            home.tree.put(radio.spec.row + "Channel", str(radio.quietest()))
            radio.moved()


def tick(home: "Home") -> None:
    """Count what was sent, and leave channels that a radar was heard on."""
    for radio in home.radios:
        driven_off = radio.driven_off
        radio.tick()
        if driven_off:
            home.tree.put(radio.spec.row + "Channel", str(radio.quietest()))
            radio.moved(fled=True)
