package gatewright.break_glass

import rego.v1

import data.gatewright.limits
import data.gatewright.roles

# Putting back what was there needs no broken glass, and is not refused for one that is over.
_asked if {
	broken := input.break_glass
	not is_null(broken)
	not input.point == "rollback"
}

_by_a_person if input.break_glass.kind == "person"

_entitled if {
	some role in input.break_glass.roles
	"break_glass" in roles[role]
}

# The length is counted where the question is made: engines differ in what a character is.
_ticket if {
	is_string(input.break_glass.ticket)
	is_number(input.break_glass.ticket_length)
	is_number(limits.break_glass.ticket.longest)
	input.break_glass.ticket_length > 0
	input.break_glass.ticket_length <= limits.break_glass.ticket.longest
	_kind_of_ticket
}

_kind_of_ticket if count(limits.break_glass.ticket.prefixes) == 0

_kind_of_ticket if {
	some prefix in limits.break_glass.ticket.prefixes
	startswith(input.break_glass.ticket, prefix)
}

_in_time if {
	is_number(input.break_glass.expires_in_seconds)
	input.break_glass.expires_in_seconds > 0
}

_short if {
	is_number(input.break_glass.lasts_seconds)
	is_number(limits.break_glass.minutes)
	input.break_glass.lasts_seconds <= limits.break_glass.minutes * 60
}

_answered_for if {
	is_string(limits.break_glass.reviewers)
	is_number(input.unreviewed)
	is_number(limits.break_glass.unreviewed)
	input.unreviewed < limits.break_glass.unreviewed
}

_chosen if input.author in {"rules", "llm_chosen", "person"}
