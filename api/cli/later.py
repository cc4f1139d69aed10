"""Commands that are known by name and by one sentence, and imported only when they are called."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, NoReturn

from typer import Typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

from api.cli.command import command

if TYPE_CHECKING:
    from typer._click import Command, Context  # typer's own names for what it passes around


class Later(TyperCommand):
    """Stands for the command or topic that ``where`` names, until somebody calls it.

    Most of the time of a short command would go into importing what the others need.
    """

    def __init__(self, name: str, where: str, says: str) -> None:
        super().__init__(name=name, help=says, callback=_never)
        self.where = where
        """``package.module:attribute``: a topic (Typer) or the function of a command."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: "Context | None" = None, **extra: Any
    ) -> "Context":
        """The context of the command itself; what is invoked in the end is the context's."""
        return self.itself().make_context(info_name, args, parent, **extra)

    def itself(self) -> "Command":
        """The command, imported."""
        module, _, attribute = self.where.partition(":")
        found: Typer | Callable[..., None] = getattr(import_module(module), attribute)
        shelf = Typer(add_completion=False, rich_markup_mode="markdown")
        shelf.callback()(_nothing)  # without it, one command alone would be no group
        if isinstance(found, Typer):
            shelf.add_typer(found, name=self.name, help=self.help)
        else:
            command(shelf, self.name)(found)
        assert self.name is not None
        return get_group(shelf).commands[self.name]


def group_of(topics: tuple[Later, ...]) -> type[TyperGroup]:
    """A group that has these beside the commands that are registered the usual way."""

    class Front(TyperGroup):
        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            for each in topics:
                self.add_command(each)

    return Front


def _nothing() -> None:
    """A shelf does nothing itself."""


def _never() -> NoReturn:
    raise AssertionError("a command is called in its own context")
