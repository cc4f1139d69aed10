"""Templates and concrete paths, and where one lies as seen from the other."""

from brain.domain.parameter import Snapshot


def beside(template: str, path: str) -> str | None:
    """The concrete path of a template, as seen from a concrete path near it.

    Instance numbers are taken from the part that both share: from
    ``Device.WiFi.Radio.2.Channel`` the template ``Device.WiFi.Radio.{i}.PossibleChannels`` is
    ``Device.WiFi.Radio.2.PossibleChannels``. None when a number is left open.
    """
    names: list[str] = []
    near = path.split(".")
    together = True
    for position, name in enumerate(template.split(".")):
        same = near[position] if position < len(near) else ""
        is_number = name == "{i}" and same.isdecimal()
        together = together and (name == same or is_number)
        names.append(same if together else name)
    found = ".".join(names)
    return None if "{i}" in found else found


def object_of(path: str) -> str:
    """The object that a parameter, command or row belongs to, with its dot at the end."""
    return path.rstrip(".").rpartition(".")[0] + "."


def holds(snapshot: Snapshot, object_path: str) -> bool:
    """Whether the device said anything of this object."""
    return any(path.startswith(object_path) for path in snapshot.values) or any(
        path.startswith(object_path) for path in snapshot.writable
    )


def rows_of(snapshot: Snapshot, table: str) -> frozenset[int]:
    """The instance numbers that the device showed of this table (a path that ends in a dot)."""
    below = (path[len(table) :].partition(".")[0] for path in snapshot.below(table))
    return frozenset(int(number) for number in below if number.isdecimal())
