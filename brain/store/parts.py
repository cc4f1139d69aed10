"""Parts of snapshots: what was said, said again, and how the one differs from the other."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from brain.domain.history import Difference
from brain.domain.identity import DeviceId
from brain.domain.parameter import ParameterPath, Snapshot

Said = tuple[str | None, bool | None, int]
"""A value, whether it is writable, and when that was said in microseconds since 1970."""
Part = dict[str, Said]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def merged(old: Part, new: Part) -> Part:
    """What was not said again of a path (its value, or whether it is writable) stays known."""
    found = dict(old)
    for path, (value, writable, at) in new.items():
        before = old.get(path, (None, None, at))
        if at >= before[2]:
            value = before[0] if value is None else value
            writable = before[1] if writable is None else writable
            found[path] = (value, writable, at)
    return found


def said_again(known: Part, said: Part) -> tuple[Part, list[Difference]]:
    """``merged`` of what is said here, and how that differs from what is known: in one go, as
    there are a dozen values in each Inform and most are said again as they were.
    """
    now, found = {}, []
    for path, new in said.items():
        value, writable, at = new
        before = known.get(path)
        if before is None:
            now[path] = new
            if value is not None:
                found.append(_difference(path, None, value, None, writable))
            continue
        was, could, since = before
        if at < since:
            now[path] = before
            continue
        value = was if value is None else value
        writable = could if writable is None else writable
        now[path] = (value, writable, at)
        if value != was and value is not None:
            since_known = since if was is not None else None
            found.append(_difference(path, was, value, since_known or None, writable))
    return now, found


def without(old: Part, gone: tuple[str, ...], at: int) -> Part:
    """What is left where these objects are gone, unless it was said later."""
    return {path: said for path, said in old.items() if said[2] > at or not path.startswith(gone)}


def differences(old: Part, new: Part, whole: Sequence[str] = ()) -> Iterator[Difference]:
    """What is said otherwise, for the first time, or no longer.

    Only what is below an object of ``whole`` that was known before has appeared at a known time.
    """
    known = {object: _last(old, object) for object in whole}
    for path, (value, writable, _) in new.items():
        before = old.get(path)
        if value is None or (before and before[0] == value):
            continue
        was, since = (before[0], before[2]) if before else (None, None)
        if was is None:
            since = max((at for each, at in known.items() if path.startswith(each)), default=None)
        yield _difference(path, was, value, since or None, writable)
    for path in old.keys() - new.keys():
        value, writable, at = old[path]
        if value is not None:
            yield _difference(path, value, None, at, writable)


def ticks(at: datetime) -> int:
    """Microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def moment_of(ticks: int) -> datetime:
    """The other way round."""
    return _EPOCH + ticks * _TICK


def said_in(snapshot: Snapshot) -> Part:
    """A snapshot as a part."""
    at = ticks(snapshot.taken_at)
    paths: Iterable[ParameterPath] = {**snapshot.values, **snapshot.writable}
    return {path: (snapshot.values.get(path), snapshot.writable.get(path), at) for path in paths}


def snapshot_of(device: DeviceId, said: Mapping[str, Said]) -> Snapshot:
    """The other way round; ``said`` is not empty."""
    return Snapshot(
        device=device,
        taken_at=moment_of(max(at for _, _, at in said.values())),
        values={ParameterPath(path): v for path, (v, _, _) in said.items() if v is not None},
        writable={ParameterPath(path): w for path, (_, w, _) in said.items() if w is not None},
    )


def by_part(said: Part) -> dict[str, Part]:
    """By the objects below the root that its paths belong to."""
    parts: dict[str, Part] = {}
    for path, entry in said.items():
        parts.setdefault(part_of(path), {})[path] = entry
    return parts


def part_of(path: str) -> str:
    """The object below the root that a path belongs to, without its dot."""
    return ".".join(path.split(".", 2)[:2])


def is_root(path: str) -> bool:
    """TR-069 A.3.2.3: the empty path names everything, and so does the root object."""
    return path.partition(".")[2] == ""


def _last(old: Part, object: str) -> int:
    """When anything below it was said last; 0 for never."""
    return max((said[2] for path, said in old.items() if path.startswith(object)), default=0)


def _difference(
    path: str, before: str | None, after: str | None, since: int | None, writable: bool | None
) -> Difference:
    return Difference(
        path=ParameterPath(path),
        before=before,
        after=after,
        since=moment_of(since) if since is not None else None,
        writable=writable,
    )
