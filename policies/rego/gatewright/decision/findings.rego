package gatewright.decision

import rego.v1

import data.gatewright.asker
import data.gatewright.break_glass
import data.gatewright.calendar
import data.gatewright.compatibility
import data.gatewright.composed
import data.gatewright.controller
import data.gatewright.core
import data.gatewright.rates
import data.gatewright.topics
import data.gatewright.unattended

# The embedded engine goes through a set, one by one, several times as fast as it makes a union.
_denials contains finding if some finding in core.deny

_denials contains finding if {
	not core.too_large
	some finding in topics.denials
}

_denials contains finding if {
	not core.too_large
	some finding in asker.deny
}

_denials contains finding if {
	not core.too_large
	some finding in composed.deny
}

_denials contains finding if {
	not core.too_large
	some finding in controller.deny
}

_denials contains finding if {
	not core.too_large
	not input.break_glass == null
	some finding in break_glass.deny
}

_denials contains finding if {
	not core.too_large
	not input.point == "rollback"
	some finding in compatibility.deny
}

_denials contains finding if {
	input.point == "execute"
	not core.too_large
	some finding in rates.deny
}

# All that a broken glass goes past, beside the approvals.
_denials contains finding if {
	input.point == "execute"
	not core.too_large
	not _broken
	some finding in calendar.deny
}

_reviews contains finding if {
	_reviewed
	some finding in compatibility.review
}

_reviews contains finding if {
	_reviewed
	some finding in topics.reviews
}

_reviews contains finding if {
	_reviewed
	some finding in core.review
}

_reviews contains finding if {
	_reviewed
	some finding in asker.review
}

_reviews contains finding if {
	_reviewed
	some finding in controller.review
}

_reviews contains finding if {
	_reviewed
	some finding in unattended.review
}

# Putting back what was there needs no second answer: the plan that it undoes was answered for.
_reviewed if {
	not input.point == "rollback"
	not core.too_large
	not _broken
}

_broken if {
	not input.break_glass == null
	break_glass.holds
}
