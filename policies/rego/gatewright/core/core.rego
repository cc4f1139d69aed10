# METADATA
# title: What holds for every plan
# description: Size, coverage, presence and halts; whoever asks and whatever it touches
package gatewright.core

import rego.v1

import data.gatewright.limits
import data.gatewright.topics

# METADATA
# title: The question is whole
# description: Said positively, since counting denials alone would let an empty plan through
understood if {
	count(_paths) == input.plan.part
	is_object(input.plan.changes)
	count(input.plan.changes) > 0
	_counted
	input.plan.count > 0
	_points[input.point]
	_operations[input.plan.op]
	not _misnamed
}

# METADATA
# title: An empty or unreadable plan
# description: The plan changes nothing, or the question is not one that policy knows.
# custom:
#   code: core.not_understood
#   severity: deny
#   remedy: Send a plan with at least one change.
deny contains {"code": "core.not_understood", "path": ""} if {
	not too_large
	not understood
}

# METADATA
# title: A plan that is too large
# description: The plan makes {count} changes, and no more than {limit} are judged together.
# custom:
#   code: core.plan_too_large
#   severity: deny
#   remedy: Split it into smaller plans.
deny contains {"code": "core.plan_too_large", "path": "", "about": about} if {
	not _small_enough
	about := {
		"count": object.get(input, ["plan", "count"], null),
		"limit": object.get(limits, ["plan", "max_changes"], null),
	}
}

# METADATA
# title: A change that no topic covers
# description: No policy topic covers this path or speaks of it, so nobody decided that changing it is safe.
# custom:
#   code: core.not_covered
#   severity: deny
#   remedy: Change it by hand in the provisioning system, or add a topic that covers it.
deny contains {"code": "core.not_covered", "path": change.path} if {
	not too_large
	some template in topics.uncovered
	changes := input.plan.changes[template]
	some change in changes
	not _spoken_of(change)
}

# METADATA
# title: Changes are halted
# description: An operator has halted all changes for this tenant.
# custom:
#   code: core.halted
#   severity: deny
#   remedy: Wait until the halt is lifted.
deny contains {"code": "core.halted", "path": ""} if not input.halted == false

# METADATA
# title: The device is not there
# description: The device was not heard from within the last {minutes} minutes.
# custom:
#   code: core.device_absent
#   severity: deny
#   remedy: It is carried out by itself when the device is heard from again.
#   passes: true
deny contains {"code": "core.device_absent", "path": "", "about": {"minutes": minutes}} if {
	input.point == "execute"
	not _present
	minutes := object.get(limits, ["presence", "minutes"], null)
}

# METADATA
# title: The change reaches other homes
# description: The change would reach {shared} other devices, not only this home.
# custom:
#   code: core.reaches_others
#   severity: review
#   remedy: Let the network team judge what it does to the neighbours.
review contains {
	"code": "core.reaches_others", "path": "",
	"group": "noc", "about": {"shared": input.shared_by},
} if {
	is_number(input.shared_by)
	not _near
}

# METADATA
# title: Freely composed by a language model
# description: A language model composed this change itself, rather than choosing a known remedy.
# custom:
#   code: core.composed_freely
#   severity: review
#   remedy: Check each change against the evidence before approving.
review contains {"code": "core.composed_freely", "path": "", "group": "approvers"} if {
	not _chosen
}

# A change without a path would be judged without a finding that could name it.
_paths := [change.path |
	some changes in input.plan.changes
	some change in changes
	is_string(change.path)
]

# A path ends in ")" when it is a command and in a dot when it is an object, and only then.
_misnamed if {
	not input.plan.op == "command"
	changes := input.plan.changes
	some template, _ in changes
	endswith(template, ")")
}

_misnamed if {
	not _of_objects
	changes := input.plan.changes
	some template, _ in changes
	endswith(template, ".")
}

# Looked up rather than searched: a set costs the embedded engine a third of what the operator does.
_points := {"submit", "execute", "rollback"}

_operations := {"set", "add", "delete", "command"}

_of_objects if input.plan.op == "add"

_of_objects if input.plan.op == "delete"

_authors := {"rules", "llm_chosen", "person"}

_chosen if _authors[input.author]

_near if {
	is_number(limits.reach.max_shared)
	input.shared_by <= limits.reach.max_shared
}

# So large that it is not judged any further: whatever else is in it, this is the whole answer.
default too_large := false

too_large if {
	_counted
	_limited
	input.plan.count > limits.plan.max_changes
}

_small_enough if {
	_counted
	_limited
	not too_large
}

_counted if is_number(input.plan.count)

_limited if is_number(limits.plan.max_changes)

# How long ago rather than when: engines differ in how they read a time.
_present if {
	is_number(input.device.seen_seconds_ago)
	is_number(limits.presence.minutes)
	input.device.seen_seconds_ago <= limits.presence.minutes * 60
}

# A topic may rule on all that lies below an object: what it denies or reviews, it has looked at.
_spoken_of(change) if {
	some finding in topics.denials
	finding.path == change.path
}

_spoken_of(change) if {
	some finding in topics.reviews
	finding.path == change.path
}
