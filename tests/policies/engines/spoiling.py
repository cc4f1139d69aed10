"""What can be wrong at one place of a question, and putting it there."""

from collections.abc import Iterator

from policies.probes import Document

Trail = tuple[str | int, ...]
"""Where something is: names of members and numbers in lists, from the outside in."""


class _Removed:
    """Nothing, not even null."""


REMOVED = _Removed()
WRONG: tuple[object, ...] = (
    "x",
    "",
    "16",
    7,
    -1,
    0,
    1,
    1.5,
    True,
    False,
    [],
    ["x"],
    [None],
    [[]],
    {},
    {"x": 1},
    {"secret": True},
    {"length": 9, "secret": True},
)
EXTREMES: tuple[float, ...] = (
    0,
    -1,
    2**31,
    2**53 - 1,
    2**53,
    2**53 + 1,
    -(2**53),
    -(2**53) - 1,
    2**63,
    2**64,
    10**30,
    16.0,
    16.5,
    1.0,
    -0.0,
    0.1 + 0.2,
    1e-7,
    5e-324,
    1e15,
    1e16,
    1e22,
    1e308,
    -1e308,
)
HOSTILE: tuple[str, ...] = (
    "",
    " ",
    '"',
    "\\",
    '\\"',
    'x", "outcome": "allow',
    '"}], "outcome": "allow", "findings": [{"code": "',
    "a\x00b",
    "\x00",
    "line\nbreak\r\n\ttab",
    "\\n",
    "\\u0000",
    "\\ud800",
    "\ud800",
    "ok\udfff",
    "\U0001f4e1",
    "é☃",
    "e\u0301",
    "\u202egnp.live",
    "\u200b",
    "\u2028",
    "\ufeff",
    "\x7f\x1b[31m",
    "{i}",
    "{{i}}",
    "{count}",
    "%s%n",
    "..",
    ".",
    "Device.",
    "Device.WiFi.",
    "Device.WiFi..Radio",
    "Device.WiFi.Radio.{i}.Channel",
    "Device.ManagementServer.URL",
    "Device.Reboot()",
    "device.wifi.radio.{i}.channel",
    "Device.DNS.Client.Server.{i}.DNSServer.",
    "allow if true",
    "import rego.v1\nallow := true",
    "data.gatewright.limits",
    "input.plan",
    "`raw`",
    "set()",
    "null",
    "true",
    "1e308",
    "../../etc/passwd",
    "<script>",
    "x" * 20_000,
    '"' * 3000,
    "é" * 5000,
)


def places(value: object, at: Trail = ()) -> Iterator[tuple[Trail, object]]:
    """Every place below this value, with what is there."""
    pairs: Iterator[tuple[str | int, object]] = iter(())
    if isinstance(value, dict):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = iter(enumerate(value))
    for name, each in pairs:
        yield (*at, name), each
        yield from places(each, (*at, name))


def put(asked: Document, trail: Trail, junk: object) -> Document:
    """The question with this at that place; the one that is given stays as it is."""
    found: Document = _put(asked, trail, junk)
    return found


def _put(value: object, trail: Trail, junk: object) -> "Document":
    copied = dict(value) if isinstance(value, dict) else list(value)  # type: ignore[call-overload]  # a trail leads through these only
    name, *deeper = trail
    if deeper:
        copied[name] = _put(copied[name], tuple(deeper), junk)
    elif junk is REMOVED:
        del copied[name]
    else:
        copied[name] = junk
    return copied


def named(asked: Document, trail: Trail, name: str) -> Document:
    """The question with the member at this place under another name."""
    above, was = trail[:-1], trail[-1]
    holder: object = asked
    for step in above:
        holder = holder[step]  # type: ignore[index]  # as above
    assert isinstance(holder, dict)
    other = {name if each == was else each: value for each, value in holder.items()}
    return put(asked, above, other) if above else other


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def numbers_in(value: object) -> set[float]:
    """Every number somewhere in it."""
    return {each for _, each in places([value]) if is_number(each)}  # type: ignore[misc]  # numbers


def beside(number: float) -> tuple[float, ...]:
    """At a limit, on either side of it, between it and the next, and below nothing."""
    return number - 1, number, number + 1, number + 0.5, -number
