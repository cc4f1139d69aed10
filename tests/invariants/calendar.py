"""When what may be changed in the world of the machine, and the numbers that it is ruled by."""

from datetime import UTC, datetime, time, timedelta

FREEZE = (datetime(2026, 1, 5, 12, 20, tzinfo=UTC), datetime(2026, 1, 5, 12, 45, tzinfo=UTC))
WINDOW = (time(11, 0), time(12, 15))
"""On every day; a restart waits for it. The world begins at noon, and its zone is UTC."""
IN_ITS_WINDOW = "Device.Reboot()"
TUNED = f"""
limits:
  approvals: {{approvers: 2, noc: 1}}
  people: {{alone: ["Device.WiFi.Radio.{{i}}.TransmitPower"]}}
schedule:
  windows:
    lunch:
      weekdays: [mon, tue, wed, thu, fri, sat, sun]
      from: "{WINDOW[0]:%H:%M}"
      until: "{WINDOW[1]:%H:%M}"
  kinds:
    restarts: {{templates: ["{IN_ITS_WINDOW}"], windows: [lunch]}}
  freezes:
    rehearsal: {{from: "{FREEZE[0].isoformat()}", until: "{FREEZE[1].isoformat()}"}}
"""


def frozen(at: datetime) -> bool:
    """Whether nothing at all is changed just then."""
    return FREEZE[0] <= at < FREEZE[1]


def is_open(at: datetime) -> bool:
    """Whether devices are restarted just then."""
    return WINDOW[0] <= at.time() < WINDOW[1]


def next_opening(at: datetime) -> datetime:
    """When the window opens on the day after."""
    return datetime.combine(at.date() + timedelta(days=1), WINDOW[0], tzinfo=UTC)
