# METADATA
# title: Windows and freezes
# description: |
#   When something may be changed, judged just before it is and for whoever asks. It is all that
#   breaking the glass may go past. Taking back what was done waits for nothing.
package gatewright.calendar

import rego.v1

import data.gatewright.schedule

# METADATA
# title: An unreadable calendar
# description: The windows and freezes, or the time it is, cannot be read.
# custom:
#   code: calendar.unreadable
#   severity: deny
#   remedy: Mend the data of schedule, and the clock of the server.
deny contains {"code": "calendar.unreadable", "path": ""} if {
	input.point == "execute"
	not _readable
}

# METADATA
# title: Outside its window
# description: Changes of the kind {kind} are made only in their window, and none is open now ({when}).
# custom:
#   code: calendar.outside_window
#   severity: deny
#   remedy: It is carried out by itself when the window opens; nothing has to be done.
#   passes: true
deny contains {"code": "calendar.outside_window", "path": "", "about": {"kind": kind, "when": when}} if {
	input.point == "execute"
	some kind in (_kinds - _open)
	when := object.get(schedule, ["kinds", kind, "when"], null)
}

# What the change would have to wait for, told to whoever asks as soon as they ask; null when it could
# be made at once.
default wait := null

wait := {"for": (_openings | _ends), "minutes": schedule.max_wait_minutes} if {
	not input.point == "rollback"
	_held_back
	is_number(schedule.max_wait_minutes)
}

_held_back if some _ in _kinds

_held_back if some _ in _freezes

_openings contains object.get(schedule, ["windows", name, "text"], name) if {
	some kind in _kinds
	some name in schedule.kinds[kind].windows
}

_ends contains object.get(schedule, ["freezes", name, "text"], name) if some name in _freezes

# The kinds of change that the plan is, among those that need a window.
_kinds contains name if {
	some name, kind in schedule.kinds
	some template in kind.templates
	_touched[template]
}

_touched := object.keys(input.plan.changes) | {above | some above in input.plan.objects}

_open contains kind if {
	some kind in _kinds
	some name in schedule.kinds[kind].windows
	some span in schedule.windows[name].minutes
	is_number(span.from)
	is_number(span.until)
	_minute >= span.from
	_minute < span.until
}

# Minutes since Monday, by the operator's clock.
_minute := (input.now.local.weekday * 1440) + input.now.local.minute if {
	is_number(input.now.local.weekday)
	is_number(input.now.local.minute)
}

_readable if {
	is_number(_minute)
	is_number(input.now.epoch)
	is_number(schedule.max_wait_minutes)
	is_object(schedule.windows)
	is_object(schedule.kinds)
	is_object(schedule.freezes)
}
