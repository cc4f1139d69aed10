"""A CSV file of devices that are to be registered: its rows, and all that is wrong with each."""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Final

from brain.domain.device import device_id
from brain.domain.errors import InvalidInput
from brain.domain.identity import DeviceId
from executors.acs.registrar import username_of

NEEDED: Final = ("oui", "serial")
COLUMNS: Final = (
    *NEEDED,
    "product_class",
    "mac",
    "firmware",
    "subscriber",
    "username",
    "password",
)
_OUI = re.compile(r"[0-9A-F]{6}")
_MAC = re.compile(r"([0-9A-F]{2})[:-]?" * 5 + r"([0-9A-F]{2})")
_LONGEST: Final = {"serial": 64, "product_class": 64, "firmware": 64, "username": 256}
_PASSWORD = re.compile(r"[!-~]{1,256}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one row; a cell's content is never repeated."""

    row: int
    """As a spreadsheet counts: the header is row 1."""
    field: str
    reason: str
    remedy: str


@dataclass(slots=True)
class Row:
    """One row; ``faults`` grows while it is looked at."""

    number: int
    cells: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.cells.get(name, "")

    def wrong(self, name: str, reason: str, remedy: str) -> None:
        """This cell cannot be taken."""
        self.faults.append(Fault(self.number, name, reason, remedy))

    @property
    def device(self) -> DeviceId:
        """The id of the device that it is about."""
        return device_id(self["oui"], self["product_class"], self["serial"])

    @property
    def username(self) -> str:
        """What the device comes with: its id, where the row names nothing else."""
        return self["username"] or username_of(self.device)


def rows_of(content: bytes) -> Iterator[Row]:
    """Each row as it came. InvalidInput when this is no such file at all: not text, no header."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInput("is no text in UTF-8", field="file", remedy="Save it so.") from None
    head = text.partition("\n")[0]
    reader = csv.DictReader(StringIO(text), delimiter=";" if ";" in head else ",", strict=True)
    try:
        _check_header([name.strip().lower() for name in reader.fieldnames or ()])
        for number, cells in enumerate(reader, start=2):
            yield _row(number, cells)
    except csv.Error as error:
        raise InvalidInput(f"cannot be read ({error})", field="file", remedy="Quote it.") from None


def _check_header(names: Sequence[str]) -> None:
    # What is no column is not repeated: without a header it may be somebody's password.
    said = [
        *(f"{name} is missing" for name in NEEDED if name not in names),
        *(f"{name} stands there twice" for name in COLUMNS if names.count(name) > 1),
        *(f"cell {at} is no column" for at, name in enumerate(names, 1) if name not in COLUMNS),
    ]
    if said:
        raise InvalidInput(
            f"the first row does not name the columns: {', '.join(said[:5])}",
            field="header",
            remedy=f"Use each once: {', '.join(COLUMNS)}; {' and '.join(NEEDED)} are needed, "
            "and product_class where a device says one.",
        )


def _row(number: int, cells: Mapping[str | None, str | list[str] | None]) -> Row:
    plain = {
        name.strip().lower(): value.strip()
        for name, value in cells.items()
        if name is not None and isinstance(value, str)
    }
    plain["oui"], plain["mac"] = plain.get("oui", "").upper(), plain.get("mac", "").upper()
    row = Row(number, plain)
    if None in cells or None in cells.values():
        row.wrong("row", "has another number of cells than the header", "Quote commas.")
    return row


def check(rows: Sequence[Row]) -> None:
    """What can be said of them without the store."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        _check_cells(row)
        for name, value in (
            ("serial", row.device),
            ("mac", mac_of(row)),
            ("username", row.username if row["password"] else ""),
        ):
            before = first.setdefault((name, value), row.number) if value else row.number
            if before != row.number:
                row.wrong(name, f"is that of row {before} too", "Keep one of them.")


def _check_cells(row: Row) -> None:
    if not _OUI.fullmatch(row["oui"]):
        row.wrong("oui", "is not six hexadecimal digits", "Write it like 00D09E.")
    if not row["serial"]:
        row.wrong("serial", "is empty", "Write what is on the label.")
    for name, longest in _LONGEST.items():
        if len(row[name]) > longest or not row[name].isprintable():
            row.wrong(name, f"is not one line of {longest} characters at most", "Shorten it.")
    if row["mac"] and not _MAC.fullmatch(row["mac"]):
        row.wrong("mac", "is no MAC address", "Write it like 00:11:22:33:44:55, or leave it out.")
    if row["password"] and not _PASSWORD.fullmatch(row["password"]):
        row.wrong("password", "is not 1 to 256 visible ASCII characters", "Take another.")
    if row["username"] and not row["password"]:
        row.wrong("password", "is empty while there is a username", "Give both or neither.")


def mac_of(row: Row) -> str:
    """Its MAC address as ``AA:BB:CC:DD:EE:FF``; empty where it has none."""
    found = _MAC.fullmatch(row["mac"])
    return ":".join(found.groups()) if found else ""
