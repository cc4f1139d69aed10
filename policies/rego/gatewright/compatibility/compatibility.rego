# METADATA
# title: Compatibility
# description: How well this model and firmware is known to take this kind of work
package gatewright.compatibility

import rego.v1

import data.gatewright.matrix

# METADATA
# title: An unreadable matrix
# description: What is known of models and firmware cannot be read.
# custom:
#   code: compatibility.unreadable
#   severity: deny
#   remedy: Mend the data of matrix.
deny contains {"code": "compatibility.unreadable", "path": ""} if {
	_forward
	not _readable
}

# METADATA
# title: Known not to work
# description: This model and firmware is red for {workflow}, so nothing of that is done on it.
# custom:
#   code: compatibility.red
#   severity: deny
#   remedy: Use another firmware, or have the combination tested and its status changed.
deny contains {"code": "compatibility.red", "path": "", "about": {"workflow": work.workflow}} if {
	_forward
	some work in _standing
	work.status == "red"
}

# METADATA
# title: Not a pilot device
# description: This model and firmware is yellow for {workflow}, and the device is in no pilot ring.
# custom:
#   code: compatibility.not_pilot
#   severity: deny
#   remedy: Try it on a device of a pilot ring first.
deny contains {"code": "compatibility.not_pilot", "path": "", "about": {"workflow": work.workflow}} if {
	_forward
	not _pilot
	some work in _standing
	work.status == "yellow"
}

# METADATA
# title: Nobody knows whether it works
# description: Nobody has said how well this model and firmware takes {workflow}.
# custom:
#   code: compatibility.unknown
#   severity: deny
#   remedy: Write the status of the combination into the data of matrix, or let a person ask for it.
deny contains {"code": "compatibility.unknown", "path": "", "about": {"workflow": work.workflow}} if {
	_forward
	_then == "deny"
	some work in _standing
	work.status == "unknown"
}

# METADATA
# title: Tried on a pilot device
# description: This model and firmware is yellow for {workflow}; this is a device to try it on.
# custom:
#   code: compatibility.pilot
#   severity: review
#   remedy: Approve it where somebody watches what becomes of it.
review contains {
	"code": "compatibility.pilot", "path": "",
	"group": "approvers", "about": {"workflow": work.workflow},
} if {
	_forward
	_pilot
	some work in _standing
	work.status == "yellow"
}

# METADATA
# title: Nobody knows how well it works
# description: Nobody has said how well this model and firmware takes {workflow}.
# custom:
#   code: compatibility.untried
#   severity: review
#   remedy: Approve it where somebody watches, and write what came of it into the data of matrix.
review contains {
	"code": "compatibility.untried", "path": "",
	"group": "approvers", "about": {"workflow": work.workflow},
} if {
	_forward
	_then == "review"
	some work in _standing
	work.status == "unknown"
}

# Putting back what was there needs no more than that it was there.
_forward if input.point == "execute"

_forward if input.point == "submit"

_pilot if {
	some ring in matrix.pilot_rings
	ring == input.device.ring
}

# What is not known to be a person is held to be a machine.
_then := matrix.unknown.person if {
	input.asker.kind == "person"
} else := matrix.unknown.machine

_readable if {
	is_object(matrix.models)
	is_object(matrix.workflows)
	_answers[_then]
	not _unheard
	not _odd
}

_answers := {"allow", "deny", "review"}
