"""The input document: a question with every value typed, every secret masked, every gap null."""

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from brain.datamodel.paths import object_of
from brain.datamodel.secrets import named_like_a_secret
from brain.domain.autonomy import Standing
from brain.domain.canonical import Json
from brain.domain.change import AddObject, Change, Command, SetParameter
from brain.domain.history import TrackRecord
from brain.domain.parameter import INTEGERS, ParameterType, Value
from brain.domain.question import Question
from brain.domain.topology import ScopeKind
from brain.domain.usage import Count, Usage
from policies.exact import is_exact
from policies.images import images
from policies.lans import lans
from policies.openings import openings
from policies.pools import pools
from policies.radios import radios
from policies.shapers import shapers

_SKEW = timedelta(minutes=5)


def input_of(question: Question) -> dict[str, Json]:
    """What policy is asked. It holds no secret; a value may still be a subscriber's own.

    What rules read most stands first: the embedded engine looks through a document from its start.
    """
    return {
        "plan": _plan(question),
        "asker": {
            "kind": question.asker.kind.value,
            "roles": [role.value for role in sorted(question.asker.roles)],
            "groups": [*sorted(question.asker.groups)],
            "id": question.asker.id,
        },
        "point": question.point.value,
        "author": question.author.value,
        "device": _device(question),
        "can_roll_back": question.can_roll_back,
        "halted": question.halted,
        "break_glass": _break_glass(question),
        "shared_by": question.shared_by,
        "radios": radios(question),
        "usage": _usage(question.usage),
        "now": _now(question),
        "track_record": _record(question.track_record),
        "autonomy": _autonomy(question.autonomy),
        "service_plan": question.service_plan,
        "images": images(question),
        "openings": openings(question),
        "pools": pools(question),
        "lans": lans(question),
        "shapers": shapers(question),
        "unreviewed": question.unreviewed,
        "reach": _reach(question),
        "controller": _controller(question),
        "cause": question.cause.value,
        "tenant": question.device.tenant,
    }


def template_of(path: str) -> str:
    """The path with every instance number replaced: ``Device.WiFi.Radio.{i}.Channel``."""
    return ".".join("{i}" if _is_number(name) else name for name in path.split("."))


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdecimal()


def typed(value: Value, kind: ParameterType) -> Json:
    """The value as JSON of its type; the text itself where it is not of its type.

    A rule that wants a number then finds a text, and denies. So it does for a number that cannot be
    asked exactly.
    """
    if kind is ParameterType.BOOLEAN:
        return {"true": True, "false": False}.get(value, value)
    try:
        if kind in INTEGERS:
            number = int(value)
            return number if is_exact(number) and str(number) == value else value
        if kind is ParameterType.DECIMAL and is_exact(float(value)):
            return float(value)
    except ValueError:
        return value
    return value


def _plan(question: Question) -> dict[str, Json]:
    changes: dict[str, list[Json]] = {}
    for change in question.plan.changes:
        changes.setdefault(template_of(change.path), []).append(_change(change))
    objects = sorted({name for template in changes for name in _ancestors(template)})
    return {
        "changes": {template: each for template, each in changes.items()},
        "families": {family_of(template): True for template in changes},
        "op": question.plan.changes[0].op.value,
        "count": len(question.plan.changes),
        "part": len(question.plan.changes),
        "objects": [*objects],
        "digest": question.plan.digest,
    }


def _change(change: Change) -> Json:
    about: dict[str, Json] = {"path": change.path, "object": object_of(change.path)}
    if isinstance(change, SetParameter):
        if change.secret or named_like_a_secret(change.path):
            return about | {"after": _hidden(change.after), "before": _hidden(change.before)}
        after, before = typed(change.after, change.type), typed(change.before, change.type)
        return about | {"after": after, "before": before}
    if isinstance(change, AddObject):
        return about | {"values": _named(change.values)}
    if isinstance(change, Command):
        return about | {"arguments": _named(change.arguments)}
    return about


def _named(values: tuple[tuple[str, Value], ...]) -> Json:
    """No type and no secrecy is known of these, so all of them are masked."""
    return {name: _hidden(value) for name, value in values}


def _hidden(value: Value) -> Json:
    return {"length": len(value), "secret": True}


def family_of(template: str) -> str:
    """The first object that it lies in: ``Device.WiFi.``; itself where it lies in none.

    A topic is asked when the plan touches one of its families (``topics.rego``).
    """
    names = template.split(".")
    return template if len(names) <= 2 else ".".join(names[:2]) + "."


def _ancestors(template: str) -> list[str]:
    """The objects that the template lies in: ``Device.WiFi.``, ``Device.WiFi.Radio.`` ..."""
    names = template.split(".")
    return [".".join(names[:end]) + "." for end in range(2, len(names))]


def _device(question: Question) -> Json:
    device = question.device
    return {
        "country": device.country or None,
        "firmware": device.firmware or None,
        "hardware": device.hardware or None,
        "id": device.id,
        "manufacturer": device.manufacturer or None,
        "model": device.model or None,
        "protocol": device.protocol.value,
        "ring": device.ring or None,
        "seen_seconds_ago": _age(device.last_seen, question.now),
    }


def _age(seen: datetime | None, now: datetime) -> int | None:
    """Whole seconds, at least none: another process may have a clock that is a little ahead.

    One that was seen long after now was not seen: by such a time it would be there for ever.
    """
    if seen is None or seen - now > _SKEW:
        return None
    return max(0, int((now - seen).total_seconds()))


def _now(question: Question) -> Json:
    """Taken apart here: engines differ in how they read a time. Monday is 0."""
    return {
        "epoch": int(question.now.timestamp()),
        "local": _clock(question.now, ZoneInfo(question.zone)),
        **_clock(question.now, UTC),
    }


def _clock(now: datetime, zone: tzinfo) -> dict[str, Json]:
    at = now.astimezone(zone)
    return {"minute": at.hour * 60 + at.minute, "weekday": at.weekday()}


def _break_glass(question: Question) -> Json:
    """The reason is for people, and may name somebody: it is not asked about."""
    broken, by = question.break_glass, question.breaker
    if broken is None:
        return None
    return {
        "by": broken.by,
        "expires_in_seconds": int((broken.expires_at - question.now).total_seconds()),
        "kind": by.kind.value if by else None,
        "lasts_seconds": int((broken.expires_at - broken.at).total_seconds()),
        "roles": [role.value for role in sorted(by.roles)] if by else [],
        "ticket": broken.ticket,
        "ticket_length": len(broken.ticket),
    }


def _controller(question: Question) -> Json:
    promised = question.controller
    if promised is None:
        return None
    return {
        "atomic_set": promised.atomic_set,
        "events": promised.events,
        "kind": promised.kind,
        "parameter_key": promised.parameter_key,
    }


def _reach(question: Question) -> Json:
    """Who shares what; null where nobody entered it, as with every fact that is not known."""
    sharing = {kind.value: question.sharing.get(kind) for kind in ScopeKind}
    return {"clients": question.clients, "others": question.shared_by, **sharing}


def _usage(usage: Usage | None) -> Json:
    if usage is None:
        return None
    return {
        "device": _count(usage.device),
        "model": _count(usage.model),
        "olt": _count(usage.olt),
        "port": _count(usage.port),
        "site": _count(usage.site),
        "tenant": _count(usage.tenant),
        "unplaced": _count(usage.unplaced),
    }


def _count(count: Count | None) -> Json:
    if count is None:
        return None
    return {"last_hour": count.last_hour, "under_way": count.under_way}


def _record(record: TrackRecord | None) -> Json:
    if record is None:
        return None
    return {
        "lower_bound": round(record.lower_bound, 6),
        "succeeded": record.succeeded,
        "tried": record.tried,
    }


def _autonomy(standing: Standing | None) -> Json:
    if standing is None:
        return None
    evidence = standing.evidence
    return {
        "in_a_row": evidence.in_a_row,
        "level": standing.level.value,
        "lower_bound": round(evidence.interval[0], 6),
        "succeeded": evidence.succeeded,
        "tried": evidence.tried,
    }
