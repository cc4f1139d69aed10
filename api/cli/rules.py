"""Where commands get rules from: a folder, a packed file, or those that Gatewright comes with."""

from pathlib import Path
from typing import Annotated

from typer import Option

from brain.domain.canonical import Json
from brain.domain.errors import InvalidInput
from brain.settings import Settings
from policies.bundle import Bundle
from policies.data import read_yaml

Folder = Annotated[Path | None, Option(help="Another folder of rules; default: the shipped ones.")]
Rules = Annotated[
    Path | None, Option("--bundle", help="Rules: a folder, or a file of `policy bundle`.")
]
Numbers = Annotated[
    Path | None, Option("--data", help="A YAML file of numbers, laid over those of the rules.")
]


def existing(path: Path | None) -> None:
    """Raise InvalidInput unless it is a folder, or nothing."""
    if path is not None and not path.is_dir():
        raise InvalidInput("is not a folder", field="--path", remedy="Name a folder of rules.")


def bundle_in(settings: Settings, path: Path | None) -> Bundle:
    """The rules in a folder, or the shipped ones, with this operator's numbers."""
    existing(path)
    return Bundle.load(
        path,
        data=settings.policy_data,
        resolvers=settings.resolvers,
        time_servers=settings.time_servers,
    )


def named_bundle(settings: Settings, path: Path) -> Bundle:
    """The rules in a folder, with this operator's numbers, or in a packed file as they are."""
    if path.is_dir():
        return bundle_in(settings, path)
    return Bundle.from_tar_gz(_bytes(path, "--bundle"))


def numbers_in(path: Path | None) -> dict[str, Json]:
    """The numbers in a YAML file; none without one."""
    if path is None:
        return {}
    try:
        return read_yaml(_bytes(path, "--data").decode(), str(path))
    except UnicodeDecodeError:
        raise InvalidInput("is not text", field="--data", remedy="Name a YAML file.") from None


def _bytes(path: Path, option: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInput(
            f"{path} cannot be read ({error.strerror})",
            field=option,
            remedy="Name a file that you can read.",
        ) from None
