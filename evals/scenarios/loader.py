"""Reads scenario files; what is wrong with one is said with the file, the field and what may stand
there.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from brain.domain.errors import InvalidInput, said_by
from evals.scenarios.template import Asker, Expect, Happened, Noise, Say, Template
from evals.scenarios.variants import Case, cases_of, combinations, fill

LIBRARY = Path(__file__).with_name("library")
"""The scenarios that are shipped."""
_PARTS: Mapping[str, type[BaseModel]] = {
    "noise": Noise,
    "says": Say,
    "history": Happened,
    "asker": Asker,
    "expect": Expect,
}
_VARY = TypeAdapter(dict[str, list[str | int | float | bool]])


def files_in(paths: Iterable[Path]) -> list[Path]:
    """The scenario files named, and those in the folders named; raises InvalidInput for none."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.rglob("*.yaml"))
        elif path.is_file():
            found.append(path)
        else:
            raise InvalidInput("there is no such file or folder", field=str(path))
    if not found:
        raise InvalidInput(
            "no scenarios in it",
            field=" ".join(map(str, paths)),
            remedy="Name files that end in .yaml, or folders with such files.",
        )
    return found


def load(path: Path, *, seed: int = 1) -> list[Case]:
    """Every case of one file, its worlds checked; raises InvalidInput naming file and field."""
    try:
        return list(_cases(_raw(path), seed))
    except InvalidInput as error:
        where = f"{path}: {error.field}" if error.field else str(path)
        raise InvalidInput(error.message, field=where, remedy=error.remedy) from None


def load_all(paths: Iterable[Path], *, seed: int = 1) -> list[Case]:
    """The cases of several files; raises InvalidInput where two templates share an id."""
    where: dict[str, Path] = {}
    cases: list[Case] = []
    for path in files_in(paths):
        found = load(path, seed=seed)
        name = found[0].template.id
        if name in where:
            raise InvalidInput(
                f"{name} is the id of {where[name]}, too", field=f"{path}: id", remedy="Rename one."
            )
        where[name] = path
        cases += found
    return cases


def _raw(path: Path) -> Mapping[str, Any]:  # Any: whatever YAML gives
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f"line {place.line + 1}" if place else ""
        raise InvalidInput("this is not YAML", field=line, remedy="Mend the indentation.") from None
    if not isinstance(raw, Mapping):
        raise InvalidInput("a scenario is a mapping", remedy=f"Fields: {_names(Template)}.")
    return raw


def _cases(raw: Mapping[str, Any], seed: int) -> Iterator[Case]:
    vary = _checked_vary(raw.get("vary") or {})
    _all_used(vary, raw)
    for chosen in combinations(vary):
        template = _template({**fill(raw, chosen), "vary": vary})
        for case in cases_of(template, chosen, seed):
            yield _with_world(case)


def _with_world(case: Case) -> Case:
    """The same case, once its world is known to be one."""
    case.spec()
    case.spec(hostile=False)
    return case


def _checked_vary(raw: Any) -> dict[str, list[Any]]:  # Any: whatever YAML gives
    try:
        vary = _VARY.validate_python(raw)
    except ValidationError as error:
        raise _told(error, "vary.") from None
    empty = [name for name, values in vary.items() if not values]
    if empty:
        raise InvalidInput("has no values", field=f"vary.{empty[0]}", remedy="List at least one.")
    return vary


def _all_used(vary: Mapping[str, Any], raw: Mapping[str, Any]) -> None:
    text = yaml.safe_dump({key: value for key, value in raw.items() if key != "vary"})
    for name in vary:
        if f"${{{name}}}" not in text:
            raise InvalidInput(
                "is used nowhere", field=f"vary.{name}", remedy=f"Write ${{{name}}}, or drop it."
            )


def _template(raw: Mapping[str, Any]) -> Template:
    try:
        return Template.model_validate(raw)
    except ValidationError as error:
        raise _told(error) from None


def _told(error: ValidationError, prefix: str = "") -> InvalidInput:
    """The first thing that is wrong, misspelt fields before all, with what may stand there."""
    found = error.errors()
    first = next((each for each in found if each["type"] == "extra_forbidden"), found[0])
    place = prefix + ".".join(str(part) for part in first["loc"])
    remedy = ""
    if first["type"] == "extra_forbidden":
        remedy = f"Fields: {_names(_model_at(first['loc'][:-1]))}."
    return InvalidInput(said_by(first["msg"]), field=place, remedy=remedy)


def _model_at(place: tuple[int | str, ...]) -> type[BaseModel]:
    return next((_PARTS[str(part)] for part in place if str(part) in _PARTS), Template)


def _names(model: type[BaseModel]) -> str:
    return ", ".join(model.model_fields)
