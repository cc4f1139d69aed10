"""A bundle as one file, in the format that an OPA server takes; read back as strictly as written.

See OPA's documentation, Bundles, "Bundle File Format".
"""

import gzip
import io
import json
import tarfile
import zlib
from collections.abc import Iterator, Mapping

from brain.domain.canonical import Json, canonical_bytes
from brain.domain.errors import InvalidInput

ROOT = "gatewright"
LARGEST = 4 * 1024 * 1024
"""Of the packed file, and of each file in it."""
_MOST_FILES = 500
_MANIFEST, _DATA, SIGNATURES = ".manifest", "data.json", ".signatures.json"

Contents = tuple[dict[str, str], dict[str, Json], str]
"""Rego source by path, the data below ``data.gatewright``, and the revision it claims."""


def data_json(data: Mapping[str, Json]) -> str:
    """The base document, as engines load it."""
    return canonical_bytes({ROOT: dict(data)}).decode()


def members(
    modules: Mapping[str, str], data: Mapping[str, Json], revision: str
) -> dict[str, bytes]:
    """What is in the file, by name."""
    manifest = {"revision": revision, "roots": [ROOT], "rego_version": 1}
    texts = {
        _MANIFEST: json.dumps(manifest, sort_keys=True),
        _DATA: data_json(data),
        **dict(sorted(modules.items())),
    }
    return {name: text.encode() for name, text in texts.items()}


def pack(files: Mapping[str, bytes]) -> bytes:
    """One file of these; the same bytes for the same files."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(f"/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return _without_time(packed.getvalue())


def unpack(packed: bytes) -> Contents:
    """What ``pack`` was given. Raises InvalidInput for a file that is anything else."""
    files = dict(_files(packed))
    manifest = _json(files.pop(_MANIFEST, b"null"), _MANIFEST)
    document = _json(files.pop(_DATA, b"null"), _DATA)
    files.pop(SIGNATURES, None)  # for OPA servers; the revision says here what is in it
    if not isinstance(manifest, dict) or manifest.get("roots") != [ROOT]:
        raise _no_bundle(f"its {_MANIFEST} does not say that it is about {ROOT}")
    data = document.get(ROOT) if isinstance(document, dict) and len(document) == 1 else None
    if not isinstance(data, dict):
        raise _no_bundle(f"its {_DATA} holds something else than {ROOT}")
    return _modules(files), data, str(manifest.get("revision", ""))


def _modules(files: Mapping[str, bytes]) -> dict[str, str]:
    modules = {}
    for name, content in files.items():
        parts = name.split("/")
        is_rule = name.endswith(".rego") and not name.endswith("_test.rego")
        if parts[0] != ROOT or not is_rule or {"", ".", ".."} & {*parts}:
            raise _no_bundle("it holds a file that is neither rules nor data")
        try:
            modules[name] = content.decode()
        except UnicodeDecodeError:
            raise _no_bundle(f"{name} is not text") from None
    return modules


def _files(packed: bytes) -> Iterator[tuple[str, bytes]]:
    seen: set[str] = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(_inflated(packed)), mode="r:") as tar:
            for member in tar:
                name = member.name.removeprefix("/")
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or name in seen or len(seen) >= _MOST_FILES:
                    raise _no_bundle("it holds something else than files, each once")
                seen.add(name)
                yield name, content.read()
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        raise _no_bundle("it is not a .tar.gz file") from None


def _inflated(packed: bytes) -> bytes:
    """Read no further than a bundle can be long: a small file may unpack to a very large one."""
    with gzip.open(io.BytesIO(packed)) as file:
        found = file.read(LARGEST + 1)
    if len(packed) > LARGEST or len(found) > LARGEST:
        raise _no_bundle(f"it is larger than {LARGEST} bytes")
    return found


def _json(content: bytes, name: str) -> Json:
    try:
        value: Json = json.loads(content, parse_constant=_no_number)
    except ValueError:
        raise _no_bundle(f"its {name} is not JSON") from None
    return value


def _no_number(name: str) -> Json:
    raise ValueError(name)


def _no_bundle(why: str) -> InvalidInput:
    return InvalidInput(
        why, field="policy bundle", remedy="Make one with `gatewright policy bundle`."
    )


def _without_time(packed: bytes) -> bytes:
    """Gzip notes when it packed (RFC 1952, MTIME at byte 4); the content has no time."""
    return packed[:4] + bytes(4) + packed[8:]
