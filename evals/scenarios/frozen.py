"""Held-out scenarios are frozen: the SHA-256 of each file was written down before anybody tuned.

``heldout.json`` holds those of the library by the id of the template, ``free-words.json`` those of
the set of free words. A file that changed, came or went since is an error; whoever means it freezes
anew, and everybody sees it in the history of that file.
"""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from brain.domain.errors import InvalidInput
from evals.scenarios.loader import LIBRARY, files_in, load

FROZEN = Path(__file__).with_name("heldout.json")
FREE_WORDS = Path(__file__).with_name("free-words")
"""Words that nobody tunes on, for the homes of the library; run only where somebody names them."""
SETS: Mapping[Path, Path] = {LIBRARY: FROZEN, FREE_WORDS: FREE_WORDS.with_suffix(".json")}
"""The folders with something held out, each with the file that holds its digests."""


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """The SHA-256 of every held-out file among these, by the id of its template."""
    found = {}
    for path in files_in(paths):
        template = load(path)[0].template
        if template.split == "heldout":
            found[template.id] = sha256(path.read_bytes()).hexdigest()
    return dict(sorted(found.items()))


def check_frozen(library: Path = LIBRARY, frozen: Path = FROZEN) -> int:
    """How many are frozen; raises InvalidInput naming the first that is not as it was."""
    written, now = json.loads(frozen.read_text("utf-8")), digests([library])
    for name in sorted(written.keys() | now.keys()):
        if written.get(name) != now.get(name):
            raise InvalidInput(
                f"{name} is not as it was frozen",
                field=str(frozen),
                remedy="Held-out scenarios are never mended to fit a planner: take the file back, "
                "or freeze it anew with `gatewright evals freeze` and say why.",
            )
    return len(written)


def freeze(library: Path = LIBRARY, frozen: Path = FROZEN) -> int:
    """Write down what is held out now; returns how many files."""
    now = digests([library])
    frozen.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
    return len(now)


def check_all_frozen() -> int:
    """How many are frozen in all sets; raises InvalidInput as ``check_frozen`` does."""
    return sum(check_frozen(folder, frozen) for folder, frozen in SETS.items())


def freeze_all() -> int:
    """Write down what is held out now in every set; returns how many files."""
    return sum(freeze(folder, frozen) for folder, frozen in SETS.items())
