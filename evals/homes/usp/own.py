"""What a simulated agent keeps of itself: subscriptions, commands under way, reports to make."""

from evals.homes.home import Home
from executors.usp import requests as q

_SUBSCRIPTIONS = "Device.LocalAgent.Subscription."
_REQUESTS = "Device.LocalAgent.Request."
_CAUSES = {"M Reboot": "RemoteReboot", "1 BOOT": "LocalReboot", "0 BOOTSTRAP": "LocalFactoryReset"}


class Own:
    """``Device.LocalAgent.`` of one home, and the notifications that follow from it."""

    def __init__(self, home: Home, endpoint: str) -> None:
        self._home = home
        self.values = {
            "Device.LocalAgent.EndpointID": endpoint,
            "Device.LocalAgent.SoftwareVersion": "stand-in",
        }
        self.reports: list[q.Notification] = []
        """What happened and was not looked at yet."""
        self._running: dict[str, q.Operate] = {}
        self._seen: dict[str, str] = {}
        self._next: dict[str, int] = {}

    def is_mine(self, path: str) -> bool:
        """Whether it is kept here, and not in the tree of the home."""
        return path.startswith(_SUBSCRIPTIONS)

    def add(self, wanted: q.CreateObject) -> str:
        """A new row of ours."""
        row = self._row(wanted.obj_path)
        self.values |= {row + each.param: each.value for each in wanted.param_settings}
        for path in self._watched():
            self._seen.setdefault(path, self._home.tree.shown(path))
        return row

    def remove(self, row: str) -> None:
        """Take a row of ours out."""
        self.values = {name: text for name, text in self.values.items() if not name.startswith(row)}

    def begin(self, asked: q.Operate, place: str) -> str:
        """A row for a command that takes long."""
        row = self._row(_REQUESTS)
        said = {"Command": asked.command, "CommandKey": asked.command_key, "Status": "Active"}
        self.values |= {row + leaf: text for leaf, text in said.items()}
        self._running[row] = asked
        return row

    def came(self, row: str) -> None:
        """A row of the home's."""
        self.reports.append(q.ObjectCreation(row))

    def went(self, row: str) -> None:
        """A row of the home's."""
        self.reports.append(q.ObjectDeletion(row))

    def on_board(self) -> None:
        """Say who it is."""
        said = self._home.identity
        self.reports.append(q.OnBoardRequest(said.oui, said.product_class, said.serial, "1.3"))

    def notices(self) -> list[q.Notify]:
        """What is to be told now, each to the subscription that asked for it."""
        self._home.tick()
        self._boots()
        self._changes()
        self._ends()
        found, self.reports = self.reports, []
        return [notify for each in found for notify in self._told(each)]

    def _row(self, table: str) -> str:
        number = self._next.get(table, 0) + 1
        self._next[table] = number
        return f"{table}{number}."

    def _boots(self) -> None:
        home = self._home
        codes = [each.code for each in home.events]
        for code, cause in _CAUSES.items():
            if code in codes:
                home.events = []
                params = {"Cause": cause, "CommandKey": "", "FirmwareUpdated": "false"}
                self.reports.append(q.Event("Device.", "Boot!", params))
                return

    def _changes(self) -> None:
        for path in self._watched():
            value = self._home.tree.shown(path)
            if self._seen.setdefault(path, value) != value:
                self._seen[path] = value
                self.reports.append(q.ValueChange(path, value))

    def _ends(self) -> None:
        for row, asked in list(self._running.items()):
            place = asked.command.removesuffix("()") + "."
            if self._home.tree.read(place + "DiagnosticsState") == "Complete":
                del self._running[row]
                self.remove(row)
                object_path, _, name = asked.command.rpartition(".")
                end = q.OperationComplete(
                    f"{object_path}.", name, asked.command_key, q.OutputArgs({"Status": "Complete"})
                )
                self.reports.append(end)

    def _watched(self) -> list[str]:
        referenced = [path for _, paths in self._subscribed("ValueChange") for path in paths]
        return [path for path in referenced if path in self._home.tree.parameters]

    def _told(self, report: q.Notification) -> list[q.Notify]:
        if isinstance(report, q.OnBoardRequest):
            return [q.Notify("", True, report)]
        kind, about = _about(report)
        return [
            q.Notify(id, True, report)
            for id, paths in self._subscribed(kind)
            if any(about == path or about.startswith(path) for path in paths)
        ]

    def _subscribed(self, kind: str) -> list[tuple[str, list[str]]]:
        found = []
        for name, text in self.values.items():
            if name.startswith(_SUBSCRIPTIONS) and name.endswith(".NotifType") and text == kind:
                row = name.removesuffix("NotifType")
                if self.values.get(row + "Enable") == "true":
                    paths = self.values[row + "ReferenceList"].split(",")
                    found.append((self.values[row + "ID"], paths))
        return found


def _about(report: q.Notification) -> tuple[str, str]:
    if isinstance(report, q.Event):
        return "Event", report.obj_path + report.event_name
    if isinstance(report, q.ValueChange):
        return "ValueChange", report.param_path
    if isinstance(report, q.OperationComplete):
        return "OperationComplete", report.obj_path + report.command_name
    kind = "ObjectCreation" if isinstance(report, q.ObjectCreation) else "ObjectDeletion"
    assert isinstance(report, q.ObjectCreation | q.ObjectDeletion)
    return kind, report.obj_path
