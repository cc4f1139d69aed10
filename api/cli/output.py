"""What the command line says: tables and sentences for people, JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from brain.domain.canonical import Json

_WIDTH_OF_A_PIPE = 160
_STATES = {
    "succeeded": "green",
    "allow": "green",
    "ok": "green",
    "applied": "green",
    "approve": "green",
    "awaiting_approval": "yellow",
    "review": "yellow",
    "unknown": "yellow",
    "rolled_back": "yellow",
    "approved": "cyan",
    "executing": "cyan",
    "verifying": "cyan",
    "denied": "red",
    "deny": "red",
    "rejected": "red",
    "reject": "red",
    "failed": "red",
    "refused": "red",
}


def plain(value: object) -> str:
    """Text from outside without what a terminal would obey: it may come from a device."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
    return "".join(char if char.isprintable() or char == "\n" else "\ufffd" for char in str(value))


class Output:
    """Where a command writes. Colours appear only on a terminal."""

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None) -> None:
        self.as_json = False
        self._out = out or sys.stdout
        self._console = _console(self._out)
        self._errors = _console(err or sys.stderr)

    @property
    def interactive(self) -> bool:
        """Whether a person sits in front of it."""
        return not self.as_json and self._console.is_terminal and sys.stdin.isatty()

    def json(self, document: Json) -> None:
        """One JSON document, for a program."""
        self._out.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
        self._out.flush()

    def json_line(self, document: Json) -> None:
        """One line of a stream of JSON documents."""
        self._out.write(json.dumps(document, ensure_ascii=False) + "\n")
        self._out.flush()

    def raw(self, text: str) -> None:
        """Text of our own making for a file: exactly as it is."""
        self._out.write(text)
        self._out.flush()

    def say(self, text: str, *, style: str = "") -> None:
        """A sentence. It is never read as markup."""
        self._console.print(Text(plain(text), style=style))

    def hint(self, text: str) -> None:
        """What to do next."""
        self._console.print(Text(plain(text), style="dim"))

    def warn(self, text: str) -> None:
        """Something that matters, beside the output proper."""
        self._errors.print(Text(plain(text), style="yellow"))

    def error(self, text: str) -> None:
        """Why a command failed, and what to do about it: on standard error, in every mode."""
        self._errors.print(Text(f"Error: {plain(text)}", style="red"), soft_wrap=True)

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """A table; words that are states are coloured."""
        made = Table(*columns, box=SIMPLE_HEAD, header_style="bold", pad_edge=False)
        for row in rows:
            made.add_row(*(_cell(value) for value in row))
        self._console.print(made)

    def facts(self, pairs: Iterable[tuple[str, object]]) -> None:
        """Names and values, one a line; what has no value is left out."""
        made = Table.grid(padding=(0, 2))
        made.add_column(style="bold", no_wrap=True)
        made.add_column(overflow="fold")
        for name, value in pairs:
            if value not in (None, ""):
                made.add_row(name, _cell(value))
        self._console.print(made)

    @contextmanager
    def progress(self, doing: str) -> Iterator[Callable[[int, int], None]]:
        """Call what this gives with how much of how much is done; seen on a terminal only."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=self._errors,
            transient=True,
            disable=self.as_json or not self._errors.is_terminal,
        )
        with bar:
            task = bar.add_task(doing, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    def heading(self, text: str) -> None:
        """What the next lines are about."""
        self._console.print()
        self._console.print(Text(plain(text), style="bold underline"))


def _cell(value: object) -> Text:
    text = plain(value)
    return Text(text, style=_STATES.get(text, ""))


def _console(stream: TextIO) -> Console:
    width = None if stream.isatty() else _WIDTH_OF_A_PIPE
    return Console(file=stream, width=width, highlight=False, emoji=False, markup=False)
