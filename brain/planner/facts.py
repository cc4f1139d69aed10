"""What intake understood of free text. After it, nobody needs the text itself."""

from dataclasses import dataclass
from enum import StrEnum

from brain.domain.incident import Symptom


class Band(StrEnum):
    """A frequency band, as ``Device.WiFi.Radio.{i}.OperatingFrequencyBand`` names it."""

    GHZ_2_4 = "2.4GHz"
    GHZ_5 = "5GHz"
    GHZ_6 = "6GHz"

    @property
    def words(self) -> str:
        """The band as people write it."""
        return self.value.replace("GHz", " GHz")


class RequestKind(StrEnum):
    """What somebody may ask for outright. What is allowed is for policy to say."""

    CHANNEL = "channel"
    AUTO_CHANNEL = "auto_channel"
    BANDWIDTH = "bandwidth"
    TRANSMIT_POWER = "transmit_power"
    RADIO_ON = "radio_on"
    RADIO_OFF = "radio_off"
    DNS = "dns"
    REBOOT = "reboot"
    PARAMETER = "parameter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One thing asked for outright."""

    kind: RequestKind
    value: str = ""
    """A channel, MHz, percent, or addresses parted by commas; for a parameter, its value."""
    path: str = ""
    """The parameter named, when somebody named one."""


class Language(StrEnum):
    """What a message is written in, as far as answers differ by it."""

    ENGLISH = "en"
    GERMAN = "de"
    DUTCH = "nl"
    SPANISH = "es"
    FRENCH = "fr"


class FollowUp(StrEnum):
    """How a message goes on with what was said before in its case."""

    UNDO = "undo"
    WHY = "why"
    WHY_NOT = "why_not"
    STATUS = "status"
    """What became of it, did it help, what now."""
    OTHER_DEVICE = "other_device"
    CORRECTION = "correction"
    """The same trouble, with something about it put right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeFacts:
    """The typed facts of one message."""

    symptom: Symptom
    band: Band | None = None
    request: Request | None = None
    address: str = ""
    """An address at home that the message names; empty when it names none."""
    port: int = 0
    """A port that the message names; 0 when it names none."""
    transport: str = "TCP"
    """What the port is one of: TCP unless the message says UDP, and that alone."""
    language: Language = Language.ENGLISH
    """What the one who asks is answered in, where somebody can: rules speak English."""
    follow_up: FollowUp | None = None
    about: str = ""
    """The other thing that somebody asks about, in their words."""
    also: Symptom | None = None
    """What a language model read in the message instead, when the words say something too."""
    complains: bool = False
    """Something at home hurts, and the words do not tell which symptom it is."""
    passed_over: bool = False
    """It holds a wish that is not taken for the agent's own, since they quote it."""
    confirmed: str = ""
    """What the agent said yes to, when they were asked: the mark of a candidate."""
    declined: bool = False
    """The agent said no when they were asked whether something is what hurts."""
    by_model: bool = False
    """A language model read something else in the message than its words alone say."""
