"""Rows of one or two protocols, as one compact text table.

The text is what ``brain.datamodel.tables`` reads: a header line of JSON, the pool of distinct facts
(one JSON object a line), an empty line, then the rows. An object's row begins with its full path;
the rows of its members follow, indented by a tab, with their own names. After the path come the
version since which CWMP has it, the one for USP ("-" when a protocol has it not, "?" when the
document does not say), the number of its facts in the pool and, where CWMP says something else,
the number of what CWMP says.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from gzip import compress
from json import dumps
from textwrap import wrap

from datamodel.documents import Document
from datamodel.syntax import Facts

FORMAT = 1
_WIDTH = 100


def table(name: str, documents: Iterable[Document]) -> str:
    """The table of a model, from the document of each protocol that has one."""
    sources = list(documents)
    cwmp = next((each for each in sources if not each.spec.endswith("-usp")), None)
    usp = next((each for each in sources if each.spec.endswith("-usp")), None)
    pool: dict[str, int] = {}
    rows = list(_rows(cwmp.rows if cwmp else {}, usp.rows if usp else {}, pool))
    header = {
        "format": FORMAT,
        "name": name,
        "rows": len(rows),
        "sources": [
            {"file": each.file, "model": each.model, "sha256": each.sha256} for each in sources
        ],
    }
    return "\n".join([_json(header), *pool, "", *rows]) + "\n"


def pack(text: str) -> str:
    """The same as lines of base64 over gzip: no binary, and no time stamp in it."""
    packed = b64encode(compress(text.encode(), 9, mtime=0)).decode("ascii")
    return "\n".join(wrap(packed, _WIDTH)) + "\n"


def _rows(cwmp: dict[str, Facts], usp: dict[str, Facts], pool: dict[str, int]) -> Iterator[str]:
    for path in _in_order(usp, cwmp):
        one, other = cwmp.get(path), usp.get(path)
        name = path if path.endswith(".") else "\t" + path[path.rindex(".") + 1 :]
        parts = [name, _since(one), _since(other)]
        if one and other:
            # Which notifications a device may refuse is a notion of CWMP alone.
            other = {key: other[key] for key in other if key != "an"} | {
                key: one[key] for key in one if key == "an"
            }
        texts = [_facts(each) for each in (other, one) if each is not None]
        parts += [str(pool.setdefault(text, len(pool))) for text in dict.fromkeys(texts)]
        yield " ".join(parts)


def _in_order(first: Iterable[str], second: Iterable[str]) -> list[str]:
    """Objects by name; below each its members, in the order of the document."""
    members: dict[str, list[str]] = {}
    for path in dict.fromkeys([*first, *second]):
        if path.endswith("."):
            members.setdefault(path, [])
        else:
            members.setdefault(path[: path.rindex(".") + 1], []).append(path)
    return [path for above in sorted(members) for path in (above, *members[above])]


def _since(facts: Facts | None) -> str:
    if facts is None:
        return "-"
    return str(facts.get("v") or "?")


def _facts(facts: Facts) -> str:
    return _json({key: value for key, value in facts.items() if key != "v"})


def _json(value: object) -> str:
    return dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
