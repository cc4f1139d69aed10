"""Troubles of queues, television, telephone and time."""

from typing import Literal

from pydantic import Field

from evals.homes.draft import Draft
from evals.homes.services import QUEUE, SHAPER, SIP_HELPER
from evals.homes.troubles.base import Fault


class BufferBloat(Fault):
    """Somebody sends all the time, and everybody else waits behind a full buffer."""

    kind: Literal["service.buffer_bloat"]
    up_mbps: float = Field(default=10.0, gt=0)
    buffer_kbytes: float = Field(default=1200.0, gt=0)

    def strike(self, draft: Draft) -> None:
        """Have a slow uplink with a large buffer, and no shaper."""
        draft.set(SHAPER + "Enable", "false")
        draft.set(QUEUE + "DropAlgorithm", "DT")
        draft.contract(up_mbps=self.up_mbps)
        draft.services(modem_buffer_kbytes=self.buffer_kbytes)
        draft.arrive("backup", "server")
        draft.arrive("console", "console", cable=True)


class IgmpOff(Fault):
    """What the television subscribes to is not forwarded."""

    kind: Literal["service.igmp_off"]

    def strike(self, draft: Draft) -> None:
        """Switch it off; it is the make's own parameter."""
        draft.set(f"Device.X_{draft.model.oui}_IPTV.IGMPProxyEnable", "false")
        draft.arrive("set-top-box", "set_top_box")


class VoiceNotRegistered(Fault):
    """The telephone is not known to the operator's side."""

    kind: Literal["service.voice_not_registered"]
    why: Literal["sip_helper", "account"] = "sip_helper"

    def strike(self, draft: Draft) -> None:
        """Have the SIP helper break what it means to help, or the account refused."""
        draft.arrive("telephone", "telephone")
        if self.why == "sip_helper":
            draft.set(SIP_HELPER, "true")
            draft.services(rewrites_sip=True)
        else:
            draft.services(registers=False)


class VoiceCodec(Fault):
    """The telephone speaks what the other end does not."""

    kind: Literal["service.voice_codec"]
    codec: Literal["G.723.1", "G.726"] = "G.723.1"

    def strike(self, draft: Draft) -> None:
        """Have it speak so; it is the make's own parameter."""
        draft.arrive("telephone", "telephone")
        draft.set(f"Device.X_{draft.model.oui}_Voice.Line.1.Codec", self.codec)


class WrongTime(Fault):
    """The clock of the box is not set."""

    kind: Literal["service.wrong_time"]
    why: Literal["off", "servers"] = "servers"

    def strike(self, draft: Draft) -> None:
        """Ask nobody, or servers that are not there."""
        if self.why == "off":
            draft.set("Device.Time.Enable", "false")
            return
        for number in (1, 2):
            draft.set(f"Device.Time.NTPServer{number}", f"time{number}.gone.example")
